package web_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"flowdeck/cards/schema"
	"flowdeck/connectors"
	"flowdeck/flows"
	"flowdeck/flows/store"
)

// answering is a document that answers every call.
func answering(connection string) flows.Document {
	return flows.Document{Format: flows.Format,
		Trigger: flows.Step{ID: "endpoint", Card: "event.endpoint"},
		Chain: []flows.Step{
			{ID: "get", Card: "http.get", Title: "Get customer", Connection: connection, Inputs: schema.Values{"url": "https://api.example.com/customers"}},
			{ID: "close", Card: "http.close", Inputs: schema.Values{"status_code": int64(200), "body": `{"ok": true}`}},
		}}
}

// flow stores a flow of that name and returns its id.
func (p *place) flow(name string, doc flows.Document, change ...func(*flows.Flow)) string {
	p.t.Helper()
	f := flows.Flow{ID: store.NewID("f_"), Name: name, Alias: strings.ToLower(strings.ReplaceAll(name, " ", "-")), Draft: doc, Created: p.Now(), Updated: p.Now(), UpdatedBy: "Maya"}
	for _, c := range change {
		c(&f)
	}
	if err := p.Store.CreateFlow(p.t.Context(), f); err != nil {
		p.t.Fatal(err)
	}
	return f.ID
}

// publish publishes a flow's draft and switches the flow on.
func (p *place) publish(id string) {
	p.t.Helper()
	f, err := p.Store.Flow(p.t.Context(), id)
	if err != nil {
		p.t.Fatal(err)
	}
	if _, err := p.Store.Publish(p.t.Context(), id, f.Revision, f.Draft, "", "Maya"); err != nil {
		p.t.Fatal(err)
	}
	if err := p.Store.UpdateFlow(p.t.Context(), id, func(f *flows.Flow) error { f.On = true; return nil }); err != nil {
		p.t.Fatal(err)
	}
}

// inList are the headers of an action taken from the list.
func (p *place) inList(query string) []string {
	return []string{"HX-Request", "true", "HX-Current-URL", p.url + "/flows" + query}
}

func TestNewFlowOpensInTheBuilder(t *testing.T) {
	p := newPlace(t)
	b := p.owner()
	b.get("/flows").want(http.StatusOK, "Build your first flow", "Chain API calls together").wantNot("2-minute sample")
	answer := b.post("/flows", nil).want(http.StatusSeeOther)
	at := answer.header.Get("Location")
	if !regexp.MustCompile(`^/flows/f_[0-9a-f-]{36}$`).MatchString(at) {
		t.Fatalf("a new flow is at %q", at)
	}
	b.get(at).want(http.StatusOK, "Untitled flow")
	b.post("/flows", nil).want(http.StatusSeeOther)
	b.get("/flows").want(http.StatusOK, "2 flows · 0 runs today", "Draft", "Never run", "Nothing yet")
}

func TestTheListIsSearchedAndFiltered(t *testing.T) {
	p := newPlace(t)
	b := p.owner()
	live := p.flow("Customer sync", answering(""), func(f *flows.Flow) { f.Labels = []string{"crm", "50% off"} })
	paused := p.flow("Nightly check", answering(""))
	p.flow("Onboarding draft", flows.Document{Format: flows.Format, Trigger: flows.Step{ID: "manual", Card: "event.manual"}})
	p.publish(live)
	p.publish(paused)
	b.post("/flows/"+paused+"/off", nil, p.inList("")...).want(http.StatusOK, "Paused")

	for _, tt := range []struct {
		query     string
		has, lack []string
	}{
		{"", []string{"Customer sync", "Nightly check", "Onboarding draft", "3 flows", "/api/flows/customer-sync/invoke", "Run form", "v1"}, nil},
		{"?q=CUSTOMER", []string{"Customer sync"}, []string{"Nightly check", "Onboarding draft"}},
		{"?state=on", []string{"Customer sync"}, []string{"Nightly check", "Onboarding draft"}},
		{"?state=off", []string{"Nightly check"}, []string{"Customer sync", "Onboarding draft"}},
		{"?state=draft", []string{"Onboarding draft"}, []string{"Customer sync", "Nightly check"}},
		{"?state=failing", []string{"No flow fits"}, []string{"Customer sync", "Nightly check"}},
		{"?label=crm", []string{"Customer sync", "Label: crm", "All labels"}, []string{"Nightly check"}},
		{"?label=" + url.QueryEscape("50% off"), []string{"Customer sync"}, []string{"Nightly check"}},
		{"?label=%25", []string{"No flow fits"}, []string{"Customer sync"}},
		{"?q=" + url.QueryEscape("<script>"), []string{"No flow fits", "&lt;script&gt;"}, []string{"<script>"}},
		{"?cursor=nonsense", []string{"Customer sync"}, nil},
	} {
		b.get("/flows"+tt.query).want(http.StatusOK, tt.has...).wantNot(names(tt.lack)...)
	}
}

