package otlp

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
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
		if err := t.post(batch); err != nil {
			t.dropped.Add(int64(len(batch)))
			if time.Since(told) > tellEvery {
				told = time.Now()
				t.o.Log.Warn("traces cannot be sent and are left out", "to", t.o.Endpoint, "err", err)
			}
		} else {
			t.sent.Add(int64(len(batch)))
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

// post sends spans, again when the receiver is busy.
func (t *Tracer) post(spans []span) (err error) {
	body := t.request(spans)
	for try := range sendTries {
		if try > 0 {
			select {
			case <-time.After(time.Second << try):
			case <-t.stop: // there is no time for another try
				return err
			}
		}
		var again bool
		if again, err = t.postOnce(body); err == nil || !again {
			return err
		}
	}
	return err
}

func (t *Tracer) postOnce(body []byte) (again bool, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), sendTime)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, t.o.Endpoint, bytes.NewReader(body))
	if err != nil {
		return false, err
	}
	for name, value := range t.o.Headers {
		r.Header.Set(name, value)
	}
	r.Header.Set("Content-Type", "application/x-protobuf")
	res, err := t.o.Client.Do(r)
	if err != nil {
		return true, err
	}
	defer res.Body.Close()
	_, _ = io.CopyN(io.Discard, res.Body, 64<<10)
	switch res.StatusCode {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		again = true
	}
	if res.StatusCode/100 != 2 {
		return again, fmt.Errorf("the receiver answers %s", res.Status)
	}
	return false, nil
}
