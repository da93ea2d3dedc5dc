package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"
)

// result is one measurement.
type result struct {
	load
	cpu time.Duration // of the server
}

// add takes in another turn of the same measurement, unsorted.
func (r *result) add(turn result) {
	r.waits = append(r.waits, turn.waits...)
	r.took += turn.took
	r.cpu += turn.cpu
}

// perRun is the processor time of the server for one call.
func (r *result) perRun() time.Duration { return r.cpu / time.Duration(max(len(r.waits), 1)) }

// measure drives the plain handler and the flow.
func measure(ctx context.Context, s settings, upstream string) error {
	dir, err := os.MkdirTemp("", "flowdeck-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if s.binary == "" {
		s.binary = filepath.Join(dir, "flowdeck")
		if err := build(ctx, s.binary); err != nil {
			return err
		}
	}
	plain, plainURL, err := startPlain(upstream)
	if err != nil {
		return err
	}
	defer plain.stop()
	data := filepath.Join(dir, "data")
	if s.filled {
		data = s.data
	}
	if err := prepare(ctx, data, upstream, s.only, s.modes); err != nil {
		return err
	}
	server, base, began, err := startFlowdeck(s.binary, data)
	if err != nil {
		return err
	}
	defer server.stop()
	first, err := firstAnswer(ctx, base+s.only[0].path(s.modes[0]), began)
	if err != nil {
		return err
	}
	idle, err := server.memory()
	if err != nil {
		return err
	}
	if busy, err := os.ReadFile("/proc/loadavg"); err == nil {
		fmt.Printf("%d processors, load before %s\n", runtime.NumCPU(), strings.Fields(string(busy))[0])
	}
	fmt.Printf("start to first answer %s · idle memory %.1f MB\n", first.Round(time.Millisecond), float64(idle)/1e6)
	if s.soak > 0 {
		return soak(ctx, s, server, data, base+s.only[0].path(s.modes[0]))
	}
	t := targets{{"plain handler", plain, func(s scenario) string { return plainURL + s.name }}}
	for _, mode := range s.modes {
		t = append(t, target{mode.about, server, func(s scenario) string { return base + s.path(mode) }})
	}
	if s.nodeRED && slices.ContainsFunc(s.only, func(x scenario) bool { return x.calls > 0 }) {
		red, redURL, err := startNodeRED(ctx, dir, upstream, s.only)
		if err != nil {
			return fmt.Errorf("Node-RED: %w", err)
		}
		defer red.stop()
		t = append(t, target{"Node-RED", red, func(s scenario) string { return redURL + s.name }})
	}
	for i, x := range s.only {
		fmt.Printf("\n%s: %s\n\n| callers | target | runs/s | of plain | p50 | p99 | CPU a run | of plain |\n|---|---|---|---|---|---|---|---|\n", x.name, x.about)
		for j, callers := range s.callers {
			p := profiled{s.profile, s.profiled.about}
			if i < len(s.only)-1 || j < len(s.callers)-1 {
				p.file = ""
			}
			if err := t.measure(ctx, x, callers, s.duration, p); err != nil {
				return err
			}
		}
	}
	loaded, err := server.memory()
	if err != nil {
		return err
	}
	fmt.Printf("\nmemory after the load %.1f MB\n", float64(loaded)/1e6)
	return ctx.Err()
}

// target is a server that does what scenarios say.
type target struct {
	name string
	*process
	url func(scenario) string
}

// profiled says which target is looked into, and where to; no file: none is.
type profiled struct{ file, target string }

// targets are measured in turn; the first is what the others are compared with.
type targets []target

// turns is how many each target has in a measurement: what else goes on in the machine
// changes from one moment to the next, and falls on all of them.
const turns = 5

func (list targets) measure(ctx context.Context, s scenario, callers int, d time.Duration, p profiled) error {
	if s.calls == 0 {
		list = slices.DeleteFunc(slices.Clone(list), func(t target) bool { return t.name == "Node-RED" })
	}
	stop := func() error { return nil }
	if i := slices.IndexFunc(list, func(t target) bool { return t.name == p.target }); p.file != "" && i >= 0 {
		var err error
		if stop, err = record(list[i].process, p.file); err != nil {
			return err
		}
	}
	results := make([]result, len(list))
	for range turns {
		for i, t := range list {
			r, err := sample(ctx, t.process, t.url(s), callers, d/turns)
			if err != nil {
				return errors.Join(fmt.Errorf("%s, %s: %w", t.name, s.name, err), stop())
			}
			results[i].add(r)
		}
	}
	limit := &results[0]
	for i, t := range list {
		r := &results[i]
		slices.Sort(r.waits)
		fmt.Printf("| %d | %s | %.0f | %.0f %% | %s | %s | %s | %.1f |\n", callers, t.name, r.perSecond(), 100*r.perSecond()/limit.perSecond(),
			short(r.quantile(.5)), short(r.quantile(.99)), short(r.perRun()), float64(r.perRun())/float64(max(limit.perRun(), 1)))
	}
	return stop()
}

// path is where the flow of a scenario answers.
func (s scenario) path(m mode) string { return "/api/flows/" + s.alias(m) + "/invoke" }

func short(d time.Duration) string { return d.Round(time.Microsecond).String() }

func build(ctx context.Context, to string) error {
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-o", to, "./cmd/flowdeck")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("build flowdeck (run bench from the root of the repository): %w", err)
	}
	return nil
}

func startPlain(upstream string) (*process, string, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, "", err
	}
	p, err := start(nil, self, "-plain", upstream)
	if err != nil {
		return nil, "", err
	}
	url, err := p.line()
	if err != nil {
		p.stop()
		return nil, "", fmt.Errorf("the plain handler does not start: %w", err)
	}
	return p, url + "/", nil
}

func startFlowdeck(binary, data string) (*process, string, time.Time, error) {
	addr, err := freeAddress()
	if err != nil {
		return nil, "", time.Time{}, err
	}
	began := time.Now()
	p, err := start([]string{"FLOWDECK_EGRESS_ALLOW=127.0.0.0/8", "FLOWDECK_LOG_LEVEL=warn"}, binary, "serve", "--addr", addr, "--data", data)
	return p, "http://" + addr, began, err
}

func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}

// firstAnswer is how long after began the first call is answered.
func firstAnswer(ctx context.Context, url string, began time.Time) (time.Duration, error) {
	var last error
	for time.Since(began) < 20*time.Second && ctx.Err() == nil {
		res, err := http.Get(url)
		if err == nil {
			res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return time.Since(began), nil
			}
			err = fmt.Errorf("it answers %s", res.Status)
		}
		last = err
		time.Sleep(2 * time.Millisecond)
	}
	return 0, fmt.Errorf("flowdeck does not answer: %w", last)
}

// sample measures a server after a short warm-up.
func sample(ctx context.Context, p *process, url string, callers int, d time.Duration) (result, error) {
	if _, err := drive(ctx, url, callers, d/5); err != nil {
		return result{}, err
	}
	before, err := p.cpu()
	if err != nil {
		return result{}, err
	}
	l, err := drive(ctx, url, callers, d)
	if err != nil {
		return result{}, err
	}
	after, err := p.cpu()
	return result{l, after - before}, err
}
