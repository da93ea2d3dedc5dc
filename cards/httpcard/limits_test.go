package httpcard

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

func TestTheFirstByteMayTakeItsTimeOnly(t *testing.T) {
	_, e := get(t, func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, schema.Values{"first_byte_timeout": "50ms"})
	wantError(t, e, cards.CodeTimeout, ": the answer did not begin within 50ms", true)
}

func TestAnAnswerThatBeganMayTakeLonger(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ours, theirs := net.Pipe()
		go func() {
			defer theirs.Close()
			if _, err := http.ReadRequest(bufio.NewReader(theirs)); err != nil {
				return
			}
			fmt.Fprint(theirs, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
			time.Sleep(time.Minute) // of the test's own clock
			fmt.Fprint(theirs, "late, but begun")
		}()
		client := &http.Client{Transport: &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) { return ours, nil }}}
		out, err := Get.Call(t.Context(), cards.Env{HTTP: client}, schema.Values{"url": "http://api.example.com/", "timeout": "2m", "connect_timeout": "1s", "first_byte_timeout": "1s"})
		if err != nil || out["body"] != "late, but begun" {
			t.Errorf("got %v, %v", out, err)
		}
	})
}

func TestConnectingMayTakeItsTimeOnly(t *testing.T) {
	done := make(chan struct{})
	defer close(done)
	transport := &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
		<-done
		return nil, net.ErrClosed
	}}
	_, err := Get.Call(t.Context(), cards.Env{HTTP: &http.Client{Transport: transport}}, schema.Values{"url": "http://api.example.com/", "connect_timeout": "50ms"})
	wantError(t, cards.ErrorOf(err), cards.CodeTimeout, "api.example.com: there was no connection within 50ms", true)
}

func TestTheWholeTimeIsTheCardsOrTheConnections(t *testing.T) {
	for _, c := range []struct {
		card, connection time.Duration
		want             time.Duration
	}{{0, 0, 30 * time.Second}, {0, 5 * time.Second, 5 * time.Second}, {time.Minute, 5 * time.Second, time.Minute}, {0, 9 * time.Hour, time.Hour}} {
		if got := (limits{Timeout: patience{c.card}}).whole(c.connection); got != c.want {
			t.Errorf("a card with %v at a connection with %v waits %v, want %v", c.card, c.connection, got, c.want)
		}
	}
	_, e := get(t, func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, schema.Values{"timeout": "50ms"})
	wantError(t, e, cards.CodeTimeout, "within 50ms: no answer had begun", true)
	_, e = get(t, func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, "begun")
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	}, schema.Values{"timeout": "50ms"})
	wantError(t, e, cards.CodeTimeout, "within 50ms: its status was 200, and 5 bytes of its body had come", true)
	for _, bad := range []string{"0s", "2h", "-1s", "soon"} {
		for _, field := range []string{"timeout", "connect_timeout", "first_byte_timeout"} {
			if p := Get.Inputs.Check(schema.Values{"url": "https://a/", field: bad}); len(p) != 1 || p[0].Field != field {
				t.Errorf("%s %s: %v, want a problem at the field", field, bad, p)
			}
		}
	}
}

func TestAnswersHaveALargestSize(t *testing.T) {
	body := strings.Repeat("x", 1<<20)
	send := func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, body) }
	if out, e := get(t, send, schema.Values{"max_size": 1}); e != nil || out["body"] != body {
		t.Errorf("an answer of exactly the largest size failed: %v", e)
	}
	_, e := get(t, send, schema.Values{"max_size": 0.5})
	wantError(t, e, cards.CodeTooLarge, "sent more than 512.0 KiB, which is the most that this card takes", false)
	if kept, _ := e.Details["body"].(string); len(kept) != maxKept || e.Details["body_cut"] != true || e.Details["status_code"] != int64(200) {
		t.Errorf("details keep %d bytes, cut %v", len(kept), e.Details["body_cut"])
	}
	_, e = get(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", fmt.Sprint(3<<30))
		fmt.Fprint(w, "x")
	}, nil)
	wantError(t, e, cards.CodeTooLarge, "sent more than 10 MiB, which is the most that this card takes; it announced 3.0 GiB", false)
	for _, bad := range []any{0, 51, "much"} {
		if p := Get.Inputs.Check(schema.Values{"url": "https://a/", "max_size": bad}); len(p) != 1 || p[0].Field != "max_size" {
			t.Errorf("max_size %v: %v", bad, p)
		}
	}
}
