package local_test

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"strings"
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
	"flowdeck/flows/store/storetest"
)

// serverEnv is the address of the database, in the process of a server that is killed.
const serverEnv = "FLOWDECK_TEST_SERVER"

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

// TestServerThatIsNotSeen loses the connection by which the others see a server, while it works
// on. When it is back soon, nothing changes; when not, the other one drives its runs on. Nothing
// is done twice.
func TestServerThatIsNotSeen(t *testing.T) {
	t.Parallel()
	dsn, world := storetest.StartPostgres(t).Database(t), enginetest.NewWorld(t)
	wall := newWall(t, dsn)
	one, two := joins(t, wall.dsn), joins(t, dsn)
	const many = 20
	var parked, busy []string
	for i := range many {
		ok := fmt.Sprint(world.URL, "/ok/", i)
		parked = append(parked, one.start(t, sends("before", ok+"/before"), asks("ask"), sends("after", ok+"/after")))
		busy = append(busy, one.start(t, fetches("hang", fmt.Sprint(world.URL, "/hang/", i)), sends("send", ok+"/send")))
		<-world.Arrived(fmt.Sprint("GET /hang/", i))
	}
	for _, id := range parked {
		one.becomes(t, id, "waiting", time.Minute, waits)
	}
	wall.cut(0)
	time.Sleep(3 * time.Second)
	for _, id := range append(parked, busy...) {
		if run, err := two.db.Run(t.Context(), id); err != nil || run.Epoch != 1 {
			t.Fatalf("run %s was claimed %d times, %v, though its server was back at once", id, run.Epoch, err)
		}
	}
	wall.cut(6 * time.Second)
	for _, id := range busy {
		two.becomes(t, id, "taken up", 10*time.Second, func(r flows.Run) bool { return r.Epoch > 1 })
	}
	for i := range many {
		world.Release(fmt.Sprint("GET /hang/", i))
		two.answer(t, parked[i], "ask")
	}
	for _, id := range append(parked, busy...) {
		if run := two.becomes(t, id, "over", 20*time.Second, isOver); run.Status != flows.Succeeded {
			t.Errorf("run %s ended %s, %v", id, run.Status, run.Error)
		}
	}
	for i := range many {
		for _, what := range []string{"before", "after", "send"} {
			if n := world.Asked(fmt.Sprint("POST /ok/", i, "/", what)); n != 1 {
				t.Errorf("run %d: %s was sent %d times, want once", i, what, n)
			}
		}
	}
	for end := time.Now().Add(20 * time.Second); one.Load() != (local.Load{}) || two.Load() != (local.Load{}); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("the servers still drive %+v and %+v, and every run is over", one.Load(), two.Load())
		}
	}
	id := one.start(t, asks("ask")) // the one is seen again
	one.becomes(t, id, "waiting", time.Minute, waits)
	two.answer(t, id, "ask")
	two.becomes(t, id, "over", 2*time.Second, isOver)
}

// wall is a way to the database that can be cut off for the connection by which servers see
// each other.
type wall struct {
	dsn   string
	mu    sync.Mutex
	until time.Time
	seen  []net.Conn
}

func newWall(t *testing.T, dsn string) *wall {
	address, err := url.Parse(dsn)
	must(t, err)
	const socket = "/.s.PGSQL.5432"
	query, dir := address.Query(), t.TempDir()
	behind := query.Get("host") + socket
	query.Set("host", dir)
	address.RawQuery = query.Encode()
	w := &wall{dsn: address.String()}
	listener, err := net.Listen("unix", dir+socket)
	must(t, err)
	var all sync.WaitGroup
	t.Cleanup(func() { listener.Close(); all.Wait() })
	all.Go(func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			all.Go(func() { w.pass(c, behind) })
		}
	})
	return w
}

func (w *wall) pass(c net.Conn, behind string) {
	defer c.Close()
	hello := make([]byte, 4096)
	n, err := c.Read(hello)
	if err != nil {
		return
	}
	if strings.Contains(string(hello[:n]), "flowdeck node") {
		w.mu.Lock()
		shut := time.Now().Before(w.until)
		w.seen = append(w.seen, c)
		w.mu.Unlock()
		if shut {
			return
		}
	}
	db, err := net.Dial("unix", behind)
	if err != nil {
		return
	}
	defer db.Close()
	if _, err := db.Write(hello[:n]); err != nil {
		return
	}
	go func() {
		_, _ = io.Copy(db, c)
		db.Close()
	}()
	_, _ = io.Copy(c, db)
}

