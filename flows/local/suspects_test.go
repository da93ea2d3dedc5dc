package local_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"flowdeck/cards"
	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/flows/enginetest"
	"flowdeck/flows/local"
	"flowdeck/flows/runner"
	"flowdeck/flows/store"
)

const deadlyEnv = "FLOWDECK_TEST_DEADLY" // directory of the database, in the process that dies of a run

// TestKilledByOneRun: a server that dies each time it drives a certain run would never
// do anything else again. It finds out which run that is, ends it, and all that was under way
// beside it goes on.
func TestKilledByOneRun(t *testing.T) {
	t.Parallel()
	const innocent = 8
	dir := t.TempDir()
	var mu sync.Mutex
	var victim *exec.Cmd
	asked := map[string]int{}
	world := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		asked[r.URL.Path]++
		if r.URL.Path == "/deadly" {
			_ = victim.Process.Kill()
		}
	}))
	defer world.Close()

	db, err := store.Open(t.Context(), filepath.Join(dir, "flowdeck.db"), store.Options{})
	must(t, err)
	begin := func(steps ...flows.Step) string {
		document, err := db.PutDocument(t.Context(), enginetest.Document(steps...))
		must(t, err)
		run := flows.Run{ID: store.NewID("r_"), FlowID: "flow_1", Document: document, Trigger: "event.endpoint", Event: schema.Values{"what": "x"}}
		must(t, db.Create(t.Context(), run))
		return run.ID
	}
	get := func(id, url string) flows.Step {
		return flows.Step{ID: id, Card: "http.get", Inputs: schema.Values{"url": url}}
	}
	deadly := begin(get("first", world.URL+"/first"), get("kill", world.URL+"/deadly"))
	var others []string
	for range innocent {
		others = append(others, begin(get("read", world.URL+"/read"), flows.Step{ID: "wait", Card: "control.wait", Inputs: schema.Values{"amount": 0.1, "unit": "seconds"}}, get("again", world.URL+"/again")))
	}
	must(t, db.Close())

	deaths := 0
	for died := true; died && deaths < 20; {
		mu.Lock()
		victim = exec.Command(os.Args[0])
		victim.Env, victim.Stderr = append(os.Environ(), deadlyEnv+"="+dir), os.Stderr
		err := victim.Start()
		mu.Unlock()
		must(t, err)
		var exit *exec.ExitError
		if died = errors.As(victim.Wait(), &exit); died {
			deaths++
		}
	}
	if deaths != runner.MostDied {
		t.Errorf("%d processes died, want %d", deaths, runner.MostDied)
	}
	db, err = store.Open(t.Context(), filepath.Join(dir, "flowdeck.db"), store.Options{})
	must(t, err)
	defer db.Close()
	run, err := db.Run(t.Context(), deadly)
	must(t, err)
	if run.Status != flows.Failed || run.Error == nil || run.Error.Code != cards.CodeInterrupted || run.Died != runner.MostDied {
		t.Errorf("the run that processes died of is %s, %+v, Died %d", run.Status, run.Error, run.Died)
	}
	for _, id := range others {
		if run, err := db.Run(t.Context(), id); err != nil || run.Status != flows.Succeeded {
			t.Errorf("a run that was under way beside it is %s, %v, %v", run.Status, run.Error, err)
		}
	}
	t.Logf("%d processes died; requests: %v", deaths, asked)
}

// mortalServer is the process that dies: it drives all runs and ends well when they are over.
func mortalServer(dir string) {
	ctx := context.Background()
	local.SetDiedPause(20 * time.Millisecond)
	db, err := store.Open(ctx, filepath.Join(dir, "flowdeck.db"), store.Options{})
	if err != nil {
		panic(err)
	}
	e := engine(processSetup(db, &http.Client{}))
	if err := e.Recover(ctx); err != nil {
		panic(err)
	}
	for pending, err := db.Pending(ctx); len(pending) > 0 || err != nil; pending, err = db.Pending(ctx) {
		time.Sleep(20 * time.Millisecond)
	}
	if err := e.Shutdown(ctx); err != nil {
		panic(err)
	}
}

// What is under way when a server is stopped waits for the next one, and counts as nothing that
// it died of.
func TestAServerThatIsStoppedDoesNotDie(t *testing.T) {
	t.Parallel()
	hang := make(chan struct{})
	world := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-hang:
		case <-r.Context().Done():
		}
	}))
	defer world.Close()
	defer close(hang)
	db := openSQLite(t)
	document, err := db.PutDocument(t.Context(), enginetest.Document(flows.Step{ID: "read", Card: "http.get", Inputs: schema.Values{"url": world.URL}}))
	must(t, err)
	run := flows.Run{ID: store.NewID("r_"), FlowID: "flow_1", Document: document, Trigger: "event.endpoint", Event: schema.Values{"what": "x"}}
	must(t, db.Create(t.Context(), run))
	client := &http.Client{}
	defer client.CloseIdleConnections()
	for range runner.MostDied + 1 {
		e := engine(processSetup(db, client))
		must(t, e.Recover(t.Context()))
		for {
			now, err := db.Run(t.Context(), run.ID)
			must(t, err)
			if now.Status == flows.Running {
				break
			}
			time.Sleep(5 * time.Millisecond)
		}
		stopped, cancel := context.WithCancel(t.Context())
		cancel()
		must(t, e.Shutdown(stopped))
		left, err := db.Run(t.Context(), run.ID)
		must(t, err)
		if left.Status != flows.Waiting || left.Died != 0 {
			t.Fatalf("after a stop the run is %s and processes died of it: %d", left.Status, left.Died)
		}
	}
}
