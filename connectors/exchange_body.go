package connectors

import (
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"flowdeck/cards/trace"
)

// maxRecordedBody is how much of a request body a trace keeps, in bytes.
const maxRecordedBody = 64 << 10

// recordedBody keeps the beginning of a request body that passes through it.
type recordedBody struct {
	io.ReadCloser
	mu   sync.Mutex
	kept []byte
	size int64
}

func (b *recordedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.size += int64(n)
	b.kept = append(b.kept, p[:min(n, maxRecordedBody-len(b.kept))]...)
	return n, err
}

func (b *recordedBody) recorded(m *masker) (string, int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	kept := b.kept
	if b.size > int64(len(kept)) { // a character may be cut in two
		for n := 0; n < utf8.UTFMax && len(kept) > 0 && !utf8.Valid(kept); n++ {
			kept = kept[:len(kept)-1]
		}
		kept = kept[:len(kept)-m.beginning(kept)] // so may a secret
	}
	if !utf8.Valid(kept) {
		return fmt.Sprintf(trace.NotText, b.size), b.size
	}
	return m.text(string(kept)), b.size
}

// countedBody notes how much came and how long it took.
type countedBody struct {
	io.ReadCloser
	exchange *exchange
	began    time.Time
	size     int64
	ended    atomic.Bool
}

func (b *countedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.size += int64(n)
	if err != nil {
		b.end(err)
	}
	return n, err
}

// spoiled notes that what came cannot be used.
func (b *countedBody) spoiled(err error) {
	b.exchange.trace.Edit(b.exchange.index).Error = b.exchange.masks.text(err.Error())
	b.exchange.trace.Edited()
}

func (b *countedBody) Close() error {
	b.end(nil)
	return b.ReadCloser.Close()
}

func (b *countedBody) end(err error) {
	if b.ended.Swap(true) {
		return
	}
	now := time.Now()
	e := b.exchange.trace.Edit(b.exchange.index)
	e.ResponseSize = b.size
	e.Download = now.Sub(b.began).Microseconds()
	e.Total = now.Sub(b.exchange.start).Microseconds()
	if err != nil && err != io.EOF {
		e.Error = b.exchange.masks.text(err.Error())
	}
	b.exchange.trace.Edited()
}
