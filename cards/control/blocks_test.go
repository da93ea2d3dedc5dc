package control

import (
	"errors"
	"reflect"
	"testing"

	"flowdeck/cards"
	"flowdeck/cards/cardtest"
	"flowdeck/cards/schema"
)

func TestTryChoosesTheCatchThatNamesTheError(t *testing.T) {
	catches := schema.Values{"catches": []any{
		schema.Values{"key": "missing", "match": "http_404, not_found"}, schema.Values{"key": "busy", "match": "http_5xx"}}}
	for _, c := range []struct {
		fails error
		want  string // the branch, or the error
		ran   []string
	}{
		{nil, "try", []string{"try", "finally"}},
		{&cards.Error{Code: "http_404"}, "missing", []string{"try", "missing", "finally"}},
		{&cards.Error{Code: "http_503"}, "busy", []string{"try", "busy", "finally"}},
		{&cards.Error{Code: "timeout", Message: "late"}, "try_1: timeout: late", []string{"try", "finally"}},
		{errors.New("the engine's own"), "the engine's own", []string{"try", "finally"}},
	} {
		flow := &cardtest.Flow{FailsIn: map[string]error{}}
		if c.fails != nil {
			flow.FailsIn["try"] = c.fails
		}
		out, err := Try.Control(flow, catches)
		got, _ := out["branch"].(string)
		if err != nil {
			got = err.Error()
		}
		if got != c.want || !reflect.DeepEqual(flow.Ran, c.ran) {
			t.Errorf("Try of %v = %s and ran %v, want %s and %v", c.fails, got, flow.Ran, c.want, c.ran)
		}
	}
	flow := &cardtest.Flow{FailsIn: map[string]error{"finally": &cards.Error{Code: "http_500"}}}
	if _, err := Try.Control(flow, catches); cards.ErrorOf(err).Code != "http_500" {
		t.Errorf("Try whose finally fails = %v, want its error", err)
	}
}

func TestRepeatStopsWhereItIsTold(t *testing.T) {
	below := func(limit int64) func(schema.Values) schema.Values {
		return func(own schema.Values) schema.Values {
			return schema.Values{"conditions": []any{schema.Values{"left": own["index"], "operator": "less", "right": limit}}}
		}
	}
	for _, c := range []struct {
		in   schema.Values
		late func(schema.Values) schema.Values
		want int64
		err  string
	}{
		{schema.Values{"times": int64(0), "conditions": nil}, below(5), 5, ""},
		{schema.Values{"times": int64(3)}, below(5), 3, ""},
		{schema.Values{"times": int64(9)}, below(5), 5, ""},
		{schema.Values{"most": int64(4)}, below(5), 0, "limit: the conditions still hold after 4 rounds, more than the 4 that are allowed. Let them end, or raise At most"},
		{schema.Values{}, nil, 0, "invalid_input: times: is required when there are no conditions under While"},
		{schema.Values{"carry": schema.Values{"index": int64(1)}, "times": int64(1)}, nil, 0, "invalid_input: carry.index: is an output of the card itself; give the result another name"},
	} {
		out, err := Repeat.Control(&cardtest.Flow{LateIs: c.late}, c.in)
		if err != nil {
			if got := cards.ErrorOf(err).Error(); got != c.err {
				t.Errorf("Repeat(%v) = %s, want %s", c.in, got, c.err)
			}
		} else if out["rounds"] != c.want {
			t.Errorf("Repeat(%v) took %v rounds, want %d", c.in, out["rounds"], c.want)
		}
	}
}

func TestForEachNamesWhatIsTooMuch(t *testing.T) {
	_, err := Each.Control(&cardtest.Flow{}, schema.Values{"items": make([]any, 1_000_000)})
	want := "limit: items: the list has 1,000,000 items, more than the 100,000 that are allowed. Cut it with Chunk or Slice"
	if got := cards.ErrorOf(err).Error(); got != want {
		t.Errorf("For Each of a million = %s, want %s", got, want)
	}
	for _, items := range []any{nil, "a", schema.Values{}, int64(3)} {
		if _, err := Each.Control(&cardtest.Flow{}, schema.Values{"items": items}); err == nil || cards.ErrorOf(err).Code != cards.CodeInvalidInput {
			t.Errorf("For Each of %v = %v, want invalid_input", items, err)
		}
	}
	flow := &cardtest.Flow{Fails: &cards.Error{Code: "http_404", Details: schema.Values{"status_code": int64(404)}}}
	out, err := Each.Control(flow, schema.Values{"items": []any{"a", "b"}, "go_on": true})
	if err != nil || out["failed"] != int64(2) {
		t.Fatalf("For Each that goes on = %v, %v", out, err)
	}
	first := out["failures"].([]any)[1].(schema.Values)
	if first["index"] != int64(1) || first["item"] != "b" || first["error"].(schema.Values)["status"] != int64(404) {
		t.Errorf("the second failure is %v", first)
	}
}

func TestAnErrorOfOnesOwnCannotBeOneOfFlowdecks(t *testing.T) {
	for _, code := range []string{"any", "bug", "cancelled", "Not A Name", "9x"} {
		_, err := ReturnError.Control(&cardtest.Flow{}, schema.Values{"code": code, "message": "no"})
		if e := cards.ErrorOf(err); e.Code != cards.CodeInvalidInput {
			t.Errorf("Return Error %q = %v, want invalid_input", code, e)
		}
	}
}
