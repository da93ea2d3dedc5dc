package connectors

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"flowdeck/cards/schema"
	"flowdeck/cards/trace"
)

// heads is a server that keeps the head of each request as it came over the wire.
func heads(t *testing.T) (address string, got chan []string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	got = make(chan []string, 10)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			r, lines := bufio.NewReader(c), []string{}
			for {
				line, err := r.ReadString('\n')
				if line = strings.TrimSpace(line); err != nil || line == "" {
					break
				}
				lines = append(lines, line)
			}
			got <- lines
			_, _ = io.WriteString(c, "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
			_ = c.Close()
		}
	}()
	return "http://" + l.Addr().String(), got
}

func (b *bench) send(client *http.Client, method, at, body string, header ...string) error {
	b.t.Helper()
	r, err := http.NewRequest(method, at, strings.NewReader(body))
	if err != nil {
		b.t.Fatal(err)
	}
	if body == "" {
		r.Body, r.ContentLength = nil, 0
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Add(header[i], header[i+1])
	}
	res, err := client.Do(r)
	if err == nil {
		_ = res.Body.Close()
	}
	return err
}

func TestThePreviewIsWhatGoesOverTheWire(t *testing.T) {
	b := newBench(t)
	at, got := heads(t)
	u, _ := url.Parse(at)
	id := b.add("header", schema.Values{"headers": []any{schema.Values{"name": "X-Api-Key", "value": "k-123456789"}}, "query": []any{schema.Values{"name": "key", "value": "q-123456789"}}}, Token{}, u.Host)
	for _, c := range []struct {
		method, body string
		header       []string
	}{
		{"POST", `{"a":"ü"}`, []string{"Content-Type", "application/json", "Idempotency-Key", "t_1", "Accept", "*/*", "X-Twice", "1", "X-Twice", "2"}},
		{"PUT", "", nil}, {"DELETE", "", []string{"User-Agent", "mine"}}, {"GET", "", []string{"Accept-Encoding", "br"}}, {"PATCH", "x", []string{"Range", "bytes=0-1"}},
	} {
		record := &trace.Trace{}
		if err := b.send(b.clients.Preview(context.Background(), id, record), c.method, at+"/x?b=1", c.body, c.header...); !errors.Is(err, ErrPreview) {
			t.Fatalf("%s: %v, want ErrPreview", c.method, err)
		}
		client, err := b.clients.Client(context.Background(), id)
		if err != nil {
			t.Fatal(err)
		}
		if err := b.send(client, c.method, at+"/x?b=1", c.body, c.header...); err != nil {
			t.Fatal(err)
		}
		x, sent := record.Exchanges[0], <-got
		for i, line := range sent { // its case says nothing, see once
			sent[i] = strings.Replace(line, "Idempotency-key:", "Idempotency-Key:", 1)
		}
		shown := []string{c.method + " " + strings.TrimPrefix(strings.Replace(x.URL, Mask, "q-123456789", 1), at) + " HTTP/1.1"}
		for _, h := range x.RequestHeaders {
			shown = append(shown, h[0]+": "+strings.Replace(h[1], Mask, "k-123456789", 1))
		}
		if !slices.Equal(shown, sent) {
			t.Errorf("%s is shown as\n%s\nand sent as\n%s", c.method, strings.Join(shown, "\n"), strings.Join(sent, "\n"))
		}
		if x.RequestBody != c.body || x.RequestSize != int64(len(c.body)) || (x.BodySum == "") != (c.body == "") {
			t.Errorf("%s: the body is shown as %q of %d bytes, want %q", c.method, x.RequestBody, x.RequestSize, c.body)
		}
		if want := []string{"X-Api-Key", "key"}; !slices.Equal(x.Signed, want) || x.Purpose != trace.Preview {
			t.Errorf("signed %v for %q, want %v", x.Signed, x.Purpose, want)
		}
	}
	if len(got) > 0 {
		t.Errorf("the server got %v from a preview", <-got)
	}
}

func TestThePreviewRenewsNothing(t *testing.T) {
	b, s := newBench(t), newTokenServer(t)
	over, none := signedIn(b, s, -time.Hour), b.add("oauth_code", s.oauth(nil), Token{}, strings.TrimPrefix(s.URL, "http://"))
	for id, said := range map[string]string{over: "the token is over", none: "there is no token yet"} {
		record := &trace.Trace{}
		if err := b.send(b.clients.Preview(context.Background(), id, record), "POST", s.URL+"/api", "x"); !errors.Is(err, ErrPreview) {
			t.Fatalf("%v, want ErrPreview", err)
		}
		if len(record.Log) != 1 || !strings.Contains(record.Log[0].Text, said) {
			t.Errorf("log %+v, want one line with %q", record.Log, said)
		}
		if got := record.Exchanges[0].RequestHeaders; !slices.Contains(got, [2]string{"Authorization", "Bearer " + Mask}) || strings.Contains(record.Exchanges[0].URL, stand) {
			t.Errorf("headers %v, want a masked token", got)
		}
	}
	if n := s.tokenCalls(); n != 0 {
		t.Errorf("%d calls of the token endpoint, want none", n)
	}
}

func TestThePreviewSaysWhatKeepsARequestFromBeingSent(t *testing.T) {
	b := newBench(t)
	id := b.add("basic", schema.Values{"username": "u", "password": "p-12345678"}, Token{}, "api.example.com")
	for _, c := range []struct{ id, at, want string }{
		{id, "http://127.0.0.1:1/", "api.example.com"}, {"", "ftp://127.0.0.1:1/", "only http:// and https://"}, {"c_none", "http://127.0.0.1:1/", "deleted"},
	} {
		record := &trace.Trace{}
		err := b.send(b.clients.Preview(context.Background(), c.id, record), "POST", c.at, "x")
		if err == nil || errors.Is(err, ErrPreview) || !strings.Contains(err.Error(), c.want) || len(record.Exchanges) > 0 {
			t.Errorf("%s with %q: %v and %d exchanges, want an error that names %s and none", c.at, c.id, err, len(record.Exchanges), c.want)
		}
	}
}
