package web

import (
	"bufio"
	"context"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/flows/store"
)

// event is one event of a stream.
type event struct{ id, name, data string }

// listen opens a stream as Maya; next reads its events one by one.
func (w *world) listen(path, lastID string) (next func() event, header http.Header) {
	w.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	w.Cleanup(cancel)
	r, err := http.NewRequestWithContext(ctx, "GET", w.url+path, nil)
	must(w.T, err)
	r.Header.Set("Accept", "text/event-stream")
	if lastID != "" {
		r.Header.Set("Last-Event-ID", lastID)
	}
	res, err := w.browser.Do(r)
	must(w.T, err)
	w.Cleanup(func() { _ = res.Body.Close() })
	if res.StatusCode != http.StatusOK {
		w.Fatalf("listen to %s: %d", path, res.StatusCode)
	}
	lines := bufio.NewReader(res.Body)
	return func() (e event) {
		for {
			line, err := lines.ReadString('\n')
			if err != nil {
				return event{name: "closed"}
			}
			line = strings.TrimSuffix(line, "\n")
			key, value, _ := strings.Cut(line, ": ")
			switch key {
			case "id":
				e.id = value
			case "event":
				e.name = value
			case "data":
				e.data += value + "\n"
			case "":
				if e.id != "" {
					return e
				}
			}
		}
	}, res.Header
}

// gate is an upstream whose answer waits for open; begun says that it was asked.
func gate() (handler http.HandlerFunc, begun, open chan struct{}) {
	begun, open = make(chan struct{}, 10), make(chan struct{})
	return func(http.ResponseWriter, *http.Request) { begun <- struct{}{}; <-open }, begun, open
}

func (w *world) newest() string {
	w.Helper()
	for tick := time.Tick(10 * time.Millisecond); ; <-tick { // a run whose caller waits is kept a moment after it began
		rows, _, err := w.s.Store.Runs(w.Context(), store.RunFilter{Limit: 1})
		must(w.T, err)
		if len(rows) > 0 {
			return rows[0].ID
		}
	}
}

