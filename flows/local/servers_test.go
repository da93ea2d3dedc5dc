package local_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"flowdeck/cards"
	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/flows/enginetest"
	"flowdeck/flows/local"
	"flowdeck/flows/runner"
	"flowdeck/flows/store"
	"flowdeck/flows/store/storetest"
)

// sharing is one of the servers on a database.
type sharing struct {
	*local.Engine
	db    *store.Store
	leave func()
}

// shares has a server join those on the database at dsn.
func shares(ctx context.Context, dsn, blobs string) (*sharing, error) {
	db, err := store.Open(ctx, dsn, store.Options{Blobs: blobs})
	if err != nil {
		return nil, err
	}
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 128}}
	e := local.New(local.Options{Journal: db, Run: db.Run, Shared: true, Executor: runner.New(runner.Options{
		Journal: db, Program: runner.NewPrograms(16, enginetest.Cards, db.Document).Program, Flow: db.Callee, Passes: store.Passes,
		Link: func(runID string, p flows.Path) (url, hash string) {
			return "http://here/" + runID, runID + "/" + string(p)
		},
		Env: func(_ context.Context, _, key string) (cards.Env, error) {
			return cards.Env{HTTP: client, Now: time.Now, Key: key}, nil
		}})})
	leave, err := db.Join(ctx, store.Peer{Cancelled: e.Cancelled, Arrived: e.Signal, Took: e.Recover})
	if err != nil {
		return nil, err
	}
	s := &sharing{Engine: e, db: db, leave: func() { leave(); client.CloseIdleConnections() }}
	return s, e.Recover(ctx)
}

func joins(t *testing.T, dsn string) *sharing {
	t.Helper()
	s, err := shares(t.Context(), dsn, storetest.Dir(t))
	must(t, err)
	t.Cleanup(func() {
		s.stop(t)
		must(t, s.db.Close())
	})
	return s
}

func (s *sharing) stop(t *testing.T) {
	now, cancel := context.WithCancel(context.Background())
	cancel()
	must(t, s.Shutdown(now))
	s.leave()
}

func (s *sharing) start(t *testing.T, chain ...flows.Step) string {
	t.Helper()
	id, err := s.db.PutDocument(t.Context(), enginetest.Document(chain...))
	must(t, err)
	run := flows.Run{ID: store.NewID("r_"), FlowID: "f_1", Document: id, Trigger: "event.endpoint", Event: schema.Values{"what": "x"}}
	must(t, s.Start(t.Context(), run, flows.StartOptions{}))
	return run.ID
}

// becomes waits for a run to be as it should, as this server sees it.
func (s *sharing) becomes(t *testing.T, id, what string, within time.Duration, is func(flows.Run) bool) flows.Run {
	t.Helper()
	for end := time.Now().Add(within); ; time.Sleep(20 * time.Millisecond) {
		run, err := s.db.Run(t.Context(), id)
		if err == nil && is(run) {
			return run
		}
		if err != nil && !store.Passes(err) {
			t.Fatal(err)
		}
		if time.Now().After(end) {
			t.Fatalf("run %s is not %s after %s: it is %s, %v, claimed %d times", id, what, within, run.Status, run.Error, run.Epoch)
		}
	}
}

func waits(r flows.Run) bool  { return r.Status == flows.Waiting }
func isOver(r flows.Run) bool { return r.Status.Done() }

func nap(id string) flows.Step {
	return flows.Step{ID: id, Card: "control.wait", Inputs: schema.Values{"amount": int64(1), "unit": "days"}}
}

func asks(id string) flows.Step {
	return flows.Step{ID: id, Card: "control.wait_callback", Inputs: schema.Values{"kind": "request", "amount": int64(2), "unit": "days"},
		Blocks: map[string]flows.Block{"send": {}}}
}

func sends(id, url string) flows.Step {
	return flows.Step{ID: id, Card: "http.post", Inputs: schema.Values{"url": url, "body": "{}"}}
}

