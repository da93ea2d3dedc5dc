package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"sync/atomic"
	"time"

	"flowdeck/cards"
	"flowdeck/cards/all"
	"flowdeck/connectors"
	"flowdeck/flows/bundle"
	"flowdeck/flows/learn"
	"flowdeck/flows/local"
	"flowdeck/flows/otlp"
	"flowdeck/flows/runner"
	"flowdeck/flows/store"
	"flowdeck/flows/tally"
	"flowdeck/web"
)

// programsKept is how many compiled flows stay in memory.
const programsKept = 2048

// lastWords is how long answers may still be on their way once every run is over or left.
const lastWords = 2 * time.Second

// program is a server with everything it is made of, wired once.
type program struct {
	settings  serveSettings
	log       *slog.Logger
	to        streams
	key       []byte // the master key
	store     *store.Store
	clients   *connectors.Clients
	vault     *connectors.Vault
	tracer    *otlp.Tracer // nil: runs are not traced
	tallies   *tally.Tallies
	started   time.Time
	pruned    atomic.Int64 // runs that were deleted to keep within bounds
	engine    *local.Engine
	web       *web.Server
	links     *links
	export    func(context.Context, string) (string, []byte, error) // of cards.Env
	metricsAt string                                                // where metrics are served without a token; "" when they are not
	sample    net.Listener                                          // nil when there is no sample service
	close     []func() error                                        // in the order of opening
}

// run serves until ctx ends, then lets runs finish or leaves them for the next start.
func (s serveSettings) run(ctx context.Context, to streams) error {
	if err := s.check(); err != nil {
		return err
	}
	defer keepHeadroom()()
	p := &program{settings: s, log: s.logger(to), to: to, started: time.Now(), tallies: &tally.Tallies{}}
	err := p.start(ctx)
	if err == nil {
		err = p.serve(ctx)
	}
	for i := len(p.close) - 1; i >= 0; i-- {
		err = errors.Join(err, p.close[i]())
	}
	return err
}

// start opens everything that requests need.
func (p *program) start(ctx context.Context) (err error) {
	s := p.settings
	if err := openFolder(s.Data, p.log); err != nil {
		return err
	}
	unlock, err := lockFolder(s.Data)
	if err != nil {
		return err
	}
	p.close = append(p.close, func() error { unlock(); return nil })
	var keys [][]byte
	if p.vault, keys, err = s.vault(s.Data); err != nil {
		return err
	}
	p.key = keys[0]
	p.links = newLinks(p.key)
	if p.store, err = s.open(ctx, p.log, s.RunData<<20); err != nil {
		return err
	}
	p.close = append(p.close, p.store.Close)
	if s.Sample {
		if err := p.listenForSample(); err != nil {
			return err
		}
	}
	return p.wire()
}

// wire makes the parts know each other. It is the only place that knows them all.
func (p *program) wire() error {
	s, types, catalogue := p.settings, connectors.AllTypes(), all.Registry()
	allow := s.EgressAllow
	if p.sample != nil {
		allow = append(allow, p.sample.Addr().String())
	}
	p.tallies.Contains = func(name string) bool { card, _ := catalogue.Card(name); return card.Kind == cards.Control }
	guard, err := connectors.NewGuard(allow)
	if err != nil {
		return fmt.Errorf("--egress-allow: %w", err)
	}
	proxies, err := s.proxies()
	if err != nil {
		return err
	}
	p.clients = connectors.NewClients(p.store, p.vault, types, guard, connectors.Options{Log: p.log, Alone: s.Database == ""})
	p.close = append(p.close, func() error { p.clients.Close(); return nil })
	p.export = (&bundle.Bundle{Store: p.store}).Flow
	programs := runner.NewPrograms(programsKept, catalogue, p.store.Document)
	watch, err := p.watch()
	if err != nil {
		return err
	}
	executor := runner.New(runner.Options{Journal: p.store, Program: programs.Program, Env: p.env,
		Vars: p.store.VariablesAt, Secret: p.secret, Flow: p.store.Callee, Room: func(flowID string) bool { return p.engine.Room(flowID) }, Link: p.links.link, Watch: watch, Passes: store.Passes, Bounds: s.bounds(), Traceparent: p.traceparent(), Log: p.log})
	learner := learn.New(learn.Options{Store: p.store, Cards: catalogue, Log: p.log})
	p.close = append(p.close, func() error { learner.Close(); return nil })
	over := func(flowID, runID string) {
		learner.Over(flowID, runID)
		p.web.RunOver(runID)
	}
	p.engine = local.New(local.Options{Journal: p.store, Executor: executor, Run: p.store.Run, Over: over, Shared: s.Database != "", Log: p.log})
	p.store.WhenWell(p.engine.Resume)
	p.web = &web.Server{Store: p.store, Cards: catalogue, Engine: p.engine, Clients: p.clients, Vault: p.vault, Types: types, Programs: programs.Program, Link: p.links.link,
		Metrics: p.metrics, Log: p.log, Now: time.Now,
		Config: web.Config{PublicURL: s.PublicURL, TrustedProxies: proxies, Version: buildVersion(), SetupToken: p.setupToken(), SessionIdle: s.SessionIdle, SessionLife: s.SessionLife, Bounds: s.bounds()}}
	return nil
}

