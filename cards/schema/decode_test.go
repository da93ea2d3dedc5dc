package schema

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"
)

type condition struct {
	Left     any    `json:"left"`
	Operator string `json:"operator" form:"required" options:"equals=is|less=is less than"`
}

type everything struct {
	URL        string            `json:"url" form:"required" format:"url" placeholder:"https://…"`
	Count      int               `json:"count" min:"1" max:"10" default:"3"`
	Ratio      float64           `json:"ratio"`
	Exact      json.Number       `json:"exact"`
	On         bool              `json:"on"`
	At         time.Time         `json:"at"`
	Wait       Duration          `json:"wait" default:"30s" form:"advanced"`
	Query      map[string]any    `json:"query"`
	Labels     map[string]string `json:"labels"`
	Names      []string          `json:"names" format:"names"`
	Items      []any             `json:"items"`
	Conditions []condition       `json:"conditions"`
	Inner      condition         `json:"inner"`
	Body       any               `json:"body"`
	Token      string            `json:"token" form:"secret"`
}

func TestOfReadsTags(t *testing.T) {
	f := Of[everything]()
	wait, _ := f.Field("wait")
	if !wait.Advanced || wait.Type != Text || wait.Default != "30s" {
		t.Errorf("wait = %+v, want advanced text with default 30s", wait)
	}
	url, _ := f.Field("url")
	if !url.Required || url.Format != URL || url.Placeholder != "https://…" || url.Label != "URL" {
		t.Errorf("url = %+v", url)
	}
	list, _ := f.Field("conditions")
	op, _ := list.Members.Field("operator")
	if want := []Option{{"equals", "is"}, {"less", "is less than"}}; !reflect.DeepEqual(op.Options, want) {
		t.Errorf("options = %v, want %v", op.Options, want)
	}
}

func TestDecodeConverts(t *testing.T) {
	f := Of[everything]()
	var got everything
	err := f.Decode(Values{
		"url": "https://a", "count": "7", "ratio": "2.5", "exact": json.Number("12345678901234567890"), "on": "true",
		"at": "2026-03-01", "wait": "5m", "query": `{"a": 1}`, "labels": Values{"a": int64(1), "b": true}, "names": "a, b c",
		"items": []any{int64(1)}, "conditions": []any{Values{"left": int64(1), "operator": "less"}},
		"inner": Values{"operator": "equals"}, "body": Values{"x": nil},
	}, &got)
	if err != nil {
		t.Fatal(err)
	}
	want := everything{URL: "https://a", Count: 7, Ratio: 2.5, Exact: "12345678901234567890", On: true,
		At: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), Wait: Duration{5 * time.Minute}, Query: Values{"a": int64(1)},
		Labels: map[string]string{"a": "1", "b": "true"}, Names: []string{"a", "b", "c"}, Items: []any{int64(1)},
		Conditions: []condition{{int64(1), "less"}}, Inner: condition{Operator: "equals"}, Body: Values{"x": nil}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("Decode = %+v\nwant %+v", got, want)
	}
}

func TestDefaultsAndNumbersInText(t *testing.T) {
	f := Of[everything]()
	var got everything
	if err := f.Decode(Values{"url": 7.25, "count": nil, "inner": Values{"operator": "less"}}, &got); err != nil {
		t.Fatal(err)
	}
	if got.URL != "7.25" || got.Count != 3 || got.Wait.Duration != 30*time.Second {
		t.Errorf("Decode = %q, %d, %v, want 7.25, 3, 30s", got.URL, got.Count, got.Wait)
	}
}

func TestDecodeSaysWhatIsWrong(t *testing.T) {
	f := Of[everything]()
	base := Values{"url": "https://a", "inner": Values{"operator": "less"}}
	for _, c := range []struct {
		field string
		value any
		at    string
		want  string
	}{
		{"url", "", "url", "is required"},
		{"url", Values{}, "url", "must be text, got an object; pick one of its values, or put it into text with Compose"},
		{"count", "abc", "count", `must be a number, got text "abc"`},
		{"count", 1.5, "count", "must be a whole number, got number 1.5"},
		{"count", int64(11), "count", "must be at most 10, got number 11"},
		{"count", "0", "count", "must be at least 1, got number 0"},
		{"ratio", json.Number("12345678901234567890"), "ratio", "has more digits than fit here, got number 12345678901234567890"},
		{"on", "yes", "on", `must be true or false, got text "yes"`},
		{"at", "tomorrow", "at", `must be a date such as 2026-03-01 or 2026-03-01T09:30:00Z, got text "tomorrow"`},
		{"wait", "30", "wait", `must be a time with its unit, such as 30s, 5m or 1h, got text "30"`},
		{"wait", "-3s", "wait", `must not be less than nothing, got text "-3s"`},
		{"query", "a=b", "query", `must be an object, got text "a=b"`},
		{"labels", Values{"a": []any{}}, "labels.a", "must be text, got a list of 0; pick one of its values, or put it into text with Compose"},
		{"names", []any{"a", Values{}}, "names.1", "must be text, got an object; pick one of its values, or put it into text with Compose"},
		{"items", "a", "items", `must be a list, got text "a"`},
		{"conditions", []any{"a"}, "conditions.0", `must be an object, got text "a"`},
		{"conditions", []any{Values{"operator": "less"}, Values{"operator": "near"}}, "conditions.1.operator", `must be one of equals, less, got text "near"`},
		{"conditions", []any{Values{}}, "conditions.0.operator", "is required"},
		{"inner", Values{"operator": "less", "x": 1}, "inner.x", "is not a field here; remove it"},
		{"other", "x", "other", "is not a field here; remove it"},
		{"token", Values{"password": "hunter2"}, "token", "must be text, got an object; pick one of its values, or put it into text with Compose"},
	} {
		v := Values{c.field: c.value}
		for k, x := range base {
			if k != c.field {
				v[k] = x
			}
		}
		var into everything
		want := Problems{{c.at, c.want}}
		if got := f.Decode(v, &into); !reflect.DeepEqual(got, want.Err()) {
			t.Errorf("Decode(%s: %v)\n got %v\nwant %v", c.field, c.value, got, want)
		}
		if got := f.Check(v); !reflect.DeepEqual(got, want) {
			t.Errorf("Check(%s: %v) = %v, want %v", c.field, c.value, got, want)
		}
	}
}

