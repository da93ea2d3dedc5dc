package enginetest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"flowdeck/cards"
	"flowdeck/cards/schema"
	"flowdeck/flows"
)

// mortalTables die with the journal: what they commit counts as one of its commits.
type mortalTables struct {
	cards.Tables
	*mortal
}

func (m mortalTables) WriteRows(ctx context.Context, table, key string, writes []cards.RowWrite) (done []cards.Written, err error) {
	err = m.commit(func() error { done, err = m.Tables.WriteRows(ctx, table, key, writes); return err })
	return done, err
}

func (m mortalTables) DeleteRows(ctx context.Context, table, key string, ids []string) (n int64, err error) {
	err = m.commit(func() error { n, err = m.Tables.DeleteRows(ctx, table, key, ids); return err })
	return n, err
}

func (m mortalTables) ClearTable(ctx context.Context, table, key string) (n int64, err error) {
	err = m.commit(func() error { n, err = m.Tables.ClearTable(ctx, table, key); return err })
	return n, err
}

// keeps gives the cards of the bench tables.
func (b *bench) keeps(tables cards.Tables) {
	b.setup.Env = func(_ context.Context, _, key string) (cards.Env, error) {
		return cards.Env{HTTP: b.client, Now: time.Now, Key: key, Tables: tables}, nil
	}
}

// throughTables is a flow through every card that writes to tables.
func throughTables() []flows.Step {
	row := func(id, card string, more schema.Values) flows.Step {
		more["table"] = "tbl_kept"
		return flows.Step{ID: id, Card: "table." + card, Inputs: more}
	}
	lines := make([]string, 601) // two batches
	for i := range lines {
		lines[i] = fmt.Sprintf("line_%d,%d", i, i)
	}
	lines[0] = "name,n"
	is := func(column, operator string, right any) []any {
		return []any{map[string]any{"column": column, "operator": operator, "right": right}}
	}
	return []flows.Step{
		row("create", "create_row", schema.Values{"values": schema.Values{"name": "a", "n": int64(1)}}),
		row("again", "create_row", schema.Values{"values": schema.Values{"n": int64(1)}}),
		row("upsert", "upsert_row", schema.Values{"match_by": "name", "values": schema.Values{"name": "a", "n": int64(2)}}),
		row("fresh", "upsert_row", schema.Values{"match_by": "name", "values": schema.Values{"name": "b", "n": int64(3)}}),
		row("update", "update_row", schema.Values{"row_id": "{{ again.row_id }}", "values": schema.Values{"n": int64(4)}}),
		forEach("loop", 2, row("round", "create_row", schema.Values{"values": schema.Values{"name": "{{ 'loop_' + loop.item }}", "n": int64(5)}})),
		row("import", "import_csv", schema.Values{"text": strings.Join(lines, "\n")}),
		row("one", "delete_row", schema.Values{"row_id": "{{ again.row_id }}"}),
		row("some", "delete_rows", schema.Values{"conditions": is("n", "greater", int64(599))}),
		row("count", "count_rows", schema.Values{}),
		returns("end", schema.Values{"new": "{{ create.row_id != again.row_id }}", "upserted": "{{ upsert.is_new }}", "fresh": "{{ fresh.is_new }}",
			"imported": "{{ import.added }}", "deleted": "{{ one.deleted }}", "count": "{{ count.count }}"}),
	}
}

// kept is what the table holds in the end: name=n, of the imported lines their number.
func (b *bench) kept() string {
	b.Helper()
	var said []string
	lines := 0
	err := b.store.EachRow(b.ctx, "tbl_kept", cards.RowQuery{}, func(r cards.Row) error {
		name, _ := schema.ToText(r.Values["name"])
		if strings.HasPrefix(name, "line_") {
			lines++
			return nil
		}
		said = append(said, fmt.Sprintf("%s=%v", name, r.Values["n"]))
		return nil
	})
	if err != nil {
		b.Fatalf("EachRow: %v", err)
	}
	return strings.Join(sorted(said), " ") + fmt.Sprintf(" and %d lines", lines)
}

