package store

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"flowdeck/flows"
)

// pruneAtOnce is how many runs one statement deletes.
const pruneAtOnce = 100

// Prune deletes what is too old or too much: runs past their days, the oldest runs
// beyond their flow's share or the whole store's, what deleted flows left, sessions and sign-ins
// that ended, documents and files that nothing refers to. It gives the space back.
func (s *Store) Prune(ctx context.Context, now time.Time) (p Pruned, err error) {
	if err := s.loadKeep(ctx, s.Kept()); err != nil { // another server may have set it
		return p, failed("prune", err)
	}
	for _, step := range []func(context.Context, time.Time, *Pruned) error{
		s.pruneSignedOut, s.pruneTokens, s.pruneOnce, s.pruneByAge, s.pruneByFlow, s.pruneByBudget, s.pruneFlows, s.pruneTables, s.pruneVariables, s.pruneDocuments, s.pruneBlobs, s.reclaim,
	} {
		if err := step(ctx, now, &p); err != nil {
			return p, failed("prune", err)
		}
	}
	s.oldest.Store(nil)
	return p, nil
}

func (s *Store) pruneSignedOut(ctx context.Context, now time.Time, p *Pruned) error {
	n, err := s.change(ctx, `delete from sessions where expires <= ?`, micros(now))
	p.Sessions = int(n)
	if err != nil {
		return err
	}
	n, err = s.change(ctx, `delete from sign_ins where expires <= ?`, micros(now.Add(-24*time.Hour)))
	p.SignIns = int(n)
	if err != nil {
		return err
	}
	_, err = s.change(ctx, `delete from redos where status <> 'running' and created < ?`, micros(now.AddDate(0, 0, -30)))
	return err
}

type kept struct {
	flow    string
	days    int64
	deleted bool
}

func (s *Store) pruneByAge(ctx context.Context, now time.Time, p *Pruned) error {
	var list []kept
	err := s.each(ctx, `select id, keep_days, deleted > 0 from flows`, nil, func(scan scan) error {
		var k kept
		err := scan(&k.flow, &k.days, &k.deleted)
		list = append(list, k)
		return err
	})
	if err != nil {
		return err
	}
	most := s.keep.Load().Days
	var gone Pruned
	for _, k := range list {
		days := int(k.days)
		if most > 0 {
			days = min(days, most)
		}
		before := now.AddDate(0, 0, -days)
		if k.deleted {
			before = now.Add(time.Hour) // all of them, whatever the clock of who made them
		}
		err := s.deleteRuns(ctx, &gone, func() bool { return true }, `select id, bytes from runs
			where flow_id = ? and finished > 0 and id < ? and finished < ? order by id limit ?`,
			k.flow, firstRunID(before), micros(before), pruneAtOnce)
		if err != nil {
			return err
		}
	}
	p.Runs, p.Bytes, p.Blobs = p.Runs+gone.Runs, p.Bytes+gone.Bytes, p.Blobs+gone.Blobs
	return s.sayPruned(ctx, "age", gone, false)
}

// pruneByFlow bounds the data of flows that say how much theirs may be.
func (s *Store) pruneByFlow(ctx context.Context, _ time.Time, p *Pruned) error {
	most := map[string]int64{}
	err := s.each(ctx, `select id, settings from flows where deleted = 0 and settings like '%"keep_mb"%'`, nil, func(scan scan) error {
		var id string
		var set flows.Settings
		err := scan(&id, parsed{&set})
		if set.KeepMB > 0 {
			most[id] = int64(set.KeepMB) << 20
		}
		return err
	})
	if err != nil {
		return err
	}
	var gone Pruned
	for flow, bytes := range most {
		var total int64
		if err := s.row(ctx, `select cast(coalesce(sum(bytes), 0) as bigint) from runs where flow_id = ? and finished > 0`, flow).Scan(&total); err != nil {
			return err
		}
		freed := gone.Bytes
		err := s.deleteRuns(ctx, &gone, func() bool { return total-(gone.Bytes-freed) > bytes },
			`select id, bytes from runs where flow_id = ? and finished > 0 order by id limit ?`, flow, pruneAtOnce)
		if err != nil {
			return err
		}
	}
	p.Runs, p.Bytes, p.Blobs = p.Runs+gone.Runs, p.Bytes+gone.Bytes, p.Blobs+gone.Blobs
	return s.sayPruned(ctx, "flow", gone, false)
}

