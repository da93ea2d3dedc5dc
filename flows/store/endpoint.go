package store

import (
	"context"
	"database/sql"
	"errors"
	"sync"
	"time"
)

const (
	endpointAge   = time.Second // how old a cached endpoint may get: another process may have changed it
	mostEndpoints = 10_000
)

// endpoints remembers what answering calls needs. Every write of this process that
// touches a flow makes it forget everything.
type endpoints struct {
	mu     sync.RWMutex
	writes int64
	known  map[string]knownEndpoint
}

type knownEndpoint struct {
	*Endpoint
	read time.Time
}

func (c *endpoints) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.writes++
	clear(c.known)
}

func (c *endpoints) get(alias string) (e *Endpoint, ok bool, writes int64) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	k, ok := c.known[alias]
	return k.Endpoint, ok && time.Since(k.read) < endpointAge, c.writes
}

// put keeps e unless something was written since it was looked for.
func (c *endpoints) put(alias string, e *Endpoint, read time.Time, writes int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.writes != writes {
		return
	}
	if c.known == nil || len(c.known) >= mostEndpoints {
		c.known = map[string]knownEndpoint{}
	}
	c.known[alias] = knownEndpoint{e, read}
}

// FlowByAlias returns what answering a call needs, which others have too: it may not be changed.
func (s *Store) FlowByAlias(ctx context.Context, alias string) (*Endpoint, error) {
	e, ok, writes := s.endpoints.get(alias)
	if ok {
		return e, nil
	}
	read := time.Now()
	e = &Endpoint{}
	err := s.row(ctx, `select id, name, alias, is_on, version, document, settings from flows where alias = ? and deleted = 0`, alias).
		Scan(&e.FlowID, &e.Name, &e.Alias, &e.On, &e.Version, &e.Document, parsed{&e.Settings})
	if err == nil {
		e.Tokens, err = s.Tokens(ctx, e.FlowID)
	}
	if errors.Is(err, sql.ErrNoRows) {
		e, err = s.renamed(ctx, alias, err)
	}
	if err != nil {
		return nil, failed("find flow by alias", err)
	}
	s.endpoints.put(alias, e, read, writes)
	return e, nil
}

// SetToken makes the token of that hash the only client token of a flow.
func (s *Store) SetToken(ctx context.Context, flowID, hash, hint, by string) error {
	err := s.writer.do(ctx, func(t *tx) error {
		_, err := t.exec(`delete from flow_tokens where flow_id = ?`, flowID)
		if err == nil {
			_, err = t.exec(`insert into flow_tokens (flow_id, hash, hint, made_by, created) values (?, ?, ?, ?, ?)`,
				flowID, hash, hint, by, micros(s.now()))
		}
		return err
	})
	s.endpoints.forget()
	return failed("set client token", err)
}

// RotateToken makes the token of that hash the client token of a flow; those that there
// were work until then.
func (s *Store) RotateToken(ctx context.Context, flowID, hash, hint, by string, until time.Time) error {
	err := s.writer.do(ctx, func(t *tx) error {
		_, err := t.exec(`update flow_tokens set expires = ? where flow_id = ? and (expires = 0 or expires > ?)`, micros(until), flowID, micros(until))
		if err == nil {
			_, err = t.exec(`insert into flow_tokens (flow_id, hash, hint, made_by, created) values (?, ?, ?, ?, ?)`,
				flowID, hash, hint, by, micros(s.now()))
		}
		return err
	})
	s.endpoints.forget()
	return failed("rotate client token", err)
}

// EndToken ends one client token at once; one that is gone is fine.
func (s *Store) EndToken(ctx context.Context, flowID, hash string) error {
	_, err := s.change(ctx, `delete from flow_tokens where flow_id = ? and hash = ?`, flowID, hash)
	s.endpoints.forget()
	return failed("end client token", err)
}

// DeleteTokens leaves a flow without client tokens.
func (s *Store) DeleteTokens(ctx context.Context, flowID string) error {
	_, err := s.change(ctx, `delete from flow_tokens where flow_id = ?`, flowID)
	s.endpoints.forget()
	return failed("delete client tokens", err)
}

// Tokens returns a flow's client tokens that have not ended, newest first.
func (s *Store) Tokens(ctx context.Context, flowID string) (list []Token, err error) {
	err = s.each(ctx, `select hash, hint, made_by, created, expires, last_used from flow_tokens
		where flow_id = ? and (expires = 0 or expires > ?) order by created desc, hash`, []any{flowID, micros(s.now())}, func(scan scan) error {
		var k Token
		err := scan(&k.Hash, &k.Hint, &k.By, instant{&k.Created}, instant{&k.Expires}, instant{&k.Used})
		list = append(list, k)
		return err
	})
	return list, failed("list client tokens", err)
}

// EndpointRow is a flow that is published and on, in a list.
type EndpointRow struct {
	Endpoint
	Description string
}

// Endpoints returns the flows that are published and on, at most 1000, by name. Tokens
// are left out.
func (s *Store) Endpoints(ctx context.Context) (list []EndpointRow, err error) {
	err = s.each(ctx, `select id, name, description, alias, is_on, version, document, settings from flows
		where deleted = 0 and is_on = ? and version > 0 order by name_key, id limit 1000`, []any{true}, func(scan scan) error {
		var e EndpointRow
		err := scan(&e.FlowID, &e.Name, &e.Description, &e.Alias, &e.On, &e.Version, &e.Document, parsed{&e.Settings})
		list = append(list, e)
		return err
	})
	return list, failed("list endpoints", err)
}
