package main

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"fmt"
	mathrand "math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"flowdeck/cards"
	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/flows/store"
)

// seedSpan is over how long the runs are spread that are seeded.
const seedSpan = 30 * 24 * time.Hour

// seed fills a data folder with n runs of so many flows as a month would, for trying pages
// with many.
func seed(ctx context.Context, dir string, n int64, of int) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	s, err := store.Open(ctx, filepath.Join(dir, "flowdeck.db"), store.Options{Blobs: filepath.Join(dir, "blobs")})
	if err != nil {
		return err
	}
	defer s.Close()
	document, err := seedFlowsInto(ctx, s, of)
	if err != nil {
		return err
	}
	began, end := time.Now(), time.Now()
	var next atomic.Int64
	var all sync.WaitGroup
	errs := make(chan error, 256)
	for range cap(errs) {
		all.Go(func() {
			for i := next.Add(1); i <= n && ctx.Err() == nil; i = next.Add(1) {
				at := end.Add(-seedSpan + time.Duration(float64(seedSpan)*float64(i)/float64(n)))
				if err := seedRun(ctx, s, document, of, at); err != nil {
					errs <- err
					return
				}
				if i%100_000 == 0 {
					fmt.Printf("%d runs in %s\n", i, time.Since(began).Round(time.Second))
				}
			}
		})
	}
	all.Wait()
	close(errs)
	return <-errs
}

func seedFlowsInto(ctx context.Context, s *store.Store, n int) (document string, err error) {
	doc := flows.Document{Format: flows.Format, Trigger: flows.Step{ID: "start", Card: "event.manual"},
		Chain: []flows.Step{{ID: "get", Card: "http.get", Inputs: schema.Values{"url": "https://example.com/"}}}}
	for i := range n {
		f := flows.Flow{ID: seedFlow(i), Name: fmt.Sprintf("Flow %03d", i), Alias: fmt.Sprintf("flow-%03d", i), Draft: doc}
		if err := s.CreateFlow(ctx, f); err != nil {
			return "", err
		}
	}
	return s.PutDocument(ctx, doc)
}

func seedFlow(i int) string { return fmt.Sprintf("f_seed%03d", i) }

// seedRun writes one run: a few flows have most of them, one of fifty fails.
func seedRun(ctx context.Context, s *store.Store, document string, of int, at time.Time) error {
	flow := mathrand.IntN(of)
	if mathrand.IntN(4) > 0 {
		flow = mathrand.IntN(5)
	}
	took := time.Duration(20+mathrand.ExpFloat64()*80) * time.Millisecond
	who := fmt.Sprintf("person%d@example.com", mathrand.IntN(100_000))
	run := flows.Run{ID: seedID(at), FlowID: seedFlow(flow), Document: document, Status: flows.Running, Epoch: 1, Trigger: "event.endpoint", Source: "10.0.0.7",
		Created: at, Started: at, Event: schema.Values{"body": schema.Values{"email": who, "amount": int64(mathrand.IntN(1000)), "note": strings.Repeat("word ", 20)}}}
	attempt := &flows.Attempt{Path: "get", Number: 1, StepID: "get", Card: "http.get", Status: flows.Succeeded, Started: at, Finished: at.Add(took),
		Input: schema.Values{"url": "https://example.com/"}, Output: schema.Values{"status": int64(200), "body": schema.Values{"name": who}}}
	o := flows.Outcome{Status: flows.Succeeded, At: at.Add(took), Output: schema.Values{"ok": true}}
	switch mathrand.IntN(100) {
	case 0, 1:
		o = flows.Outcome{Status: flows.Failed, At: at.Add(took), ErrorPath: "get", Error: &cards.Error{Code: "http_500", Message: "example.com answered 500"}}
	case 2:
		o = flows.Outcome{Status: flows.Cancelled, At: at.Add(took), Error: &cards.Error{Code: cards.CodeCancelled, Message: "somebody cancelled the run"}}
	}
	return s.Record(ctx, run, []flows.Entry{{Attempt: attempt}}, o)
}

// seedID is an id that was made at a time.
func seedID(at time.Time) string {
	var u uuid.UUID
	_, _ = rand.Read(u[:])
	var ms [8]byte
	binary.BigEndian.PutUint64(ms[:], uint64(at.UnixMilli()))
	copy(u[:6], ms[2:])
	u[6], u[8] = u[6]&0x0f|0x70, u[8]&0x3f|0x80
	return "r_" + u.String()
}
