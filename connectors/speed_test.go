package connectors

import (
	"compress/gzip"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"flowdeck/cards/trace"
)

// direct answers without a socket, so that only the transport's own work is measured.
type direct struct{ header http.Header }

func (d direct) RoundTrip(r *http.Request) (*http.Response, error) {
	h := make(http.Header, len(d.header))
	for k, v := range d.header {
		h[k] = v
	}
	return &http.Response{StatusCode: http.StatusOK, Proto: "HTTP/1.1", Header: h, ContentLength: 11, Request: r,
		Body: io.NopCloser(strings.NewReader("{\"a\":\"b\"}\r\n"))}, nil
}

// BenchmarkRoundTrip is what a request costs beside the socket, with nothing special configured.
func BenchmarkRoundTrip(b *testing.B) {
	answer := direct{http.Header{"Content-Type": {"application/json"}, "Date": {"Sun, 22 Nov 2026 07:00:00 GMT"}, "Content-Length": {"11"}}}
	for _, way := range ways(b, "https://api.example.com/v1/things?page=2") {
		b.Run(way.name, func(b *testing.B) {
			wire := &wire{base: answer, guard: way.clients.guard}
			if way.session != nil {
				wire.masks = way.session.masks.Load
			}
			b.ReportAllocs()
			for b.Loop() {
				ctx := trace.With(context.Background(), &trace.Trace{})
				r, _ := http.NewRequestWithContext(ctx, http.MethodGet, way.url, nil)
				res, err := wire.RoundTrip(r)
				if err != nil {
					b.Fatal(err)
				}
				_, _ = io.Copy(io.Discard, res.Body)
				res.Body.Close()
			}
		})
	}
}

// BenchmarkLoopback is a request to a server on this machine.
func BenchmarkLoopback(b *testing.B) {
	var packed strings.Builder
	z := gzip.NewWriter(&packed)
	_, _ = io.WriteString(z, strings.Repeat(`{"id":17,"name":"a thing"},`, 100))
	z.Close()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if r.URL.Path == "/packed" {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = io.WriteString(w, packed.String())
			return
		}
		_, _ = io.WriteString(w, `{"a":"b"}`)
	}))
	b.Cleanup(s.Close)
	for _, path := range []string{"/plain", "/packed"} {
		for _, way := range ways(b, s.URL+path) {
			b.Run(path[1:]+"/"+way.name, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					ctx := trace.With(context.Background(), &trace.Trace{})
					client, err := way.clients.Client(ctx, way.id)
					if err != nil {
						b.Fatal(err)
					}
					r, _ := http.NewRequestWithContext(ctx, http.MethodGet, way.url, nil)
					res, err := client.Do(r)
					if err != nil {
						b.Fatal(err)
					}
					_, _ = io.Copy(io.Discard, res.Body)
					res.Body.Close()
				}
			})
		}
	}
}

type way struct {
	name, id, url string
	clients       *Clients
	session       *session
}

// ways are a request without a connection and one that a key is sent with.
func ways(b *testing.B, url string) []way {
	vault, err := NewVault(make([]byte, KeySize))
	if err != nil {
		b.Fatal(err)
	}
	guard, err := NewGuard([]string{"127.0.0.0/8"})
	if err != nil {
		b.Fatal(err)
	}
	storage := newMemory()
	clients := NewClients(storage, vault, AllTypes(), guard, Options{})
	b.Cleanup(clients.Close)
	c := Connection{ID: "bearer-1", Name: "Acme", Type: "bearer", Hosts: []string{HostOf(url)}, State: Ready, Revision: 1}
	if err := vault.Seal(&c, Secrets{Settings: map[string]any{"token": "sk_live_51H8xExampleExample"}}); err != nil {
		b.Fatal(err)
	}
	storage.rows[c.ID] = c
	s, err := clients.session(context.Background(), c.ID)
	if err != nil {
		b.Fatal(err)
	}
	return []way{{"open", "", url, clients, nil}, {"bearer", c.ID, url, clients, s}}
}
