package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"flowdeck/connectors"
	"flowdeck/flows"
)

const connectionSelect = `select c.id, c.name, c.description, c.type, c.hosts, c.test_url, c.settings, c.network, c.sealed, c.data_key,
	c.state, c.state_detail, c.expires, c.last_used, c.last_tested, c.test_result, c.revision, c.created, c.updated, c.updated_by,
	c.lifecycle, c.renew_due, c.secret_expires,
	(select count(distinct x.flow_id) from flow_connections x where x.connection_id = c.id) from connections c `

func scanConnection(scan scan) (c connectors.Connection, err error) {
	var settings, network string
	err = scan(&c.ID, &c.Name, &c.Description, &c.Type, parsed{&c.Hosts}, &c.TestURL, &settings, &network, sealed{&c.Sealed}, sealed{&c.Key},
		&c.State, &c.StateDetail, instant{&c.Expires}, instant{&c.LastUsed}, instant{&c.LastTested}, &c.TestResult, &c.Revision,
		instant{&c.Created}, instant{&c.Updated}, &c.UpdatedBy, parsed{&c.Life}, instant{&c.Life.Due}, instant{&c.SecretEnds}, &c.Uses)
	if err == nil {
		c.Settings, err = decode(settings)
	}
	if err == nil && network != "{}" {
		c.Network, err = decode(network)
	}
	return c, err
}

// Connections returns every connection by name, with the number of flows that use it.
func (s *Store) Connections(ctx context.Context) (list []connectors.Connection, err error) {
	err = s.each(ctx, connectionSelect+`order by c.name_key, c.id`, nil, func(scan scan) error {
		c, err := scanConnection(scan)
		list = append(list, c)
		return err
	})
	return list, failed("list connections", err)
}

// Connection implements connectors.Storage.
func (s *Store) Connection(ctx context.Context, id string) (connectors.Connection, error) {
	c, err := scanConnection(s.row(ctx, connectionSelect+`where c.id = ?`, id).Scan)
	return c, failed("read connection "+id, missing(err, connectors.ErrNoConnection))
}

// missing makes "no row" both our not-found error and kind.
func missing(err, kind error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("%w: %w", kind, flows.ErrNotFound)
	}
	return err
}

// CreateConnection stores a new connection with revision 1. A name that exists, in
// whatever case, gives flows.ErrTaken.
func (s *Store) CreateConnection(ctx context.Context, c connectors.Connection) error {
	if c.Created.IsZero() {
		c.Created = s.now()
	}
	if c.Updated.IsZero() {
		c.Updated = c.Created
	}
	values, err := connectionValues(c)
	if err != nil {
		return fmt.Errorf("create connection: %w", err)
	}
	err = s.scrubbed(ctx, func(t *tx) error {
		_, err := t.exec(`insert into connections (name, name_key, description, type, hosts, test_url, settings, network, sealed, data_key,
		state, state_detail, expires, last_used, last_tested, test_result, updated, updated_by,
		lifecycle, renew_due, secret_expires, revision, created, id)
		values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?)`, append(values, micros(c.Created), c.ID)...)
		return err
	})
	return failed("create connection", err)
}

func connectionValues(c connectors.Connection) ([]any, error) {
	hosts, err := text(c.Hosts)
	if err != nil {
		return nil, err
	}
	settings, err := encode(c.Settings)
	if err != nil {
		return nil, err
	}
	network := "{}"
	if len(c.Network) > 0 {
		network, err = encode(c.Network)
	}
	if err != nil {
		return nil, err
	}
	life, err := text(c.Life)
	return []any{c.Name, strings.ToLower(c.Name), c.Description, c.Type, hosts, c.TestURL, settings, network, seal(c.Sealed), seal(c.Key),
		string(c.State), c.StateDetail, micros(c.Expires), micros(c.LastUsed), micros(c.LastTested), c.TestResult,
		micros(c.Updated), c.UpdatedBy, life, micros(c.Life.Due), micros(c.SecretEnds)}, err
}

// UpdateConnection implements connectors.Storage. It calls change again when somebody
// else wrote meanwhile; ID, Created, Revision and Uses are not change's to set.
func (s *Store) UpdateConnection(ctx context.Context, id string, change func(*connectors.Connection) error) error {
	for {
		c, err := s.Connection(ctx, id)
		if err != nil {
			return err
		}
		revision := c.Revision
		if err := change(&c); err != nil {
			return err
		}
		values, err := connectionValues(c)
		if err != nil {
			return fmt.Errorf("update connection %s: %w", id, err)
		}
		err = s.scrubbed(ctx, func(t *tx) error {
			return one(t.exec(`update connections set name = ?, name_key = ?, description = ?, type = ?, hosts = ?, test_url = ?,
			settings = ?, network = ?, sealed = ?, data_key = ?, state = ?, state_detail = ?, expires = ?, last_used = ?, last_tested = ?,
			test_result = ?, updated = ?, updated_by = ?, lifecycle = ?, renew_due = ?, secret_expires = ?, revision = revision + 1 where id = ? and revision = ?`,
				append(values, id, revision)...))
		})
		if !errors.Is(err, sql.ErrNoRows) {
			return failed("update connection "+id, err)
		}
	}
}

// DueConnections implements connectors.Storage.
func (s *Store) DueConnections(ctx context.Context, now time.Time, limit int) (ids []string, err error) {
	err = s.each(ctx, `select id from connections where renew_due > 0 and renew_due <= ? order by renew_due limit ?`,
		[]any{micros(now), limit}, func(scan scan) error {
			var id string
			err := scan(&id)
			ids = append(ids, id)
			return err
		})
	return ids, failed("list connections that are due", err)
}

// TouchConnection implements connectors.Storage.
func (s *Store) TouchConnection(ctx context.Context, id string, used time.Time) error {
	// Only the first use makes the row longer, so that it may move.
	const query = `update connections set last_used = ? where id = ? and (last_used > 0 or ?)`
	err := s.changeOne(ctx, query, micros(used), id, false)
	if errors.Is(err, sql.ErrNoRows) {
		err = s.scrubbed(ctx, func(t *tx) error { return one(t.exec(query, micros(used), id, true)) })
	}
	return failed("touch connection "+id, missing(err, connectors.ErrNoConnection))
}

// DeleteConnection deletes a connection that no flow uses, and shreds its data key:
// what sealed it is overwritten in the file and in the log before it. Else it gives flows.ErrInUse.
func (s *Store) DeleteConnection(ctx context.Context, id string) error {
	err := s.scrubbed(ctx, func(t *tx) error {
		var used bool
		if err := t.row(`select exists (select 1 from flow_connections where connection_id = ?)`, []any{id}, &used); err != nil {
			return err
		}
		if used {
			return flows.ErrInUse
		}
		return one(t.exec(`delete from connections where id = ?`, id))
	})
	if err == nil && s.dialect.flush != nil {
		err = s.flush(context.WithoutCancel(ctx), nil)
	}
	return failed("delete connection "+id, missing(err, connectors.ErrNoConnection))
}

// one makes a statement that did not find its row an error.
func one(n int64, err error) error {
	if err == nil && n == 0 {
		return sql.ErrNoRows
	}
	return err
}
