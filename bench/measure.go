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
	"strings"
	"time"
)

// result is one measurement.
type result struct {
	load
	cpu time.Duration // of the server, per call
}

// measure drives the plain handler and the flow in turn, so that what else the
// machine does falls on both.
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
	if err := prepare(ctx, data, upstream); err != nil {
		return err
	}
	server, flowURL, began, err := startFlowdeck(s.binary, data)
	if err != nil {
		return err
	}
	defer server.stop()
	first, err := firstAnswer(ctx, flowURL, began)
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
	fmt.Printf("start to first answer %s · idle memory %.1f MB\n\n", first.Round(time.Millisecond), float64(idle)/1e6)
	fmt.Println("callers   plain/s   flow/s  ratio   plain p50      p99    flow p50      p99   plain CPU  flow CPU  ratio")
	for i, callers := range s.callers {
		p, err := sample(ctx, plain, plainURL, callers, s.duration)
		if err != nil {
			return fmt.Errorf("plain handler: %w", err)
		}
		stop := func() error { return nil }
		if s.profile != "" && i == len(s.callers)-1 {
			if stop, err = record(server, s.profile); err != nil {
				return err
			}
		}
		f, err := sample(ctx, server, flowURL, callers, s.duration)
		err = errors.Join(err, stop())
		if err != nil {
			return fmt.Errorf("flow: %w", err)
		}
		fmt.Printf("%7d %9.0f %8.0f %5.0f%% %11s %8s %11s %8s %11s %9s %5.1fx\n", callers, p.perSecond(), f.perSecond(), 100*f.perSecond()/p.perSecond(),
			short(p.quantile(.5)), short(p.quantile(.99)), short(f.quantile(.5)), short(f.quantile(.99)), short(p.cpu), short(f.cpu), float64(f.cpu)/float64(p.cpu))
	}
	loaded, err := server.memory()
	if err != nil {
		return err
	}
	fmt.Printf("\nmemory after the load %.1f MB\n", float64(loaded)/1e6)
	return ctx.Err()
}

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
	return p, "http://" + addr + "/api/flows/" + alias + "/invoke", began, err
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
	return result{l, (after - before) / time.Duration(max(len(l.waits), 1))}, err
}