// testTableKills kills runs that write to tables, and trials of them, at every commit of
// the run and of the tables: no row is lost and none is there twice.
func testTableKills(t *testing.T, b Backend) {
	begun := schema.Values{"row_id": "row_given"}
	for _, c := range []struct {
		name  string
		trial *flows.Trial
		kept  string
		least int // commits
	}{
		{"a run", nil, "a=2 b=3 loop_a=5 loop_b=5 and 599 lines", 10},
		{"a run to here", &flows.Trial{Until: "update"}, "=4 a=2 b=3 and 0 lines", 5},
		{"a run from here", &flows.Trial{Past: map[flows.Path]flows.Given{"create": {Output: begun, From: "r_1"}, "again": {Output: begun, From: "r_1"},
			"upsert": {Output: schema.Values{"row_id": "row_given", "is_new": false}, From: "r_1"}, "update": {Output: begun, From: "r_1"}, "one": {Output: schema.Values{"deleted": true}, From: "r_1"}}},
			"b=3 loop_a=5 loop_b=5 and 599 lines", 8},
	} {
		t.Run(c.name, func(t *testing.T) {
			for n := 0; ; n += b.stride() {
				if n > 60 || t.Failed() {
					t.Fatalf("the run does not end right when killed after %d commits", n)
				}
				if killedWriting(t, b, c.trial, c.kept, n) {
					if n < c.least {
						t.Errorf("the run took only %d commits", n)
					}
					return
				}
			}
		})
	}
}

func killedWriting(t *testing.T, b Backend, trial *flows.Trial, kept string, n int) (survived bool) {
	t.Run(fmt.Sprintf("after %d commits", n), func(t *testing.T) {
		x := newBench(t, b)
		err := x.store.CreateTable(x.ctx, cards.Table{ID: "tbl_kept", Name: "Kept", Columns: []cards.Column{
			{Key: "name", Name: "Name", Type: schema.Text, Unique: true}, {Key: "n", Name: "N", Type: schema.Number}}})
		if err != nil {
			t.Fatal(err)
		}
		journal := &mortal{Journal: x.store, deaf: n%2 == 1, died: make(chan struct{}), left: n}
		x.setup.Journal = journal
		x.keeps(mortalTables{x.store, journal})
		x.begin()
		run := x.run(throughTables()...)
		run.Trial = trial
		accepted := x.engine.Start(x.ctx, run, flows.StartOptions{}) == nil
		if accepted {
			x.overOrDead(run.ID, journal.died)
		}
		x.stop()
		survived = accepted && !isClosed(journal.died)
		before := x.succeeded(run.ID)
		x.setup.Journal = x.store
		x.keeps(x.store)
		x.begin()
		if _, lost := x.store.Run(x.ctx, run.ID); errors.Is(lost, flows.ErrNotFound) {
			if accepted {
				t.Fatalf("the run was accepted and is lost")
			}
			return
		}
		end := x.ended(run.ID)
		if end.Status != flows.Succeeded {
			t.Fatalf("run ended %s, %v at %s\n%s", end.Status, end.Error, end.ErrorPath, x.story(run.ID))
		}
		if got := x.kept(); got != kept {
			t.Errorf("the table holds %s\nwant %s\n%s", got, kept, x.story(run.ID))
		}
		if table, err := x.store.Table(x.ctx, "tbl_kept"); err != nil || int(table.Rows) != x.rows() {
			t.Errorf("the table says that it has %d rows, %v; it has %d", table.Rows, err, x.rows())
		}
		for _, a := range x.attempts(run.ID) {
			if was, done := before[a.Path]; done && !a.Started.Equal(was.Started) {
				t.Errorf("%s had finished and ran again", a.Path)
			}
		}
		if trial == nil {
			x.wantOutput(end, schema.Values{"new": true, "upserted": false, "fresh": true, "imported": int64(600), "deleted": true, "count": int64(603)})
		}
	})
	return survived
}

func (b *bench) rows() (n int) {
	b.Helper()
	if err := b.store.EachRow(b.ctx, "tbl_kept", cards.RowQuery{}, func(cards.Row) error { n++; return nil }); err != nil {
		b.Fatalf("EachRow: %v", err)
	}
	return n
}

func (b *bench) wantOutput(run flows.Run, want schema.Values) {
	b.Helper()
	if !schema.Equal(map[string]any(run.Output), map[string]any(want)) {
		b.Errorf("output %v, want %v", run.Output, want)
	}
}
