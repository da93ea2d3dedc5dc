package web

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"flowdeck/connectors"
	"flowdeck/flows/store"
	"flowdeck/meter"
)

// counted is n things that took d, some of which failed.
func counted(n, failed int, d time.Duration) meter.Count {
	var t meter.Tally
	for range n {
		t.Observe(d)
	}
	t.Failed.Add(int64(failed))
	return t.Read()
}

func TestTheDashboardAddsUpWhatWasKept(t *testing.T) {
	w := newWorld(t, func(http.ResponseWriter, *http.Request) {})
	w.signIn()
	f := w.publish("orders", public, endpointDoc(nil, step("get", "http.get", map[string]any{"url": "https://a.io"})))
	ctx, now := context.Background(), time.Now()
	conn := connectors.Connection{ID: "c_shop", Name: "The shop", Type: "none", Created: now}
	must(t, w.s.Store.CreateConnection(ctx, conn))
	used := step("pay", "http.get", map[string]any{"url": "https://a.io"})
	used.Connection = conn.ID
	payer := w.publish("payer", public, endpointDoc(nil, used))
	var rows []store.TallyRow
	for _, span := range store.TallySpans() {
		add := func(kind, subject string, c meter.Count) {
			for _, node := range []string{"a", "b"} {
				rows = append(rows, store.TallyRow{Span: span.Length, Slot: now.UTC().Truncate(span.Length), Kind: kind, Subject: subject, Node: node, Count: c})
			}
		}
		add(store.TallyAll, "", counted(600, 3, 40*time.Millisecond))
		add(store.TallyRuns, f.ID, counted(500, 1, 40*time.Millisecond))
		add(store.TallyRuns, "f_gone", counted(100, 2, 40*time.Millisecond))
		add(store.TallySteps, f.ID+"/get", counted(500, 1, 30*time.Millisecond))
		add(store.TallyConnection, "", counted(600, 3, 20*time.Millisecond))
		add(store.TallySteps, payer.ID+"/pay", counted(9, 2, 30*time.Millisecond))
		add(store.TallyConnection, conn.ID, counted(9, 2, 20*time.Millisecond))
		add(store.TallyConnection, "c_gone", counted(7, 0, 20*time.Millisecond))
	}
	must(t, w.s.Store.PutTallies(ctx, rows))
	w.want("signed out", w.call("GET", "/dashboard", ""), http.StatusSeeOther, "")
	for _, key := range []string{"hour", "day", "week", "month", "nonsense"} {
		got := w.send(w.browser, "GET", "/dashboard?range="+key, "")
		for _, part := range []string{"1,200 runs in the last", ">Flow orders<", "A flow that was deleted", "0.5 %", "Without a connection", "A connection that was deleted", ">Get<"} {
			w.want(key, got, http.StatusOK, part)
		}
	}
	one := w.send(w.browser, "GET", "/dashboard?range=hour&flow="+f.ID, "")
	w.want("of one flow", one, http.StatusOK, "1,000 runs in the last hour, 2 of them failed.")
	w.want("numbers stand under their headings", one, http.StatusOK, `class="num">Succeeded</th>`)
	if strings.Contains(one.body, "0 µs") {
		t.Error("the scale of times in ms begins with 0 µs")
	}
	if regexp.MustCompile("Flows with most runs|Connections</h2>").MatchString(one.body) {
		t.Error("the page of one flow has tables of others")
	}
	for id, name := range map[string]string{conn.ID: "The shop", "none": "Without a connection", "c_gone": "A connection that was deleted"} {
		w.want("all lead to "+id, w.send(w.browser, "GET", "/dashboard?range=week", ""), http.StatusOK, `href="/dashboard?connection=`+id+`&amp;range=week">`+name+`<`)
	}
	shop := w.send(w.browser, "GET", "/dashboard?range=day&connection="+conn.ID, "")
	for _, part := range []string{"<h1>The shop</h1>", "18 requests in the last 24 hours, 4 of them failed.", "Slowest cards that use it", "#card-pay"} {
		w.want("of one connection", shop, http.StatusOK, part)
	}
	for _, part := range []string{"#card-get", "Stopped", "Flows with most runs"} {
		if strings.Contains(shop.body, part) {
			t.Errorf("the page of one connection has %q", part)
		}
	}
	w.want("without one", w.send(w.browser, "GET", "/dashboard?connection=none", ""), http.StatusOK, "1,200 requests in the last 24 hours")
	w.want("of a deleted one", w.send(w.browser, "GET", "/dashboard?connection=c_gone", ""), http.StatusOK, "14 requests in the last 24 hours")
	w.want("of an unused one", w.send(w.browser, "GET", "/dashboard?connection=c_none", ""), http.StatusOK, "No requests in the last 24 hours")
	w.want("of a flow without runs", w.send(w.browser, "GET", "/dashboard?flow=f_none", ""), http.StatusOK, "No runs in the last 24 hours")
}

