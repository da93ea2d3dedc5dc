// Command crash kills the real server under load, again and again, and then looks
// whether it kept what it promised: that no run a caller was told of is lost, that no
// card which had finished runs again, and that every card which does run again is one
// that was under way when the server died, and may.
//
//	go run ./bench/crash -kills 500
//
// Who was told what is known by the callers, what was really done by the server that
// the flows call; both live in this process, which is never killed. What should have
// happened stands in the journal. It exits with 1 when the three do not agree.
package main

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	s, err := parse(os.Args[1:])
	if err == nil {
		err = run(ctx, s)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "crash:", err)
		os.Exit(1)
	}
}

// settings are the flags of crash.
type settings struct {
	kills    int
	callers  int
	seed     uint64
	binary   string
	folder   string
	markdown string
}

func parse(args []string) (s settings, err error) {
	flags := flag.NewFlagSet("crash", flag.ContinueOnError)
	flags.IntVar(&s.kills, "kills", 500, "how often the server is killed")
	flags.IntVar(&s.callers, "callers", 16, "how many callers there are at the same time")
	flags.Uint64Var(&s.seed, "seed", uint64(time.Now().UnixNano()), "seed of the instants at which it is killed")
	flags.StringVar(&s.binary, "binary", "", "flowdeck binary to kill; built when empty")
	flags.StringVar(&s.folder, "data", "", "new folder for the data, which is kept; a temporary one when empty")
	flags.StringVar(&s.markdown, "markdown", "", "write the table as Markdown into this file too")
	if err := flags.Parse(args); err != nil {
		return s, err
	}
	if s.kills < 1 || s.callers < 1 {
		return s, fmt.Errorf("-kills %d -callers %d: both must be 1 or more", s.kills, s.callers)
	}
	return s, nil
}

func run(ctx context.Context, s settings) error {
	dir, err := os.MkdirTemp("", "flowdeck-crash-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if s.folder == "" {
		s.folder = filepath.Join(dir, "data")
	}
	if s.binary == "" {
		s.binary = filepath.Join(dir, "flowdeck")
		if err := build(ctx, s.binary); err != nil {
			return err
		}
	}
	r, err := crash(ctx, s, dir, func(line string) { fmt.Fprintln(os.Stderr, line) })
	if err != nil {
		return err
	}
	fmt.Print(r.text())
	if s.markdown != "" {
		if err := os.WriteFile(s.markdown, []byte(r.markdown()), 0o644); err != nil {
			return err
		}
	}
	return r.verdict()
}

func build(ctx context.Context, to string) error {
	cmd := exec.CommandContext(ctx, "go", "build", "-o", to, "flowdeck/cmd/flowdeck") // as tests and others build it, so that the cache helps
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("build flowdeck: %w", err)
	}
	return nil
}

// drain is how long the runs that are left after the last kill may take.
const drain = 2 * time.Minute

// crash prepares flows, has them called, kills the server and reconciles.
func crash(ctx context.Context, s settings, scratch string, say func(string)) (*report, error) {
	w, err := startWorld()
	if err != nil {
		return nil, err
	}
	defer w.Close()
	token, err := prepare(ctx, s.folder, w.url)
	if err != nil {
		return nil, err
	}
	server, err := newServer(s.binary, s.folder)
	if err != nil {
		return nil, err
	}
	defer server.kill()
	random := rand.New(rand.NewPCG(s.seed, 1))
	r := &report{seed: s.seed, callers: s.callers}
	c := newCallers(server.url, token)
	if err := server.start(); err != nil {
		return nil, err
	}
	c.start(ctx, s.callers)
	defer c.stop()
	var shots []snapshot
	began := time.Now()
	for r.kills < s.kills && ctx.Err() == nil {
		server.live(random)
		server.kill()
		r.killed = append(r.killed, time.Now())
		r.kills++
		shot, err := look(ctx, s.folder, filepath.Join(scratch, "look"), w)
		if err != nil {
			return nil, fmt.Errorf("after kill %d: %w", r.kills, err)
		}
		shots = append(shots, shot)
		if err := server.start(); err != nil {
			return nil, fmt.Errorf("after kill %d: %w", r.kills, err)
		}
		if r.kills%50 == 0 {
			say(fmt.Sprintf("%d kills, %d calls, %s", r.kills, c.count(), time.Since(began).Round(time.Second)))
		}
	}
	if _, err := server.ready(ctx); err != nil {
		return nil, err
	}
	c.stop()
	left, err := finish(ctx, s.folder, drain)
	if err != nil {
		return nil, err
	}
	r.left, r.took, r.starts = left, time.Since(began), server.starts
	if err := server.end(); err != nil {
		return nil, err
	}
	return r, reconcile(ctx, r, s.folder, c.calls(), w, shots)
}