// pruneByBudget bounds what the store takes, or the data of runs where the file is not ours.
func (s *Store) pruneByBudget(ctx context.Context, _ time.Time, p *Pruned) error {
	budget := s.keep.Load().Bytes
	if budget <= 0 {
		return nil
	}
	if s.dialect.free != "" {
		gone, full, err := s.trim(ctx)
		p.Runs, p.Bytes, p.Blobs = p.Runs+gone.Runs, p.Bytes+gone.Bytes, p.Blobs+gone.Blobs
		return errors.Join(err, s.sayPruned(ctx, "space", gone, full))
	}
	var total int64
	if err := s.row(ctx, `select cast(coalesce(sum(bytes), 0) as bigint) from runs where finished > 0`).Scan(&total); err != nil {
		return err
	}
	var gone Pruned
	for n := 1; n > 0 && total-gone.Bytes > budget; {
		var err error
		if n, err = s.deleteOldest(ctx, total-gone.Bytes-budget, &gone); err != nil {
			return err
		}
	}
	p.Runs, p.Bytes = p.Runs+gone.Runs, p.Bytes+gone.Bytes
	return s.sayPruned(ctx, "space", gone, false)
}

// deleteRuns deletes the runs that query finds, over and over, as long as more says so.
func (s *Store) deleteRuns(ctx context.Context, p *Pruned, more func() bool, query string, args ...any) error {
	for more() {
		var ids []any
		var sizes []int64
		err := s.each(ctx, query, args, func(scan scan) error {
			var id string
			var size int64
			err := scan(&id, &size)
			ids, sizes = append(ids, id), append(sizes, size)
			return err
		})
		if err != nil || len(ids) == 0 {
			return err
		}
		n := 0
		for n < len(ids) && more() {
			p.Runs++
			p.Bytes += sizes[n]
			n++
		}
		if err := s.deleteRunsByID(ctx, ids[:n], p); err != nil {
			return err
		}
	}
	return nil
}

// deleteRunsByID deletes runs in one transaction. Files that nothing else refers to go
// with them.
func (s *Store) deleteRunsByID(ctx context.Context, ids []any, p *Pruned) error {
	var files []string
	err := s.writer.do(ctx, func(t *tx) error {
		files = files[:0]
		for some := range slices.Chunk(ids, pruneAtOnce) {
			if err := deleteRunRows(t, some, &files); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil || s.dialect.writers > 1 { // what other processes have begun to refer to is not known
		return err
	}
	for len(files) > 0 {
		n := min(len(files), blobsAtOnce)
		if err := s.removeUnused(ctx, files[:n], time.Time{}, p); err != nil {
			return err
		}
		files = files[n:]
	}
	return nil
}

// deleteRunRows always asks for the same number of ids, so that its statements stay
// prepared. It adds the files that the runs refer to.
func deleteRunRows(t *tx, ids []any, files *[]string) error {
	ids = slices.Clone(ids)
	for len(ids) < pruneAtOnce {
		ids = append(ids, ids[0])
	}
	in := ` in (` + strings.Repeat("?, ", pruneAtOnce-1) + `?)`
	err := t.each(`select distinct blob from blob_uses where owner`+in, ids, func(scan scan) error {
		var id string
		err := scan(&id)
		*files = append(*files, id)
		return err
	})
	if err != nil {
		return err
	}
	for _, from := range []string{`attempts where run_id`, `blob_uses where owner`, `callbacks where run_id`, `signals where run_id`, `run_parents where run_id`, `run_trials where run_id`, `failures where run_id`, `runs where id`} {
		if _, err := t.exec(`delete from `+from+in, ids...); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) pruneFlows(ctx context.Context, now time.Time, p *Pruned) error {
	before := micros(now.Add(-time.Minute)) // a run that is over may not be a row yet
	err := s.writer.do(ctx, func(t *tx) error {
		const gone = ` (select id from flows where deleted > 0 and deleted < ? and not exists (select 1 from runs where runs.flow_id = flows.id))`
		if _, err := t.exec(`delete from blob_uses where owner in (select flow_id || '/' || step_id from card_tests where flow_id in`+gone+
			` union select flow_id || '/' || step_id || '`+answerOwner+`' from card_answers where flow_id in`+gone+`)`, before, before); err != nil {
			return err
		}
		n, err := t.exec(`delete from flows where id in`+gone, before)
		p.Flows = int(n)
		return err
	})
	return err
}

// pruneDocuments deletes what neither a version nor a run of a draft needs. A document
// that was just put is left for the run that is about to be created.
func (s *Store) pruneDocuments(ctx context.Context, now time.Time, p *Pruned) error {
	n, err := s.change(ctx, `delete from documents where used < ?
		and not exists (select 1 from versions v where v.document = documents.id)
		and not exists (select 1 from runs r where r.version = 0 and r.document = documents.id)`, micros(now.Add(-24*time.Hour)))
	p.Documents = int(n)
	return err
}