// names are how flows stand in the list: their links.
func names(flows []string) []string {
	links := make([]string, len(flows))
	for i, f := range flows {
		links[i] = ">" + f + "</a>"
	}
	return links
}

func TestFailingFlowsAreThoseWhoseLastRunFailed(t *testing.T) {
	p := newPlace(t)
	b := p.owner()
	bad, mended := p.flow("Bad flow", answering("")), p.flow("Mended flow", answering(""))
	p.ended(bad, flows.Succeeded)
	p.ended(bad, flows.Failed)
	p.ended(mended, flows.Failed)
	p.ended(mended, flows.Succeeded)
	all := b.get("/flows").want(http.StatusOK, "4 runs today", "2 today, 1 failed", "Failed ", "OK ")
	if !regexp.MustCompile(`Failing\s*<span class="c">1</span>`).MatchString(all.body) {
		t.Errorf("the list does not count one failing flow:\n%s", all.body)
	}
	b.get("/flows?state=failing").want(http.StatusOK, "Bad flow").wantNot(names([]string{"Mended flow"})...)
}

// ended stores a run that came to an end.
func (p *place) ended(flowID string, status flows.Status) {
	p.t.Helper()
	ctx := p.t.Context()
	f, err := p.Store.Flow(ctx, flowID)
	if err != nil {
		p.t.Fatal(err)
	}
	doc, err := p.Store.PutDocument(ctx, f.Draft)
	if err != nil {
		p.t.Fatal(err)
	}
	run := flows.Run{ID: store.NewID("r_"), FlowID: flowID, Document: doc, Status: flows.Queued, Trigger: "event.endpoint", Created: time.Now()}
	if err := p.Store.Create(ctx, run); err != nil {
		p.t.Fatal(err)
	}
	memo, err := p.Store.Claim(ctx, run.ID, time.Now())
	if err != nil {
		p.t.Fatal(err)
	}
	if err := p.Store.Finish(ctx, run.ID, memo.Run.Epoch, nil, flows.Outcome{Status: status, At: time.Now()}); err != nil {
		p.t.Fatal(err)
	}
}

func TestTheListHasPages(t *testing.T) {
	p := newPlace(t)
	b := p.owner()
	for i := range 60 {
		p.flow(fmt.Sprintf("Flow %02d", i), answering(""))
	}
	first := b.get("/flows").want(http.StatusOK, "Flow 00", "Flow 49", "Next page").wantNot("Flow 50", "First page")
	next := regexp.MustCompile(`href="(/flows\?cursor=[^"]+)"`).FindStringSubmatch(first.body)
	if next == nil {
		t.Fatalf("there is no address of the next page:\n%s", first.body)
	}
	b.get(strings.ReplaceAll(next[1], "&amp;", "&")).want(http.StatusOK, "Flow 50", "Flow 59", "First page").wantNot("Flow 49", "Next page")
}

