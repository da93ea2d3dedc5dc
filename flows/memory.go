package flows

import (
	"encoding/json"
	"reflect"
	"unsafe"

	"flowdeck/cards/schema"
)

// hold counts outputs that a run keeps, or refuses them.
func (m *machine) hold(f *frame, title string, v schema.Values) error {
	return m.holdBytes(f, title, SizeOf(v))
}

func (m *machine) holdBytes(f *frame, title string, n int64) error {
	for {
		held := m.held.Load()
		if held+n > m.limits.memory {
			return m.limits.tooMuchHeld(title)
		}
		if m.held.CompareAndSwap(held, held+n) {
			f.held.Add(n)
			return nil
		}
	}
}

// release forgets what a round held.
func (m *machine) release(f *frame) { m.held.Add(-f.held.Load()) }

// sizes are those of values that go from round to round. One that is the same as in the round
// before is not measured again: a long list may stay for 100,000 rounds.
type sizes map[string]measured

type measured struct {
	value any
	bytes int64
}

func (z sizes) of(v schema.Values) (n int64) {
	for name, x := range v {
		was, known := z[name]
		if !known || !isSame(was.value, x) {
			was = measured{x, SizeOf(name) + SizeOf(x)}
			z[name] = was
		}
		n += was.bytes
	}
	return n
}

// isSame reports whether two values are one in memory. Nobody changes values.
func isSame(a, b any) bool {
	x, y := reflect.ValueOf(a), reflect.ValueOf(b)
	if !x.IsValid() || !y.IsValid() || x.Kind() != y.Kind() {
		return false
	}
	switch x.Kind() {
	case reflect.Map:
		return x.Pointer() == y.Pointer()
	case reflect.Slice:
		return x.Pointer() == y.Pointer() && x.Len() == y.Len()
	case reflect.String:
		return unsafe.StringData(x.String()) == unsafe.StringData(y.String()) && x.Len() == y.Len()
	}
	return false
}

// SizeOf is about how many bytes of memory a value takes.
func SizeOf(v any) int64 {
	const word = 16
	switch v := v.(type) {
	case string:
		return word + int64(len(v))
	case json.Number:
		return word + int64(len(v))
	case map[string]any:
		n := int64(3 * word)
		for k, x := range v {
			n += word + int64(len(k)) + SizeOf(x)
		}
		return n
	case []any:
		n := int64(word)
		for _, x := range v {
			n += SizeOf(x)
		}
		return n
	}
	return word
}