func TestProblemsDoNotShowSecrets(t *testing.T) {
	type hidden struct {
		Pin int `json:"pin" form:"secret"`
	}
	var into hidden
	err := Of[hidden]().Decode(Values{"pin": "hunter2"}, &into)
	if err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("Decode = %v, want a problem without the value", err)
	}
}

func TestLaterPassesChecksOnly(t *testing.T) {
	f := Of[everything]()
	v := Values{"url": Later, "count": Later, "wait": Later, "conditions": []any{Later, Values{"left": Later, "operator": "less"}},
		"names": []any{Later}, "labels": Values{"a": Later}, "inner": Values{"operator": Later}}
	if p := f.Check(v); p != nil {
		t.Errorf("Check = %v, want no problems", p)
	}
	var into everything
	if err := f.Decode(v, &into); err == nil {
		t.Error("Decode accepted a value that is not known yet")
	}
}

func TestConvertWorksWithoutAStruct(t *testing.T) {
	f, problems := Declared([]any{
		Values{"name": "customer_id", "type": "number", "required": true, "from": "query"},
		Values{"name": "when", "type": "date"},
	})
	if problems != nil {
		t.Fatal(problems)
	}
	got, problems := f.Convert(Values{"customer_id": "42", "when": ""})
	if want := (Values{"customer_id": int64(42)}); problems != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("Convert = %v, %v, want %v", got, problems, want)
	}
	if _, problems = f.Convert(Values{"when": "soon"}); len(problems) != 2 {
		t.Errorf("Convert = %v, want two problems", problems)
	}
}

func TestDeclaredSaysWhatIsWrong(t *testing.T) {
	_, got := Declared([]any{Values{"name": "a b"}, Values{"name": "x"}, Values{"name": "x"}, "y", Values{"name": "z", "type": "moon"}})
	var at []string
	for _, p := range got {
		at = append(at, p.Field)
	}
	if want := []string{"0.name", "2.name", "3", "4.type"}; !reflect.DeepEqual(at, want) {
		t.Errorf("problems at %v, want %v", at, want)
	}
}

func TestRedactReachesInside(t *testing.T) {
	type inner struct {
		Key  string `json:"key" form:"secret"`
		Name string `json:"name"`
	}
	type outer struct {
		List []inner `json:"list"`
		One  inner   `json:"one"`
	}
	in := Values{"list": []any{Values{"key": "k", "name": "n"}}, "one": Values{"key": "k"}}
	want := Values{"list": []any{Values{"key": Redacted, "name": "n"}}, "one": Values{"key": Redacted}}
	if got := Of[outer]().Redact(in); !reflect.DeepEqual(got, want) {
		t.Errorf("Redact = %v, want %v", got, want)
	}
	if in["one"].(Values)["key"] != "k" {
		t.Error("Redact changed what it was given")
	}
}

func TestFormsBelongToTheirStruct(t *testing.T) {
	var other condition
	if err := Of[everything]().Decode(Values{}, &other); err == nil {
		t.Error("Decode filled another struct")
	}
	if err := (Form{}).Decode(Values{}, &other); err == nil {
		t.Error("Decode worked without a struct")
	}
	if _, err := Of[everything]().Encode(other); err == nil {
		t.Error("Encode read another struct")
	}
}

func TestWrongDeclarationsPanic(t *testing.T) {
	type noName struct{ A string }
	type badFlag struct {
		A string `json:"a" form:"requried"`
	}
	type badDefault struct {
		A int `json:"a" default:"x"`
	}
	type badBound struct {
		A int `json:"a" min:"x"`
	}
	for name, of := range map[string]func() Form{"name": Of[noName], "flag": Of[badFlag], "default": Of[badDefault], "bound": Of[badBound], "kind": Of[int]} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("a wrong %s was accepted", name)
				}
			}()
			of()
		}()
	}
}

func TestEmbeddedFieldsComeWhereTheyStand(t *testing.T) {
	type target struct {
		URL string `json:"url" form:"required"`
	}
	type request struct {
		Method string `json:"method"`
		target
		Body any `json:"body"`
	}
	f := Of[request]()
	var names []string
	for _, x := range f.Fields {
		names = append(names, x.Name)
	}
	if want := []string{"method", "url", "body"}; !reflect.DeepEqual(names, want) {
		t.Errorf("fields = %v, want %v", names, want)
	}
	var got request
	if err := f.Decode(Values{"url": "u", "body": "b"}, &got); err != nil || got.URL != "u" || got.Body != "b" {
		t.Errorf("Decode = %+v, %v", got, err)
	}
	if out, err := f.Encode(got); err != nil || out["url"] != "u" {
		t.Errorf("Encode = %v, %v", out, err)
	}
}
