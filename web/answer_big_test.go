package web

import (
	"fmt"
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"flowdeck/cards/schema"
)

// customers is a JSON list of n objects: of 60,000 it is more than 5 MB long.
func customers(n int) string {
	var b strings.Builder
	for i := range n {
		_, _ = fmt.Fprintf(&b, `%c{"email":"c%05d@example.com","id":%d,"tags":["a","b"],"note":"%s"}`, "[,"[min(i, 1)], i, i, "written down at the front desk")
	}
	return b.String() + "]"
}

var moreURL = regexp.MustCompile(`hx-get="([^"]*/more[^"]*)"`)

// mores are the addresses of what an answer left out, in order.
func mores(body string) []string {
	var list []string
	for _, m := range moreURL.FindAllStringSubmatch(body, -1) {
		list = append(list, html.UnescapeString(m[1]))
	}
	return list
}

func TestALargeAnswerIsShownInParts(t *testing.T) {
	const n = 60_000
	body := customers(n)
	w := newWorld(t, func(rw http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/text" {
			_, _ = fmt.Fprint(rw, strings.Repeat("Ærø ", 1_000_000))
			return
		}
		rw.Header().Set("Content-Type", "application/json")
		_, _ = fmt.Fprint(rw, body)
	})
	w.signIn()
	f := w.publish("large", public, endpointDoc(nil, step("get", "http.get", schema.Values{"url": w.upstream.URL}), step("text", "http.get", schema.Values{"url": w.upstream.URL + "/text"})))
	drawer := "/flows/" + f.ID + "/steps/get/test"
	if got := w.page("/flows/" + f.ID + "/steps/get/answer"); got.status != 404 {
		t.Errorf("download before there is an answer: %d, want 404", got.status)
	}
	w.want("try", w.form(true, drawer), 200, "200 OK")
	got := w.part(drawer)
	w.want("the drawer", got, 200, "Download the whole body")
	if len(got.body) > 300_000 {
		t.Errorf("the drawer is %d bytes long", len(got.body))
	}
	next := mores(got.body)
	if len(next) != 1 {
		t.Fatalf("the drawer leads on to %q, want one place", next)
	}
	more := w.part(next[0])
	w.want("what comes next", more, 200, "body[")
	w.triggers("what comes next", more, "fd:focus")
	w.want("the end", w.part("/flows/"+f.ID+"/steps/get/answer/more?at=body&from=59999&depth=1"), 200, "c59999@example.com")
	w.want("an object in it", w.part("/flows/"+f.ID+"/steps/get/answer/more?at=body%5B7%5D.tags&from=1&depth=3"), 200, "&#34;b&#34;")
	w.want("beyond the end", w.part("/flows/"+f.ID+"/steps/get/answer/more?at=body&from=99999999&depth=1"), 200, "")
	w.want("no place", w.part("/flows/"+f.ID+"/steps/get/answer/more?at=body&from=-1&depth=1"), 422, "")

	file := w.page("/flows/" + f.ID + "/steps/get/answer")
	if file.status != 200 || len(file.body) < len(body)-n || !strings.Contains(file.body, "c59999@example.com") {
		t.Errorf("the file: %d, %d bytes, want all %d", file.status, len(file.body), len(body))
	}
	if d := file.header.Get("Content-Disposition"); d != `attachment; filename="get-body.json"` || file.header.Get("Cache-Control") != "no-store" {
		t.Errorf("the file is sent with %v", file.header)
	}

	w.want("try text", w.form(true, "/flows/"+f.ID+"/steps/text/test"), 200, "more characters")
	if file = w.page("/flows/" + f.ID + "/steps/text/answer"); file.body != strings.Repeat("Ærø ", 1_000_000) || !strings.Contains(file.header.Get("Content-Disposition"), "text-body.txt") {
		t.Errorf("the text: %d bytes, %v", len(file.body), file.header)
	}

	run := w.over(w.run(w.call("POST", "/api/flows/large/invoke", "")).ID)
	page := w.page("/runs/" + run.ID + "/steps/get")
	if next = mores(page.body); len(next) == 0 || len(page.body) > 300_000 {
		t.Fatalf("the page of the run is %d bytes long and leads on to %q", len(page.body), next)
	}
	w.want("what comes next in the run", w.part(next[len(next)-1]), 200, "@example.com")
	w.want("the end in the run", w.part("/runs/"+run.ID+"/more/get?part=output&at=body&from=59999&depth=1"), 200, "c59999@example.com")
	w.want("no such value", w.part("/runs/"+run.ID+"/more/get?part=none&at=body&from=0&depth=1"), 404, "")
	w.want("of the event", w.part("/runs/"+run.ID+"/more/endpoint?part=output&at=event&from=0&depth=0"), 200, "raw_body")
}
