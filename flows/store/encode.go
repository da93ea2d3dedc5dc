package store

import (
	"maps"
	"slices"
	"strconv"
	"sync"

	"flowdeck/cards/schema"
	"flowdeck/cards/trace"
	"flowdeck/flows"
)

// scratch holds buffers that texts are put together in.
var scratch = sync.Pool{New: func() any { b := make([]byte, 0, 4<<10); return &b }}

// written is what add appends, as text of its own.
func written(add func([]byte) ([]byte, error)) (string, error) {
	buf := scratch.Get().(*[]byte)
	b, err := add((*buf)[:0])
	if cap(b) <= inline { // a long one is not worth keeping
		*buf = b
	}
	defer scratch.Put(buf)
	if err != nil {
		return "", err
	}
	return string(b), nil
}

// encode is values as they are stored: JSON, "" when nil.
func encode(v schema.Values) (string, error) {
	return written(func(b []byte) ([]byte, error) { return appendValues(b, v) })
}

func appendValues(b []byte, v schema.Values) ([]byte, error) {
	if v == nil {
		return b, nil
	}
	return schema.AppendJSON(b, v)
}

// traceText is a trace as it is stored, "" when there is none.
func traceText(t *trace.Trace) string {
	s, _ := written(func(b []byte) ([]byte, error) { return appendTrace(b, t), nil })
	return s
}

func appendTrace(b []byte, t *trace.Trace) []byte {
	if t == nil {
		return b
	}
	return t.AppendJSON(b)
}

func appendOutline(b []byte, t *trace.Trace) []byte {
	if t == nil {
		return b
	}
	return t.AppendOutline(b)
}

// responseText is a response as it is stored: JSON.
func responseText(r flows.Response) (string, error) {
	return written(func(b []byte) (_ []byte, err error) {
		b = strconv.AppendInt(append(b, `{"status":`...), int64(r.Status), 10)
		if len(r.Headers) > 0 {
			b = append(b, `,"headers":{`...)
			for i, name := range slices.Sorted(maps.Keys(r.Headers)) {
				if i > 0 {
					b = append(b, ',')
				}
				if b, err = schema.AppendJSON(b, name); err != nil {
					return b, err
				}
				if b, err = appendTexts(append(b, ':'), r.Headers[name]); err != nil {
					return b, err
				}
			}
			b = append(b, '}')
		}
		if r.Encoded != nil {
			b = append(append(b, `,"body":`...), r.Encoded...)
		} else if r.Body != nil {
			if b, err = schema.AppendJSON(append(b, `,"body":`...), r.Body); err != nil {
				return b, err
			}
		}
		if r.File {
			b = append(b, `,"file":true`...)
		}
		return append(b, '}'), nil
	})
}

func appendTexts(b []byte, list []string) (_ []byte, err error) {
	b = append(b, '[')
	for i, s := range list {
		if i > 0 {
			b = append(b, ',')
		}
		if b, err = schema.AppendJSON(b, s); err != nil {
			return b, err
		}
	}
	return append(b, ']'), nil
}
