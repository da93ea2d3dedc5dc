package store

import (
	"context"
	"time"
)

// CreateSession stores a session of x.User, of whom only the ID and the password hash are
// read: flows.ErrNotFound says that they are gone or have another password by now.
func (s *Store) CreateSession(ctx context.Context, x Session) error {
	if x.Created.IsZero() {
		x.Created = s.now()
	}
	if x.Seen.IsZero() {
		x.Seen = x.Created
	}
	err := s.changeOne(ctx, `insert into sessions (hash, user_id, created, seen, expires, address, agent)
		select ?, id, ?, ?, ?, ?, ? from users where id = ? and password = ?`+s.dialect.lock,
		x.Hash, micros(x.Created), micros(x.Seen), micros(x.Expires), x.Address, short(x.Agent, 300), x.User.ID, x.User.Password)
	return failed("create session", err)
}

const sessionSelect = `select s.hash, s.created, s.seen, s.expires, s.address, s.agent, ` + userColumns + `
	from sessions s join users u on u.id = s.user_id `

func (x *Session) into() []any {
	return append([]any{&x.Hash, instant{&x.Created}, instant{&x.Seen}, instant{&x.Expires}, &x.Address, &x.Agent}, x.User.into()...)
}

// Session returns a session that has not expired, with its user.
func (s *Store) Session(ctx context.Context, hash string) (x Session, err error) {
	err = s.row(ctx, sessionSelect+`where s.hash = ? and s.expires > ?`, hash, micros(s.now())).Scan(x.into()...)
	return x, failed("read session", err)
}

// Sessions returns a user's sessions, the one last seen first.
func (s *Store) Sessions(ctx context.Context, userID string) (list []Session, err error) {
	err = s.each(ctx, sessionSelect+`where s.user_id = ? and s.expires > ? order by s.seen desc limit 200`, []any{userID, micros(s.now())},
		func(scan scan) error {
			var x Session
			err := scan(x.into()...)
			list = append(list, x)
			return err
		})
	return list, failed("list sessions", err)
}

// TouchSession says that a session was used and when it now ends.
func (s *Store) TouchSession(ctx context.Context, hash string, seen, expires time.Time) error {
	return failed("touch session", s.changeOne(ctx, `update sessions set seen = ?, expires = ? where hash = ?`, micros(seen), micros(expires), hash))
}

// DeleteSession ends a session; one that is gone is fine.
func (s *Store) DeleteSession(ctx context.Context, hash string) error {
	_, err := s.change(ctx, `delete from sessions where hash = ?`, hash)
	return failed("delete session", err)
}

// DeleteSessions ends every session of a user.
func (s *Store) DeleteSessions(ctx context.Context, userID string) error {
	_, err := s.change(ctx, `delete from sessions where user_id = ?`, userID)
	return failed("delete sessions", err)
}
