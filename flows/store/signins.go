package store

import (
	"context"
	"database/sql"
	"errors"

	"flowdeck/connectors"
)

// CreateAttempt implements connectors.Storage.
func (s *Store) CreateAttempt(ctx context.Context, a connectors.Attempt) error {
	_, err := s.change(ctx, `insert into sign_ins (id, connection_id, state_hash, sealed, redirect, wanted_for, status, code, detail,
		begun_by, opened_by, created, expires, edition) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)`,
		a.ID, a.ConnectionID, a.StateHash, seal(a.Sealed), a.Redirect, a.For, string(a.Status), a.Code, a.Detail,
		a.By, a.OpenedBy, micros(a.Created), micros(a.Expires))
	return failed("create sign-in", err)
}

// Attempt implements connectors.Storage.
func (s *Store) Attempt(ctx context.Context, id string) (connectors.Attempt, error) {
	a, _, err := s.signIn(ctx, `id = ?`, id)
	return a, failed("read sign-in", err)
}

// AttemptByState implements connectors.Storage.
func (s *Store) AttemptByState(ctx context.Context, hash string) (connectors.Attempt, error) {
	a, _, err := s.signIn(ctx, `state_hash = ?`, hash)
	return a, failed("find sign-in", err)
}

func (s *Store) signIn(ctx context.Context, where string, arg string) (a connectors.Attempt, edition int64, err error) {
	err = s.row(ctx, `select id, connection_id, state_hash, sealed, redirect, wanted_for, status, code, detail, begun_by, opened_by,
		created, expires, edition from sign_ins where `+where, arg).
		Scan(&a.ID, &a.ConnectionID, &a.StateHash, sealed{&a.Sealed}, &a.Redirect, &a.For, &a.Status, &a.Code, &a.Detail, &a.By, &a.OpenedBy,
			instant{&a.Created}, instant{&a.Expires}, &edition)
	return a, edition, missing(err, connectors.ErrNoAttempt)
}

// UpdateAttempt implements connectors.Storage. ID and ConnectionID are not change's to set.
func (s *Store) UpdateAttempt(ctx context.Context, id string, change func(*connectors.Attempt) error) error {
	for {
		a, edition, err := s.signIn(ctx, `id = ?`, id)
		if err != nil {
			return failed("update sign-in", err)
		}
		if err := change(&a); err != nil {
			return err
		}
		err = s.changeOne(ctx, `update sign_ins set state_hash = ?, sealed = ?, redirect = ?, wanted_for = ?, status = ?, code = ?, detail = ?,
			begun_by = ?, opened_by = ?, expires = ?, edition = edition + 1 where id = ? and edition = ?`,
			a.StateHash, seal(a.Sealed), a.Redirect, a.For, string(a.Status), a.Code, a.Detail,
			a.By, a.OpenedBy, micros(a.Expires), id, edition)
		if !errors.Is(err, sql.ErrNoRows) {
			return failed("update sign-in", err)
		}
	}
}
