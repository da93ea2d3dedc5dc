package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"flowdeck/flows"
)

// CreateUser stores a user and returns it with the ID and the time it got, if it had
// none. The first one becomes the owner. An address that exists gives flows.ErrTaken.
func (s *Store) CreateUser(ctx context.Context, u User) (User, error) {
	u = s.newUser(u)
	err := s.writer.do(ctx, func(t *tx) error {
		var others bool
		if err := t.row(`select exists (select 1 from users)`, nil, &others); err != nil {
			return err
		}
		if !others {
			u.Owner = true
		}
		return insertUser(t, u)
	})
	return u, failed("create user", err)
}

// CreateOwner creates the first user and uses the setup token up. A token that is not
// the one kept gives flows.ErrNotFound; a server that has users, flows.ErrConflict.
func (s *Store) CreateOwner(ctx context.Context, u User, setupHash string) (User, error) {
	u = s.newUser(u)
	u.Owner = true
	err := s.writer.do(ctx, func(t *tx) error {
		n, err := t.exec(`delete from settings where name = ? and content = ?`, setupSetting, setupHash)
		if err == nil && n == 0 {
			return sql.ErrNoRows
		}
		var others bool
		if err == nil {
			err = t.row(`select exists (select 1 from users)`, nil, &others)
		}
		if err == nil && others {
			return flows.ErrConflict
		}
		if err == nil {
			err = insertUser(t, u)
		}
		return err
	})
	return u, failed("create owner", err)
}

func (s *Store) newUser(u User) User {
	if u.ID == "" {
		u.ID = NewID("u_")
	}
	if u.Created.IsZero() {
		u.Created = s.now()
	}
	u.Email = address(u.Email)
	return u
}

func address(email string) string { return strings.ToLower(strings.TrimSpace(email)) }

func insertUser(t *tx, u User) error {
	_, err := t.exec(`insert into users (id, email, name, password, is_owner, created) values (?, ?, ?, ?, ?, ?)`,
		u.ID, u.Email, u.Name, u.Password, u.Owner, micros(u.Created))
	return err
}

const userColumns = `u.id, u.email, u.name, u.password, u.is_owner, u.created`

func (u *User) into() []any {
	return []any{&u.ID, &u.Email, &u.Name, &u.Password, &u.Owner, instant{&u.Created}}
}

// User returns the user of that id.
func (s *Store) User(ctx context.Context, id string) (u User, err error) {
	err = s.row(ctx, `select `+userColumns+` from users u where u.id = ?`, id).Scan(u.into()...)
	return u, failed("read user", err)
}

// UserByEmail returns the user of that address, whatever its case.
func (s *Store) UserByEmail(ctx context.Context, email string) (u User, err error) {
	err = s.row(ctx, `select `+userColumns+` from users u where u.email = ?`, address(email)).Scan(u.into()...)
	return u, failed("find user by address", err)
}

// Users returns everybody, by address.
func (s *Store) Users(ctx context.Context) (list []User, err error) {
	err = s.each(ctx, `select `+userColumns+` from users u order by u.email`, nil, func(scan scan) error {
		var u User
		err := scan(u.into()...)
		list = append(list, u)
		return err
	})
	return list, failed("list users", err)
}

// UpdateUser changes a user's address and name. An address that exists gives flows.ErrTaken.
func (s *Store) UpdateUser(ctx context.Context, id, email, name string) error {
	return failed("update user", s.changeOne(ctx, `update users set email = ?, name = ? where id = ?`, address(email), name, id))
}

// SetPassword replaces a user's password hash. Sessions stay: see DeleteSessions.
func (s *Store) SetPassword(ctx context.Context, id, hash string) error {
	return failed("set password", s.changeOne(ctx, `update users set password = ? where id = ?`, hash, id))
}

// ResetPassword gives a user another password hash and ends everything that the old one
// began: sessions and API tokens.
func (s *Store) ResetPassword(ctx context.Context, id, hash string) error {
	return failed("reset password", s.writer.do(ctx, func(t *tx) error {
		n, err := t.exec(`update users set password = ? where id = ?`, hash, id)
		if err == nil && n == 0 {
			err = flows.ErrNotFound
		}
		for _, query := range []string{`delete from sessions where user_id = ?`, `delete from api_tokens where user_id = ?`} {
			if err == nil {
				_, err = t.exec(query, id)
			}
		}
		return err
	}))
}

// DeleteUser deletes a user with their sessions. The owner stays: flows.ErrInUse.
func (s *Store) DeleteUser(ctx context.Context, id string) error {
	err := s.writer.do(ctx, func(t *tx) error {
		var owner bool
		if err := t.row(`select is_owner from users where id = ?`, []any{id}, &owner); err != nil {
			return err
		}
		if owner {
			return fmt.Errorf("the owner: %w", flows.ErrInUse)
		}
		_, err := t.exec(`delete from users where id = ?`, id)
		return err
	})
	return failed("delete user", err)
}