// TestTheDashboardOfAsMuchAsThereCanBe draws a week of all that is told apart.
func TestTheDashboardOfAsMuchAsThereCanBe(t *testing.T) {
	w := newWorld(t, func(http.ResponseWriter, *http.Request) {})
	w.signIn()
	now, c := time.Now(), counted(100, 3, 40*time.Millisecond)
	var rows []store.TallyRow
	for at := now.Add(-7 * 24 * time.Hour); at.Before(now); at = at.Add(2 * time.Hour) {
		slot := at.UTC().Truncate(2 * time.Hour)
		rows = append(rows, store.TallyRow{Span: 2 * time.Hour, Slot: slot, Kind: store.TallyAll, Node: "a", Count: c})
		for i := range 150 {
			rows = append(rows, store.TallyRow{Span: 2 * time.Hour, Slot: slot, Kind: store.TallySteps, Subject: fmt.Sprintf("f_%d/get", i), Node: "a", Count: c})
		}
		for i := range 100 {
			rows = append(rows, store.TallyRow{Span: 2 * time.Hour, Slot: slot, Kind: store.TallyRuns, Subject: fmt.Sprintf("f_%d", i), Node: "a", Count: c})
		}
	}
	must(t, w.s.Store.PutTallies(context.Background(), rows))
	began := time.Now()
	w.want("a week", w.send(w.browser, "GET", "/dashboard?range=week", ""), http.StatusOK, "Slowest cards")
	t.Logf("%d rows in %s", len(rows), time.Since(began))
}

// Two bars of a day do not look as if each were the whole day.
func TestBarsOfAMonthAreToldApart(t *testing.T) {
	w := newWorld(t, func(http.ResponseWriter, *http.Request) {})
	w.signIn()
	row := store.TallyRow{Span: 2 * time.Hour, Slot: time.Now().UTC().Truncate(2 * time.Hour), Kind: store.TallyAll, Node: "a", Count: counted(5, 0, time.Millisecond)}
	must(t, w.s.Store.PutTallies(context.Background(), []store.TallyRow{row}))
	got := w.send(w.browser, "GET", "/dashboard?range=month", "")
	charts := regexp.MustCompile(`(?s)<tbody>.*?</tbody>`).FindAllString(got.body, 2)
	if len(charts) == 0 {
		t.Fatalf("there is no table: %s", got.body)
	}
	seen := map[string]bool{}
	for _, label := range regexp.MustCompile(`<th scope="row">(.*?)</th>`).FindAllStringSubmatch(charts[0], -1) {
		if seen[label[1]] {
			t.Errorf("two bars are called %q", label[1])
		}
		seen[label[1]] = true
	}
	if len(seen) < 60 {
		t.Errorf("there are %d bars: %v", len(seen), seen)
	}
}

// TestTheFiguresOfAMonthAreOfTheSameTime: the flows of a month are added up by days, and what
// is above them has to begin with a day, too.
func TestTheFiguresOfAMonthAreOfTheSameTime(t *testing.T) {
	w := newWorld(t, func(http.ResponseWriter, *http.Request) {})
	w.signIn()
	w.s.Now = func() time.Time { return time.Date(2026, 12, 1, 15, 0, 0, 0, time.FixedZone("", 2*60*60)) }
	var rows []store.TallyRow
	for _, at := range []time.Time{time.Date(2026, 11, 1, 3, 0, 0, 0, time.UTC), time.Date(2026, 12, 1, 10, 0, 0, 0, time.UTC)} {
		for _, span := range []time.Duration{2 * time.Hour, 24 * time.Hour} {
			slot := at.Truncate(span)
			rows = append(rows, store.TallyRow{Span: span, Slot: slot, Kind: store.TallyAll, Node: "a", Count: counted(50, 0, time.Millisecond)},
				store.TallyRow{Span: span, Slot: slot, Kind: store.TallyRuns, Subject: "f_gone", Node: "a", Count: counted(50, 0, time.Millisecond)})
		}
	}
	must(t, w.s.Store.PutTallies(context.Background(), rows))
	got := w.send(w.browser, "GET", "/dashboard?range=month", "")
	w.want("all", got, http.StatusOK, "100 runs in the last 30 days")
	w.want("by flow", got, http.StatusOK, `<td class="num">100</td>`)
}
