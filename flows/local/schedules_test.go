package local_test

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"flowdeck/cards"
	"flowdeck/cards/event"
	"flowdeck/cards/schema"
	"flowdeck/cards/text"
	"flowdeck/flows"
	"flowdeck/flows/enginetest"
	"flowdeck/flows/local"
	"flowdeck/flows/runner"
	"flowdeck/flows/store"
	"flowdeck/flows/store/storetest"
)

var scheduledCards = cards.NewRegistry(event.Schedule, text.Compose)

// hands are the hands of a clock that a test moves.
type hands struct{ at atomic.Int64 }

func handsAt(t time.Time) *hands {
	h := &hands{}
	h.at.Store(t.UnixMicro())
	return h
}

func (h *hands) Now() time.Time            { return time.UnixMicro(h.at.Load()).UTC() }
func (h *hands) forward(d time.Duration)   { h.at.Add(d.Microseconds()) }
func (h *hands) store() store.Options      { return store.Options{Now: h.Now} }
func monday(hour, minute int) time.Time    { return time.Date(2026, 1, 5, hour, minute, 0, 0, time.UTC) }
func (n *node) runs(t *testing.T) []string { return runTimes(t, n.db, "f_1") }

// node is a server with a ticker.
type node struct {
	db     *store.Store
	engine enginetest.Engine
	ticker local.Ticker
}

func newNode(t testing.TB, db *store.Store, h *hands) *node {
	e := local.New(local.Options{Journal: db, Now: h.Now, Run: db.Run, Executor: runner.New(runner.Options{Journal: db, Now: h.Now,
		Program: runner.NewPrograms(4, scheduledCards, db.Document).Program,
		Env:     func(context.Context, string, string) (cards.Env, error) { return cards.Env{Now: time.Now}, nil }})})
	return &node{db: db, engine: e, ticker: local.Ticker{Store: db, Engine: e, Now: h.Now, Log: slog.New(slog.DiscardHandler)}}
}

func (n *node) round(t *testing.T) {
	t.Helper()
	if _, err := n.ticker.Round(t.Context()); err != nil {
		t.Fatalf("round: %v", err)
	}
}

func (n *node) stop(t *testing.T) {
	t.Helper()
	if err := n.engine.Shutdown(t.Context()); err != nil {
		t.Errorf("Shutdown: %v", err)
	}
}

func schedule(settings schema.Values) flows.Document {
	return flows.Document{Format: flows.Format, Trigger: flows.Step{ID: "start", Card: "event.schedule", Inputs: settings},
		Chain: []flows.Step{{ID: "text", Card: "text.compose", Inputs: schema.Values{"text": "{{start.scheduled}}"}}}}
}

// live publishes a flow with a schedule and switches it on.
func live(ctx context.Context, db *store.Store, id string, settings schema.Values) error {
	doc := schedule(settings)
	if err := db.CreateFlow(ctx, flows.Flow{ID: id, Name: id, Alias: id, Draft: doc}); err != nil {
		return err
	}
	if _, err := db.Publish(ctx, id, 1, doc, "", "Ada"); err != nil {
		return err
	}
	return turn(ctx, db, id, true)
}

