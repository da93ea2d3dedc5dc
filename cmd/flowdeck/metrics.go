package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"runtime/metrics"
	"slices"
	"strconv"
	"time"

	"flowdeck/connectors"
	"flowdeck/meter"
)

// metrics writes what the parts of the program count. Whoever asks pays for it.
func (p *program) metrics(page *meter.Page) {
	page.Gauge("flowdeck_info", "The version that runs.")
	page.Value(1, "version", buildVersion())
	page.Gauge("process_start_time_seconds", "When the server started.")
	page.Value(float64(p.started.UnixMilli()) / 1e3)
	p.tallies.Write(page)
	load := p.engine.Load()
	page.Gauge("flowdeck_queue_runs", "Runs that are not over, by what they do.")
	page.Value(float64(load.Running), "state", "running")
	page.Value(float64(load.Ready), "state", "ready")
	page.Value(float64(load.Waiting), "state", "waiting")
	p.storeMetrics(page)
	by, others := p.clients.Traffic()
	connectionMetrics(page, by, others)
	if p.tracer != nil {
		sent, left := p.tracer.Counts()
		page.Counter("flowdeck_spans_total", "Spans of traces, by outcome.")
		page.Value(float64(sent), "outcome", "sent")
		page.Value(float64(left), "outcome", "left_out")
	}
	memoryMetrics(page)
}

func (p *program) storeMetrics(page *meter.Page) {
	load, err := p.store.Load()
	if err != nil {
		p.log.Warn("ask how large the database is", "err", err)
	}
	page.Histogram("flowdeck_store_commit_seconds", "How long transactions took to commit.")
	page.Times(load.Commits)
	page.Counter("flowdeck_store_changes_total", "Changes committed. Over flowdeck_store_commit_seconds_count: how many shared a transaction.")
	page.Value(float64(load.Changes))
	page.Gauge("flowdeck_store_bytes", "What the store takes of the disk. A PostgreSQL server tells its own.")
	page.Value(float64(load.Size.Database), "part", "database")
	page.Value(float64(load.Size.Log), "part", "log")
	page.Value(float64(load.Size.Ahead), "part", "runs")
	page.Value(float64(load.Size.Bodies), "part", "bodies")
	page.Counter("flowdeck_runs_deleted_total", "Runs that were deleted because they were too old or too much.")
	page.Value(float64(p.pruned.Load()))
	page.Gauge("flowdeck_store_trouble", "1 while the disk or the database keeps something from being written or read.")
	trouble := 0.0
	if t := p.store.Trouble(); t != nil && t.Blocks() {
		trouble = 1
	}
	page.Value(trouble)
}

// connectionMetrics are the counts of each connection, and of those beyond the first 500 together.
func connectionMetrics(page *meter.Page, by map[string]*connectors.Traffic, others *connectors.Traffic) {
	ids := slices.Sorted(maps.Keys(by))
	each := func(f func(t *connectors.Traffic, name string)) {
		for _, id := range ids {
			f(by[id], cmp.Or(id, "(none)"))
		}
		f(others, "(others)")
	}
	page.Histogram("flowdeck_upstream_seconds", "How long services took to begin their answers, by connection.")
	each(func(t *connectors.Traffic, name string) {
		if n := t.Read(); t != others || n.All() > 0 {
			page.Times(n.Spread, "connection", name)
		}
	})
	page.Counter("flowdeck_upstream_answers_total", "Answers of services, by connection and the first digit of the status; none: no answer came.")
	each(func(t *connectors.Traffic, name string) {
		for class := range t.Answers {
			if n := t.Answers[class].Load(); n > 0 {
				status := strconv.Itoa(class) + "xx"
				if class == 0 {
					status = "none"
				}
				page.Value(float64(n), "connection", name, "status", status)
			}
		}
	})
	page.Counter("flowdeck_connection_renewals_total", "Renewals of sign-ins, by connection and outcome.")
	each(func(t *connectors.Traffic, name string) {
		if done, not := t.Renewed.Load(), t.NotRenewed.Load(); done+not > 0 {
			page.Value(float64(done), "connection", name, "outcome", "succeeded")
			page.Value(float64(not), "connection", name, "outcome", "failed")
		}
	})
	page.Gauge("flowdeck_connection_info", "The names of connections, by their ids.")
	for _, id := range ids {
		if id != "" {
			page.Value(1, "connection", id, "name", by[id].Name())
		}
	}
}

func memoryMetrics(page *meter.Page) {
	samples := []metrics.Sample{{Name: "/sched/goroutines:goroutines"}, {Name: "/memory/classes/heap/objects:bytes"}, {Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	metrics.Read(samples)
	n := func(i int) float64 { return float64(samples[i].Value.Uint64()) }
	page.Gauge("go_goroutines", "Goroutines that there are.")
	page.Value(n(0))
	page.Gauge("flowdeck_memory_bytes", "Memory that the program has, headroom that is never touched included.")
	page.Value(n(1), "part", "live")
	page.Value(n(2)-n(3), "part", "held")
}

// startMetrics serves the metrics at an address of their own, when there is one.
func (p *program) startMetrics() (stop func(), err error) {
	if p.settings.MetricsAddr == "" {
		return func() {}, nil
	}
	listener, err := net.Listen("tcp", p.settings.MetricsAddr)
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w (choose another address with --metrics-addr)", p.settings.MetricsAddr, err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, _ *http.Request) {
		page := &meter.Page{}
		p.metrics(page)
		w.Header().Set("Content-Type", meter.Type)
		_, _ = w.Write([]byte(page.String())) // a reader that went away is nobody's problem
	})
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second, WriteTimeout: 30 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 16 << 10}
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			p.log.Error("the metrics are served no longer", "err", err)
		}
	}()
	p.metricsAt = "http://" + reachable(listener.Addr()) + "/metrics"
	return func() { _ = server.Shutdown(context.Background()); <-done }, nil
}
