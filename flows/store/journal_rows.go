package store

import "context"

// record is do for a run that is over. Those that are one row alone are inserted many
// with a statement.
func (w *writer) record(ctx context.Context, x *wholeRun) error {
	if w.within != nil || !x.plain() {
		return w.do(ctx, x.insert)
	}
	return w.wait(&member{ctx: ctx, do: x.insert, row: &x.row, done: make(chan struct{})})
}

// insertWith inserts the run together with others, at the latest when flushRuns is called.
func (r *newRow) insertWith(t *tx) error {
	list, inserts, each := &t.runs, &insertRuns, runColumnCount
	if r.usual() {
		list, inserts, each = &t.usual, &insertUsual, usualColumnCount
	}
	if *list = append(*list, r.columns[:each]...); len(*list) < len(inserts)*each {
		return nil
	}
	return t.flush(list, inserts, each)
}

// flushRuns inserts the runs that insertWith has left.
func (t *tx) flushRuns() error {
	err := t.flush(&t.usual, &insertUsual, usualColumnCount)
	if err == nil {
		err = t.flush(&t.runs, &insertRuns, runColumnCount)
	}
	return err
}

// flush inserts runs of which list has the columns, so many of each.
func (t *tx) flush(list *[]any, inserts *[16]string, each int) error {
	n := len(*list) / each
	if n == 0 {
		return nil
	}
	err := t.execRows(inserts[n-1], *list)
	clear(*list)
	*list = (*list)[:0]
	return err
}

// forgetRuns forgets what insertWith has left, of a try that failed.
func (t *tx) forgetRuns() { t.usual, t.runs = t.usual[:0], t.runs[:0] }

// insertRows inserts the runs of those members that are one row each, before the others
// have their turn: nobody can be waiting for a run that is not there yet.
func (t *tx) insertRows(batch []*member) error {
	for _, m := range batch {
		if m.row == nil {
			continue
		}
		if m.err = m.ctx.Err(); m.err != nil {
			continue
		}
		if err := m.row.insertWith(t); err != nil {
			return errSpoiled // each by itself then
		}
	}
	if t.flushRuns() != nil {
		return errSpoiled
	}
	return nil
}
