package store

import (
	"context"
	"time"
)

// SigningKey is a key that access tokens are signed with, sealed.
type SigningKey struct {
	ID      string
	Created time.Time
	Retired time.Time // when it was replaced; zero for the one in use
	Sealed  []byte
	Key     []byte // the data key, wrapped by the master key
}

// SigningKeys returns those that were not retired before since, newest first.
func (s *Store) SigningKeys(ctx context.Context, since time.Time) (list []SigningKey, err error) {
	err = s.each(ctx, `select id, created, retired, sealed, data_key from signing_keys where retired = 0 or retired > ? order by created desc, id desc`,
		[]any{micros(since)}, func(scan scan) error {
			var k SigningKey
			err := scan(&k.ID, instant{&k.Created}, instant{&k.Retired}, sealed{&k.Sealed}, sealed{&k.Key})
			list = append(list, k)
			return err
		})
	return list, failed("list signing keys", err)
}

// RotateSigningKey makes k the key in use, unless one that is not before notBefore is
// there already: several servers may find at once that it is time. It forgets keys that
// were retired before k was made minus overlap.
func (s *Store) RotateSigningKey(ctx context.Context, k SigningKey, notBefore time.Time, overlap time.Duration) error {
	err := s.changeApps(ctx, func(t *tx) error {
		var newer int
		if err := t.row(`select count(*) from signing_keys where retired = 0 and created >= ?`, []any{micros(notBefore)}, &newer); err != nil || newer > 0 {
			return err
		}
		if _, err := t.exec(`delete from signing_keys where retired > 0 and retired < ?`, micros(k.Created.Add(-overlap))); err != nil {
			return err
		}
		if _, err := t.exec(`update signing_keys set retired = ? where retired = 0`, micros(k.Created)); err != nil {
			return err
		}
		_, err := t.exec(`insert into signing_keys (id, created, retired, sealed, data_key) values (?, ?, 0, ?, ?)`, k.ID, micros(k.Created), seal(k.Sealed), seal(k.Key))
		return err
	})
	return failed("rotate the signing key", err)
}

// RewrapSigningKey stores the data key of a signing key, wrapped anew.
func (s *Store) RewrapSigningKey(ctx context.Context, id string, key []byte) error {
	_, err := s.change(ctx, `update signing_keys set data_key = ? where id = ?`, seal(key), id)
	return failed("rewrap signing key", err)
}

// HoldsSealed reports whether there is anything that a master key opens.
func (s *Store) HoldsSealed(ctx context.Context) (yes bool, err error) {
	err = s.row(ctx, `select exists (select 1 from connections where data_key <> '') or exists (select 1 from variables where data_key <> '')
		or exists (select 1 from signing_keys where data_key <> '')`).Scan(&yes)
	return yes, failed("look for what is sealed", err)
}
