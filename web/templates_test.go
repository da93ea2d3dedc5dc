package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"flowdeck/cards"
	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/flows/templates"
)

// company is every service that the templates call: people, crm, mail and so on, each
// below its own path. What has no answer of its own makes something, and gives it an id.
type company struct {
	mu      sync.Mutex
	made    int
	sent    []string // "POST /mail/send {…}"
	answers map[string]func(r *http.Request, body string) (int, string)
	mailed  chan string // links that were mailed
}

var (
	link    = regexp.MustCompile(`/callback/[^\s"\\]+`)
	example = regexp.MustCompile(`https://([a-z]+)\.example\.com`)
)

func (c *company) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	data, _ := io.ReadAll(r.Body)
	body := string(data)
	c.mu.Lock()
	c.sent = append(c.sent, r.Method+" "+r.URL.RequestURI()+" "+body)
	c.made++
	status, text := http.StatusCreated, fmt.Sprintf(`{"id":"id-%d"}`, c.made)
	if answer, ok := c.answers[r.Method+" "+r.URL.Path]; ok {
		status, text = answer(r, body)
	}
	c.mu.Unlock()
	if r.URL.Path == "/mail/send" {
		if found := link.FindString(body); found != "" {
			c.mailed <- found
		}
	}
	w.Header().Set("Content-Type", "application/json")
	if strings.HasPrefix(text, "<") {
		w.Header().Set("Content-Type", "text/xml")
	}
	if strings.HasPrefix(text, "%PDF") {
		w.Header().Set("Content-Type", "application/pdf")
		w.Header().Set("Content-Disposition", `attachment; filename="terms.pdf"`)
	}
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text)
}

// asked counts the requests that begin like this.
func (c *company) asked(beginning string) (n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, s := range c.sent {
		if strings.HasPrefix(s, beginning) {
			n++
		}
	}
	return n
}

func says(status int, text string) func(*http.Request, string) (int, string) {
	return func(*http.Request, string) (int, string) { return status, text }
}

// inTurn answers with one after the other, and then with the last.
func inTurn(list ...func(*http.Request, string) (int, string)) func(*http.Request, string) (int, string) {
	n := 0
	return func(r *http.Request, body string) (int, string) {
		answer := list[min(n, len(list)-1)]
		n++
		return answer(r, body)
	}
}

// templateCase is what a template does when it is called. The event goes to the main flow;
// answer is what links that are mailed get, "" for none.
type templateCase struct {
	answers map[string]func(*http.Request, string) (int, string)
	rows    map[string][]schema.Values // of tables, before
	event   schema.Values
	body    string // instead of event, as it is
	answer  string
	want    string // part of what the run gives, or of its response, as JSON
	fails   string // code of the error instead
	asked   map[string]int
}

// TestTemplates takes every template, puts the addresses of a server on loopback in,
// publishes it and calls it, again and again.
func TestTemplates(t *testing.T) {
	cases := templateCases()
	for _, tpl := range templates.All() {
		list, ok := cases[tpl.Slug]
		if !ok {
			t.Errorf("the template %s is not tried", tpl.Slug)
		}
		t.Run(tpl.Slug, func(t *testing.T) {
			c := &company{mailed: make(chan string, 16)}
			w := newWorld(t, c.ServeHTTP)
			w.signIn()
			main := w.take(tpl)
			for i, x := range list {
				c.mu.Lock()
				c.answers, c.sent = x.answers, nil
				c.mu.Unlock()
				w.fill(x.rows)
				run := w.drive(c, main, x)
				w.check(fmt.Sprintf("call %d", i+1), c, run, x)
			}
		})
	}
	if len(cases) != len(templates.All()) || len(cases) < 20 {
		t.Errorf("%d templates are tried and there are %d; 20 are promised", len(cases), len(templates.All()))
	}
}

// take uses a template as a browser does, and publishes its flows.
func (w *world) take(tpl templates.Template) flows.Flow {
	w.Helper()
	ctx := context.Background()
	got := w.send(w.browser, http.MethodPost, "/templates/"+tpl.Slug, "", "Sec-Fetch-Site", "same-origin")
	id, opened := strings.CutPrefix(got.header.Get("Location"), "/flows/f_")
	if got.status != http.StatusSeeOther || !opened {
		w.Fatalf("using %s: %d %s %s", tpl.Slug, got.status, got.header.Get("Location"), got.body)
	}
	var all []flows.Flow
	must(w.T, w.s.Store.EachFlow(ctx, func(f flows.Flow) error { all = append(all, f); return nil }))
	for _, f := range all {
		text, err := f.Draft.Encode()
		must(w.T, err)
		here := example.ReplaceAllString(string(text), w.upstream.URL+"/$1")
		here = regexp.MustCompile(`("interval": ?)"[0-9]+s"`).ReplaceAllString(here, `$1"10ms"`)
		here = regexp.MustCompile(`"amount": ?5,(\s*)"unit": ?"seconds"`).ReplaceAllString(here, `"amount": 0.05,$1"unit": "seconds"`)
		var doc flows.Document
		must(w.T, json.Unmarshal([]byte(here), &doc))
		if _, err := flows.Compile(doc, w.s.Cards); err != nil {
			w.Fatalf("%s does not compile: %v", f.Name, err)
		}
		w.publishAgain(f.ID, doc)
		must(w.T, w.s.Store.UpdateFlow(ctx, f.ID, func(f *flows.Flow) error { f.On, f.Settings.Security = true, "public"; return nil }))
	}
	return w.flow("f_" + id)
}

