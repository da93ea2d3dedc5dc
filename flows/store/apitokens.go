package store

import (
	"context"
	"time"

	"flowdeck/flows"
)

// APIToken is a personal token for the management API.
type APIToken struct {
	ID       string
	Hash     string // SHA-256 of the token, in hex
	User     User   // whose it is; of a new one only the ID is read
	Name     string
	Hint     string // the end of the token, for people: "…x7Qp"
	Scopes   []string
	Created  time.Time
	Expires  time.Time // zero: never
	LastUsed time.Time // to the minute; zero: never
}

// mostAPITokens is how many tokens a person may have.
const mostAPITokens = 100

// CreateAPIToken stores a token. A person with too many gives flows.ErrConflict.
func (s *Store) CreateAPIToken(ctx context.Context, x APIToken) error {
	scopes, err := text(x.Scopes)
	if err != nil {
		return failed("create API token", err)
	}
	if x.Created.IsZero() {
		x.Created = s.now()
	}
	return failed("create API token", s.writer.do(ctx, func(t *tx) error {
		var n int
		if err := t.row(`select count(*) from api_tokens where user_id = ?`, []any{x.User.ID}, &n); err != nil {
			return err
		}
		if n >= mostAPITokens {
			return flows.ErrConflict
		}
		_, err := t.exec(`insert into api_tokens (id, hash, user_id, name, hint, scopes, created, expires, last_used) values (?, ?, ?, ?, ?, ?, ?, ?, 0)`,
			x.ID, x.Hash, x.User.ID, x.Name, x.Hint, scopes, micros(x.Created), micros(x.Expires))
		return err
	}))
}

const apiTokenSelect = `select a.id, a.hash, a.name, a.hint, a.scopes, a.created, a.expires, a.last_used, ` + userColumns + `
	from api_tokens a join users u on u.id = a.user_id `

func (x *APIToken) into() []any {
	return append([]any{&x.ID, &x.Hash, &x.Name, &x.Hint, parsed{&x.Scopes}, instant{&x.Created}, instant{&x.Expires}, instant{&x.LastUsed}}, x.User.into()...)
}

// APITokenByHash returns a token, expired or not, with the person whose it is.
func (s *Store) APITokenByHash(ctx context.Context, hash string) (x APIToken, err error) {
	err = s.row(ctx, apiTokenSelect+`where a.hash = ?`, hash).Scan(x.into()...)
	return x, failed("read API token", err)
}

// APITokens returns a person's tokens, the newest first.
func (s *Store) APITokens(ctx context.Context, userID string) (list []APIToken, err error) {
	err = s.each(ctx, apiTokenSelect+`where a.user_id = ? order by a.created desc, a.id`, []any{userID}, func(scan scan) error {
		var x APIToken
		err := scan(x.into()...)
		list = append(list, x)
		return err
	})
	return list, failed("list API tokens", err)
}

// TouchAPIToken says that a token was used.
func (s *Store) TouchAPIToken(ctx context.Context, id string, used time.Time) error {
	_, err := s.change(ctx, `update api_tokens set last_used = ? where id = ? and last_used < ?`, micros(used), id, micros(used))
	return failed("touch API token", err)
}

// DeleteAPIToken revokes a token of a person.
func (s *Store) DeleteAPIToken(ctx context.Context, userID, id string) error {
	return failed("delete API token", s.changeOne(ctx, `delete from api_tokens where user_id = ? and id = ?`, userID, id))
}
