package main

import (
	"context"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"
)

// progressFrom is how long something takes before it says how far it is, and how often
// it says so.
var progressFrom = 2 * time.Second

// progress says how far a long copy is: "120 MB of about 480 MB, 60 MB a second".
type progress struct {
	to     io.Writer
	word   string
	total  int64 // bytes, about
	read   atomic.Int64
	began  time.Time
	next   time.Time
	called bool
}

func newProgress(to io.Writer, word string, total int64) *progress {
	now := time.Now()
	return &progress{to: to, word: word, total: total, began: now, next: now.Add(progressFrom)}
}

// reader counts what is read from r, until ctx ends.
func (p *progress) reader(ctx context.Context, r io.Reader) io.Reader {
	return countingReader{r, p, ctx}
}

func (p *progress) add(n int) {
	read, now := p.read.Add(int64(n)), time.Now()
	if now.Before(p.next) {
		return
	}
	p.next, p.called = now.Add(progressFrom), true
	rate := float64(read) / now.Sub(p.began).Seconds()
	left := ""
	if p.total > read && rate > 0 {
		left = ", " + (time.Duration(float64(p.total-read)/rate) * time.Second).Round(time.Second).String() + " left"
	}
	fmt.Fprintf(p.to, "%d MB of about %d MB %s, %d MB a second%s\n", read>>20, max(p.total, read)>>20, p.word, int64(rate)>>20, left)
}

// done says how much it was, when it took long.
func (p *progress) done() {
	if p.called {
		fmt.Fprintf(p.to, "%d MB %s in %s\n", p.read.Load()>>20, p.word, time.Since(p.began).Round(time.Second))
	}
}

// waiting says every now and then that something goes on whose end nobody knows, until
// stop is called.
func waiting(to io.Writer, word string) (stop func()) {
	began, over := time.Now(), make(chan struct{})
	var all sync.WaitGroup
	all.Go(func() {
		tick := time.NewTicker(progressFrom)
		defer tick.Stop()
		for {
			select {
			case now := <-tick.C:
				fmt.Fprintf(to, "%s, since %s\n", word, now.Sub(began).Round(time.Second))
			case <-over:
				return
			}
		}
	})
	return func() { close(over); all.Wait() }
}

type countingReader struct {
	io.Reader
	p   *progress
	ctx context.Context // of the copy that it is read for
}

func (c countingReader) Read(b []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := c.Reader.Read(b)
	c.p.add(n)
	return n, err
}
