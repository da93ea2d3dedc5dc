package local_test

import (
	"context"
	"log/slog"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"flowdeck/cards"
	"flowdeck/cards/event"
	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/flows/local"
	"flowdeck/flows/runner"
	"flowdeck/flows/store"
	"flowdeck/flows/store/storetest"
)

// door holds up the runs that come to it until it is opened.
type door struct{ open chan struct{} }

func newDoor() *door { return &door{open: make(chan struct{})} }

// pass lets the run that waits go on, and no other.
func (d *door) pass() { d.open <- struct{}{} }

// card is a card that waits at the door.
func (d *door) card() cards.Card {
	type nothing struct{}
	return cards.NewFunction(cards.Spec{Name: "test.door", Title: "Door", Summary: "Waits at a door", Family: cards.FamilyData, Category: "Test"}, func(ctx context.Context, _ cards.Env, _ nothing) (nothing, error) {
		select {
		case <-d.open:
			return nothing{}, nil
		case <-ctx.Done():
			return nothing{}, ctx.Err()
		}
	})
}

func newDoorNode(db *store.Store, h *hands, d *door) *node {
	registry := cards.NewRegistry(event.Schedule, d.card())
	e := local.New(local.Options{Journal: db, Now: h.Now, Run: db.Run, Executor: runner.New(runner.Options{Journal: db, Now: h.Now,
		Program: runner.NewPrograms(4, registry, db.Document).Program,
		Env:     func(context.Context, string, string) (cards.Env, error) { return cards.Env{Now: time.Now}, nil }})})
	return &node{db: db, engine: e, ticker: local.Ticker{Store: db, Engine: e, Now: h.Now, Log: slog.New(slog.DiscardHandler)}}
}

// liveDoor publishes a flow whose runs wait at a door, for longer than the clock is put
// forward before they get there.
func liveDoor(t *testing.T, db *store.Store, settings schema.Values) {
	t.Helper()
	doc := schedule(settings)
	doc.Chain = []flows.Step{{ID: "door", Card: "test.door"}}
	flow := flows.Flow{ID: "f_1", Name: "f_1", Alias: "f_1", Draft: doc}
	flow.Settings.RunTimeout.Duration = 24 * time.Hour
	must(t, db.CreateFlow(t.Context(), flow))
	_, err := db.Publish(t.Context(), "f_1", 1, doc, "", "Ada")
	must(t, err)
	must(t, turn(t.Context(), db, "f_1", true))
}

// ended lets the run that is under way end, and waits for that.
func (n *node) ended(t *testing.T, d *door) {
	t.Helper()
	rows, _, err := n.db.Runs(t.Context(), store.RunFilter{FlowID: "f_1", Limit: 200})
	must(t, err)
	d.pass()
	for _, r := range rows {
		if !r.Status.Done() {
			for range n.engine.Watch(t.Context(), r.ID) {
				if run, err := n.db.Run(t.Context(), r.ID); err != nil || run.Status.Done() {
					must(t, err)
					return
				}
			}
		}
	}
}

func (n *node) wantSkipped(t *testing.T, want ...string) {
	t.Helper()
	times, err := n.db.SkippedTimes(t.Context(), "f_1", 10)
	must(t, err)
	var got []string
	for _, at := range times {
		got = append(got, at.UTC().Format("15:04"))
	}
	if !slices.Equal(got, want) {
		t.Errorf("skipped times are %q, want %q", got, want)
	}
}

// TestWhileTheLastRunIsStillGoing: the run of 9:00 ends at 12:30.
func TestWhileTheLastRunIsStillGoing(t *testing.T) {
	nine := "2026-01-05T09:00:00Z #1"
	for _, x := range []struct {
		about    string
		settings schema.Values
		going    []string // runs at 12:00
		skipped  []string
		after    []string // runs at 12:31, when it has ended
		one      []string // runs at 13:00
	}{
		{"as it was before there was a choice", schema.Values{},
			[]string{nine, "2026-01-05T10:00:00Z #2", "2026-01-05T11:00:00Z #3", "2026-01-05T12:00:00Z #4"}, nil, nil, []string{"2026-01-05T13:00:00Z #5"}},
		{"skip", schema.Values{"overlap": "skip"}, []string{nine}, []string{"12:00", "11:00", "10:00"}, nil, []string{"2026-01-05T13:00:00Z #2"}},
		{"wait, and once for all", schema.Values{"overlap": "wait"}, []string{nine}, nil, []string{"2026-01-05T12:00:00Z #2"}, nil},
		{"wait, though missed times are skipped", schema.Values{"overlap": "wait", "missed": "skip"}, []string{nine}, nil, []string{"2026-01-05T12:00:00Z #2"}, nil},
		{"wait, each", schema.Values{"overlap": "wait", "missed": "all"}, []string{nine}, nil, []string{"2026-01-05T10:00:00Z #2"}, nil},
	} {
		t.Run(x.about, func(t *testing.T) {
			h, d := handsAt(monday(8, 30)), newDoor()
			db, err := store.Open(t.Context(), filepath.Join(storetest.Dir(t), "flowdeck.db"), h.store())
			must(t, err)
			defer db.Close()
			n := newDoorNode(db, h, d)
			x.settings["every"] = "hours"
			liveDoor(t, db, x.settings)
			n.round(t)
			h.forward(30 * time.Minute)
			for range 4 { // 9:00 to 12:00
				n.round(t)
				n.round(t)
				h.forward(time.Hour)
			}
			h.forward(-time.Hour)
			wantTimes(t, n, x.going...)
			n.wantSkipped(t, x.skipped...)
			if x.settings["overlap"] != nil {
				h.forward(30 * time.Minute)
				n.ended(t, d)
				h.forward(time.Minute)
				n.round(t)
				wantTimes(t, n, append(x.going, x.after...)...)
			}
			h.forward(monday(13, 0).Sub(h.Now()))
			n.round(t)
			wantTimes(t, n, append(append(x.going, x.after...), x.one...)...)
			ctx, cancel := context.WithCancel(context.Background())
			cancel()
			_ = n.engine.Shutdown(ctx)
		})
	}
}

