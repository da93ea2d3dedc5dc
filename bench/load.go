package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"
)

// load is what a number of callers got done.
type load struct {
	callers int
	took    time.Duration
	waits   []time.Duration // of each call, sorted
}

func (l load) perSecond() float64 { return float64(len(l.waits)) / l.took.Seconds() }

func (l load) quantile(q float64) time.Duration {
	if len(l.waits) == 0 {
		return 0
	}
	return l.waits[min(int(q*float64(len(l.waits))), len(l.waits)-1)]
}

// drive has callers call target, each over one connection, one call after the
// other, for d.
func drive(ctx context.Context, target string, callers int, d time.Duration) (load, error) {
	return drivePaced(ctx, target, callers, d, 0)
}

// drivePaced is drive by callers that begin a call every pace, or later when the one
// before takes longer.
func drivePaced(ctx context.Context, target string, callers int, d, pace time.Duration) (load, error) {
	u, err := url.Parse(target)
	if err != nil {
		return load{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	var all sync.WaitGroup
	waits, errs := make([][]time.Duration, callers), make([]error, callers)
	began := time.Now()
	for i := range callers {
		all.Go(func() { waits[i], errs[i] = call(ctx, u, pace) })
	}
	all.Wait()
	l := load{callers: callers, took: time.Since(began)}
	for i := range callers {
		if errs[i] != nil {
			return load{}, errs[i]
		}
		l.waits = append(l.waits, waits[i]...)
	}
	slices.Sort(l.waits)
	return l, nil
}

// call speaks HTTP by hand, so that the callers take as little as possible of
// the processor that the server needs.
func call(ctx context.Context, u *url.URL, pace time.Duration) (waits []time.Duration, err error) {
	conn, err := net.Dial("tcp", u.Host)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	request := []byte("GET " + u.RequestURI() + " HTTP/1.1\r\nHost: " + u.Host + "\r\n\r\n")
	in := bufio.NewReader(conn)
	for ctx.Err() == nil {
		began := time.Now()
		if _, err := conn.Write(request); err != nil {
			return nil, err
		}
		res, err := http.ReadResponse(in, nil)
		if err != nil {
			return nil, err
		}
		body, err := io.ReadAll(res.Body)
		if err != nil {
			return nil, err
		}
		if res.StatusCode != http.StatusOK {
			return nil, fmt.Errorf("%s answered %s: %.300s", u, res.Status, body)
		}
		took := time.Since(began)
		waits = append(waits, took)
		if took < pace {
			time.Sleep(pace - took)
		}
	}
	return waits, nil
}
