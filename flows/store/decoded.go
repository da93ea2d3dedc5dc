package store

import (
	"slices"
	"strings"
	"sync"
	"time"

	"flowdeck/cards/schema"
)

const (
	// mostDecoded bounds the texts of large bodies that are kept decoded, in bytes. Decoded
	// they take several times as much.
	mostDecoded = 16 << 20
	// decodedFor is how long one is kept after it was last asked for.
	decodedFor = 3 * time.Minute
)

// decoded are large bodies that pages show just now: the outputs of a flow that is being
// edited, the answer in the drawer. Reading one takes a hundred milliseconds, and every
// edit draws from it. A body is named after what it holds, so it never changes.
type decoded struct {
	mu   sync.Mutex
	list []*decodedBody // asked for last, first
}

type decodedBody struct {
	stored string
	values schema.Values
	size   int
	forget *time.Timer
}

func (d *decoded) get(stored string) (schema.Values, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	i := slices.IndexFunc(d.list, func(b *decodedBody) bool { return b.stored == stored })
	if i < 0 {
		return nil, false
	}
	b := d.list[i]
	b.forget.Reset(decodedFor)
	d.list = slices.Insert(slices.Delete(d.list, i, i+1), 0, b)
	return b.values, true
}

func (d *decoded) put(stored string, values schema.Values, size int) {
	if size > mostDecoded {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	b := &decodedBody{stored: stored, values: values, size: size}
	b.forget = time.AfterFunc(decodedFor, func() { d.drop(b) })
	d.list = slices.Insert(d.list, 0, b)
	sum := 0
	for i, x := range d.list {
		if sum += x.size; sum > mostDecoded {
			for _, old := range d.list[i:] {
				old.forget.Stop()
			}
			d.list = slices.Delete(d.list, i, len(d.list))
			return
		}
	}
}

func (d *decoded) drop(b *decodedBody) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if i := slices.Index(d.list, b); i >= 0 {
		d.list = slices.Delete(d.list, i, i+1)
	}
}

// shown is what a row holds, for a page to show: nobody changes it.
func (s *Store) shown(stored string) (schema.Values, error) {
	if !strings.HasPrefix(stored, blobMark) {
		return decode(stored)
	}
	if v, ok := s.decoded.get(stored); ok {
		return v, nil
	}
	body, err := s.blobs.get(stored)
	if err != nil {
		return nil, err
	}
	v, err := decode(body)
	if err == nil {
		s.decoded.put(stored, v, len(body))
	}
	return v, err
}
