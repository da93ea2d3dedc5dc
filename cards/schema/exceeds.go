package schema

// Exceeds reports whether a value is larger than so many bytes as JSON, about. It looks
// no further than it has to.
func Exceeds(v any, bytes int) bool {
	_, more := exceeds(v, bytes)
	return more
}

// exceeds returns the room that v leaves.
func exceeds(v any, room int) (left int, more bool) {
	switch x := v.(type) {
	case string:
		room -= len(x)
	case []any:
		for _, e := range x {
			if room, more = exceeds(e, room); more {
				return room, true
			}
		}
	case map[string]any:
		for k, e := range x {
			if room, more = exceeds(e, room-len(k)); more {
				return room, true
			}
		}
	}
	room -= 8
	return room, room < 0
}
