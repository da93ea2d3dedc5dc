package enginetest

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"flowdeck/cards"
	"flowdeck/cards/schema"
	"flowdeck/flows"
)

// moodyTables cannot be used the first few times, as on a full disk.
type moodyTables struct {
	cards.Tables
	*moody
}

func (m moodyTables) refused() error {
	if err := m.spend(&m.refuse); err != nil {
		return fmt.Errorf("write rows: %w", err)
	}
	return nil
}

func (m moodyTables) WriteRows(ctx context.Context, table, key string, writes []cards.RowWrite) ([]cards.Written, error) {
	if err := m.refused(); err != nil {
		return nil, err
	}
	return m.Tables.WriteRows(ctx, table, key, writes)
}

func (m moodyTables) Table(ctx context.Context, id string) (cards.Table, error) {
	if err := m.refused(); err != nil {
		return cards.Table{}, err
	}
	return m.Tables.Table(ctx, id)
}

// fullJournal takes no new runs.
type fullJournal struct{ flows.Journal }

func (fullJournal) Create(context.Context, flows.Run, ...flows.Entry) error { return errFull }

// testTroubleOfTables has cards meet trouble that passes in the tables that the server keeps.
func testTroubleOfTables(t *testing.T, b Backend) {
	bench := func(t *testing.T, refuse int) *bench {
		x := newBench(t, b)
		if refuse == 0 {
			x.setup.Journal, refuse = fullJournal{x.store}, 1<<30
		}
		x.setup.Passes = func(err error) bool { return errors.Is(err, errFull) }
		err := x.store.CreateTable(x.ctx, cards.Table{ID: "tbl_kept", Name: "Kept", Columns: []cards.Column{{Key: "name", Name: "Name", Type: schema.Text}}})
		if err != nil {
			t.Fatal(err)
		}
		x.keeps(moodyTables{x.store, &moody{refuse: refuse}})
		x.begin()
		return x
	}
	t.Run("a card waits until it can write", func(t *testing.T) {
		x := bench(t, 3)
		id := x.start(flows.Step{ID: "row", Card: "table.create_row", Inputs: schema.Values{"table": "tbl_kept", "values": schema.Values{"name": "a"}}})
		if run := x.ended(id); run.Status != flows.Succeeded || run.Epoch != 1 {
			t.Errorf("run ended %s, %v, claimed %d times; want succeeded, and not taken up again", run.Status, run.Error, run.Epoch)
		}
		x.wantStory(id, "row#1 succeeded")
		if n := x.rows(); n != 1 {
			t.Errorf("there are %d rows, want one", n)
		}
	})
	t.Run("one that waits is cancelled at once", func(t *testing.T) {
		x := bench(t, 1<<30)
		id := x.start(flows.Step{ID: "row", Card: "table.create_row", Inputs: schema.Values{"table": "tbl_kept", "values": schema.Values{"name": "a"}}})
		x.until(id, "be under way", func(r flows.Run) bool { return r.Status == flows.Running })
		x.cancelled(id)
	})
	t.Run("a new run that cannot read is refused", func(t *testing.T) {
		x := bench(t, 0)
		run := x.run(flows.Step{ID: "count", Card: "table.count_rows", Inputs: schema.Values{"table": "tbl_kept"}})
		wait, err := x.engine.Call(x.ctx, run, flows.StartOptions{Waited: true})
		if err != nil {
			t.Fatalf("Call: %v", err)
		}
		if res, err := wait(x.ctx, patience/2); !errors.Is(err, errFull) {
			t.Errorf("the caller hears %+v, %v; want that it is refused", res, err)
		}
	})
}