func fetches(id, url string) flows.Step {
	return flows.Step{ID: id, Card: "http.get", Inputs: schema.Values{"url": url}}
}

func replies(id, text string) flows.Step {
	return flows.Step{ID: id, Card: "http.close", Inputs: schema.Values{"body_type": "text", "body": text}}
}

// answer answers a step of a run at this server.
func (s *sharing) answer(t *testing.T, id string, p flows.Path) {
	t.Helper()
	cb, err := s.db.Callback(t.Context(), id+"/"+string(p))
	must(t, err)
	must(t, s.db.Answer(t.Context(), cb, flows.Signal{Path: p, Kind: flows.Answered, At: time.Now(), Body: schema.Values{"body": "yes"}}))
	s.Signal(id, p)
}

// TestServersThatShareADatabase: a run is driven by the server that began it, and each of the
// others can stop it, wake it and wait for it.
func TestServersThatShareADatabase(t *testing.T) {
	t.Parallel()
	dsn, world := storetest.StartPostgres(t).Database(t), enginetest.NewWorld(t)
	one := joins(t, dsn)
	busy := one.start(t, fetches("hang", world.URL+"/hang/busy"), replies("say", "{{ hang.body.path }}"))
	<-world.Arrived("GET /hang/busy")
	parked, asked := one.start(t, nap("nap")), one.start(t, asks("ask"), replies("say", "answered"))
	stuck := one.start(t, fetches("hang", world.URL+"/hang/stuck"))
	calls := one.start(t, fetches("hang", world.URL+"/hang/late"), asks("ask"), replies("say", "both"))
	<-world.Arrived("GET /hang/stuck")
	one.becomes(t, parked, "waiting", time.Minute, waits)
	one.becomes(t, asked, "waiting", time.Minute, waits)

	two := joins(t, dsn)
	time.Sleep(5 * time.Second) // it has looked for servers that are gone, more than once
	for _, id := range []string{busy, parked, asked, stuck} {
		if run, err := two.db.Run(t.Context(), id); err != nil || run.Epoch != 1 || run.Status.Done() {
			t.Errorf("run %s, which another server drives, was touched: %s, claimed %d times, %v", id, run.Status, run.Epoch, err)
		}
	}
	if l := two.Load(); l != (local.Load{}) {
		t.Errorf("the second server drives %+v, want nothing", l)
	}

	for what, id := range map[string]string{"parked": parked, "busy": stuck} {
		must(t, two.Cancel(t.Context(), id))
		if run := two.becomes(t, id, "over", 2*time.Second, isOver); run.Status != flows.Cancelled {
			t.Errorf("a %s run that another server cancelled ended %s", what, run.Status)
		}
	}
	two.answer(t, asked, "ask")
	if run := two.becomes(t, asked, "over", 2*time.Second, isOver); run.Status != flows.Succeeded {
		t.Errorf("a run that was answered at another server ended %s, %v", run.Status, run.Error)
	}
	go func() {
		time.Sleep(100 * time.Millisecond)
		world.Release("GET /hang/busy")
	}()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if res, err := two.Wait(ctx, busy); err != nil || res.Response == nil || res.Response.Body != "/hang/busy" {
		t.Errorf("Wait for the run of another server = %+v, %v", res.Response, err)
	}
	world.Release("GET /hang/late")
	one.becomes(t, calls, "waiting", time.Minute, waits)
	two.answer(t, calls, "ask")
	two.becomes(t, calls, "over", 2*time.Second, isOver)

	// What a server leaves that is stopped goes on at once.
	left := one.start(t, asks("ask"), replies("say", "{{ ask.body }}"))
	one.becomes(t, left, "waiting", time.Minute, waits)
	one.stop(t)
	for end := time.Now().Add(2500 * time.Millisecond); two.Load().Waiting == 0; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("what a server has left that was stopped is not taken up at once")
		}
	}
	two.answer(t, left, "ask")
	two.becomes(t, left, "over", 2*time.Second, isOver)
}
