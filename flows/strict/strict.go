// Package strict reads JSON text into Go values to the letter: every key must be one
// that the type has, and be there once, every value must be of its type, and what is wrong
// is said with a line and a column. It knows nothing of what the values are for.
package strict

import (
	"encoding"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"flowdeck/cards/schema"
	"flowdeck/flows"
)

// Read reads JSON text of at most limit bytes into what into points at. A key without
// omitempty or omitzero in its tag must be there; a tag enum:"a,b" names the only values.
// The error is flows.Problems when the text is to blame.
func Read(data []byte, limit int, into any) error {
	if len(data) > limit {
		return flows.Problems{{Message: fmt.Sprintf("is %d bytes long; %d are the most", len(data), limit)}}
	}
	v, repeated, err := schema.ReadJSON(string(data))
	var syntax *schema.JSONError
	if errors.As(err, &syntax) {
		return flows.Problems{{Message: syntax.Message, Line: syntax.Line, Column: syntax.Column}}
	}
	if err != nil {
		return err
	}
	if len(repeated) > 0 {
		return flows.Problems{{Message: fmt.Sprintf("has the key %q twice in one object", repeated[0])}}
	}
	r := reader{data: data}
	r.value(reflect.ValueOf(into).Elem(), v, "")
	return r.problems.Err()
}

// mostProblems is how many things are said at once.
const mostProblems = 20

type reader struct {
	data     []byte
	path     []string
	problems flows.Problems
}

// fail notes a problem of what stands at the path.
func (r *reader) fail(format string, args ...any) {
	if len(r.problems) >= mostProblems {
		return
	}
	p := flows.Problem{Field: flows.FieldPath(r.path...), Message: fmt.Sprintf(format, args...)}
	p.Line, p.Column = flows.Locate(r.data, r.path)
	r.problems = append(r.problems, p)
}

func (r *reader) at(key string, read func()) {
	r.path = append(r.path, key)
	read()
	r.path = r.path[:len(r.path)-1]
}

var (
	documentType = reflect.TypeFor[flows.Document]()
	anyType      = reflect.TypeFor[any]()
)

func (r *reader) value(dst reflect.Value, v any, enum string) {
	t := dst.Type()
	if t == documentType {
		d, err := flows.DocumentAt(r.data, v, slices.Clone(r.path))
		var wrong flows.Problems
		if errors.As(err, &wrong) {
			r.problems = append(r.problems, wrong...)
			return
		}
		dst.Set(reflect.ValueOf(d))
		return
	}
	if u, ok := dst.Addr().Interface().(encoding.TextUnmarshaler); ok {
		if s, isText := v.(string); !isText || u.UnmarshalText([]byte(s)) != nil {
			r.fail(`must be a duration such as "30s", got %s`, schema.Describe(v))
		}
		return
	}
	switch t.Kind() {
	case reflect.Pointer:
		if v == nil {
			return
		}
		dst.Set(reflect.New(t.Elem()))
		r.value(dst.Elem(), v, enum)
	case reflect.Interface:
		if t != anyType {
			panic("strict: cannot read into " + t.String()) // a mistake in the program
		}
		if v != nil {
			dst.Set(reflect.ValueOf(v))
		}
	case reflect.String:
		r.text(dst, v, enum)
	case reflect.Bool:
		if b, ok := v.(bool); ok {
			dst.SetBool(b)
		} else {
			r.fail("must be true or false, got %s", schema.Describe(v))
		}
	case reflect.Int, reflect.Int64:
		if n, ok := v.(int64); ok && !dst.OverflowInt(n) {
			dst.SetInt(n)
		} else {
			r.fail("must be a whole number, got %s", schema.Describe(v))
		}
	case reflect.Slice:
		r.list(dst, v, enum)
	case reflect.Map:
		r.members(dst, v)
	case reflect.Struct:
		r.object(dst, v)
	default:
		panic("strict: cannot read into " + t.String()) // a mistake in the program
	}
}

func (r *reader) text(dst reflect.Value, v any, enum string) {
	s, ok := v.(string)
	switch allowed := strings.Split(enum, ","); {
	case !ok:
		r.fail("must be text, got %s", schema.Describe(v))
	case enum != "" && !slices.Contains(allowed, s):
		r.fail("must be one of %s, got %s", strings.Join(allowed, ", "), schema.Describe(v))
	default:
		dst.SetString(s)
	}
}

func (r *reader) list(dst reflect.Value, v any, enum string) {
	l, ok := v.([]any)
	if !ok {
		r.fail("must be a list, got %s", schema.Describe(v))
		return
	}
	out := reflect.MakeSlice(dst.Type(), len(l), len(l))
	for i, x := range l {
		r.at(strconv.Itoa(i), func() { r.value(out.Index(i), x, enum) })
	}
	dst.Set(out)
}

func (r *reader) members(dst reflect.Value, v any) {
	m, ok := v.(map[string]any)
	if !ok {
		r.fail("must be an object, got %s", schema.Describe(v))
		return
	}
	out := reflect.MakeMapWithSize(dst.Type(), len(m))
	for _, name := range sorted(m) {
		x := reflect.New(dst.Type().Elem()).Elem()
		r.at(name, func() { r.value(x, m[name], "") })
		out.SetMapIndex(reflect.ValueOf(name), x)
	}
	dst.Set(out)
}

func (r *reader) object(dst reflect.Value, v any) {
	m, ok := v.(map[string]any)
	if !ok {
		r.fail("must be an object, got %s", schema.Describe(v))
		return
	}
	fields := Fields(dst.Type())
	for _, name := range sorted(m) {
		i := slices.IndexFunc(fields, func(f Field) bool { return f.Name == name })
		r.at(name, func() {
			if i < 0 {
				r.fail("is not a key that belongs here; there are %s", names(fields))
				return
			}
			r.value(dst.FieldByIndex(fields[i].Index), m[name], fields[i].Tag.Get("enum"))
		})
	}
	for _, f := range fields {
		if _, there := m[f.Name]; !there && f.Required {
			r.at(f.Name, func() { r.fail("is required") })
		}
	}
}

func sorted(m map[string]any) []string {
	list := make([]string, 0, len(m))
	for name := range m {
		list = append(list, name)
	}
	slices.Sort(list)
	return list
}

func names(fields []Field) string {
	list := make([]string, len(fields))
	for i, f := range fields {
		list[i] = f.Name
	}
	return strings.Join(list, ", ")
}
