package otlp

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

const (
	sendTime  = 10 * time.Second // of one request
	sendTries = 3
	tellEvery = time.Minute // how often it is said that spans cannot be sent
)

// send sends spans in batches until the Tracer is closed, and what is left then.
func (t *Tracer) send() {
	tick := time.NewTicker(sendEvery)
	defer tick.Stop()
	batch := make([]span, 0, mostBatch)
	var told time.Time
	flush := func() {
		if len(batch) == 0 {
			return
		}
		left, err := t.post(batch)
		t.dropped.Add(left)
		t.sent.Add(int64(len(batch)) - left)
		if err != nil && time.Since(told) > tellEvery {
			told = time.Now()
			to, _, _ := strings.Cut(t.o.Endpoint, "?") // behind it may be a key
			t.o.Log.Warn("traces cannot be sent and are left out", "to", to, "spans", left, "err", err)
		}
		batch = batch[:0]
	}
	for {
		select {
		case s := <-t.spans:
			if batch = append(batch, s); len(batch) == mostBatch {
				flush()
			}
		case <-tick.C:
			flush()
		case <-t.stop:
			for {
				select {
				case s := <-t.spans:
					if batch = append(batch, s); len(batch) == mostBatch {
						flush()
					}
					continue
				default:
				}
				flush()
				return
			}
		}
	}
}

// post sends spans, again when the receiver is busy, and says how many were left out, and why.
func (t *Tracer) post(spans []span) (left int64, err error) {
	body, all := t.request(spans), int64(len(spans))
	for try := range sendTries {
		if try > 0 {
			select {
			case <-time.After(time.Second << try):
			case <-t.stop: // there is no time for another try
				return all, err
			}
		}
		var again bool
		if left, again, err = t.postOnce(body); !again {
			break
		}
	}
	if err != nil && left == 0 {
		left = all
	}
	return min(left, all), err
}

// postOnce says how many spans a receiver refused that took the others; when it took none,
// that is 0 beside an error.
func (t *Tracer) postOnce(body []byte) (refused int64, again bool, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), sendTime)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, t.o.Endpoint, bytes.NewReader(body))
	if err != nil {
		return 0, false, err
	}
	for name, value := range t.o.Headers {
		r.Header.Set(name, value)
	}
	r.Header.Set("Content-Type", "application/x-protobuf")
	res, err := t.o.Client.Do(r)
	if err != nil {
		if at := (*url.Error)(nil); errors.As(err, &at) { // it tells the address as it is
			err = at.Err
		}
		return 0, true, err
	}
	defer res.Body.Close()
	answer, _ := io.ReadAll(io.LimitReader(res.Body, 64<<10))
	switch res.StatusCode {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		again = true
	}
	if res.StatusCode/100 != 2 {
		return 0, again, fmt.Errorf("the receiver answers %s", res.Status)
	}
	if res.Header.Get("Content-Type") != "application/x-protobuf" {
		return 0, false, nil
	}
	if n, why := refusedBy(answer); n > 0 {
		return n, false, fmt.Errorf("the receiver refuses some of them: %s", why)
	}
	return 0, false, nil
}
