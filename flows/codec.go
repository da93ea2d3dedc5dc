package flows

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"flowdeck/cards/schema"
)

// MaxDocument is how long the JSON text of a document may be, in bytes.
const MaxDocument = 4 << 20

// DecodeDocument reads a document's JSON text. Unknown keys, wrong types, text
// that is too long or nested too deeply and syntax errors are Problems with a
// line and a column.
func DecodeDocument(data []byte) (Document, error) {
	v, err := decodeText(data, MaxDocument)
	if err != nil {
		return Document{}, err
	}
	var d Document
	if err := readInto(data, v, nil, &d); err != nil {
		return Document{}, err
	}
	return d, nil
}

// Encode returns the document's JSON text: the same for the same document.
func (d Document) Encode() ([]byte, error) {
	if d.Chain == nil {
		d.Chain = []Step{}
	}
	return encodeIndented(d)
}

// UnmarshalJSON reads a document as DecodeDocument does.
func (d *Document) UnmarshalJSON(data []byte) error {
	read, err := DecodeDocument(data)
	if err == nil {
		*d = read
	}
	return err
}

// decodeText reads JSON text of a limited length.
func decodeText(data []byte, limit int) (any, error) {
	if len(data) > limit {
		return nil, Problems{{Message: fmt.Sprintf("is longer than %d MiB", limit>>20)}}
	}
	v, err := schema.DecodeJSON(data)
	var syntax *schema.JSONError
	if errors.As(err, &syntax) {
		return nil, Problems{{Message: syntax.Message, Line: syntax.Line, Column: syntax.Column}}
	}
	return v, err
}

// readInto fills into with v, which stands at path of data.
func readInto(data []byte, v any, path []string, into shape) error {
	r := reader{path: path}
	into.read(&r, v)
	if r.problem == "" {
		return nil
	}
	p := Problem{Field: FieldPath(r.path...), Message: r.problem}
	p.Line, p.Column = locate(data, r.path)
	return Problems{p}
}

// shape is something that JSON is read into, key by key.
type shape interface{ read(r *reader, v any) }

// reader walks decoded JSON and stops at the first thing that does not belong:
// its path then says where that is.
type reader struct {
	path    []string
	problem string
}

func (r *reader) fail(format string, args ...any) {
	if r.problem == "" {
		r.problem = fmt.Sprintf(format, args...)
	}
}

// at reads what is below key; a problem leaves the path where it was found.
func (r *reader) at(key string, read func()) {
	if r.problem != "" {
		return
	}
	r.path = append(r.path, key)
	if read(); r.problem == "" {
		r.path = r.path[:len(r.path)-1]
	}
}

// object reads every key of an object by the function of that name.
func (r *reader) object(v any, keys map[string]func(v any)) {
	m, ok := v.(map[string]any)
	if !ok {
		r.fail("must be an object, got %s", schema.Describe(v))
		return
	}
	for _, key := range sortedKeys(m) {
		read, known := keys[key]
		r.at(key, func() {
			if !known {
				r.fail("is not a key that belongs here; there are %s", strings.Join(sortedKeys(keys), ", "))
				return
			}
			read(m[key])
		})
	}
}

func (r *reader) list(v any, item func(v any)) {
	l, ok := v.([]any)
	if !ok {
		r.fail("must be a list, got %s", schema.Describe(v))
		return
	}
	for i, x := range l {
		r.at(strconv.Itoa(i), func() { item(x) })
	}
}

func (r *reader) members(v any, member func(name string, v any)) {
	m, ok := v.(map[string]any)
	if !ok {
		r.fail("must be an object, got %s", schema.Describe(v))
		return
	}
	for _, name := range sortedKeys(m) {
		r.at(name, func() { member(name, m[name]) })
	}
}

func (r *reader) text(v any) string {
	s, ok := v.(string)
	if !ok {
		r.fail("must be text, got %s", schema.Describe(v))
	}
	return s
}

func (r *reader) yes(v any) bool {
	b, ok := v.(bool)
	if !ok {
		r.fail("must be true or false, got %s", schema.Describe(v))
	}
	return b
}

func (r *reader) whole(v any) int {
	n, ok := v.(int64)
	if !ok || n != int64(int32(n)) {
		r.fail("must be a whole number, got %s", schema.Describe(v))
	}
	return int(n)
}

func (r *reader) number(v any) float64 {
	switch n := v.(type) {
	case int64:
		return float64(n)
	case float64:
		return n
	}
	r.fail("must be a number, got %s", schema.Describe(v))
	return 0
}

func (r *reader) duration(v any) Duration {
	var d Duration
	if err := d.UnmarshalText([]byte(r.text(v))); err != nil {
		r.fail(`must be a duration such as "30s", got %s`, schema.Describe(v))
	}
	return d
}

func (r *reader) texts(v any) []string {
	list := []string{}
	r.list(v, func(x any) { list = append(list, r.text(x)) })
	return list
}

func encodeIndented(v any) ([]byte, error) {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return nil, fmt.Errorf("write a document: %w", err)
	}
	return []byte(b.String()), nil
}

// DocumentAt reads a document out of v, which stands at path of the JSON text data.
func DocumentAt(data []byte, v any, path []string) (Document, error) {
	var d Document
	err := readInto(data, v, path, &d)
	return d, err
}

// Locate returns the line and column of the value at path in JSON text, or of the
// deepest part of path that is there.
func Locate(data []byte, path []string) (line, column int) { return locate(data, path) }
