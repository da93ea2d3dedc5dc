package store

import "context"

const setupSetting = "setup_token"

// Setting returns what was set under a name.
func (s *Store) Setting(ctx context.Context, name string) (content string, err error) {
	err = s.row(ctx, `select content from settings where name = ?`, name).Scan(&content)
	return content, failed("read setting "+name, err)
}

// SetSetting keeps content under a name.
func (s *Store) SetSetting(ctx context.Context, name, content string) error {
	_, err := s.change(ctx, `insert into settings (name, content, updated) values (?, ?, ?)
		on conflict (name) do update set content = excluded.content, updated = excluded.updated`, name, content, micros(s.now()))
	return failed("write setting "+name, err)
}

// DeleteSetting forgets a name; one that is not set is fine.
func (s *Store) DeleteSetting(ctx context.Context, name string) error {
	_, err := s.change(ctx, `delete from settings where name = ?`, name)
	return failed("delete setting "+name, err)
}

// SetSetupToken keeps the hash of the token that CreateOwner asks for.
func (s *Store) SetSetupToken(ctx context.Context, hash string) error {
	return s.SetSetting(ctx, setupSetting, hash)
}

// SetupToken returns that hash, or flows.ErrNotFound.
func (s *Store) SetupToken(ctx context.Context) (string, error) { return s.Setting(ctx, setupSetting) }
