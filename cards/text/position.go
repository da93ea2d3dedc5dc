package text

import (
	"encoding/json"
	"math"
	"unicode/utf8"

	"flowdeck/cards/schema"
)

// Positions count characters, which are Unicode code points, from 0.

// positionOf returns the position of byte at of s.
func positionOf(s string, at int) int {
	if at < 0 {
		return -1
	}
	return utf8.RuneCountInString(s[:at])
}

// byteAt returns where the character at position begins: the length of s when there are not so many.
func byteAt(s string, position int) int {
	if position <= 0 {
		return 0
	}
	n := 0
	for i := range s {
		if n == position {
			return i
		}
		n++
	}
	return len(s)
}

// clamped turns a position that may count from the end into one within a text of length characters.
func clamped(position, length int) int {
	if position < 0 {
		position += length
	}
	return min(max(position, 0), length)
}

// whole reads a number that may be left blank.
func whole(field string, n json.Number, blank int) (int, error) {
	if n == "" {
		return blank, nil
	}
	v, _ := schema.ParseNumber(string(n))
	i, ok := v.(int64)
	if !ok || i > math.MaxInt32 || i < -math.MaxInt32 {
		return 0, wrong(field, "must be a whole number, got %s", schema.Describe(n))
	}
	return int(i), nil
}
