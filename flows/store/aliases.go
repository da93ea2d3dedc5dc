package store

import (
	"context"
	"time"

	"flowdeck/flows"
)

// OldAlias is an alias that a flow had, and until when the flow still answers there.
type OldAlias struct {
	Alias string
	Until time.Time
}

// KeepAlias has a flow answer at an alias that it gives up, until then.
func (s *Store) KeepAlias(ctx context.Context, flowID, alias string, until time.Time) error {
	_, err := s.change(ctx, `insert into flow_aliases (alias, flow_id, until) values (?, ?, ?)
		on conflict (alias) do update set flow_id = excluded.flow_id, until = excluded.until`, alias, flowID, micros(until))
	s.endpoints.forget()
	return failed("keep an alias", err)
}

// DropAlias ends that at once; an alias that is gone is fine.
func (s *Store) DropAlias(ctx context.Context, flowID, alias string) error {
	_, err := s.change(ctx, `delete from flow_aliases where flow_id = ? and alias = ?`, flowID, alias)
	s.endpoints.forget()
	return failed("drop an alias", err)
}

// OldAliases returns the aliases that a flow still answers at.
func (s *Store) OldAliases(ctx context.Context, flowID string) (list []OldAlias, err error) {
	err = s.each(ctx, `select alias, until from flow_aliases where flow_id = ? and until > ? order by until, alias`, []any{flowID, micros(s.now())},
		func(scan scan) error {
			var x OldAlias
			err := scan(&x.Alias, instant{&x.Until})
			list = append(list, x)
			return err
		})
	return list, failed("list old aliases", err)
}

// AliasHolder returns the id of the flow that still answers at an old alias, or
// flows.ErrNotFound.
func (s *Store) AliasHolder(ctx context.Context, alias string) (flowID string, err error) {
	err = s.row(ctx, `select flow_id from flow_aliases where alias = ? and until > ?`, alias, micros(s.now())).Scan(&flowID)
	return flowID, failed("find the holder of an alias", err)
}

// renamed is the flow that gave this alias up a while ago.
func (s *Store) renamed(ctx context.Context, alias string, err error) (*Endpoint, error) {
	id, holder := s.AliasHolder(ctx, alias)
	if holder != nil {
		return nil, err
	}
	var now string
	if err := s.row(ctx, `select alias from flows where id = ? and deleted = 0`, id).Scan(&now); err != nil || now == alias {
		return nil, flows.ErrNotFound
	}
	return s.FlowByAlias(ctx, now)
}
