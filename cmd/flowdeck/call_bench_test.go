package main

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/flows/store"
	"flowdeck/flows/tally"
)

// BenchmarkCall is what one call of an endpoint costs beside the caller's socket: the
// request and its run, with one call of a service that answers at once. 16 call at the
// same time.
func BenchmarkCall(b *testing.B) {
	for _, keep := range [][2]string{{"express", "sample"}, {"express", "outline"}, {"express", "full"}, {"standard", "outline"}, {"standard", "full"}} {
		b.Run(keep[0]+"/"+keep[1], func(b *testing.B) {
			handler := called(b, flows.Settings{Security: "public", Mode: keep[0], History: keep[1]}, answering(b))
			b.SetParallelism(8)
			b.ReportAllocs()
			b.ResetTimer()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					r, _ := http.NewRequest(http.MethodGet, "/api/flows/one/invoke", nil)
					r.RemoteAddr = "127.0.0.1:1"
					w := &answerOnly{header: http.Header{}}
					handler.ServeHTTP(w, r)
					if w.status != http.StatusOK {
						b.Errorf("status %d", w.status)
						return
					}
				}
			})
		})
	}
}

// called is a server with a flow at "one" that calls url and answers with what that gives.
func called(b *testing.B, set flows.Settings, url string) http.Handler {
	ctx := context.Background()
	dir := b.TempDir()
	p := &program{settings: serveSettings{storageSettings: storageSettings{Data: dir}, EgressAllow: []string{"127.0.0.0/8"}}, to: streams{out: io.Discard, err: io.Discard}, started: time.Now(), tallies: &tally.Tallies{}}
	p.log = p.settings.logger(p.to)
	if err := p.start(ctx); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		stopped, cancel := context.WithCancel(ctx)
		cancel()
		_ = p.engine.Shutdown(stopped)
		for i := len(p.close) - 1; i >= 0; i-- {
			_ = p.close[i]()
		}
	})
	flow := flows.Flow{ID: store.NewID("f_"), Name: "one", Alias: "one", Draft: flows.Document{Format: flows.Format, Trigger: flows.Step{ID: "call", Card: "event.endpoint"},
		Chain: []flows.Step{{ID: "get", Card: "http.get", Inputs: schema.Values{"url": url}},
			{ID: "reply", Card: "http.close", Inputs: schema.Values{"status_code": int64(200), "body": "{{get.body}}"}}}}}
	if err := p.store.CreateFlow(ctx, flow); err != nil {
		b.Fatal(err)
	}
	if _, err := p.store.Publish(ctx, flow.ID, 1, flow.Draft, "", ""); err != nil {
		b.Fatal(err)
	}
	if err := p.store.UpdateFlow(ctx, flow.ID, func(f *flows.Flow) error {
		f.On, f.Settings = true, set
		return nil
	}); err != nil {
		b.Fatal(err)
	}
	return p.web.Handler()
}

// answering is a service that answers whatever it is asked in as few steps as possible.
func answering(b *testing.B) (url string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { l.Close() })
	answer := []byte("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nDate: Mon, 30 Nov 2026 04:00:00 GMT\r\nContent-Length: 61\r\n\r\n" +
		`{"id":7,"email":"maya@example.com","name":"Maya","ok":true}` + "\r\n")
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				in := bufio.NewReader(c)
				for {
					for line := "-"; line != "\r\n"; {
						if line, err = in.ReadString('\n'); err != nil {
							return
						}
					}
					if _, err := c.Write(answer); err != nil {
						return
					}
				}
			}()
		}
	}()
	return "http://" + l.Addr().String()
}

// answerOnly is a http.ResponseWriter that keeps the status alone.
type answerOnly struct {
	header http.Header
	status int
}

func (w *answerOnly) Header() http.Header         { return w.header }
func (w *answerOnly) WriteHeader(status int)      { w.status = status }
func (w *answerOnly) Write(p []byte) (int, error) { return len(p), nil }
