package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"time"
)

// soakRows is how many lines the curve of a soak has.
const soakRows = 15

// soak drives a standard flow at 80 % of what it can do and shows whether memory, disk
// and waiting times stay what they are.
func soak(ctx context.Context, s settings, server *process, data, url string) error {
	callers := s.callers[len(s.callers)-1]
	full, err := sample(ctx, server, url, callers, 5*time.Second)
	if err != nil {
		return err
	}
	rate := .8 * full.perSecond()
	fmt.Printf("\n%d callers, at most %.0f runs/s; kept at %.0f for %s\n\n| after | runs/s | p50 | p99 | CPU a run | memory | disk |\n|---|---|---|---|---|---|---|\n",
		callers, full.perSecond(), rate, s.soak)
	pace := time.Duration(float64(callers) / rate * float64(time.Second))
	began := time.Now()
	for range soakRows {
		before, err := server.cpu()
		if err != nil {
			return err
		}
		l, err := drivePaced(ctx, url, callers, s.soak/soakRows, pace)
		if err != nil {
			return err
		}
		after, err := server.cpu()
		memory, err2 := server.memory()
		disk, err3 := sizeOf(data)
		if err := errors.Join(err, err2, err3, ctx.Err()); err != nil {
			return err
		}
		fmt.Printf("| %s | %.0f | %s | %s | %s | %.0f MB | %.0f MB |\n", time.Since(began).Round(time.Second), l.perSecond(), short(l.quantile(.5)), short(l.quantile(.99)),
			short((after-before)/time.Duration(max(len(l.waits), 1))), float64(memory)/1e6, float64(disk)/1e6)
	}
	return nil
}

// sizeOf is what the files below dir take, in bytes.
func sizeOf(dir string) (n int64, err error) {
	err = filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return ignoreGone(err)
		}
		info, err := d.Info()
		if err == nil {
			n += info.Size()
		}
		return ignoreGone(err)
	})
	return n, err
}

// ignoreGone is err unless a file went away meanwhile.
func ignoreGone(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
