package store_test

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"flowdeck/cards/trace"
	"flowdeck/flows"
	"flowdeck/flows/store"
	"flowdeck/flows/store/storetest"
)

var writers = []int{1, 16, 128}

// share runs b.N pieces of work on n goroutines and reports rows per second.
func share(b *testing.B, n, rows int, work func(worker int) error) {
	b.Helper()
	var left atomic.Int64
	left.Store(int64(b.N))
	var all sync.WaitGroup
	b.ResetTimer()
	for w := range n {
		all.Go(func() {
			for left.Add(-1) >= 0 {
				if err := work(w); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
	b.ReportMetric(float64(b.N*rows)/b.Elapsed().Seconds(), "rows/s")
}

func event() map[string]any {
	return map[string]any{"method": "POST", "body": map[string]any{"email": "maya@acme.io", "id": int64(1234), "note": "a body of some three hundred bytes, as they are: " +
		"lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore et dolore magna aliqua"}}
}

// BenchmarkAppend commits one attempt at a time.
func BenchmarkAppend(b *testing.B) {
	for _, n := range writers {
		b.Run(fmt.Sprint("writers=", n), func(b *testing.B) {
			s := openSQLite(b, store.Options{})
			ids := make([]string, n)
			at := make([]int, n)
			for w := range n {
				ids[w] = store.NewID("r_")
				if err := s.Create(context.Background(), flows.Run{ID: ids[w], FlowID: "f_1", Status: flows.Running, Epoch: 1}); err != nil {
					b.Fatal(err)
				}
			}
			share(b, n, 1, func(w int) error {
				at[w]++
				a := &flows.Attempt{Path: flows.Path(fmt.Sprintf("s%d", at[w])), Number: 1, StepID: "get", Card: "http.get",
					Status: flows.Succeeded, Output: event(), Started: time.Now(), Finished: time.Now()}
				return s.Append(context.Background(), ids[w], 1, []flows.Entry{{Attempt: a}})
			})
		})
	}
}

// BenchmarkAppendMany commits many attempts at once, as a loop does. What one costs must
// not grow with how many there are.
func BenchmarkAppendMany(b *testing.B) {
	for _, n := range []int{4, 256, 4096} {
		b.Run(fmt.Sprint("entries=", n), func(b *testing.B) {
			s := openSQLite(b, store.Options{})
			id := store.NewID("r_")
			if err := s.Create(b.Context(), flows.Run{ID: id, FlowID: "f_1", Status: flows.Running, Epoch: 1}); err != nil {
				b.Fatal(err)
			}
			entries := make([]flows.Entry, n)
			for i := range entries {
				entries[i].Attempt = &flows.Attempt{Path: flows.Path(fmt.Sprintf("loop[%d]/say", i)), Number: 1, StepID: "say", Card: "text.compose",
					Status: flows.Succeeded, Output: map[string]any{"text": "Order"}, Started: time.Now(), Finished: time.Now()}
			}
			b.ReportAllocs()
			for b.Loop() {
				if err := s.Append(b.Context(), id, 1, entries); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/entry")
		})
	}
}

// BenchmarkNaive commits the same row in a transaction of its own on the one connection.
func BenchmarkNaive(b *testing.B) {
	for _, n := range writers {
		b.Run(fmt.Sprint("writers=", n), func(b *testing.B) {
			path := filepath.Join(b.TempDir(), "flowdeck.db")
			open(b, path, store.Options{}).Close()
			db := sqlite(b, path)
			db.SetMaxOpenConns(1)
			for _, pragma := range []string{"journal_mode = wal", "synchronous = full", "busy_timeout = 10000"} {
				if _, err := db.Exec("pragma " + pragma); err != nil {
					b.Fatal(err)
				}
			}
			var i atomic.Int64
			share(b, n, 1, func(w int) error {
				tx, err := db.Begin()
				if err != nil {
					return err
				}
				if _, err := tx.Exec(`insert into attempts (run_id, path, number, step_id, card, status, started, finished, next_at, bytes,
					failure, input, output, trace) values (?, ?, 1, 'get', 'http.get', 'succeeded', 1, 1, 0, 300, '', '', ?, '')`,
					fmt.Sprint("r_01a20105-72a9-700f-815c-82f2680", w), fmt.Sprint("s", i.Add(1)), fmt.Sprint(event())); err != nil {
					return err
				}
				return tx.Commit()
			})
		})
	}
}

// BenchmarkRun is a run's life with one card: Create, then Finish with its attempt and its answer.
func BenchmarkRun(b *testing.B) {
	server := storetest.StartPostgres(b)
	for _, db := range []struct {
		name string
		open func(b *testing.B) *store.Store
	}{
		{"sqlite", func(b *testing.B) *store.Store { return openSQLite(b, store.Options{}) }},
		{"postgres", func(b *testing.B) *store.Store {
			return open(b, server.Database(b), store.Options{Blobs: b.TempDir()})
		}},
	} {
		for _, n := range writers {
			b.Run(fmt.Sprint(db.name, "/writers=", n), func(b *testing.B) {
				s := db.open(b)
				share(b, n, 2, func(int) error { return oneRun(s) })
			})
		}
	}
}

func oneRun(s *store.Store) error {
	ctx, id, now := context.Background(), store.NewID("r_"), time.Now()
	if err := s.Create(ctx, flows.Run{ID: id, FlowID: "f_1", Version: 1, Document: "d", Trigger: "event.endpoint", Source: "10.4.0.18",
		Status: flows.Running, Epoch: 1, Event: event(), Created: now, Started: now}); err != nil {
		return err
	}
	a := &flows.Attempt{Path: "get", Number: 1, StepID: "get", Card: "http.get", Status: flows.Succeeded, Input: map[string]any{"url": "https://a.example"},
		Output: event(), Started: now, Finished: now}
	answer := &flows.Answer{Path: "close", Response: flows.Response{Status: 200, Body: event()}}
	return s.Finish(ctx, id, 1, []flows.Entry{{Attempt: a}, {Answer: answer}}, flows.Outcome{Status: flows.Succeeded, At: now})
}

// shortRun is a run with one call, as it is when it is over.
func shortRun(outline bool) (flows.Run, []flows.Entry, flows.Outcome) {
	now := time.Now()
	call := &trace.Trace{}
	call.Add(trace.Exchange{Method: "GET", URL: "http://127.0.0.1:40123/", Status: 200, Proto: "HTTP/1.1", Address: "127.0.0.1:40123", Reused: true, ResponseSize: 120,
		RequestHeaders:  [][2]string{{"Accept-Encoding", "gzip"}, {"User-Agent", "Flowdeck"}, {"Traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}},
		ResponseHeaders: [][2]string{{"Content-Type", "application/json"}, {"Content-Length", "120"}, {"Date", "Mon, 02 Jan 2006 15:04:05 GMT"}}, At: now.UnixMicro(), Wait: 80, Total: 120})
	body := map[string]any{"id": int64(7), "name": "Maya", "email": "maya@acme.io", "orders": []any{int64(1), int64(2), int64(3)}}
	out := map[string]any{"status_code": int64(200), "headers": map[string]any{"content-type": "application/json", "content-length": "120"}, "body": body}
	run := flows.Run{ID: store.NewID("r_"), FlowID: "f_1", Version: 1, Document: "8d6b1b6f1f6b3dd9a1d7d9e0a1c0b1c2d3e4f5060718293a4b5c6d7e8f901234", Status: flows.Running, Epoch: 1, Trigger: "event.endpoint",
		Source: "127.0.0.1", Event: map[string]any{"method": "GET", "query": map[string]any{}, "headers": map[string]any{"user-agent": "Go-http-client/1.1", "accept-encoding": "gzip"}, "body": nil,
			"caller": map[string]any{"level": "public", "client_id": "", "name": "", "subject": "", "issuer": "", "scopes": []any{}}}, Created: now, Started: now, Deadline: now.Add(time.Hour), Outline: outline}
	get := &flows.Attempt{RunID: run.ID, Path: "get_1", Number: 1, StepID: "get_1", Card: "http.get", Status: flows.Succeeded, Input: map[string]any{"url": "http://127.0.0.1:40123", "timeout": "30s"},
		Output: out, Trace: call, Started: now, Finished: now}
	reply := &flows.Attempt{RunID: run.ID, Path: "reply", Number: 1, StepID: "reply", Card: "http.close", Status: flows.Succeeded, Input: map[string]any{"status_code": int64(200), "body": body},
		Output: map[string]any{}, Started: now, Finished: now}
	answer := &flows.Answer{Path: "reply", Response: flows.Response{Status: 200, Body: body}}
	return run, []flows.Entry{{Attempt: get}, {Answer: answer}, {Attempt: reply}}, flows.Outcome{Status: flows.Succeeded, At: now, Outline: outline}
}

// BenchmarkRecord commits runs that are over, one row each, and reports the processor time
// of one: it changes less than what the clock says.
func BenchmarkRecord(b *testing.B) {
	for _, outline := range []bool{false, true} {
		for _, n := range writers {
			b.Run(fmt.Sprint("outline=", outline, "/writers=", n), func(b *testing.B) {
				s := openSQLite(b, store.Options{})
				before := processorTime(b)
				share(b, n, 1, func(int) error {
					run, entries, end := shortRun(outline)
					return s.Record(context.Background(), run, entries, end)
				})
				b.ReportMetric(float64(processorTime(b)-before)/float64(b.N), "cpu-ns/op")
			})
		}
	}
}

// BenchmarkLeave is the same for runs that nobody waits for, until they are all written.
func BenchmarkLeave(b *testing.B) {
	for _, outline := range []bool{false, true} {
		b.Run(fmt.Sprint("outline=", outline), func(b *testing.B) {
			s := openSQLite(b, store.Options{})
			before := processorTime(b)
			share(b, 4, 1, func(int) error {
				run, entries, end := shortRun(outline)
				return s.Leave(run, entries, end)
			})
			s.Close()
			b.ReportMetric(float64(processorTime(b)-before)/float64(b.N), "cpu-ns/op")
		})
	}
}

// processorTime is what this process has used of the processor.
func processorTime(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
