package store

import (
	"context"
	"time"
)

// mostAppTokens is how many access tokens are remembered of each app.
const mostAppTokens = 20

// AppToken is an access token that an app got. The token itself is not kept.
type AppToken struct {
	ID, AppID       string
	Issued, Expires time.Time
	Scopes, Address string
	Item            string // what the app proved itself with: a key's id, a secret's hash
	Revoked         bool
}

// LastUse is when something was last used: an app and one of its keys or secrets, or a flow's
// client token.
type LastUse struct {
	Owner string // app or flow
	Item  string
	At    time.Time
}

// RecordUses stores what was used and issued. It is written behind, in bulk: nothing
// depends on it. What is gone meanwhile is left out.
func (s *Store) RecordUses(ctx context.Context, apps, clientTokens []LastUse, issued []AppToken) error {
	err := s.writer.do(ctx, func(t *tx) error {
		for _, u := range apps {
			if _, err := t.exec(`insert into app_uses (app_id, item, last_used) select id, ?, ? from apps where id = ?
				on conflict (app_id, item) do update set last_used = excluded.last_used`, u.Item, micros(u.At), u.Owner); err != nil {
				return err
			}
		}
		for _, u := range clientTokens {
			if _, err := t.exec(`update flow_tokens set last_used = ? where flow_id = ? and hash = ?`, micros(u.At), u.Owner, u.Item); err != nil {
				return err
			}
		}
		owners := map[string]bool{}
		for _, x := range issued {
			if _, err := t.exec(`insert into app_tokens (id, app_id, issued, expires, scopes, address, item)
				select ?, id, ?, ?, ?, ?, ? from apps where id = ?`,
				x.ID, micros(x.Issued), micros(x.Expires), x.Scopes, short(x.Address, 100), x.Item, x.AppID); err != nil {
				return err
			}
			owners[x.AppID] = true
		}
		for id := range owners {
			if _, err := t.exec(`delete from app_tokens where app_id = ? and id not in
				(select id from app_tokens where app_id = ? order by issued desc, id desc limit ?)`, id, id, mostAppTokens); err != nil {
				return err
			}
		}
		return nil
	})
	return failed("record uses", err)
}

// AppTokens returns the last access tokens of an app, newest first.
func (s *Store) AppTokens(ctx context.Context, appID string) (list []AppToken, err error) {
	err = s.each(ctx, `select a.id, a.app_id, a.issued, a.expires, a.scopes, a.address, a.item, r.id is not null
		from app_tokens a left join revoked_tokens r on r.id = a.id where a.app_id = ? order by a.issued desc, a.id desc limit ?`,
		[]any{appID, mostAppTokens}, func(scan scan) error {
			var x AppToken
			err := scan(&x.ID, &x.AppID, instant{&x.Issued}, instant{&x.Expires}, &x.Scopes, &x.Address, &x.Item, &x.Revoked)
			list = append(list, x)
			return err
		})
	return list, failed("list tokens of an app", err)
}

// RevokeToken keeps an access token from working until it would have expired.
func (s *Store) RevokeToken(ctx context.Context, id, appID string, expires time.Time) error {
	err := s.changeApps(ctx, func(t *tx) error {
		_, err := t.exec(`insert into revoked_tokens (id, app_id, expires) values (?, ?, ?) on conflict (id) do nothing`, id, appID, micros(expires))
		return err
	})
	return failed("revoke a token", err)
}

// IsRevoked reports whether an access token was revoked.
func (s *Store) IsRevoked(ctx context.Context, id string) (bool, error) {
	var n int
	err := s.row(ctx, `select count(*) from revoked_tokens where id = ?`, id).Scan(&n)
	return n > 0, failed("look for a revoked token", err)
}

// UseAssertion remembers the hash of an assertion's id until it has expired. fresh is
// false when it was used before, on whatever server.
func (s *Store) UseAssertion(ctx context.Context, hash string, expires time.Time) (fresh bool, err error) {
	now := s.now()
	err = s.writer.do(ctx, func(t *tx) error {
		if s.sweepsAssertions(now) {
			if _, err := t.exec(`delete from used_assertions where expires < ?`, micros(now)); err != nil {
				return err
			}
		}
		n, err := t.exec(`insert into used_assertions (hash, expires) values (?, ?) on conflict (hash) do nothing`, hash, micros(expires))
		fresh = n == 1
		return err
	})
	return fresh, failed("remember an assertion", err)
}

// sweepsAssertions reports, once a minute, that expired ones are to be forgotten.
func (s *Store) sweepsAssertions(now time.Time) bool {
	last := s.swept.Load()
	return now.UnixMicro()-last > time.Minute.Microseconds() && s.swept.CompareAndSwap(last, now.UnixMicro())
}

func (s *Store) pruneTokens(ctx context.Context, now time.Time, _ *Pruned) error {
	return s.writer.do(ctx, func(t *tx) error {
		for _, query := range []string{
			`delete from revoked_tokens where expires < ?`,
			`delete from used_assertions where expires < ?`,
			`delete from flow_aliases where until < ?`,
			`delete from flow_tokens where expires > 0 and expires < ?`,
		} {
			if _, err := t.exec(query, micros(now)); err != nil {
				return err
			}
		}
		return nil
	})
}
