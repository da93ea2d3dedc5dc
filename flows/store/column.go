package store

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"time"

	"flowdeck/cards/schema"
)

// micros is a time as it is stored: µs since 1970, 0 for the zero time.
func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// instant scans what micros wrote.
type instant struct{ t *time.Time }

// Scan implements sql.Scanner.
func (x instant) Scan(v any) error {
	n, ok := v.(int64)
	switch {
	case v == nil || ok && n == 0:
		*x.t = time.Time{}
	case ok:
		*x.t = time.UnixMicro(n).UTC()
	default:
		return fmt.Errorf("time: %T", v)
	}
	return nil
}

// text is JSON of v as it is stored; the zero of a map, a list or a pointer is "".
func text(v any) (string, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return "", err
	}
	s := bytes.TrimSuffix(b.Bytes(), []byte("\n"))
	if string(s) == "null" {
		return "", nil
	}
	return string(s), nil
}

// parsed scans what text wrote into v, a pointer.
type parsed struct{ v any }

// Scan implements sql.Scanner.
func (x parsed) Scan(v any) error {
	switch v := v.(type) {
	case string:
		return parse(v, x.v)
	case []byte:
		return parse(string(v), x.v)
	}
	return fmt.Errorf("JSON: %T", v)
}

func parse(s string, into any) error {
	if s == "" {
		return nil
	}
	d := json.NewDecoder(bytes.NewReader([]byte(s)))
	d.UseNumber()
	return d.Decode(into)
}

// sealed scans bytes that are stored as base64.
type sealed struct{ b *[]byte }

// Scan implements sql.Scanner.
func (x sealed) Scan(v any) (err error) {
	s, ok := v.(string)
	if !ok {
		return fmt.Errorf("base64: %T", v)
	}
	if *x.b = nil; s != "" {
		*x.b, err = base64.StdEncoding.DecodeString(s)
	}
	return err
}

func seal(b []byte) string { return base64.StdEncoding.EncodeToString(b) }

// decode reads what encode wrote.
func decode(s string) (schema.Values, error) {
	if s == "" {
		return nil, nil
	}
	v, err := schema.DecodeJSONText(s)
	if err != nil {
		return nil, err
	}
	values, ok := v.(schema.Values)
	if !ok {
		return nil, fmt.Errorf("stored values are %T", v)
	}
	return values, nil
}

// numbers makes every json.Number below v what schema.Values says a number is.
func numbers(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k, x := range v {
			v[k] = numbers(x)
		}
	case []any:
		for i, x := range v {
			v[i] = numbers(x)
		}
	case json.Number:
		if n, ok := schema.ParseNumber(v.String()); ok {
			return n
		}
	}
	return v
}
