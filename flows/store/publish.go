package store

import (
	"context"
	"fmt"

	"flowdeck/flows"
)

// Publish makes doc, which is the draft of that revision, the flow's next version and
// the one that answers. It returns the version's number, or a *Conflict.
func (s *Store) Publish(ctx context.Context, flowID string, revision int64, doc flows.Document, message, by string) (version int64, err error) {
	id, body, err := encodeDocument(doc)
	if err != nil {
		return 0, fmt.Errorf("publish flow %s: %w", flowID, err)
	}
	now := micros(s.now())
	err = s.writer.do(ctx, func(t *tx) error {
		n, err := t.exec(`update flows set versions = versions + 1, version = versions + 1, document = ?, draft_id = ?, draft = ?,
			edition = edition + 1 where id = ? and revision = ? and deleted = 0`, id, id, body, flowID, revision)
		if err == nil && n == 0 {
			return conflict(t, flowID)
		}
		if err == nil {
			err = t.row(`select version from flows where id = ?`, []any{flowID}, &version)
		}
		if err == nil {
			err = s.putDocument(t, id, body)
		}
		if err == nil {
			_, err = t.exec(`insert into versions (flow_id, number, document, message, made_by, created) values (?, ?, ?, ?, ?, ?)`,
				flowID, version, id, message, by, now)
		}
		if err == nil {
			if err = setConnections(t, flowID, true, doc); err == nil {
				err = setCalls(t, flowID, true, doc)
			}
		}
		if err == nil {
			err = setSchedule(t, flowID, doc, now)
		}
		return err
	})
	s.endpoints.forget()
	s.schedulesChanged()
	return version, failed("publish flow "+flowID, err)
}

// Versions returns a flow's newest 500 versions, newest first.
func (s *Store) Versions(ctx context.Context, flowID string) (list []VersionRow, err error) {
	err = s.each(ctx, `select number, document, message, made_by, created from versions
		where flow_id = ? order by number desc limit 500`, []any{flowID}, func(scan scan) error {
		var v VersionRow
		err := scan(&v.Number, &v.Document, &v.Message, &v.By, instant{&v.At})
		list = append(list, v)
		return err
	})
	return list, failed("list versions", err)
}

// Version returns one version of a flow.
func (s *Store) Version(ctx context.Context, flowID string, number int64) (flows.Version, error) {
	v := flows.Version{FlowID: flowID}
	err := s.row(ctx, `select v.number, v.message, v.made_by, v.created, d.body from versions v
		join documents d on d.id = v.document where v.flow_id = ? and v.number = ?`, flowID, number).
		Scan(&v.Number, &v.Message, &v.By, instant{&v.At}, document{&v.Document})
	return v, failed(fmt.Sprintf("read version %d of flow %s", number, flowID), err)
}

// VersionsBefore returns up to n versions of a flow that are older than number, newest first.
func (s *Store) VersionsBefore(ctx context.Context, flowID string, number int64, n int) (list []flows.Version, err error) {
	err = s.each(ctx, `select v.number, v.message, v.made_by, v.created, d.body from versions v
		join documents d on d.id = v.document where v.flow_id = ? and v.number < ? order by v.number desc limit ?`,
		[]any{flowID, number, n}, func(scan scan) error {
			v := flows.Version{FlowID: flowID}
			err := scan(&v.Number, &v.Message, &v.By, instant{&v.At}, document{&v.Document})
			list = append(list, v)
			return err
		})
	return list, failed("list versions of flow "+flowID, err)
}
