package web

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"flowdeck/cards/schema"
	"flowdeck/views"
)

// typedValue is a value typed in the drawer for a reference.
type typedValue struct {
	ref   string
	text  string // as typed
	value any
}

// typedValues reads the drawer's form: in.0.ref with in.0.value.
func typedValues(c echo.Context) ([]typedValue, schema.Problems) {
	var (
		list     []typedValue
		problems schema.Problems
	)
	for i := 0; c.FormValue("in."+strconv.Itoa(i)+".ref") != ""; i++ {
		prefix := "in." + strconv.Itoa(i)
		t := typedValue{ref: c.FormValue(prefix + ".ref"), text: c.FormValue(prefix + ".value")}
		t.value = t.text
		trimmed := strings.TrimSpace(t.text)
		switch {
		case trimmed == "":
			t.value = nil
		case c.FormValue(prefix+".json") == "true" || strings.HasPrefix(trimmed, "{") || strings.HasPrefix(trimmed, "["):
			v, err := schema.DecodeJSON([]byte(trimmed))
			if err != nil {
				problems = append(problems, schema.Problem{Field: t.ref, Message: "is not JSON: " + err.Error()})
			}
			t.value = v
		}
		list = append(list, t)
	}
	return list, problems
}

// nested puts typed values where references look for them.
func nested(list []typedValue) map[string]any {
	list = slices.Clone(list)
	// A whole object goes in before the single keys that are typed beside it.
	slices.SortStableFunc(list, func(a, b typedValue) int { return len(a.ref) - len(b.ref) })
	root := map[string]any{}
	for _, t := range list {
		keys := referenceKeys(t.ref)
		var v any = root
		for i, key := range keys {
			v = put(v, key, t.value, i == len(keys)-1, i+1 < len(keys) && keys[i+1].list)
		}
	}
	return root
}

// refKey is one step of a reference: a name, or an index in a list.
type refKey struct {
	name string
	at   int
	list bool
}

func referenceKeys(ref string) []refKey {
	var keys []refKey
	for _, m := range keyInReference.FindAllStringSubmatch("."+ref, -1) {
		switch {
		case m[2] != "":
			at, _ := strconv.Atoi(m[2])
			keys = append(keys, refKey{at: max(at, 0), list: true})
		case m[3] != "":
			name, _ := strconv.Unquote(`"` + m[3] + `"`)
			keys = append(keys, refKey{name: name})
		default:
			keys = append(keys, refKey{name: m[1]})
		}
	}
	return keys
}

// maxTypedIndex bounds the lists that an index in a reference may call for.
const maxTypedIndex = 1000

// put sets one key of v, or makes what the next key needs there, and returns it.
func put(v any, key refKey, value any, last, nextIsList bool) any {
	fresh := value
	if !last {
		if fresh = any(map[string]any{}); nextIsList {
			fresh = make([]any, maxTypedIndex+1)
		}
	}
	switch at := v.(type) {
	case map[string]any:
		if old, ok := at[key.name]; ok && !last && isContainer(old) {
			return old
		}
		at[key.name] = fresh
	case []any:
		if key.at >= len(at) {
			return nil
		}
		if old := at[key.at]; !last && isContainer(old) {
			return old
		}
		at[key.at] = fresh
	}
	return fresh
}

func isContainer(v any) bool {
	switch v.(type) {
	case map[string]any, []any:
		return true
	}
	return false
}

func lookupIn(values map[string]any) func(string) (schema.Values, bool) {
	return func(step string) (schema.Values, bool) {
		v, ok := values[step].(map[string]any)
		return v, ok
	}
}

// testInputs lists what the card takes from earlier cards, with values to start from.
func (d *drawing) testInputs(x drawn, typed []typedValue) []views.TestInput {
	given := map[string]string{}
	for _, t := range typed {
		given[t.ref] = t.text
	}
	var list []views.TestInput
	for _, ref := range d.references(x) {
		m := plainReference.FindStringSubmatch(ref)
		if _, ok := d.steps[m[1]]; !ok && m[1] != "run" && m[1] != "flow" {
			continue
		}
		p := d.pill(x, ref)
		in := views.TestInput{ID: "t-" + slug(ref), Name: "in." + strconv.Itoa(len(list)), Ref: ref, Number: p.Number, Hue: p.Hue, Label: p.Label}
		v := d.sampleAt(m[1], strings.TrimPrefix(m[2], "."))
		in.Value = literal(v)
		_, isText := v.(string)
		in.JSON = v != nil && !isText
		if v != nil {
			in.Source = "from the last run or test"
		}
		if text, ok := given[ref]; ok {
			in.Value, in.Source = text, ""
		}
		in.Long = isContainer(v) || strings.Contains(in.Value, "\n")
		list = append(list, in)
	}
	return list
}

// references lists the plain references to other steps in a step's inputs, in
// the order of the card's form, each once.
func (d *drawing) references(x drawn) []string {
	var list []string
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case string:
			for _, src := range mentioned(v) {
				if !slices.Contains(list, src) {
					list = append(list, src)
				}
			}
		case map[string]any:
			for _, key := range slices.Sorted(maps.Keys(v)) {
				walk(v[key])
			}
		case []any:
			for _, item := range v {
				walk(item)
			}
		}
	}
	for _, f := range x.card.Inputs.Fields {
		if !f.Fixed {
			walk(x.step.Inputs[f.Name])
		}
	}
	return list
}

// inExpression finds references among operators and functions.
var inExpression = regexp.MustCompile(`[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*|\[\d+\]|\["(?:[^"\\]|\\.)*"\])+`)

// mentioned lists the references in a template, those inside expressions too.
func mentioned(template string) []string {
	var list []string
	for _, seg := range views.Segments(template, func(src string) views.PillModel { return views.PillModel{Ref: src} }) {
		switch {
		case seg.Pill == nil:
		case plainReference.MatchString(seg.Pill.Ref):
			list = append(list, seg.Pill.Ref)
		default:
			list = append(list, inExpression.FindAllString(seg.Pill.Ref, -1)...)
		}
	}
	return list
}
