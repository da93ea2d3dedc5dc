package web

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/views"
)

// typedValue is a value typed in the drawer for a reference.
type typedValue struct {
	ref   string
	text  string // as typed
	value any
	json  bool   // the text is JSON
	known bool   // too long to be typed: it is what is known of past runs and tests
	from  string // where it comes from, in words; "" when it was just typed
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
		t.value, t.known = t.text, c.FormValue(prefix+".known") == "true"
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
		t.json = c.FormValue(prefix+".json") == "true"
		list = append(list, t)
	}
	return list, problems
}

// nested puts typed values where references look for them.
func nested(list []typedValue) map[string]any {
	list = slices.Clone(list)
	// A whole object goes in before the single keys that are typed beside it.
	slices.SortStableFunc(list, func(a, b typedValue) int { return len(a.ref) - len(b.ref) })
	root, lists := map[string]any{}, 0
	for _, t := range list {
		segs := flows.Segments("{{" + t.ref + "}}")
		if len(segs) != 1 || !segs[0].Simple {
			continue
		}
		keys := append([]flows.Key{{Name: segs[0].Ref.Step}}, segs[0].Ref.Path...)
		if lists += inLists(keys); lists > maxTypedLists {
			break
		}
		var v any = root
		for i, key := range keys {
			v = put(v, key, t.value, i == len(keys)-1, i+1 < len(keys) && keys[i+1].List)
		}
	}
	return root
}

// Bounds of the lists that indices in references may call for, and of how many.
const (
	maxTypedIndex = 1000
	maxTypedLists = 1000
)

func inLists(keys []flows.Key) (n int) {
	for _, k := range keys {
		if k.List {
			n++
		}
	}
	return n
}

// put sets one key of v, or makes what the next key needs there, and returns it.
func put(v any, key flows.Key, value any, last, nextIsList bool) any {
	fresh := value
	if !last {
		if fresh = any(map[string]any{}); nextIsList {
			fresh = make([]any, maxTypedIndex+1)
		}
	}
	switch at := v.(type) {
	case map[string]any:
		if old, ok := at[key.Name]; ok && !last && isContainer(old) {
			return old
		}
		at[key.Name] = fresh
	case []any:
		if key.Index < 0 || key.Index >= len(at) {
			return nil
		}
		if old := at[key.Index]; !last && isContainer(old) {
			return old
		}
		at[key.Index] = fresh
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
	given := map[string]typedValue{}
	for _, t := range typed {
		given[t.ref] = t
	}
	var list []views.TestInput
	for _, ref := range d.references(x) {
		if _, ok := d.steps[ref.Step]; !ok && ref.Step != "run" && ref.Step != "flow" {
			continue
		}
		text := ref.String()
		p := d.pill(x, flows.Segment{Src: text, Simple: true, Ref: ref})
		in := views.TestInput{ID: "t-" + slug(text), Name: "in." + strconv.Itoa(len(list)), Ref: text, Number: p.Number, Hue: p.Hue, Label: p.Label}
		v := d.sampleAt(ref.Step, ref.PathString())
		text, size := jsonHead(v, mostTyped)
		plain, isText := v.(string)
		switch {
		case isText:
			text, size = plain[:min(len(plain), mostTyped)], len(plain)
		case v == nil:
			text, size = "", 0
		}
		in.Value, in.Known = text, ""
		if size > mostTyped {
			in.Value, in.Known = "", byteWords(int64(size))
		}
		in.JSON = v != nil && !isText
		if v != nil {
			in.Source = "from the last run or test"
		}
		switch t, ok := given[ref.String()]; {
		case ok && t.known && t.from != "":
			in.Source = t.from
		case ok && !t.known:
			in.Known = ""
			in.Value, in.Source, in.JSON = t.text, t.from, in.JSON || t.json
		}
		in.Long = isContainer(v) || strings.Contains(in.Value, "\n")
		list = append(list, in)
	}
	return list
}

// mostTyped is how long a value may be that the drawer lets people edit, in bytes.
const mostTyped = 64 << 10

// fromKnown gives values that were too long to be typed what is known of them.
func (d *drawing) fromKnown(list []typedValue) {
	for i := range list {
		if t := &list[i]; t.known {
			segs := flows.Segments("{{" + t.ref + "}}")
			if len(segs) == 1 && segs[0].Simple {
				t.value = d.sampleAt(segs[0].Ref.Step, segs[0].Ref.PathString())
			}
		}
	}
}

// references lists what a step's inputs mention, in the order of the card's form,
// each once.
func (d *drawing) references(x drawn) []flows.Mention {
	var list []flows.Mention
	had := map[string]bool{}
	add := func(refs []flows.Mention) {
		for _, ref := range refs {
			if !had[ref.String()] {
				had[ref.String()] = true
				list = append(list, ref)
			}
		}
	}
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case string:
			add(mentioned(v))
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
		if !f.Fixed && x.card.Inputs.Applies(&f, x.step.Inputs) {
			if f.Format == schema.Inline {
				add(flows.InlineMentions(f, x.step.Inputs[f.Name]))
				continue
			}
			walk(x.step.Inputs[f.Name])
		}
	}
	return list
}

// mentioned lists the references in a template, those inside expressions too.
func mentioned(template string) []flows.Mention {
	if !strings.Contains(template, "{{") {
		return nil
	}
	var list []flows.Mention
	for _, seg := range flows.Segments(template) {
		list = append(list, seg.Refs...)
	}
	return list
}
