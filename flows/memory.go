package flows

import (
	"encoding/json"

	"flowdeck/cards/schema"
)

// hold counts outputs that a run keeps, or refuses them.
func (m *machine) hold(f *frame, title string, v schema.Values) error {
	n := SizeOf(v)
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
