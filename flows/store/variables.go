package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"time"

	"flowdeck/cards/schema"
	"flowdeck/flows"
)

// MaxVariables is how many variables and secrets there may be, in all environments.
const MaxVariables = 1000

// Variable is a value that flows read by name, or a secret.
type Variable struct {
	Env         string // "" is the default environment, which the others fall back to
	Name        string
	Secret      bool
	Description string
	Value       any    // of no secret
	Sealed, Key []byte // of a secret
	Updated     time.Time
	UpdatedBy   string
}

// Variables returns every variable and secret, by name, then environment.
func (s *Store) Variables(ctx context.Context) (list []Variable, err error) {
	err = s.each(ctx, `select env, name, is_secret, description, content, sealed, data_key, updated, updated_by from variables order by name, env`, nil, func(scan scan) error {
		var v Variable
		var content string
		if err := scan(&v.Env, &v.Name, &v.Secret, &v.Description, &content, sealed{&v.Sealed}, sealed{&v.Key}, instant{&v.Updated}, &v.UpdatedBy); err != nil {
			return err
		}
		if content != "" {
			if v.Value, err = schema.DecodeJSONText(content); err != nil {
				return err
			}
		}
		list = append(list, v)
		return nil
	})
	return list, failed("list variables", err)
}

// PutVariable stores a variable; with fresh, one that is there gives flows.ErrTaken, and
// without it, one that is not gives flows.ErrNotFound.
func (s *Store) PutVariable(ctx context.Context, v Variable, fresh bool) error {
	content := ""
	if !v.Secret {
		data, err := schema.EncodeJSON(v.Value)
		if err != nil {
			return fmt.Errorf("write variable: %w", err)
		}
		content = string(data)
	}
	err := s.changeVariables(ctx, func(t *tx) error {
		var n int64
		if err := t.row(`select count(*) from variables`, nil, &n); err != nil {
			return err
		}
		now := micros(s.now())
		if !fresh {
			return one(t.exec(`update variables set description = ?, content = ?, sealed = ?, data_key = ?, updated = ?, updated_by = ? where env = ? and name = ? and is_secret = ?`,
				v.Description, content, seal(v.Sealed), seal(v.Key), now, v.UpdatedBy, v.Env, v.Name, v.Secret))
		}
		if n >= MaxVariables {
			return schema.Problems{{Message: fmt.Sprintf("There may be %d variables and secrets.", MaxVariables)}}
		}
		var other int64
		if err := t.row(`select count(*) from variables where name = ? and is_secret <> ?`, []any{v.Name, v.Secret}, &other); err != nil {
			return err
		}
		if other > 0 {
			return flows.ErrTaken
		}
		_, err := t.exec(`insert into variables (env, name, is_secret, description, content, sealed, data_key, updated, updated_by) values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			v.Env, v.Name, v.Secret, v.Description, content, seal(v.Sealed), seal(v.Key), now, v.UpdatedBy)
		return err
	})
	return failed("write variable "+v.Name, err)
}

// RewrapVariable stores the data key of a secret, wrapped anew, unless the secret was replaced.
func (s *Store) RewrapVariable(ctx context.Context, v Variable, key []byte) error {
	err := s.scrubbed(ctx, func(t *tx) error {
		_, err := t.exec(`update variables set data_key = ? where env = ? and name = ? and data_key = ?`, seal(key), v.Env, v.Name, seal(v.Key))
		return err
	})
	s.variables.forget()
	return failed("rewrap secret", err)
}

// DeleteVariable deletes a variable or secret of one environment; a secret is overwritten.
func (s *Store) DeleteVariable(ctx context.Context, env, name string) error {
	err := s.changeVariables(ctx, func(t *tx) error {
		return one(t.exec(`delete from variables where env = ? and name = ?`, env, name))
	})
	return failed("delete variable "+name, err)
}

const activeSetting = "environment"

// ActiveEnvironment is the environment whose values flows read; "" is the default one.
func (s *Store) ActiveEnvironment(ctx context.Context) (string, error) {
	env, err := s.Setting(ctx, activeSetting)
	if errors.Is(err, flows.ErrNotFound) {
		return "", nil
	}
	return env, err
}

// SetActiveEnvironment has flows read the values of another environment.
func (s *Store) SetActiveEnvironment(ctx context.Context, env string) error {
	err := s.changeVariables(ctx, func(t *tx) error {
		_, err := t.exec(`insert into settings (name, content, updated) values (?, ?, ?)
			on conflict (name) do update set content = excluded.content, updated = excluded.updated`, activeSetting, env, micros(s.now()))
		return err
	})
	return failed("change the environment", err)
}

// changeVariables commits f, and what flows read from then on.
func (s *Store) changeVariables(ctx context.Context, f func(*tx) error) error {
	err := s.scrubbed(ctx, func(t *tx) error {
		if err := f(t); err != nil {
			return err
		}
		return s.addSet(t)
	})
	s.variables.forget()
	return err
}

// mostAhead is how far the clock of another server may be ahead. What is noted for later than that
// was by a clock that was wrong.
const mostAhead = time.Minute

// addSet notes what flows read from now on.
func (s *Store) addSet(t *tx) error {
	var env string
	if err := t.row(`select content from settings where name = ?`, []any{activeSetting}, &env); err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	values := schema.Values{}
	err := t.each(`select name, content from variables where is_secret = ? and (env = '' or env = ?) order by env`, []any{false, env}, func(scan scan) error {
		var name, content string
		if err := scan(&name, &content); err != nil {
			return err
		}
		v, err := schema.DecodeJSONText(content)
		values[name] = v
		return err
	})
	if err != nil {
		return err
	}
	body, err := encode(values)
	if err != nil {
		return err
	}
	now := s.now()
	if _, err := t.exec(`delete from variable_sets where created > ?`, micros(now.Add(mostAhead))); err != nil {
		return err
	}
	var last int64
	if err := t.row(`select coalesce(max(created), 0) from variable_sets`, nil, &last); err != nil {
		return err
	}
	_, err = t.exec(`insert into variable_sets (created, env, body) values (?, ?, ?)`, max(micros(now), last+1), env, body)
	return err
}

// freshFor is how long what is known of variables holds: another server may change them.
const freshFor = 2 * time.Second

// variables remembers what flows read now.
type variables struct {
	mu      sync.Mutex
	read    time.Time // zero: nothing is known
	since   int64
	values  schema.Values
	secrets map[string]Variable
}

func (v *variables) forget() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.read = time.Time{}
}

// VariablesAt returns what flows read that began at a time. It may not be changed.
func (s *Store) VariablesAt(ctx context.Context, at time.Time) (schema.Values, error) {
	v := &s.variables
	v.mu.Lock()
	defer v.mu.Unlock()
	if err := s.refresh(ctx); err != nil {
		return nil, failed("read variables", err)
	}
	if v.since <= micros(at) || v.since > micros(s.now()) { // what is noted for a time to come was by a clock that was ahead
		return v.values, nil
	}
	var body string
	err := s.row(ctx, `select body from variable_sets where created <= ? order by created desc limit 1`, micros(at)).Scan(&body)
	if errors.Is(err, sql.ErrNoRows) {
		return schema.Values{}, nil
	}
	if err != nil {
		return nil, failed("read variables", err)
	}
	return decode(body)
}

// SecretOf returns a secret, sealed, of the active environment or else the default one.
func (s *Store) SecretOf(ctx context.Context, name string) (Variable, error) {
	v := &s.variables
	v.mu.Lock()
	defer v.mu.Unlock()
	if err := s.refresh(ctx); err != nil {
		return Variable{}, failed("read secret", err)
	}
	secret, there := v.secrets[name]
	if !there {
		return Variable{}, failed("read secret "+name, sql.ErrNoRows)
	}
	return secret, nil
}

// refresh reads what flows read now, unless that is known.
func (s *Store) refresh(ctx context.Context) error {
	v := &s.variables
	if now := time.Now(); !v.read.IsZero() && now.Sub(v.read) < freshFor {
		return nil
	}
	var body, env string
	err := s.row(ctx, `select created, env, body from variable_sets order by created desc limit 1`).Scan(&v.since, &env, &body)
	if errors.Is(err, sql.ErrNoRows) {
		v.since, body, err = 0, "{}", nil
	}
	if err != nil {
		return err
	}
	if v.values, err = decode(body); err != nil {
		return err
	}
	list, err := s.Variables(ctx)
	if err != nil {
		return err
	}
	v.secrets = map[string]Variable{}
	for _, x := range list { // the default environment comes first
		if x.Secret && (x.Env == "" || x.Env == env) {
			v.secrets[x.Name] = x
		}
	}
	v.read = time.Now()
	return nil
}

// setsKept is how long it is kept what flows read.
const setsKept = 400 * 24 * time.Hour

// pruneVariables forgets what flows read so long ago that no run reads it any more.
func (s *Store) pruneVariables(ctx context.Context, now time.Time, _ *Pruned) error {
	_, err := s.change(ctx, `delete from variable_sets where created < ? and created < (select max(created) from variable_sets where created < ?)`,
		micros(now.Add(-setsKept)), micros(now.Add(-setsKept)))
	return err
}
