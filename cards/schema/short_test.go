package schema_test

import (
	"math/rand/v2"
	"reflect"
	"testing"

	"flowdeck/cards/all"
	"flowdeck/cards/schema"
)

type unusual struct {
	odd
	Kind   string          `json:"kind" options:"a|b|c" default:"b"`
	Sub    string          `json:"sub" when:"kind=a|b" options:"x|y" default:"x"`
	Deep   int             `json:"deep" when:"sub=x" default:"4"`
	Deeper any             `json:"deeper" when:"deep=4" default:"5"`
	On     bool            `json:"on" default:"true"`
	Off    []string        `json:"off" when:"on=true" default:"mon, tue" format:"names"`
	Wait   schema.Duration `json:"wait" default:"30s"`
	Inner  inside          `json:"inner"`
	Must   inside          `json:"must" form:"required" default:"{\"n\": 7}"`
	Rows   []inside        `json:"rows" when:"kind=b|c"`
	Rest   schema.Values   `json:"*"`
}

type odd struct {
	First float64 `json:"first" default:"1.5" min:"1" max:"9"`
}

type inside struct {
	N    int    `json:"n" default:"3"`
	Name string `json:"name" when:"n=3" default:"three"`
	List []odd  `json:"list"`
}

// The short way is only shorter: whatever is filled in, it leads where the long way does.
func TestTheShortWayLeadsWhereTheLongWayDoes(t *testing.T) {
	const tries = 500
	forms := map[string]schema.Form{"unusual": schema.Of[unusual]()}
	for _, c := range all.Registry().All() {
		if len(c.Inputs.Fields) > 0 {
			forms[c.Name] = c.Inputs
		}
	}
	for name, f := range forms {
		draw, right := rand.New(rand.NewPCG(1, 2)), 0
		for range tries {
			v, got, want := filled(draw, f), f.New(), f.New()
			err, wrong := f.Decode(v, got), f.DecodeLong(v, want)
			if (err == nil) != (wrong == nil) || !reflect.DeepEqual(got, want) {
				t.Fatalf("%s: Decode(%v) = %+v, %v, want %+v, %v", name, v, got, err, want, wrong)
			}
			if err == nil {
				right++
			}
		}
		if right < tries/20 {
			t.Errorf("%s was filled in rightly %d times of %d", name, right, tries)
		}
	}
}

// filled is f as somebody may fill it in, mostly rightly.
func filled(draw *rand.Rand, f schema.Form) schema.Values {
	v := schema.Values{}
	for _, x := range f.Fields {
		switch n := draw.IntN(24); {
		case n == 0:
			v[x.Name] = nil
		case n == 1:
			v[x.Name] = ""
		case n < 12 || x.Required:
			v[x.Name] = value(draw, x)
		}
	}
	if draw.IntN(8) == 0 {
		v["undeclared"] = "x"
	}
	return v
}

func value(draw *rand.Rand, x schema.Field) any {
	pick := func(list ...any) any { return list[draw.IntN(len(list))] }
	switch {
	case draw.IntN(60) == 0:
		return pick(schema.Later, "no", int64(-1), 2.5, true, []any{}, schema.Values{})
	case len(x.Options) > 0:
		return x.Options[draw.IntN(len(x.Options))].Value
	case x.Format == schema.Inline:
		return schema.NewExpression("1", nil)
	case x.Default != "" && draw.IntN(2) == 0:
		return x.Default
	case len(x.Members.Fields) > 0 && x.Type == schema.List:
		return []any{filled(draw, x.Members), filled(draw, x.Members)}[:draw.IntN(3)]
	case len(x.Members.Fields) > 0:
		return filled(draw, x.Members)
	}
	switch x.Type {
	case schema.Number:
		return pick(int64(1), int64(4), "2", 3.0)
	case schema.Boolean:
		return pick(true, false, "true")
	case schema.Date:
		return pick("2026-03-01", "2026-03-01T09:30:00Z")
	case schema.Object, schema.File:
		return pick(schema.Values{"a": "x"}, schema.Values{}, `{"a": "y"}`)
	case schema.List:
		return pick([]any{"a"}, []any{}, `["a", "b"]`)
	}
	return pick("a", "5s", "404", int64(7), x.Placeholder)
}
