package schema

import "strconv"

// where is the path to a value, spelled out only when there is a problem to report.
type where struct {
	above *where
	name  string // of a field; "" of an element
	index int
}

func (w *where) String() string {
	if w == nil {
		return ""
	}
	last := w.name
	if last == "" {
		last = strconv.Itoa(w.index)
	}
	if w.above == nil {
		return last
	}
	return w.above.String() + "." + last
}