func turn(ctx context.Context, db *store.Store, id string, on bool) error {
	return db.UpdateFlow(ctx, id, func(f *flows.Flow) error { f.On = on; return nil })
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// runTimes are the times that runs of a flow are for, with their numbers, in order.
func runTimes(t *testing.T, db *store.Store, flow string) (list []string) {
	t.Helper()
	cursor := ""
	for {
		rows, next, err := db.Runs(t.Context(), store.RunFilter{FlowID: flow, Limit: 200, Before: cursor})
		must(t, err)
		for _, r := range rows {
			run, err := db.Run(t.Context(), r.ID)
			must(t, err)
			at, _ := run.Event["scheduled"].(string)
			number, _ := run.Event["number"].(int64)
			list = append(list, at+" #"+strconv.FormatInt(number, 10))
		}
		if cursor = next; cursor == "" {
			slices.Sort(list)
			return list
		}
	}
}

func wantTimes(t *testing.T, n *node, want ...string) {
	t.Helper()
	if got := n.runs(t); !slices.Equal(got, want) {
		t.Errorf("runs are %q, want %q", got, want)
	}
}

func TestAScheduleFollowsItsFlow(t *testing.T) {
	h := handsAt(monday(8, 0))
	db, err := store.Open(t.Context(), filepath.Join(storetest.Dir(t), "flowdeck.db"), h.store())
	must(t, err)
	defer db.Close()
	n := newNode(t, db, h)
	defer n.stop(t)
	must(t, live(t.Context(), db, "f_1", schema.Values{"every": "hours"}))
	n.round(t)
	wantTimes(t, n)
	next, err := db.NextSchedule(t.Context())
	must(t, err)
	if !next.Equal(monday(9, 0)) {
		t.Errorf("it is due at %s, want 9:00", next)
	}
	h.forward(time.Hour + time.Second)
	n.round(t)
	wantTimes(t, n, "2026-01-05T09:00:00Z #1")
	n.round(t) // nothing is due twice
	wantTimes(t, n, "2026-01-05T09:00:00Z #1")

	// while it is off nothing is due, and nothing was missed
	must(t, turn(t.Context(), db, "f_1", false))
	h.forward(3 * time.Hour)
	n.round(t)
	must(t, turn(t.Context(), db, "f_1", true))
	n.round(t)
	wantTimes(t, n, "2026-01-05T09:00:00Z #1")

	// a version with the same rule keeps its time, one with another rule has its own
	doc := schedule(schema.Values{"every": "hours"})
	doc.Chain = nil
	_, err = db.SaveDraft(t.Context(), "f_1", 1, doc, store.Change{})
	must(t, err)
	h.forward(time.Hour) // 13:00:01
	_, err = db.Publish(t.Context(), "f_1", 2, doc, "", "Ada")
	must(t, err)
	n.round(t)
	wantTimes(t, n, "2026-01-05T09:00:00Z #1", "2026-01-05T13:00:00Z #2")
	doc.Trigger.Inputs = schema.Values{"at": "15:30", "zone": "Europe/Berlin"}
	_, err = db.SaveDraft(t.Context(), "f_1", 2, doc, store.Change{})
	must(t, err)
	_, err = db.Publish(t.Context(), "f_1", 3, doc, "", "Ada")
	must(t, err)
	n.round(t)
	h.forward(90 * time.Minute)
	n.round(t)
	wantTimes(t, n, "2026-01-05T09:00:00Z #1", "2026-01-05T13:00:00Z #2", "2026-01-05T15:30:00+01:00 #3")

	must(t, db.DeleteFlow(t.Context(), "f_1"))
	if next, err := db.NextSchedule(t.Context()); err != nil || !next.IsZero() {
		t.Errorf("after the flow was deleted it is due at %s, %v", next, err)
	}
}

func TestMissedTimes(t *testing.T) {
	for missed, want := range map[string][]string{
		"skip": {"2026-01-05T09:00:00Z #1", "2026-01-05T13:00:00Z #2"},
		"once": {"2026-01-05T09:00:00Z #1", "2026-01-05T12:00:00Z #2", "2026-01-05T13:00:00Z #3"},
		"all":  {"2026-01-05T09:00:00Z #1", "2026-01-05T10:00:00Z #2", "2026-01-05T11:00:00Z #3", "2026-01-05T12:00:00Z #4", "2026-01-05T13:00:00Z #5"},
	} {
		t.Run(missed, func(t *testing.T) {
			h := handsAt(monday(8, 30))
			path := filepath.Join(storetest.Dir(t), "flowdeck.db")
			up := func() *node {
				db, err := store.Open(t.Context(), path, h.store())
				must(t, err)
				return newNode(t, db, h)
			}
			n := up()
			must(t, live(t.Context(), n.db, "f_1", schema.Values{"every": "hours", "missed": missed}))
			n.round(t)
			h.forward(30 * time.Minute)
			n.round(t)
			n.stop(t)
			must(t, n.db.Close())

			h.forward(3*time.Hour + 30*time.Minute) // down until 12:30
			n = up()
			n.round(t)
			h.forward(30 * time.Minute)
			n.round(t)
			wantTimes(t, n, want...)
			n.stop(t)
			must(t, n.db.Close())
		})
	}
}

func TestTwoServersBeginEachTimeOnceOnSQLite(t *testing.T) {
	t.Parallel()
	dsn := filepath.Join(storetest.Dir(t), "flowdeck.db")
	twoServers(t, func(h *hands) *store.Store { return openWith(t, dsn, h) })
}

func TestTwoServersBeginEachTimeOnceOnPostgreSQL(t *testing.T) {
	t.Parallel()
	dsn := storetest.StartPostgres(t).Database(t)
	twoServers(t, func(h *hands) *store.Store { return openWith(t, dsn, h) })
}

func openWith(t *testing.T, dsn string, h *hands) *store.Store {
	t.Helper()
	o := h.store()
	o.Blobs = storetest.Dir(t)
	db, err := store.Open(t.Context(), dsn, o)
	must(t, err)
	t.Cleanup(func() { must(t, db.Close()) })
	return db
}

// twoServers has two servers look for what is due at the same moments.
func twoServers(t *testing.T, open func(*hands) *store.Store) {
	h := handsAt(monday(8, 0))
	nodes := []*node{newNode(t, open(h), h), newNode(t, open(h), h)}
	const flowsOn, minutes = 10, 40
	ids := make([]string, flowsOn)
	for i := range ids {
		ids[i] = "f_" + strconv.Itoa(i)
		must(t, live(t.Context(), nodes[i%2].db, ids[i], schema.Values{"every": "minutes", "missed": "all"}))
	}
	for range minutes {
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
	}
	for _, n := range nodes {
		n.stop(t)
	}
	for _, id := range ids {
		wantEachMinute(t, runTimes(t, nodes[0].db, id), minutes)
	}
}

// wantEachMinute wants a run for every minute after 8 o'clock, numbered one by one.
func wantEachMinute(t *testing.T, got []string, minutes int) {
	t.Helper()
	var want []string
	for i := 1; i <= minutes; i++ {
		want = append(want, monday(8, i).Format(time.RFC3339)+" #"+strconv.Itoa(i))
	}
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("there are runs %q, want one for each of %d minutes", got, minutes)
	}
}

