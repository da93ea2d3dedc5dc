// Command bench measures what a flow costs beside the plain Go handler that it
// replaces: the same upstream call, the same load, in turn in one run, on
// loopback. It builds the real server and drives it from outside.
//
//	go run ./bench -duration 5s -callers 1,16,128 -scenarios one,three
//
// The load generator and the upstream service live in this process and share
// the machine with what is measured, so ratios say more than absolute figures.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strconv"
	"strings"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// settings are the flags of bench.
type settings struct {
	duration time.Duration
	callers  []int
	binary   string
	profile  string
	plain    string
	tokens   bool
	only     []scenario
	modes    []mode
	profiled mode
	nodeRED  bool
	soak     time.Duration
	seed     int64
	flows    int
	filled   bool
	find     bool
	data     string
}

func run(ctx context.Context, args []string) error {
	s, err := parse(args)
	if err != nil {
		return err
	}
	if s.plain != "" {
		return servePlain(s.plain)
	}
	if s.tokens {
		return measureTokens(ctx, s)
	}
	if s.seed > 0 {
		return seed(ctx, s.data, s.seed, s.flows)
	}
	if s.find {
		return measureFinding(ctx, s.data)
	}
	world, err := startUpstream()
	if err != nil {
		return err
	}
	defer world.Close()
	return measure(ctx, s, world.url)
}

func parse(args []string) (settings, error) {
	var s settings
	var callers, only, kept, of string
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.DurationVar(&s.duration, "duration", 5*time.Second, "how long each measurement takes")
	flags.StringVar(&callers, "callers", "1,16,128", "numbers of callers at the same time, one measurement each")
	flags.StringVar(&only, "scenarios", "one,three,ten,slow,data,each", "what is measured")
	flags.StringVar(&kept, "modes", "express-sample,express,standard,standard-bodies", "how runs are kept in what is measured: express-sample, express, express-bodies, standard or standard-bodies")
	flags.BoolVar(&s.nodeRED, "nodered", false, "measure Node-RED too, for calls of a service; npm installs it into a temporary folder")
	flags.DurationVar(&s.soak, "soak", 0, "drive the flow of the first of -modes at 80 % of what it can do for so long instead")
	flags.StringVar(&s.binary, "binary", "", "flowdeck binary to measure; built when empty")
	flags.StringVar(&s.profile, "perf", "", "record a profile of the server with `perf` into this file, in the last measurement of the mode -perf-of")
	flags.StringVar(&of, "perf-of", "standard", "one of -modes")
	flags.StringVar(&s.plain, "plain", "", "serve the plain handler that calls this URL; bench starts itself so")
	flags.BoolVar(&s.tokens, "tokens", false, "measure token requests and calls with access tokens instead")
	flags.Int64Var(&s.seed, "seed", 0, "write so many runs into -data instead")
	flags.IntVar(&s.flows, "flows", 200, "how many flows -seed makes")
	flags.BoolVar(&s.filled, "filled", false, "measure a server with the flows and runs in -data, which -seed has written")
	flags.BoolVar(&s.find, "find", false, "measure how long lists, filters and searches of the runs in -data take instead")
	flags.StringVar(&s.data, "data", "bench-data", "data folder of -seed, -find and -filled")
	if err := flags.Parse(args); err != nil {
		return s, err
	}
	var err error
	if s.modes, err = chosenModes(kept); err != nil {
		return s, err
	}
	if s.profile != "" {
		list, err := chosenModes(of)
		if err != nil || len(list) != 1 || !slices.Contains(s.modes, list[0]) {
			return s, fmt.Errorf("-perf-of %q: name one of -modes %s", of, kept)
		}
		s.profiled = list[0]
	}
	if s.flows < 200 {
		return s, fmt.Errorf("-flows %d: 200 is the least", s.flows)
	}
	if s.only, err = chosen(only); err != nil {
		return s, err
	}
	for _, part := range strings.Split(callers, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(part))
		if err != nil || n < 1 {
			return s, fmt.Errorf("-callers %q: write numbers from 1 up, separated by commas", callers)
		}
		s.callers = append(s.callers, n)
	}
	return s, nil
}