// cut ends the connection, and lets no other one pass for a while.
func (w *wall) cut(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.until = time.Now().Add(d)
	for _, c := range w.seen {
		c.Close()
	}
	w.seen = nil
}

// TestKilledServer kills one of two servers: the other one takes up what it drove, without
// being started.
func TestKilledServer(t *testing.T) {
	t.Parallel()
	dsn, world := storetest.StartPostgres(t).Database(t), enginetest.NewWorld(t)
	two := joins(t, dsn)
	for range 3 {
		var accepted []string
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), serverEnv+"="+dsn, worldEnv+"="+world.URL)
		cmd.Stderr = os.Stderr
		out, err := cmd.StdoutPipe()
		must(t, err)
		must(t, cmd.Start())
		for lines := bufio.NewScanner(out); lines.Scan(); {
			accepted = append(accepted, lines.Text())
			if len(accepted) == 50 {
				must(t, cmd.Process.Kill())
			}
		}
		var exit *exec.ExitError
		if err := cmd.Wait(); !errors.As(err, &exit) || exit.Exited() {
			t.Fatalf("the server was not killed: %v", err)
		}
		for _, id := range accepted {
			run := two.becomes(t, id, "over", 20*time.Second, isOver)
			asked := world.Asked("POST /ok/" + id)
			switch {
			case run.Status == flows.Succeeded && asked == 1:
			case run.Status == flows.Failed && run.Error.Code == cards.CodeUnknownOutcome && asked <= 1:
			default:
				t.Errorf("run %s ended %s, %v; it was sent %d times", id, run.Status, run.Error, asked)
			}
		}
	}
}

// serverVictim is a server that begins runs until it is killed.
func serverVictim(dsn string) {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "flowdeck-victim-")
	if err != nil {
		panic(err)
	}
	s, err := shares(ctx, dsn, dir)
	if err != nil {
		panic(err)
	}
	world := os.Getenv(worldEnv)
	doc, err := s.db.PutDocument(ctx, enginetest.Document(fetches("get", world+"/ok/get"), sends("send", world+"/ok/{{ start.what }}")))
	if err != nil {
		panic(err)
	}
	for {
		id := store.NewID("r_")
		err := s.Start(ctx, flows.Run{ID: id, FlowID: "f_1", Document: doc, Trigger: "event.endpoint", Event: schema.Values{"what": id}}, flows.StartOptions{})
		if err != nil {
			panic(err)
		}
		fmt.Println(id)
	}
}

// TestConnectionsThatBreak ends every connection to the database again and again while runs
// write: none of them is in doubt, as its process lives.
func TestConnectionsThatBreak(t *testing.T) {
	t.Parallel()
	dsn, world := storetest.StartPostgres(t).Database(t), enginetest.NewWorld(t)
	one := joins(t, dsn)
	admin, err := sql.Open("pgx", dsn)
	must(t, err)
	defer admin.Close()
	admin.SetMaxOpenConns(1)
	stop := make(chan struct{})
	var all sync.WaitGroup
	all.Go(func() {
		for {
			select {
			case <-stop:
				return
			case <-time.After(40 * time.Millisecond):
				if _, err := admin.Exec(`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`); err != nil {
					t.Error(err)
				}
			}
		}
	})
	doc, err := one.db.PutDocument(t.Context(), enginetest.Document(sends("one", world.URL+"/ok/{{ start.what }}/one"), sends("two", world.URL+"/ok/{{ start.what }}/two")))
	must(t, err)
	var ids, refused []string
	for len(ids) < 150 {
		run := flows.Run{ID: store.NewID("r_"), FlowID: "f_1", Document: doc, Trigger: "event.endpoint"}
		run.Event = schema.Values{"what": run.ID}
		if err := one.Start(t.Context(), run, flows.StartOptions{}); err != nil {
			refused = append(refused, run.ID)
			continue
		}
		ids = append(ids, run.ID)
	}
	time.Sleep(time.Second)
	close(stop)
	all.Wait()
	for _, id := range ids {
		run := one.becomes(t, id, "over", 20*time.Second, isOver)
		if a, b := world.Asked("POST /ok/"+id+"/one"), world.Asked("POST /ok/"+id+"/two"); run.Status != flows.Succeeded || a != 1 || b != 1 {
			t.Errorf("run %s ended %s, %v, claimed %d times; its cards were sent %d and %d times", id, run.Status, run.Error, run.Epoch, a, b)
		}
	}
	for _, id := range refused {
		if run, err := one.db.Run(t.Context(), id); err == nil {
			t.Errorf("run %s was refused and is there: %s", id, run.Status)
		}
	}
	t.Logf("%d runs were refused", len(refused))
}