func TestTwoServersLetNoTimesOverlapOnSQLite(t *testing.T) {
	t.Parallel()
	dsn := filepath.Join(storetest.Dir(t), "flowdeck.db")
	noOverlap(t, func(h *hands) *store.Store { return openWith(t, dsn, h) })
}

func TestTwoServersLetNoTimesOverlapOnPostgreSQL(t *testing.T) {
	t.Parallel()
	dsn := storetest.StartPostgres(t).Database(t)
	noOverlap(t, func(h *hands) *store.Store { return openWith(t, dsn, h) })
}

// noOverlap has two servers look at every minute while runs take three of them: each time
// has a run or was skipped, and never are two under way.
func noOverlap(t *testing.T, open func(*hands) *store.Store) {
	h, d := handsAt(monday(8, 0)), newDoor()
	nodes := []*node{newDoorNode(open(h), h, d), newDoorNode(open(h), h, d)}
	liveDoor(t, nodes[0].db, schema.Values{"every": "minutes", "overlap": "skip"})
	nodes[0].round(t)
	const minutes = 24
	for i := range minutes {
		h.forward(time.Minute)
		var both sync.WaitGroup
		for _, n := range nodes {
			both.Go(func() {
				if _, err := n.ticker.Round(t.Context()); err != nil {
					t.Errorf("round: %v", err)
				}
			})
		}
		both.Wait()
		rows, _, err := nodes[0].db.Runs(t.Context(), store.RunFilter{FlowID: "f_1", Limit: 200})
		must(t, err)
		going := 0
		for _, r := range rows {
			if !r.Status.Done() {
				going++
			}
		}
		if going != 1 {
			t.Fatalf("minute %d: %d runs are under way, want 1", i+1, going)
		}
		if i%3 == 2 {
			id := rows[0].ID
			d.pass()
			for end := time.Now().Add(20 * time.Second); ; time.Sleep(2 * time.Millisecond) {
				if run, err := nodes[0].db.Run(t.Context(), id); err != nil || run.Status.Done() {
					must(t, err)
					break
				}
				if time.Now().After(end) {
					t.Fatal("the run does not end")
				}
			}
		}
	}
	var want, skipped []string
	for i := range minutes {
		if i%3 == 0 {
			want = append(want, monday(8, i+1).Format(time.RFC3339)+" #"+string(rune('1'+i/3)))
		} else {
			skipped = append(skipped, monday(8, i+1).Format("15:04"))
		}
	}
	wantTimes(t, nodes[0], want...)
	slices.Reverse(skipped)
	got, err := nodes[1].db.SkippedTimes(t.Context(), "f_1", 100)
	must(t, err)
	if len(got) != len(skipped) {
		t.Errorf("%d times were skipped, want %d: %v", len(got), len(skipped), got)
	}
	for _, n := range nodes {
		n.stop(t)
	}
}

// overloaded is an engine that has no place for runs while it is full.
type overloaded struct {
	flows.Engine
	full bool
}

func (o *overloaded) Start(ctx context.Context, run flows.Run, s flows.StartOptions) error {
	if o.full {
		return flows.ErrBusy
	}
	return o.Engine.Start(ctx, run, s)
}

// A time that waited for the run before it waits for a place too: it was not missed.
func TestATimeThatWaitedIsNotLostWhenTheServerIsFull(t *testing.T) {
	h, d := handsAt(monday(8, 30)), newDoor()
	db, err := store.Open(t.Context(), filepath.Join(storetest.Dir(t), "flowdeck.db"), h.store())
	must(t, err)
	defer db.Close()
	n := newDoorNode(db, h, d)
	liveDoor(t, db, schema.Values{"every": "hours", "overlap": "wait", "missed": "skip"})
	n.round(t)
	for range 2 { // 9:00 begins, 10:00 waits for it
		h.forward(monday(h.Now().Hour()+1, 0).Sub(h.Now()))
		n.round(t)
	}
	n.ended(t, d)
	full := &overloaded{Engine: n.ticker.Engine, full: true}
	n.ticker.Engine = full
	h.forward(time.Minute)
	if _, err := n.ticker.Round(t.Context()); err == nil {
		t.Error("nobody is told that the server is full")
	}
	full.full = false
	h.forward(3 * time.Minute)
	n.round(t)
	wantTimes(t, n, "2026-01-05T09:00:00Z #1", "2026-01-05T10:00:00Z #2")
	stopped, cancel := context.WithCancel(context.Background())
	cancel()
	_ = n.engine.Shutdown(stopped)
}
