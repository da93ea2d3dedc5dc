package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/flows/store"
)

// slowService holds every call until it is let go.
type slowService struct {
	url    string
	host   string
	called chan struct{}
	letGo  chan struct{}
}

func newSlowService(t *testing.T) *slowService {
	s := &slowService{called: make(chan struct{}, 16), letGo: make(chan struct{})}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.called <- struct{}{}
		select {
		case <-s.letGo:
			_, _ = w.Write([]byte(`late`))
		case <-r.Context().Done():
		}
	}))
	t.Cleanup(server.Close)
	s.url, s.host = server.URL, strings.TrimPrefix(server.URL, "http://")
	return s
}

// addFlow publishes a flow that calls the service and answers with what it said.
func (s *slowService) addFlow(t *testing.T, dir string) {
	t.Helper()
	ctx := t.Context()
	st, err := store.Open(ctx, filepath.Join(dir, "flowdeck.db"), store.Options{Blobs: filepath.Join(dir, "blobs")})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	doc := flows.Document{Format: flows.Format, Trigger: flows.Step{ID: "endpoint", Card: "event.endpoint"}, Chain: []flows.Step{
		{ID: "get", Card: "http.get", Inputs: schema.Values{"url": s.url}},
		{ID: "answer", Card: "http.close", Inputs: schema.Values{"body_type": "text", "body": "said {{ get.body }}"}},
	}}
	publish(t, st, "slow", doc)
}

// publish makes a flow that anybody may call, and turns it on.
func publish(t *testing.T, st *store.Store, alias string, doc flows.Document) {
	t.Helper()
	ctx := t.Context()
	f := flows.Flow{ID: store.NewID("f_"), Name: alias, Alias: alias, Draft: doc, Settings: flows.Settings{Security: "public"}, Created: time.Now(), Updated: time.Now()}
	if err := st.CreateFlow(ctx, f); err != nil {
		t.Fatal(err)
	}
	stored, err := st.Flow(ctx, f.ID)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := st.Publish(ctx, f.ID, stored.Revision, doc, "", "Maya"); err != nil {
		t.Fatal(err)
	}
	if err := st.UpdateFlow(ctx, f.ID, func(f *flows.Flow) error { f.On = true; return nil }); err != nil {
		t.Fatal(err)
	}
}

// runs returns how the runs of a stopped server stand.
func runsIn(t *testing.T, dir string) []store.RunRow {
	t.Helper()
	st, err := store.Open(t.Context(), filepath.Join(dir, "flowdeck.db"), store.Options{Blobs: filepath.Join(dir, "blobs")})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	rows, _, err := st.Runs(t.Context(), store.RunFilter{})
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func TestStoppingLetsRunsFinishAndAnswersTheirCallers(t *testing.T) {
	dir, service := t.TempDir(), newSlowService(t)
	service.addFlow(t, dir)
	r := start(t, "--data", dir, "--egress-allow", service.host)
	type answer struct {
		status int
		body   string
	}
	answered := make(chan answer, 1)
	go func() {
		status, body := r.call(http.MethodGet, r.url+"/api/flows/slow/invoke", "")
		answered <- answer{status, body}
	}()
	<-service.called
	stopped := make(chan error, 1)
	go func() { stopped <- r.stop() }()
	waitFor(t, r.out, "msg=stopping")
	close(service.letGo)
	if got := <-answered; got.status != http.StatusOK || got.body != "said late" {
		t.Errorf("the caller got %d %q, want 200 %q", got.status, got.body, "said late")
	}
	if err := <-stopped; err != nil {
		t.Error(err)
	}
	if rows := runsIn(t, dir); len(rows) != 1 || rows[0].Status != flows.Succeeded {
		t.Errorf("after stopping the runs are %+v, want one that succeeded", rows)
	}
}

func TestRunsThatTakeTooLongGoOnAtTheNextStart(t *testing.T) {
	dir, service := t.TempDir(), newSlowService(t)
	service.addFlow(t, dir)
	r := start(t, "--data", dir, "--egress-allow", service.host, "--shutdown-grace", "50ms")
	ctx, giveUp := context.WithCancel(t.Context())
	defer giveUp()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, r.url+"/api/flows/slow/invoke", nil)
	if err != nil {
		t.Fatal(err)
	}
	answered := make(chan int, 1)
	go func() {
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			answered <- 0
			return
		}
		_ = res.Body.Close()
		answered <- res.StatusCode
	}()
	<-service.called
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	if got := <-answered; got == http.StatusOK {
		t.Error("a run that was left answered 200")
	}
	if rows := runsIn(t, dir); len(rows) != 1 || rows[0].Status.Done() {
		t.Fatalf("after stopping the runs are %+v, want one that is not over", rows)
	}
	close(service.letGo)
	again := start(t, "--data", dir, "--egress-allow", service.host)
	<-service.called
	if err := again.stop(); err != nil {
		t.Fatal(err)
	}
	if rows := runsIn(t, dir); len(rows) != 1 || rows[0].Status != flows.Succeeded {
		t.Errorf("after the next start the runs are %+v, want one that succeeded", rows)
	}
}

// waitFor waits until out says text.
func waitFor(t *testing.T, out *output, text string) {
	t.Helper()
	for !strings.Contains(out.String(), text) {
		select {
		case <-out.change:
		case <-time.After(20 * time.Second):
			t.Fatalf("the program does not say %q:\n%s", text, out)
		}
	}
}
