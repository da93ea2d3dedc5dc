package flows

import (
	"bytes"
	"encoding/json"
	"strconv"
	"unicode/utf8"
)

// locate returns the line and column of the value at path in JSON text, or of
// the deepest part of path that is there.
func locate(data []byte, path []string) (line, column int) {
	l := locator{dec: json.NewDecoder(bytes.NewReader(data)), data: data}
	l.value(path)
	before := data[:l.found]
	line = 1 + bytes.Count(before, []byte("\n"))
	return line, 1 + utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:])
}

type locator struct {
	dec   *json.Decoder
	data  []byte
	found int
}

// start is where the next token begins.
func (l *locator) start() int {
	i := int(l.dec.InputOffset())
	for i < len(l.data) && bytes.IndexByte([]byte(" \t\r\n,:"), l.data[i]) >= 0 {
		i++
	}
	return i
}

// value looks for path in the value that comes next; it reports whether to stop.
func (l *locator) value(path []string) bool {
	start := l.start()
	if len(path) == 0 {
		l.found = start
		return true
	}
	token, err := l.dec.Token()
	if err != nil {
		return true
	}
	l.found = start
	switch token {
	case json.Delim('{'):
		return l.inside(path, func() (string, bool) {
			key, err := l.dec.Token()
			name, ok := key.(string)
			return name, ok && err == nil
		})
	case json.Delim('['):
		i := -1
		return l.inside(path, func() (string, bool) { i++; return strconv.Itoa(i), true })
	}
	return true
}

func (l *locator) inside(path []string, next func() (string, bool)) bool {
	for l.dec.More() {
		at := l.start()
		name, ok := next()
		if !ok {
			return true
		}
		if name == path[0] {
			if l.found = at; len(path) == 1 {
				return true // a key says where an unknown one is better than its value
			}
			return l.value(path[1:])
		}
		var skipped json.RawMessage
		if l.dec.Decode(&skipped) != nil {
			return true
		}
	}
	return true
}
