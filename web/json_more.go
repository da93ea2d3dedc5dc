package web

import (
	"maps"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/views"
)

// restQuery is a rest as an address carries it: pairs of a name and a value.
func restQuery(r views.JSONRest) []string {
	return []string{"at", r.Path, "from", strconv.Itoa(r.From), "depth", strconv.Itoa(r.Depth)}
}

// restAsked reads the rest that an address names.
func restAsked(c echo.Context) (views.JSONRest, error) {
	r := views.JSONRest{Path: c.QueryParam("at")}
	var err1, err2 error
	r.From, err1 = strconv.Atoi(c.QueryParam("from"))
	r.Depth, err2 = strconv.Atoi(c.QueryParam("depth"))
	if err1 != nil || err2 != nil || r.From < 0 || r.Depth < 0 {
		return r, schema.Problems{{Field: "from", Message: "and depth must be whole numbers from 0"}}
	}
	return r, nil
}

// underRoot is what stands at a path of lines that were laid out under a root; "" is no root.
func underRoot(v any, root, path string) any {
	if root != "" {
		v = schema.Values{root: v}
	}
	if path == "" {
		return v
	}
	return flows.ValueAt(v, path)
}

// renderMore sends further lines, and has the first of them focused: the button that
// asked for them is gone.
func renderMore(c echo.Context, m views.JSONTreeModel) error {
	if len(m.Rows) > 0 {
		trigger(c, "fd:focus", map[string]string{"to": "#" + m.Rows[0].ID})
	}
	return render(c, 200, views.JSONLines(m))
}

// jsonHead is the beginning of a value's JSON, whole when it has at most limit bytes, and
// about how long all of it is.
func jsonHead(v any, limit int) (head string, size int) {
	w := headWriter{limit: limit}
	w.value(v)
	if len(w.text) > limit {
		w.text = w.text[:limit]
	}
	return string(w.text), w.size
}

// headWriter keeps what is written until the limit, and only counts from then on.
type headWriter struct {
	text, spare []byte
	limit, size int
}

func (w *headWriter) put(s string) {
	w.size += len(s)
	if len(w.text) <= w.limit {
		w.text = append(w.text, s...)
	}
}

func (w *headWriter) value(v any) {
	switch v := v.(type) {
	case map[string]any:
		w.object(v)
	case []any:
		w.put("[")
		for i, x := range v {
			if i > 0 {
				w.put(",")
			}
			w.value(x)
		}
		w.put("]")
	case string:
		w.string(v)
	default:
		w.spare, _ = schema.AppendJSON(w.spare[:0], v) // a stored value is always JSON
		w.put(string(w.spare))
	}
}

func (w *headWriter) object(m map[string]any) {
	w.put("{")
	first := true
	pair := func(k string, x any) {
		if !first {
			w.put(",")
		}
		first = false
		w.string(k)
		w.put(":")
		w.value(x)
	}
	if len(w.text) > w.limit { // what is only counted need not be sorted
		for k, x := range m {
			pair(k, x)
		}
	} else {
		for _, k := range slices.Sorted(maps.Keys(m)) {
			pair(k, m[k])
		}
	}
	w.put("}")
}

func (w *headWriter) string(s string) {
	if len(w.text) > w.limit {
		w.size += len(s) + 2
		return
	}
	head := s
	if left := w.limit - len(w.text); len(s) > left {
		head = s[:left] // its JSON is no shorter
		w.size += len(s) - left
	}
	w.spare, _ = schema.AppendJSON(w.spare[:0], head)
	w.put(string(w.spare))
}
