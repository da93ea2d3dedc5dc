package expr

import (
	"encoding/json"
	"io"
	"strings"
)

// explained is the longest text whose mistake is told with its place: the parser
// that knows it takes many times the memory of its text.
const explained = 64 << 10

// decode reads JSON text without templates, keeping the digits of numbers.
func decode(src string) (any, error) {
	if len(src) <= explained {
		p := jsonParser{src: src, literal: true}
		n, err := p.document()
		if err != nil {
			return nil, err
		}
		return n.constant, nil
	}
	d := json.NewDecoder(strings.NewReader(src))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, &Error{Message: "this is not JSON: " + err.Error()}
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, &Error{Message: "this is not JSON: something follows after its end"}
	}
	return carried(v, 0)
}

// carried makes the numbers in v, which is ours alone, as flows carry them.
func carried(v any, depth int) (any, error) {
	if depth > maxDepth {
		return nil, &Error{Message: "objects and lists are nested too deep"}
	}
	var err error
	switch v := v.(type) {
	case json.Number:
		return Number(string(v)), nil
	case []any:
		for i := range v {
			if v[i], err = carried(v[i], depth+1); err != nil {
				return nil, err
			}
		}
	case map[string]any:
		for k := range v {
			if v[k], err = carried(v[k], depth+1); err != nil {
				return nil, err
			}
		}
	}
	return v, nil
}
