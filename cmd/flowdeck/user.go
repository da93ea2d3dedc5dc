package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"flowdeck/flows"
	"flowdeck/flows/store"
	"flowdeck/web"
)

// userCommands manage accounts from the machine itself, for when nobody can sign in.
type userCommands struct {
	Add      userAdd      `cmd:"" help:"Add a person."`
	List     userList     `cmd:"" help:"List the people."`
	Password userPassword `cmd:"" help:"Give a person a new password, sign them out and revoke their API tokens."`
	SignOut  userSignOut  `cmd:"" name:"sign-out" help:"Sign a person out everywhere."`
}

type userAdd struct {
	storageSettings `embed:""`
	Email           string `arg:"" help:"Their email address."`
	Name            string `help:"What people call them. Empty: the address."`
	PasswordStdin   bool   `name:"password-stdin" help:"Read the password from standard input instead of making one."`
}

type userList struct {
	storageSettings `embed:""`
}

type userPassword struct {
	storageSettings `embed:""`
	Email           string `arg:"" help:"Their email address."`
	PasswordStdin   bool   `name:"password-stdin" help:"Read the password from standard input instead of making one."`
}

type userSignOut struct {
	storageSettings `embed:""`
	Email           string `arg:"" help:"Their email address."`
}

func (u userAdd) run(ctx context.Context, to streams) error {
	email, name := strings.ToLower(strings.TrimSpace(u.Email)), u.Name
	if name == "" {
		name, _, _ = strings.Cut(email, "@")
	}
	password, err := newPassword(u.PasswordStdin, to)
	if err != nil {
		return err
	}
	if err := web.CheckAccount(name, email, password).Err(); err != nil {
		return err
	}
	st, err := u.open(ctx, u.logger(to), 0) // the first one may be added before the server has ever run
	if err != nil {
		return err
	}
	user, err := st.CreateUser(ctx, store.User{Email: email, Name: name, Password: web.HashPassword(password)})
	if err = errors.Join(err, st.Close()); errors.Is(err, flows.ErrTaken) {
		return fmt.Errorf("there is an account for %s already", email)
	} else if err != nil {
		return err
	}
	what := "Added"
	if user.Owner {
		what = "Added the owner"
	}
	return sayPassword(to, what+" "+email, password, u.PasswordStdin)
}

func (u userList) run(ctx context.Context, to streams) error {
	return u.with(ctx, to, func(st *store.Store) error {
		people, err := st.Users(ctx)
		if err != nil {
			return err
		}
		w := tabwriter.NewWriter(to.out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "EMAIL\tNAME\tROLE\tSINCE")
		for _, p := range people {
			role := "member"
			if p.Owner {
				role = "owner"
			}
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", p.Email, p.Name, role, p.Created.Format(time.DateOnly))
		}
		return w.Flush()
	})
}

func (u userPassword) run(ctx context.Context, to streams) error {
	password, err := newPassword(u.PasswordStdin, to)
	if err != nil {
		return err
	}
	return u.withUser(ctx, to, u.Email, func(st *store.Store, p store.User) error {
		if err := web.CheckAccount(p.Name, p.Email, password).Err(); err != nil {
			return err
		}
		if err := st.ResetPassword(ctx, p.ID, web.HashPassword(password)); err != nil {
			return err
		}
		return sayPassword(to, "Changed the password of "+p.Email, password, u.PasswordStdin)
	})
}

func (u userSignOut) run(ctx context.Context, to streams) error {
	return u.withUser(ctx, to, u.Email, func(st *store.Store, p store.User) error {
		if err := st.DeleteSessions(ctx, p.ID); err != nil {
			return err
		}
		_, err := fmt.Fprintln(to.out, "Signed out", p.Email, "everywhere.")
		return err
	})
}

// with does something with the database that is there.
func (s storageSettings) with(ctx context.Context, to streams, do func(*store.Store) error) error {
	st, err := s.existing(ctx, s.logger(to))
	if err != nil {
		return err
	}
	return errors.Join(do(st), st.Close())
}

func (s storageSettings) withUser(ctx context.Context, to streams, email string, do func(*store.Store, store.User) error) error {
	return s.with(ctx, to, func(st *store.Store) error {
		p, err := st.UserByEmail(ctx, strings.ToLower(strings.TrimSpace(email)))
		if errors.Is(err, flows.ErrNotFound) {
			return fmt.Errorf("there is no account for %s", email)
		}
		if err != nil {
			return err
		}
		return do(st, p)
	})
}

func newPassword(fromInput bool, from streams) (string, error) {
	if !fromInput {
		return strings.ToLower(rand.Text()[:20]), nil
	}
	line, err := bufio.NewReader(from.in).ReadString('\n')
	if line = strings.TrimRight(line, "\r\n"); line == "" {
		return "", fmt.Errorf("read the password from standard input: %w", err)
	}
	return line, nil
}

func sayPassword(to streams, what, password string, known bool) error {
	if known {
		_, err := fmt.Fprintln(to.out, what+".")
		return err
	}
	_, err := fmt.Fprintf(to.out, "%s. The password is %s\n", what, password)
	return err
}
