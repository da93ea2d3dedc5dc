package enginetest

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"flowdeck/cards"
	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/flows/runner"
	"flowdeck/flows/store"
)

// patience is how long a test waits for what must happen.
const patience = 20 * time.Second

// bench is a store, a world and the engine of one test.
type bench struct {
	*testing.T
	Backend
	ctx    context.Context
	store  *store.Store
	world  *World
	client *http.Client
	setup  Setup
	engine Engine
	logged *log

	mu   sync.Mutex
	runs int
}

// log is what the engine logged.
type log struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

func newBench(t *testing.T, b Backend) *bench {
	ctx, cancel := context.WithTimeout(context.Background(), 3*patience)
	x := &bench{T: t, Backend: b, ctx: ctx, store: b.Open(t), world: NewWorld(t), client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 128}}, logged: &log{}}
	x.setup = Setup{
		Journal: x.store,
		Run:     x.store.Run,
		Program: runner.NewPrograms(16, Cards, x.store.Document).Program,
		Env: func(_ context.Context, connection, key string) (cards.Env, error) {
			if connection != "" {
				return cards.Env{}, fmt.Errorf("connection %s: %w", connection, flows.ErrNotFound)
			}
			return cards.Env{HTTP: x.client, Now: time.Now, Key: key}, nil
		},
		Flow: x.store.Callee,
		Link: link,
		Now:  time.Now,
		Log:  slog.New(slog.NewTextHandler(x.logged, nil)),
	}
	t.Cleanup(func() {
		x.stop()
		cancel()
		x.client.CloseIdleConnections()
	})
	return x
}

// begin makes the engine and takes up what the store holds.
func (b *bench) begin() {
	b.Helper()
	b.engine = b.Engine(b.setup)
	if err := b.engine.Recover(b.ctx); err != nil {
		b.Fatalf("Recover: %v", err)
	}
}

// stop lets the engine go at once.
func (b *bench) stop() {
	b.Helper()
	if b.engine == nil {
		return
	}
	now, cancel := context.WithCancel(context.Background())
	cancel()
	if err := b.engine.Shutdown(now); err != nil {
		b.Errorf("Shutdown: %v", err)
	}
	b.engine = nil
}

// run stores the document and returns a run of it that nobody has started.
func (b *bench) run(chain ...flows.Step) flows.Run {
	b.Helper()
	doc := Document(chain...)
	id, err := b.store.PutDocument(b.ctx, doc)
	if err != nil {
		b.Fatalf("PutDocument: %v", err)
	}
	if _, err := b.setup.Program(b.ctx, id); err != nil {
		b.Fatalf("the test's flow does not compile: %v", err)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.runs++
	return flows.Run{ID: store.NewID("r_"), FlowID: "flow_" + strings.ToLower(filepath.Base(b.Name())), Document: id,
		Trigger: "event.endpoint", Source: "test", Event: schema.Values{"what": "orders"}}
}

// start starts a run of these steps and returns its id.
func (b *bench) start(chain ...flows.Step) string {
	b.Helper()
	run := b.run(chain...)
	if err := b.engine.Start(b.ctx, run, flows.StartOptions{}); err != nil {
		b.Fatalf("Start: %v", err)
	}
	return run.ID
}

// ended waits for the run to be over and returns it as the store has it.
func (b *bench) ended(id string) flows.Run {
	b.Helper()
	return b.until(id, "be over", func(r flows.Run) bool { return r.Status.Done() })
}

// until waits for the run to be as it should.
func (b *bench) until(id, what string, is func(flows.Run) bool) flows.Run {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	var run flows.Run
	for changes := b.engine.Watch(ctx, id); ; {
		_, open := <-changes
		var err error
		if run, err = b.store.Run(b.ctx, id); err != nil {
			b.Fatalf("Run(%s): %v", id, err)
		}
		if is(run) {
			return run
		}
		if !open {
			b.Fatalf("run %s did not %s in %s: it is %s, error %v\nhistory:\n%s\nlog:\n%s", id, what, patience, run.Status, run.Error, b.story(id), b.logged)
		}
	}
}

// wait waits for c to be closed.
func (b *bench) wait(c <-chan struct{}, what string) {
	b.Helper()
	select {
	case <-c:
	case <-time.After(patience):
		b.Fatalf("%s did not happen in %s", what, patience)
	}
}

func (b *bench) attempts(id string) []flows.Attempt {
	b.Helper()
	list, err := b.store.Attempts(b.ctx, id)
	if err != nil {
		b.Fatalf("Attempts(%s): %v", id, err)
	}
	return list
}

// story is a run's history, a line each: "get#1 succeeded", "post#1 failed http_503".
func (b *bench) story(id string) string {
	b.Helper()
	var s strings.Builder
	for _, a := range b.attempts(id) {
		fmt.Fprintf(&s, "%s#%d %s", a.Path, a.Number, a.Status)
		if a.Error != nil {
			fmt.Fprintf(&s, " %s", a.Error.Code)
		}
		s.WriteByte('\n')
	}
	return s.String()
}

// wantStory compares a run's history, in whatever order the store lists steps.
func (b *bench) wantStory(id string, want ...string) {
	b.Helper()
	got := strings.Split(strings.TrimSpace(b.story(id)), "\n")
	if strings.Join(sorted(got), "\n") != strings.Join(sorted(want), "\n") {
		b.Errorf("history of %s\ngot\n  %s\nwant\n  %s", id, strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}
