package store

import (
	"context"
	"time"
)

// refusedKept is how many refused deliveries of a flow are kept.
const refusedKept = 20

// RefusedDelivery is a delivery that a webhook did not take. It holds nothing of what
// was sent.
type RefusedDelivery struct {
	At           time.Time
	Code, Detail string
	Address      string // who sent it
}

// AddRefused keeps a refused delivery of a flow, and drops the oldest when there are many.
func (s *Store) AddRefused(ctx context.Context, flowID string, r RefusedDelivery) error {
	err := s.writer.do(ctx, func(t *tx) error {
		_, err := t.exec(`insert into refused_deliveries (flow_id, at, code, detail, address) select id, cast(? as bigint), ?, ?, ? from flows where id = ? and deleted = 0`,
			micros(r.At), r.Code, short(r.Detail, 300), short(r.Address, 100), flowID)
		if err == nil {
			_, err = t.exec(`delete from refused_deliveries where flow_id = ? and at < (select min(at) from
				(select at from refused_deliveries where flow_id = ? order by at desc limit ?) newest)`, flowID, flowID, refusedKept)
		}
		return err
	})
	return failed("keep a refused delivery", err)
}

// Refused returns the last refused deliveries of a flow, newest first, at most limit.
func (s *Store) Refused(ctx context.Context, flowID string, limit int) (list []RefusedDelivery, err error) {
	err = s.each(ctx, `select at, code, detail, address from refused_deliveries where flow_id = ? order by at desc limit ?`, []any{flowID, limit}, func(scan scan) error {
		var r RefusedDelivery
		err := scan(instant{&r.At}, &r.Code, &r.Detail, &r.Address)
		list = append(list, r)
		return err
	})
	return list, failed("list refused deliveries", err)
}
