package wire

import (
	"crypto/tls"
	"fmt"
	"net"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"flowdeck/cards"
	"flowdeck/cards/httpcard"
	"flowdeck/cards/schema"
	"flowdeck/e2e/wire/nasty"
)

const (
	maxTook  = 5 * time.Second // also of a case that never ends: its card waits for 300 ms
	maxBytes = 96 << 20        // allocated, over all; the race detector takes a tenth of it
)

// servers are the nasty ones and what is beside them.
type servers struct {
	plain, expired, young, self, foreign, wrongHost, old, safe *nasty.Server
	closed                                                     int // a port on which nobody listens
}

func startServers(t *testing.T) *servers {
	t.Helper()
	plain, err := nasty.Start()
	must(t, err)
	t.Cleanup(plain.Close)
	other, err := nasty.NewAuthority("Acme Internal CA")
	must(t, err)
	day := func(s string) time.Time { at, err := time.Parse(time.DateOnly, s); must(t, err); return at }
	now := time.Now()
	secure := func(a *nasty.Authority, host string, from, until time.Time, most uint16) *nasty.Server {
		cert, err := a.Certificate(host, from, until)
		must(t, err)
		s, err := nasty.StartTLS(&tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS10, MaxVersion: most})
		must(t, err)
		t.Cleanup(s.Close)
		return s
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	closed := l.Addr().(*net.TCPAddr).Port
	l.Close()
	from, until, host := now.Add(-time.Hour), now.Add(time.Hour), "api.example.com"
	return &servers{plain: plain, closed: closed,
		safe:      secure(authority, host, from, until, 0),
		expired:   secure(authority, host, day("2020-01-01"), day("2020-12-31"), 0),
		young:     secure(authority, host, day("2150-01-01"), day("2151-01-01"), 0),
		self:      secure(nil, host, from, until, 0),
		foreign:   secure(other, host, from, until, 0),
		wrongHost: secure(authority, "www.example.org", from, until, 0),
		old:       secure(authority, host, from, until, tls.VersionTLS11)}
}

// ports are the addresses of a run, which change; documents leave them out.
var (
	ports = regexp.MustCompile(`(example\.com|127\.0\.0\.1):\d+`)
	came  = regexp.MustCompile(`\d+ bytes of its body`)
)

func TestBadServers(t *testing.T) {
	s, w := startServers(t), newWorld(t)
	var doc strings.Builder
	doc.WriteString(docHead)
	for _, group := range badServers(s) {
		fmt.Fprintf(&doc, "\n## %s\n\n| The server | The card shows | In words | Worth a retry |\n| --- | --- | --- | --- |\n", group.title)
		for _, c := range group.cases {
			t.Run(c.does, func(t *testing.T) {
				w.t = t
				in := schema.Values{"url": c.url}
				for k, v := range c.in {
					in[k] = v
				}
				got := w.call(c.cardOr(httpcard.Get), "", in)
				c.holds(t, got)
				if strings.HasPrefix(c.url, s.base()) {
					signed := w.connect("header", schema.Values{"headers": []any{schema.Values{"name": "X-Api-Key", "value": "key-1234567890"}}},
						fmt.Sprintf("api.example.com:%d", s.plain.Port()))
					again := w.call(c.cardOr(httpcard.Get), signed, in)
					c.holds(t, again)
					if a, b := c.row(got), c.row(again); a != b {
						t.Errorf("signed in it shows\n%s\nwithout\n%s", b, a)
					}
				}
				doc.WriteString(c.row(got))
			})
		}
	}
	const file = "../../docs/bad-servers.md"
	if *update {
		must(t, os.WriteFile(file, []byte(doc.String()), 0o644))
	}
	have, err := os.ReadFile(file)
	must(t, err)
	if string(have) != doc.String() {
		t.Errorf("%s is not what the tests saw: run go test ./e2e/wire -run TestBadServers -update, and read the difference", file)
	}
}

const docHead = `# What a card shows when a server misbehaves

This page is written by the tests (` + "`go test ./e2e/wire -update`" + `): each row is a server that does just that, and
what a card answered. Every failure keeps the trace as far as it got, and what came of the answer.

The code is what a retry rule or a condition matches. Codes with a class match the class too: ` + "`tls`" + ` matches
every code that begins with ` + "`tls_`" + `, ` + "`reset`" + ` matches ` + "`truncated`" + `, and ` + "`invalid_response`" + ` matches all that
spoils an answer: ` + "`bad_http`, `too_many_1xx`, `bad_encoding`, `bad_text`, `bad_json`, `too_deep`, `redirect_loop`, `too_many_redirects`, `bad_redirect` and `page_loop`" + `.
`

