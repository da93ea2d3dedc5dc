package store

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"

	"flowdeck/flows"
)

const runRowSelect = `select r.id, r.flow_id, coalesce(f.name, ''), r.version, r.document, r.status, r.trigger_card, r.source, r.rerun_of, r.cancel, r.outline,
	r.response_status, r.error_code, r.error_message, r.error_path, r.summary, r.retries, r.created, r.started, r.finished
	from runs r left join flows f on f.id = r.flow_id `

func scanRunRow(scan scan) (r RunRow, err error) {
	err = scan(&r.ID, &r.FlowID, &r.FlowName, &r.Version, &r.Document, &r.Status, &r.Trigger, &r.Source, &r.RerunOf, &r.Cancel, &r.Outline,
		&r.ResponseStatus, &r.ErrorCode, &r.ErrorMessage, &r.ErrorPath, &r.Key, &r.Retries,
		instant{&r.Created}, instant{&r.Started}, instant{&r.Finished})
	return r, err
}

// Runs returns a page of runs, newest first, and the Before of the next page, "" after
// the last. A page of a search may be short, even empty, and have a next one.
func (s *Store) Runs(ctx context.Context, f RunFilter) ([]RunRow, string, error) {
	where, args := f.where()
	limit := page(f.Limit)
	floor := ""
	first, last, ok, err := s.runsCalled(ctx, f.Query)
	if err != nil {
		return nil, "", err
	}
	if ok {
		where += ` and r.id between ? and ?`
		args = append(args, first, last)
	} else if f.Query != "" {
		if floor, err = s.searchFloor(ctx, where, args); err != nil {
			return nil, "", err
		}
		where += ` and r.id >= ? and r.search like ? escape '\'`
		args = append(args, floor, like(f.Query))
	}
	var list []RunRow
	err = s.each(ctx, runRowSelect+where+` order by r.id desc limit ?`, append(args, limit+1), func(scan scan) error {
		r, err := scanRunRow(scan)
		list = append(list, r)
		return err
	})
	if err != nil {
		return nil, "", failed("list runs", err)
	}
	if len(list) > limit {
		list = list[:limit]
		return list, list[limit-1].ID, nil
	}
	return list, floor, nil
}

// runsCalled returns the range of ids that query means; ok is false when it is text to look
// for: so is what may be the id of something else when no run begins like it.
func (s *Store) runsCalled(ctx context.Context, query string) (first, last string, ok bool, err error) {
	first, last, ok = idRange(query)
	if !ok || strings.HasPrefix(strings.ToLower(strings.TrimSpace(query)), runPrefix) {
		return first, last, ok, nil
	}
	var id string
	err = s.row(ctx, `select id from runs where id between ? and ? limit 1`, first, last).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return "", "", false, nil
	}
	return first, last, true, failed("list runs", err)
}

func (f RunFilter) where() (string, []any) {
	terms, args := []string{`r.id <> ''`}, []any{}
	add := func(term string, arg ...any) {
		terms = append(terms, term)
		args = append(args, arg...)
	}
	if f.FlowID != "" {
		add(`r.flow_id = ?`, f.FlowID)
	}
	switch {
	case f.Status == "":
	case f.Status == UnderWay:
		add(`r.finished = 0`)
	case f.Status == flows.Succeeded:
		add(`r.finished > 0 and r.status = ?`, string(f.Status))
	case f.Status.Done():
		add(`r.finished > 0 and r.status <> 'succeeded' and r.status = ?`, string(f.Status)) // as the index says it
	default:
		add(`r.finished = 0 and r.status = ?`, string(f.Status))
	}
	if !f.From.IsZero() {
		add(`r.id >= ?`, firstRunID(f.From))
	}
	if !f.To.IsZero() {
		add(`r.id < ?`, firstRunID(f.To))
	}
	if f.Open {
		if f.FlowID != "" {
			add(`r.id in (select x.run_id from failures x where x.handled = 0 and x.flow_id = ?)`, f.FlowID)
		} else {
			add(`r.id in (select x.run_id from failures x where x.handled = 0)`)
		}
	}
	if f.UpTo != "" {
		add(`r.id <= ?`, f.UpTo)
	}
	if f.Before != "" {
		add(`r.id < ?`, f.Before)
	}
	return `where ` + strings.Join(terms, ` and `), args
}

// searchFloor is the oldest run that a search for text looks at, "" when that is all of them.
func (s *Store) searchFloor(ctx context.Context, where string, args []any) (id string, err error) {
	err = s.row(ctx, `select r.id from runs r `+where+` order by r.id desc limit 1 offset ?`, append(args[:len(args):len(args)], SearchDepth-1)...).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return id, failed("list runs", err)
}

// LastRun returns the newest run of a flow.
func (s *Store) LastRun(ctx context.Context, flowID string) (RunRow, error) {
	r, err := scanRunRow(s.row(ctx, runRowSelect+`where r.flow_id = ? order by r.id desc limit 1`, flowID).Scan)
	return r, failed("find the last run of flow "+flowID, err)
}

// SameErrors counts a flow's runs since a time that a step failed with that code; CountCap
// means that many or more.
func (s *Store) SameErrors(ctx context.Context, flowID, stepID, code string, since time.Time) (n int, err error) {
	err = s.row(ctx, `select count(*) from (select 1 from runs where flow_id = ? and status = ? and finished > 0 and id >= ?
		and error_step = ? and error_code = ? limit ?) x`, flowID, string(flows.Failed), firstRunID(since), stepID, code, CountCap).Scan(&n)
	return n, failed("count errors", err)
}