func (w *world) fill(tables map[string][]schema.Values) {
	w.Helper()
	list, err := w.s.Store.Tables(context.Background(), "", 100)
	must(w.T, err)
	for name, rows := range tables {
		for _, t := range list {
			if t.Name != name {
				continue
			}
			var writes []cards.RowWrite
			for _, r := range rows {
				writes = append(writes, cards.RowWrite{Values: r})
			}
			_, err := w.s.Store.WriteRows(context.Background(), t.ID, "", writes)
			must(w.T, err)
		}
	}
}

// drive begins a run of the live version and waits for its end, answering mailed links.
func (w *world) drive(c *company, f flows.Flow, x templateCase) flows.Run {
	w.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	found, err := w.s.Store.FlowByAlias(ctx, f.Alias)
	must(w.T, err)
	var id string
	if trigger := f.Draft.Trigger.Card; trigger == endpointCard {
		id = w.invoked(f, x)
	} else {
		run, err := w.s.startRun(ctx, f, found.Version, found.Document, x.event, "test")
		must(w.T, err)
		id = run.ID
	}
	for range w.engine.Watch(ctx, id) {
		run, err := w.s.Store.Run(ctx, id)
		if err == nil && run.Status.Done() {
			return run
		}
		if err != nil && !errors.Is(err, flows.ErrNotFound) {
			w.Fatal(err)
		}
		select {
		case url := <-c.mailed:
			w.answerLink(url, x.answer)
		default:
		}
	}
	w.Fatalf("the run of %s does not end", f.Name)
	return flows.Run{}
}

func (w *world) invoked(f flows.Flow, x templateCase) string {
	w.Helper()
	body, query, kind := x.body, url.Values{}, "text/csv"
	if body == "" {
		kind = "application/json"
		sent := schema.Values{}
		inputs, _ := f.Draft.Trigger.Inputs["inputs"].([]any)
		for _, in := range inputs {
			m := in.(map[string]any)
			if v, ok := x.event[m["name"].(string)]; ok && m["from"] == "query" {
				query.Set(m["name"].(string), fmt.Sprint(v))
			} else if ok {
				sent[m["name"].(string)] = v
			}
		}
		text, err := schema.EncodeJSON(sent)
		must(w.T, err)
		body = example.ReplaceAllString(string(text), w.upstream.URL+"/$1")
	}
	got := w.call(http.MethodPost, "/api/flows/"+f.Alias+"/invoke?"+query.Encode(), body, "Content-Type", kind)
	id := got.header.Get("X-Flowdeck-Run")
	if id == "" {
		w.Fatalf("invoke %s: %d %s", f.Alias, got.status, got.body)
	}
	return id
}

// answerLink does with a mailed link what a person does in a browser.
func (w *world) answerLink(link, answer string) {
	w.Helper()
	u, err := url.Parse(link)
	must(w.T, err)
	page := w.call(http.MethodGet, u.RequestURI(), "")
	if page.status != http.StatusOK {
		w.Fatalf("the form page answers %d %s", page.status, page.body)
	}
	got := w.call(http.MethodPost, u.RequestURI(), answer, "Content-Type", "application/x-www-form-urlencoded")
	if got.status != http.StatusOK {
		w.Errorf("answering the form: %d %s", got.status, got.body)
	}
}

func (w *world) check(what string, c *company, run flows.Run, x templateCase) {
	w.Helper()
	gives := schema.Values{"output": run.Output}
	if run.Response != nil {
		gives["status"], gives["body"] = int64(run.Response.Status), run.Response.Body
	}
	text, err := schema.EncodeJSON(gives)
	must(w.T, err)
	switch {
	case x.fails != "" && (run.Error == nil || run.Error.Code != x.fails):
		w.Errorf("%s: the run ended %s, %v, want the error %s", what, run.Status, run.Error, x.fails)
	case x.fails == "" && run.Status != flows.Succeeded:
		w.Errorf("%s: the run ended %s at %s: %v", what, run.Status, run.ErrorPath, run.Error)
	case !strings.Contains(string(text), x.want):
		w.Errorf("%s: the run gives %s, want %s", what, text, x.want)
	}
	for beginning, n := range x.asked {
		if got := c.asked(beginning); got != n {
			w.Errorf("%s: %q was asked %d times, want %d\n%s", what, beginning, got, n, strings.Join(c.sent, "\n"))
		}
	}
}
