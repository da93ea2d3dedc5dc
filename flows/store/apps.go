package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"flowdeck/oauth"
)

// AppRow is a client app in a list: no keys.
type AppRow struct {
	oauth.App
	Keys, Secrets int
}

// CreateApp stores a client app. A name that exists gives flows.ErrTaken.
func (s *Store) CreateApp(ctx context.Context, a oauth.App) error {
	body, err := text(a)
	if err != nil {
		return fmt.Errorf("create app: %w", err)
	}
	err = s.changeApps(ctx, func(t *tx) error {
		_, err := t.exec(`insert into apps (id, name, search, active, edition, body) values (?, ?, ?, ?, 1, ?)`, a.ID, a.Name, appSearch(a), a.Active, body)
		return err
	})
	return failed("create app", err)
}

// App returns a client app, with when it, its keys and its secrets were last used.
func (s *Store) App(ctx context.Context, id string) (oauth.App, error) {
	a, _, err := s.app(ctx, id)
	if err != nil {
		return a, failed("read app "+id, err)
	}
	used := map[string]time.Time{}
	err = s.each(ctx, `select item, last_used from app_uses where app_id = ?`, []any{id}, func(scan scan) error {
		var item string
		var at time.Time
		err := scan(&item, instant{&at})
		used[item] = at
		return err
	})
	a.LastUsed = used[""]
	for i := range a.Keys {
		a.Keys[i].LastUsed = used[a.Keys[i].ID]
	}
	for i := range a.Secrets {
		a.Secrets[i].LastUsed = used[a.Secrets[i].Hash]
	}
	return a, failed("read app "+id, err)
}

func (s *Store) app(ctx context.Context, id string) (a oauth.App, edition int64, err error) {
	err = s.row(ctx, `select id, edition, body from apps where id = ?`, id).Scan(&a.ID, &edition, parsed{&a})
	return a, edition, err
}

// Apps returns the client apps that hold query in their name, id, owner or description,
// by name, at most 500.
func (s *Store) Apps(ctx context.Context, query string) (list []AppRow, err error) {
	err = s.each(ctx, `select a.id, a.body, coalesce(u.last_used, 0) from apps a left join app_uses u on u.app_id = a.id and u.item = ''
		where a.search like ? escape '\' order by a.name limit 500`, []any{like(query)}, func(scan scan) error {
		var r AppRow
		err := scan(&r.ID, parsed{&r.App}, instant{&r.LastUsed})
		r.Keys, r.Secrets = len(r.App.Keys), len(r.App.Secrets)
		list = append(list, r)
		return err
	})
	return list, failed("list apps", err)
}

// UpdateApp lets change alter an app and stores that. It calls change again when
// somebody else wrote meanwhile. An error of change undoes all and is returned as it is.
func (s *Store) UpdateApp(ctx context.Context, id string, change func(*oauth.App) error) error {
	for {
		a, edition, err := s.app(ctx, id)
		if err != nil {
			return failed("update app "+id, err)
		}
		if err := change(&a); err != nil {
			return err
		}
		body, err := text(a)
		if err != nil {
			return fmt.Errorf("update app %s: %w", id, err)
		}
		err = s.changeApps(ctx, func(t *tx) error {
			n, err := t.exec(`update apps set name = ?, search = ?, active = ?, body = ?, edition = edition + 1 where id = ? and edition = ?`,
				a.Name, appSearch(a), a.Active, body, id, edition)
			if err == nil && n == 0 {
				return sql.ErrNoRows
			}
			return err
		})
		if !errors.Is(err, sql.ErrNoRows) {
			return failed("update app "+id, err)
		}
	}
}

// DeleteApp deletes an app; its tokens stop working.
func (s *Store) DeleteApp(ctx context.Context, id string) error {
	err := s.changeApps(ctx, func(t *tx) error {
		n, err := t.exec(`delete from apps where id = ?`, id)
		if err == nil && n == 0 {
			return sql.ErrNoRows
		}
		return err
	})
	return failed("delete app "+id, err)
}

func appSearch(a oauth.App) string {
	return strings.ToLower(strings.Join([]string{a.Name, a.ID, a.Owner, a.Description}, "\n"))
}
