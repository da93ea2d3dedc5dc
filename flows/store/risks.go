package store

import (
	"context"
	"time"

	"flowdeck/connectors"
)

// Risk is a connection that live flows use and that has stopped signing in, or will.
type Risk struct {
	Connection connectors.Connection // its id, name, type, state, times and lifecycle alone
	Flows      []FlowName            // live ones, by name
}

// FlowName is a flow as a link to it needs it.
type FlowName struct{ ID, Name string }

// mostRisks is how many pairs of a connection and a flow are looked at.
const mostRisks = 500

// Risks returns the connections that live flows use and whose forecast says, at now,
// that they have stopped or stop before ahead, by name.
func (s *Store) Risks(ctx context.Context, now, ahead time.Time) (list []Risk, err error) {
	err = s.each(ctx, `select c.id, c.name, c.type, c.state, c.state_detail, c.expires, c.secret_expires, c.lifecycle, c.updated, f.id, f.name
		from connections c join flow_connections x on x.connection_id = c.id and x.is_live = true
		join flows f on f.id = x.flow_id and f.is_on = true and f.deleted = 0
		where c.state in (?, ?, ?) or c.expires > 0 and c.expires < ? or c.secret_expires > 0 and c.secret_expires < ?
		group by c.id, c.name, c.name_key, c.type, c.state, c.state_detail, c.expires, c.secret_expires, c.lifecycle, c.updated, f.id, f.name, f.name_key
		order by c.name_key, c.id, f.name_key, f.id limit ?`,
		[]any{string(connectors.NeedsSignIn), string(connectors.Failing), string(connectors.SigningIn), micros(ahead), micros(ahead), mostRisks},
		func(scan scan) error {
			var c connectors.Connection
			var f FlowName
			err := scan(&c.ID, &c.Name, &c.Type, &c.State, &c.StateDetail, instant{&c.Expires}, instant{&c.SecretEnds}, parsed{&c.Life}, instant{&c.Updated}, &f.ID, &f.Name)
			if err != nil {
				return err
			}
			if n := len(list); n > 0 && list[n-1].Connection.ID == c.ID {
				list[n-1].Flows = append(list[n-1].Flows, f)
			} else if _, ends := c.Forecast(now); ends {
				list = append(list, Risk{Connection: c, Flows: []FlowName{f}})
			}
			return nil
		})
	return list, failed("list connections at risk", err)
}