func TestFlowsAreRenamedAndLabelled(t *testing.T) {
	p := newPlace(t)
	b := p.owner()
	id := p.flow("Old name", answering(""))
	b.get("/flows/"+id+"/details", "HX-Request", "true").want(http.StatusOK, "<dialog", "Old name")
	b.post("/flows/"+id+"/details", url.Values{"name": {" "}, "labels": {strings.Repeat("x", 41)}}, "HX-Request", "true").
		want(http.StatusUnprocessableEntity, "<dialog", "Give it a name", "too long for a label")
	b.post("/flows/"+id+"/details", url.Values{"name": {"New <name>"}, "description": {"What for"}, "labels": {" crm,  two  words ,crm,"}}, p.inList("")...).
		want(http.StatusOK).wantHeader("HX-Refresh", "true")
	f, err := p.Store.Flow(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(f.Labels, "|"); f.Name != "New <name>" || f.Description != "What for" || got != "crm|two words" || f.UpdatedBy != "Maya Ortiz" {
		t.Errorf("renamed to %q (%q, labels %q, by %q)", f.Name, f.Description, got, f.UpdatedBy)
	}
	b.get("/flows").want(http.StatusOK, "New &lt;name&gt;").wantNot("New <name>")
}

func TestFlowsAreTurnedOnOnlyWhenPublished(t *testing.T) {
	p := newPlace(t)
	b := p.owner()
	id := p.flow("A draft", answering(""))
	refused := b.post("/flows/"+id+"/on", nil, p.inList("")...).want(http.StatusUnprocessableEntity)
	if got := refused.header.Get("HX-Trigger"); !strings.Contains(got, "was never published") {
		t.Errorf("turning a draft on says %q", got)
	}
	p.publish(id)
	b.post("/flows/"+id+"/off", nil, p.inList("?state=off")...).want(http.StatusOK, "A draft", "Paused")
	on := b.post("/flows/"+id+"/on", nil, p.inList("")...).want(http.StatusOK, "Live")
	if got := on.header.Get("HX-Trigger"); !strings.Contains(got, "is live") {
		t.Errorf("turning it on says %q", got)
	}
	b.post("/flows/"+id+"/off", nil, "HX-Request", "true", "HX-Current-URL", p.url+"/flows/"+id).want(http.StatusOK).wantHeader("HX-Refresh", "true")
	b.post("/flows/"+id+"/on", nil).want(http.StatusSeeOther).wantHeader("Location", "/flows")
}

func TestFlowsAreDuplicatedAsDraftsThatAreOff(t *testing.T) {
	p := newPlace(t)
	b := p.owner()
	id := p.flow("Original", answering(""))
	p.publish(id)
	for range 2 {
		b.post("/flows/"+id+"/duplicate", nil, p.inList("")...).want(http.StatusOK, "Original copy")
	}
	rows, _, err := p.Store.Flows(t.Context(), store.FlowFilter{State: "draft"})
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 2 || rows[0].On || rows[0].Alias == rows[1].Alias {
		t.Errorf("two copies are %+v; want two drafts that are off, with aliases of their own", rows)
	}
}

func TestFlowsAreDeletedUnlessTheyRun(t *testing.T) {
	p := newPlace(t)
	b := p.owner()
	id := p.flow("Doomed", answering(""))
	f, err := p.Store.Flow(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := p.Store.PutDocument(t.Context(), f.Draft)
	if err != nil {
		t.Fatal(err)
	}
	run := flows.Run{ID: store.NewID("r_"), FlowID: id, Document: doc, Status: flows.Queued, Trigger: "event.endpoint", Created: time.Now()}
	if err := p.Store.Create(t.Context(), run); err != nil {
		t.Fatal(err)
	}
	refused := b.do(http.MethodDelete, "/flows/"+id, nil, p.inList("")...).want(http.StatusConflict)
	if got := refused.header.Get("HX-Trigger"); !strings.Contains(got, "still going") || !strings.Contains(got, "/flows/"+id+"/runs") {
		t.Errorf("deleting a flow that runs says %q, want why and where its runs are", got)
	}
	memo, err := p.Store.Claim(t.Context(), run.ID, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Store.Finish(t.Context(), run.ID, memo.Run.Epoch, nil, flows.Outcome{Status: flows.Succeeded, At: time.Now()}); err != nil {
		t.Fatal(err)
	}
	b.do(http.MethodDelete, "/flows/"+id, nil, p.inList("")...).want(http.StatusOK, "Build your first flow")
	b.get("/flows/" + id).want(http.StatusNotFound)
}

func TestAConnectionThatIsSignedOutIsToldAboveTheList(t *testing.T) {
	p := newPlace(t)
	b := p.owner()
	c := connectors.Connection{ID: store.NewID("c_"), Name: "Payroll · OAuth", Type: "oauth_code", State: connectors.NeedsSignIn, StateDetail: "Refresh token revoked", Created: p.Now(), Updated: p.Now()}
	if err := p.Store.CreateConnection(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	id := p.flow("Uses it", answering(c.ID))
	b.get("/flows").want(http.StatusOK).wantNot("is signed out")
	p.publish(id)
	b.get("/flows").want(http.StatusOK, "“Payroll · OAuth” is signed out.", "Refresh token revoked. One live flow fails", "/connections/"+c.ID)
	b.post("/flows/"+id+"/off", nil)
	b.get("/flows").want(http.StatusOK).wantNot("is signed out")
}

func TestExportAndImportMakeTheSameFlow(t *testing.T) {
	p := newPlace(t)
	b := p.owner()
	c := connectors.Connection{ID: store.NewID("c_"), Name: "Acme · Basic", Type: "basic", State: connectors.Ready, Created: p.Now(), Updated: p.Now()}
	if err := p.Vault.Seal(&c, connectors.Secrets{Settings: schema.Values{"username": "u", "password": "hunter2hunter2"}}); err != nil {
		t.Fatal(err)
	}
	if err := p.Store.CreateConnection(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	id := p.flow("Café sync", answering(c.ID), func(f *flows.Flow) {
		f.Labels, f.Description, f.Settings = []string{"crm"}, "What for", flows.Settings{Security: "public", KeepDays: 7}
		f.Alias = "cafe-sync"
	})
	file := b.get("/flows/"+id+"/export").want(http.StatusOK, "Acme · Basic").wantNot("hunter2hunter2", "sealed")
	file.wantHeader("Content-Type", "application/json").wantHeader("Content-Disposition", `attachment; filename="caf-sync.flow.json"`)

	b.post("/flows/import", url.Values{"text": {file.body}}).want(http.StatusOK, "What would be done", "The same", "Import as copies")
	at := b.post("/flows/import", url.Values{"text": {file.body}, "as": {"copy"}}).want(http.StatusSeeOther).header.Get("Location")
	was, err := p.Store.Flow(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	is, err := p.Store.Flow(t.Context(), strings.TrimPrefix(at, "/flows/"))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := mustJSON(t, is.Draft), mustJSON(t, was.Draft); got != want {
		t.Errorf("imported\n%s\nwant\n%s", got, want)
	}
	if is.Name != was.Name || is.Description != was.Description || is.Settings.KeepDays != 7 || is.On || is.Version != 0 || is.Alias == was.Alias {
		t.Errorf("imported %+v\nfrom %+v", is, was)
	}

	elsewhere := newPlace(t)
	at = elsewhere.owner().post("/flows/import", url.Values{"text": {file.body}}).want(http.StatusSeeOther).header.Get("Location")
	there, err := elsewhere.Store.Flow(t.Context(), strings.TrimPrefix(at, "/flows/"))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := there.Draft.Chain[0].Connection, was.Draft.Chain[0].Connection; got != want {
		t.Errorf("a server without the connection has %q at the step, want %q, so that its author is told", got, want)
	}
	if there.Alias != was.Alias {
		t.Errorf("a server where the alias is free gives %q, want %q", there.Alias, was.Alias)
	}
}

func mustJSON(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestImportSaysWhatIsWrongAndWhere(t *testing.T) {
	p := newPlace(t)
	b := p.owner()
	for _, tt := range []struct{ name, text, want string }{
		{"nothing", "", "Choose a file, or paste the text of one."},
		{"not JSON", "{\n  \"flowdeck\": 1,\n  oops\n}", "Line 3, column 3"},
		{"not text", "\xff\xfe\x00", "not a text file"},
		{"something else", `{"nodes": []}`, "not a file of Flowdeck"},
		{"a list", `[1]`, "Line 1"},
		{"from the future", `{"flowdeck": 9, "document": {}}`, "is format 9; this Flowdeck reads format 1"},
		{"an unknown card", `{"flowdeck": 1, "document": {"format": 1, "trigger": {"id": "e", "card": "event.endpoint"}, "chain": [{"id": "x", "card": "slack.post"}]}}`, "Line 1, column 115: document.chain.0.card is a card that this Flowdeck does not have: &#34;slack.post&#34;"},
		{"two steps with one id", `{"flowdeck": 1, "document": {"format": 1, "trigger": {"id": "x", "card": "event.endpoint"}, "chain": [{"id": "x", "card": "http.get"}]}}`, "is the id of another step too"},
		{"settings beyond all bounds", `{"flowdeck": 1, "settings": {"max_body": 9000000000000, "methods": ["GET\nX: y"], "origins": ["javascript:"]}, "document": {"format": 1, "trigger": {"id": "e", "card": "event.endpoint"}, "chain": []}}`, "max_body"},
		{"settings below all bounds", `{"flowdeck": 1, "settings": {"keep_days": -5}, "document": {"format": 1, "trigger": {"id": "e", "card": "event.endpoint"}, "chain": []}}`, "keep_days"},
		{"a method that is none", `{"flowdeck": 1, "settings": {"methods": ["GET\nX: y"]}, "document": {"format": 1, "trigger": {"id": "e", "card": "event.endpoint"}, "chain": []}}`, "methods"},
		{"a wrong type in the document", "{\"flowdeck\": 1,\n \"document\": {\"format\": 1,\n  \"trigger\": 7}}", "Line 3"},
		{"an unknown key in the document", "{\"flowdeck\": 1,\n \"document\": {\"format\": 1,\n  \"trigger\": {\"id\": \"e\", \"card\": \"event.endpoint\"},\n  \"color\": 1}}", "Line 4"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := &browser{&place{Server: p.Server, t: t, url: p.url}, b.client}
			got := b.post("/flows/import", url.Values{"text": {tt.text}}, "HX-Request", "true").want(http.StatusUnprocessableEntity, "<dialog", "Nothing was imported.")
			if !strings.Contains(got.body, tt.want) {
				t.Errorf("importing %s says\n%s\nwant %s", tt.name, got.body, tt.want)
			}
		})
	}
	b.get("/flows").want(http.StatusOK, "Build your first flow")
}
