package store

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"sync"
	"unsafe"

	"flowdeck/cards/schema"
	"flowdeck/flows"
)

// A short run that is written down when it is over has its attempts in its own row: one
// insert instead of one for the run and one for each attempt in another table. Nobody has
// to know which: the view "history" has both.

const (
	// packed is the most that the attempts of a run may take in its row, in bytes, and
	// packedOutline the same of those of which an outline is kept: nobody looks for values
	// in them.
	packed        = 32 << 10
	packedOutline = 256 << 10
	// mostPacked and mostOutlined are how many of them may be there.
	mostPacked   = 64
	mostOutlined = 2048
)

// recordEntries is encodeEntries for a run that is over.
func (s *Store) recordEntries(runID string, entries []flows.Entry, outline bool) (r rows, err error) {
	var said *answer
	if outline {
		said, entries = outlined(entries)
	}
	ok, err := r.pack(entries, outline)
	if err != nil {
		return rows{}, fmt.Errorf("encode entries of run %s: %w", runID, err)
	}
	if !ok {
		r, err = s.encodeEntries(runID, entries, outline)
	}
	for _, e := range entries {
		if ok && err == nil && e.Answer != nil {
			err = r.addAnswer(s, e.Answer)
		}
	}
	if err != nil {
		return rows{}, fmt.Errorf("encode entries of run %s: %w", runID, err)
	}
	if said != nil {
		r.answer = said
	}
	return r, nil
}

// pack writes attempts as the view reads them; ok is false when they belong into rows of
// their own.
func (r *rows) pack(entries []flows.Entry, outline bool) (ok bool, err error) {
	room, most := packed, mostPacked
	if outline {
		room, most = packedOutline, mostOutlined
	}
	if len(entries) > most {
		return false, nil
	}
	p := packing.Get().(*packer)
	defer p.release()
	p.room = room
	last := lastEntries(entries)
	for _, e := range entries {
		if e.Answer != nil && e.Answer.Response.Encoded != nil && !outline {
			p.know(e.Answer.Response.Body, e.Answer.Response.Encoded)
		}
	}
	p.text, p.bytes, p.retries = append(p.text[:0], '['), 0, 0
	for i, e := range entries {
		switch a := e.Attempt; {
		case e.Answer != nil:
			continue
		case a == nil:
			return false, nil
		case last[tryOf(a)] > i:
			continue
		default:
			if len(p.text) > 1 {
				p.text = append(p.text, ',')
			}
			if err := p.add(a, outline); err != nil {
				return false, err
			}
		}
		if len(p.text) > p.room {
			return false, nil
		}
	}
	if len(p.text) > 1 {
		r.packed = string(append(p.text, ']'))
	}
	r.bytes, r.retries = p.bytes, p.retries
	return true, nil
}

// packer puts a text together.
type packer struct {
	text    []byte // a list of attempts, each a list of its columns
	room    int    // for text
	value   []byte
	known   []knownText
	memo    []byte
	bytes   int64
	retries int
}

// knownText is a map that was written before: what one card gives is what the next one
// gets, and it is the same map.
type knownText struct {
	value    unsafe.Pointer
	from, to int // in memo
}

// mostKnown bounds what is looked through for each map.
const mostKnown = 8

// values appends v as JSON; maps in it that were written before are not gone through again.
func (p *packer) values(b []byte, v schema.Values) (_ []byte, err error) {
	if v == nil {
		return b, nil
	}
	var few [16]string
	names := few[:0]
	for name := range v {
		names = append(names, name)
	}
	slices.Sort(names)
	b = append(b, '{')
	for i, name := range names {
		if i > 0 {
			b = append(b, ',')
		}
		if b, err = p.member(append(schema.AppendText(b, name), ':'), v[name]); err != nil {
			return b, err
		}
	}
	return append(b, '}'), nil
}

func (p *packer) member(b []byte, v any) ([]byte, error) {
	m, ok := v.(map[string]any)
	if !ok || len(m) == 0 {
		return schema.AppendJSON(b, v)
	}
	at := reflect.ValueOf(m).UnsafePointer()
	for _, k := range p.known {
		if k.value == at {
			return append(b, p.memo[k.from:k.to]...), nil
		}
	}
	from := len(b)
	b, err := schema.AppendJSON(b, m)
	if err == nil {
		p.know(m, b[from:])
	}
	return b, err
}

// know keeps what a map is as JSON.
func (p *packer) know(v any, text []byte) {
	m, ok := v.(map[string]any)
	if !ok || len(m) == 0 || len(p.known) == mostKnown || len(text) > packed {
		return
	}
	start := len(p.memo)
	p.memo = append(p.memo, text...)
	p.known = append(p.known, knownText{reflect.ValueOf(m).UnsafePointer(), start, len(p.memo)})
}

var packing = sync.Pool{New: func() any { return &packer{text: make([]byte, 0, 4<<10), value: make([]byte, 0, 4<<10)} }}

// release keeps the packer for another run, without what this one had.
func (p *packer) release() {
	clear(p.known)
	p.known, p.memo = p.known[:0], p.memo[:0]
	if cap(p.text) > 2*packed {
		p.text = nil
	}
	packing.Put(p)
}

// add appends an attempt: its columns in the order of the view.
func (p *packer) add(a *flows.Attempt, outline bool) error {
	a, wire := keptOf(a, outline)
	if a.Number > 1 {
		p.retries++
	}
	p.text = append(p.text, '[')
	p.string(string(a.Path))
	p.number(int64(a.Number))
	p.string(a.StepID)
	p.string(a.Card)
	p.string(string(a.Status))
	p.number(micros(a.Started))
	p.number(micros(a.Finished))
	p.number(micros(a.NextAt))
	p.string(a.Given)
	start := p.bytes
	for _, write := range [...]func([]byte) ([]byte, error){
		func(b []byte) ([]byte, error) {
			s, err := failure(a.Error)
			return append(b, s...), err
		},
		func(b []byte) ([]byte, error) { return p.values(b, a.Input) },
		func(b []byte) ([]byte, error) { return p.values(b, a.Output) },
		func(b []byte) ([]byte, error) { return wire(b, a.Trace), nil },
	} {
		value, err := write(p.value[:0])
		if err != nil {
			return err
		}
		if p.value = value; cap(value) > 2*packed {
			p.value = nil
		}
		p.bytes += int64(len(value))
		p.string(unsafe.String(unsafe.SliceData(value), len(value))) // which copies it
		if len(p.text) > p.room {
			break // the caller sees that it is too much
		}
	}
	p.number(p.bytes - start)
	p.text[len(p.text)-1] = ']'
	return nil
}

func (p *packer) number(n int64) { p.text = append(strconv.AppendInt(p.text, n, 10), ',') }

// string appends a text of ours, or JSON as text.
func (p *packer) string(s string) { p.text = append(schema.AppendText(p.text, s), ',') }