const (
	tickerEnv = "FLOWDECK_TEST_TICKER" // directory of the database, in the process that is killed
	beganEnv  = "FLOWDECK_TEST_BEGAN"  // when the test began, in µs
	fast      = 1200                   // seconds of the schedule in one: a minute is 50 ms
)

// quick is the clock of the processes that are killed.
func quick(began int64) *hands {
	h := handsAt(monday(8, 0))
	h.forward(time.Duration(time.Now().UnixMicro()-began) * time.Microsecond * fast)
	return h
}

// TestKilledTickers kills processes, two at a time, while they begin flows. No time is
// lost, and none is there twice.
func TestKilledTickers(t *testing.T) {
	dir, began := t.TempDir(), time.Now().UnixMicro()
	h := handsAt(monday(8, 0))
	dsn := filepath.Join(dir, "flowdeck.db")
	db, err := store.Open(t.Context(), dsn, h.store())
	must(t, err)
	must(t, live(t.Context(), db, "f_1", schema.Values{"every": "minutes", "missed": "all"}))
	must(t, db.Close())
	for range 6 {
		var both sync.WaitGroup
		for range 2 {
			both.Go(func() {
				cmd := exec.Command(os.Args[0])
				cmd.Env = append(os.Environ(), tickerEnv+"="+dir, beganEnv+"="+strconv.FormatInt(began, 10))
				cmd.Stderr = os.Stderr
				if err := cmd.Start(); err != nil {
					t.Error(err)
					return
				}
				time.Sleep(time.Duration(250+rand.IntN(300)) * time.Millisecond)
				if err := cmd.Process.Kill(); err != nil {
					t.Error(err)
				}
				if err := cmd.Wait(); err == nil || cmd.ProcessState.Exited() {
					t.Errorf("the process was not killed: %v", err)
				}
			})
		}
		both.Wait()
	}
	h = quick(began)
	db, err = store.Open(t.Context(), dsn, h.store())
	must(t, err)
	defer db.Close()
	n := newNode(t, db, h)
	must(t, n.engine.Recover(t.Context()))
	n.round(t)
	n.stop(t)
	minutes := int(h.Now().Sub(monday(8, 0)) / time.Minute)
	wantEachMinute(t, n.runs(t), minutes)
	open, err := db.Pending(t.Context())
	must(t, err)
	if len(open) > 0 {
		t.Errorf("%d runs are not over", len(open))
	}
	t.Logf("%d times, 12 processes killed", minutes)
}

// tickerVictim is the process that is killed.
func tickerVictim(dir string) {
	began, err := strconv.ParseInt(os.Getenv(beganEnv), 10, 64)
	if err != nil {
		panic(err)
	}
	h := quick(began)
	db, err := store.Open(context.Background(), filepath.Join(dir, "flowdeck.db"), store.Options{Now: h.Now})
	if err != nil {
		panic(err)
	}
	n := newNode(nil, db, h)
	for {
		h.at.Store(quick(began).at.Load())
		if _, err := n.ticker.Round(context.Background()); err != nil {
			panic(err)
		}
		time.Sleep(5 * time.Millisecond)
	}
}