func TestTheBuilderHearsOfEveryStep(t *testing.T) {
	handler, begun, open := gate()
	w := newWorld(t, handler)
	w.signIn()
	flow := w.publish("gate", public, endpointDoc(nil, step("get", "http.get", schema.Values{"url": w.upstream.URL}), step("text", "text.compose", schema.Values{"text": "x"})))
	document, err := w.s.Store.PutDocument(context.Background(), flow.Draft)
	must(t, err)
	run, err := w.s.startRun(context.Background(), flow, 0, document, schema.Values{"body": nil}, "Maya (test run)")
	must(t, err)
	<-begun
	next, header := w.listen("/runs/"+run.ID+"/live", "41")
	for name, want := range map[string]string{"Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no", "Content-Encoding": ""} {
		if got := header.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	first := next()
	if first.name != "fd:run" || first.id != "42" || !strings.Contains(first.data, `"status":"running","step":"get"`) {
		t.Errorf("first event is %+v, want the step that runs, numbered after 41", first)
	}
	close(open)
	said, last := "", 42
	for e := next(); ; e = next() {
		if n, _ := strconv.Atoi(e.id); e.name != "closed" && n <= last {
			t.Errorf("event %s after %d", e.id, last)
		} else {
			last = n
		}
		said += e.name + " " + e.data
		if e.name == "done" || e.name == "closed" {
			break
		}
	}
	for _, part := range []string{`"status":"succeeded","step":"get"`, `"status":"succeeded","step":"text"`, `done {`, `"status":"succeeded"`, `"text":"Done"`} {
		if !strings.Contains(said, part) {
			t.Errorf("events lack %s:\n%s", part, said)
		}
	}
	if got, err := w.s.Store.Run(context.Background(), run.ID); err != nil || got.Version != 0 || got.Trigger != endpointCard || got.Status != flows.Succeeded {
		t.Errorf("run is %+v (%v)", got, err)
	}
	if e := next(); e.name != "closed" {
		t.Errorf("after done came %+v", e)
	}
	if again, _ := w.listen("/runs/"+run.ID+"/live", ""); again().name != "fd:run" {
		t.Error("a stream of a run that is over does not say how it went")
	}
}

// TestTheBuilderShowsNoFailureOfACardThatWasStopped, as it happens and later.
func TestTheBuilderShowsNoFailureOfACardThatWasStopped(t *testing.T) {
	begun := make(chan struct{})
	w := newWorld(t, func(_ http.ResponseWriter, r *http.Request) {
		close(begun)
		<-r.Context().Done()
	})
	w.signIn()
	f := w.publish("stopped", flows.Settings{Security: "public", Async: true}, endpointDoc(nil, step("get", "http.get", schema.Values{"url": w.upstream.URL})))
	id := w.run(w.call("POST", "/api/flows/stopped/invoke", "")).ID
	<-begun
	w.end(id)
	next, _ := w.listen("/runs/"+id+"/live", "")
	if e := next(); !strings.Contains(e.data, `"status":"cancelled","step":"get"`) {
		t.Errorf("the builder hears %+v, want that the step was cancelled", e)
	}
	if page := w.page("/flows/" + f.ID + "?run=" + id).body; strings.Contains(page, `data-status="err"`) {
		t.Error("the card that was stopped is marked as one that failed")
	}
}

func TestARunThatEndsBeforeItsPageListensIsDrawnAsItIs(t *testing.T) {
	w := newWorld(t, func(http.ResponseWriter, *http.Request) {})
	w.signIn()
	f := w.publish("quick", public, endpointDoc(nil))
	id := w.call("POST", "/api/flows/quick/invoke", "").header.Get("X-Flowdeck-Run")
	events, _ := w.listen("/flows/"+f.ID+"/runs/stream?open=1&run="+id, "")
	hear(t, events, `hx-target="#run-tree"`, "Done")
}

func TestPagesOfRunsKeepThemselvesUpToDate(t *testing.T) {
	handler, begun, open := gate()
	w := newWorld(t, handler)
	w.signIn()
	f := w.publish("gate", public, endpointDoc(nil, step("get", "http.get", schema.Values{"url": w.upstream.URL})))
	list, _ := w.listen("/flows/"+f.ID+"/runs/stream", "")
	if e := list(); e.name != "" || !strings.Contains(e.data, "No runs yet") {
		t.Errorf("the first event of the list is %+v, want the list as it is", e)
	}
	go func() { w.call("POST", "/api/flows/gate/invoke", "") }()
	<-begun
	id := w.newest()
	hear(t, list, "row-"+id, "Running")
	run, _ := w.listen("/flows/"+f.ID+"/runs/stream?run="+id, "")
	hear(t, run, `hx-target="#run-tree"`, "Running for")
	hear(t, run, `hx-target="#run-tree"`, "Waiting for 127.0.0.1")
	close(open)
	hear(t, run, `hx-target="#run-tree"`, "200 OK", "Done")
	hear(t, run, `hx-target="#run-card"`, "200 OK")
	hear(t, list, "row-"+id, "Done", "circle-check")
}

// hear reads events until one holds all of the parts.
func hear(t *testing.T, next func() event, parts ...string) {
	t.Helper()
	for {
		e := next()
		if e.name == "closed" {
			t.Fatalf("the stream ended before %q", parts)
		}
		there := true
		for _, part := range parts {
			there = there && strings.Contains(e.data, part)
		}
		if there {
			return
		}
	}
}

func TestStreamsEndWhenTheServerStops(t *testing.T) {
	w := newWorld(t, echoUpstream)
	w.signIn()
	next, _ := w.listen("/runs/stream", "")
	next()
	w.s.Stop()
	for e := next(); e.name != "closed"; e = next() {
	}
}

func TestStreamsEndWithTheSession(t *testing.T) {
	for name, end := range map[string]func(*world){
		"signed out": func(w *world) { w.post("/logout", nil) },
		"a new password": func(w *world) {
			user, err := w.s.Store.UserByEmail(w.Context(), "maya@acme.io")
			must(w.T, err)
			must(w.T, w.s.Store.ResetPassword(w.Context(), user.ID, "other"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, echoUpstream)
			w.signIn()
			w.publish("watched", public, endpointDoc(nil, step("text", "text.compose", schema.Values{"text": "x"})))
			next, _ := w.listen("/runs/stream", "")
			next()
			end(w)
			heard := 0
			for e := next(); e.name != "closed"; e = next() {
				if heard++; heard > 3 { // of the second in which it ended
					t.Fatalf("event %d after the session ended: %.200s", heard, e.data)
				}
				w.run(w.call("POST", "/api/flows/watched/invoke", ""))
			}
		})
	}
}

func TestThereAreOnlySoManyStreams(t *testing.T) {
	w := newWorld(t, echoUpstream)
	w.signIn()
	w.s.streams.Store(mostStreams)
	if got := w.page("/runs/stream"); got.status != http.StatusServiceUnavailable || got.header.Get("Retry-After") == "" {
		t.Errorf("one stream too many: %d %v, want 503 with Retry-After", got.status, got.header)
	}
	if n := w.s.streams.Load(); n != mostStreams {
		t.Errorf("%d streams are counted, want %d", n, mostStreams)
	}
}