func (s *servers) base() string { return fmt.Sprintf("http://api.example.com:%d/", s.plain.Port()) }

// bad is one thing a server does, and what must come of it.
type bad struct {
	does   string
	url    string
	in     schema.Values
	card   *cards.Card
	code   string // "" when the card succeeds
	retry  bool
	status int    // of the last answer in the trace; 0 when none came
	shows  string // of a card that succeeds: what it puts out, in words
	body   any    // that it puts out, when shows is not empty
}

func (c bad) cardOr(usual cards.Card) cards.Card {
	if c.card != nil {
		return *c.card
	}
	return usual
}

// holds checks an outcome against the case.
func (c bad) holds(t *testing.T, got outcome) {
	t.Helper()
	switch {
	case c.code == "" && got.err != nil:
		t.Errorf("failed with %v, want %s", got.err, c.shows)
	case c.code == "" && !schema.Equal(got.out["body"], c.body):
		t.Errorf("body = %#v, want %#v", got.out["body"], c.body)
	case c.code != "" && got.err == nil:
		t.Errorf("put out %v, want the error %s", got.out, c.code)
	case c.code != "" && (got.err.Code != c.code || got.err.Retryable != c.retry):
		t.Errorf("failed with %v, retryable %v, want %s, %v", got.err, got.err.Retryable, c.code, c.retry)
	}
	if n := len(got.trace.Exchanges); n == 0 {
		t.Error("the trace is empty")
	} else if last := got.trace.Exchanges[n-1]; last.Status != c.status || last.Status == 0 && last.Error == "" {
		t.Errorf("the trace ends with status %d, %q, want status %d, or why none came", last.Status, last.Error, c.status)
	}
	if got.err != nil && c.status != 0 && !strings.Contains(c.code, "redirect") && got.err.Code != cards.CodeBlocked && got.err.Details["status_code"] != int64(c.status) {
		t.Errorf("details = %v, want the status %d that came", got.err.Details, c.status)
	}
	if got.took > maxTook || got.bytes > maxBytes {
		t.Errorf("took %v and %d MiB, want at most %v and %d MiB", got.took, got.bytes>>20, maxTook, maxBytes>>20)
	}
}

// row is the case as a line of the table.
func (c bad) row(got outcome) string {
	does := strings.ReplaceAll(c.does, "|", `\|`)
	if got.err == nil {
		return fmt.Sprintf("| %s | succeeds | %s | |\n", does, c.shows)
	}
	retry := "no"
	if got.err.Retryable {
		retry = "yes"
	}
	switch after := got.err.After; { // of a date, a part of a second is over
	case after > 10*time.Second:
		retry += ", after " + after.Round(10*time.Second).String()
	case after > 0:
		retry += ", after " + after.String()
	}
	message := strings.NewReplacer("|", `\|`, "\n", " ", "<", "&lt;").Replace(came.ReplaceAllString(ports.ReplaceAllString(got.err.Message, "$1"), "some bytes of its body"))
	return fmt.Sprintf("| %s | `%s` | %s | %s |\n", does, got.err.Code, message, retry)
}

// A connection that a server closed while it was idle is found out by the next request
// on it. Reading again does no harm; writing again might do the thing twice.
func TestAWriteOnADeadConnectionIsNotRepeated(t *testing.T) {
	s, w := startServers(t), newWorld(t)
	url := s.base() + "stale"
	for i, c := range []struct {
		card  cards.Card
		in    schema.Values
		asked int // requests that arrive: the first, the one on the dead connection, and one more when it is repeated
		code  string
	}{
		{httpcard.Get, schema.Values{}, 3, ""},
		{httpcard.Delete, schema.Values{}, 2, "reset"},
		{httpcard.Post, schema.Values{"body": "x", "idempotency": "off"}, 2, "reset"},
		{httpcard.Post, schema.Values{"body": "x"}, 2, "reset"},
		{httpcard.Patch, schema.Values{"body": "x"}, 2, "reset"},
	} {
		before := s.plain.Asked("/stale")
		w.clients.Close() // no connection of the case before is left
		if first := w.call(httpcard.Get, "", schema.Values{"url": url}); first.err != nil {
			t.Fatalf("case %d: the first request failed: %v", i, first.err)
		}
		c.in["url"] = url
		got := w.call(c.card, "", c.in)
		code := ""
		if got.err != nil {
			code = got.err.Code
		}
		if asked := s.plain.Asked("/stale") - before; code != c.code || asked != c.asked {
			t.Errorf("%s with %v: error %q after %d requests, want %q after %d", c.card.Name, c.in, code, asked, c.code, c.asked)
		}
	}
}