// env is what a card may use: a client signed in by the step's connection.
func (p *program) env(ctx context.Context, connectionID, key string) (cards.Env, error) {
	client, err := p.clients.Client(ctx, connectionID)
	if err != nil {
		return cards.Env{}, err
	}
	timeout, err := p.clients.Timeout(ctx, connectionID)
	return cards.Env{HTTP: client, Now: time.Now, Key: key, Timeout: timeout, Tables: p.store, Export: p.export}, err
}

// serve answers until ctx ends.
func (p *program) serve(ctx context.Context) error {
	listener, err := net.Listen("tcp", p.settings.Addr)
	if err != nil {
		return fmt.Errorf("listen on %s: %w (choose another address with --addr)", p.settings.Addr, err)
	}
	defer listener.Close()
	stopSample, sample, err := p.startSample(ctx)
	if err != nil {
		return err
	}
	defer stopSample()
	setup, err := p.web.OpenSetup(ctx)
	if err != nil {
		return err
	}
	server := &http.Server{Handler: p.web.Handler(), ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute,
		MaxHeaderBytes: 64 << 10, ErrorLog: slog.NewLogLogger(p.log.Handler(), slog.LevelDebug)}
	server.RegisterOnShutdown(p.web.Stop)
	p.links.base = p.address(listener.Addr())
	stopMetrics, err := p.startMetrics()
	if err != nil {
		return err
	}
	defer stopMetrics()
	// From here on runs are under way: whatever fails, they are let finish or left in order.
	leave, err := p.join(ctx)
	if err != nil {
		return err
	}
	defer leave()
	if err := p.engine.Recover(ctx); err != nil {
		return err
	}
	if err := p.web.ResumeRedos(ctx); err != nil {
		return errors.Join(err, p.stop(server))
	}
	stopSchedules := p.startSchedules()
	defer stopSchedules()
	stopSweeping := p.startSweeping()
	defer stopSweeping()
	stopRenewing := p.startRenewing()
	defer stopRenewing()
	stopTallying := p.startTallying()
	defer stopTallying()
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(callerListener{listener.(*net.TCPListener)}) }()
	p.greet(listener.Addr(), setup, sample)
	select {
	case err = <-failed:
	case <-ctx.Done():
	}
	stopSchedules()
	return errors.Join(err, p.stop(server))
}

// stop takes no more calls, lets runs finish for the time of grace so that their
// callers get an answer, leaves the others for the next start, and closes what is open.
func (p *program) stop(server *http.Server) error {
	p.log.Info("stopping", "grace", p.settings.ShutdownGrace)
	ctx, cancel := context.WithTimeout(context.Background(), p.settings.ShutdownGrace)
	defer cancel()
	closed := make(chan error, 1)
	go func() { closed <- server.Shutdown(context.Background()) }()
	err := p.engine.Shutdown(ctx)
	p.web.Stop() // it lets go of the store
	select {
	case e := <-closed:
		err = errors.Join(err, e)
	case <-time.After(lastWords): // whoever still reads has had its time
		err = errors.Join(err, server.Close())
	}
	p.log.Info("stopped")
	return err
}

// buildVersion is the version of a release, else the commit that was built.
func buildVersion() string {
	if version != "dev" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" && len(s.Value) >= 12 {
				return "dev " + s.Value[:12]
			}
		}
	}
	return version
}
