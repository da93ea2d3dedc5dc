package expr

import (
	"strings"

	"flowdeck/cards/schema"
)

// Function is what expressions may call beside the functions of the language. Its
// arguments are the fields of a form, in their order or by name.
type Function struct {
	Name   string // "text.pad"; "date.difference.days" for one output of several
	Inputs schema.Form
	Result string // the output that it is; "" for an object of all
	Call   func(schema.Values) (schema.Values, error)
}

// Library is where expressions find their functions. The zero Library has none.
type Library struct {
	// Find returns the function of that name.
	Find func(name string) (Function, bool)
	// Names lists what there is, for suggesting the name that was meant.
	Names func() []string

	lenient bool
}

// Lenient knows every name and no function: what is parsed with it can be looked at
// and renamed, never evaluated.
func Lenient() Library { return Library{lenient: true} }

func (l Library) function(name string) (Function, bool) {
	if l.lenient {
		return Function{Name: name}, true
	}
	if l.Find == nil {
		return Function{}, false
	}
	return l.Find(name)
}

// unknown says that there is no such function, and which one may be meant.
func (l Library) unknown(name string) string {
	text := "there is no function named " + name
	if l.Names == nil {
		return text
	}
	category, word, _ := strings.Cut(name, ".")
	var near string
	best := 3
	for _, known := range l.Names() {
		in, has, _ := strings.Cut(known, ".")
		d := distance(name, known)
		if in == category && word != "" && (strings.HasPrefix(has, word) || strings.Contains("_"+has+"_", "_"+word+"_")) {
			d = 0
		}
		if d < best {
			near, best = known, d
		}
	}
	if near == "" {
		return text
	}
	return text + "; is " + near + " meant?"
}

// distance is how many letters must change to make b of a; at least 3 when more.
func distance(a, b string) int {
	if d := len(a) - len(b); d > 2 || d < -2 || len(a) > 100 {
		return 3
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := before
			if a[i] != b[j] {
				cost++
			}
			before = row[j+1]
			row[j+1] = min(cost, row[j]+1, before+1)
		}
	}
	return row[len(b)]
}
