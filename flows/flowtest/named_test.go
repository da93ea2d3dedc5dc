package flowtest_test

import (
	"encoding/json"
	"strings"
	"testing"

	"flowdeck/cards"
	"flowdeck/cards/all"
	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/flows/flowtest"
)

// A test reads the variables that it was recorded with, never a secret, and tables only
// as the recording has them.
func TestVariablesSecretsAndTablesComeFromTheRecording(t *testing.T) {
	row := step("row", "table.read_row", schema.Values{"table": "tbl_1", "row_id": "row_1"})
	row.Policy.OnError = "continue"
	doc := flows.Document{Format: flows.Format, Trigger: step("start", "event.manual", nil), Chain: []flows.Step{
		step("sign", "crypto.hmac", schema.Values{"data": "{{ vars.size }}", "key": "{{ secrets.hook }}"}), row,
		step("found", "table.search_rows", schema.Values{"table": "tbl_1"}),
		step("out", "control.return", schema.Values{"values": schema.Values{"size": "{{ vars.size + 1 }}", "hmac": "{{ sign.hmac }}", "rows": "{{ found.count }}"}}),
	}}
	history := []flows.Attempt{
		{Path: "sign", Number: 1, StepID: "sign", Card: "crypto.hmac", Status: flows.Succeeded, Input: schema.Values{"data": "5", "key": schema.Redacted}, Output: schema.Values{"hmac": "of the real secret"}},
		{Path: "row", Number: 1, StepID: "row", Card: "table.read_row", Status: flows.Failed, Error: &cards.Error{Code: cards.CodeNoRow, Message: "there is no row"}},
		{Path: "found", Number: 1, StepID: "found", Card: "table.search_rows", Status: flows.Succeeded, Output: schema.Values{"rows": []any{}, "count": int64(3)}},
	}
	run := flows.Run{Created: began, Status: flows.Succeeded, Output: schema.Values{"size": int64(6), "hmac": "of the real secret", "rows": int64(3)}}
	recorded, err := flowtest.Record(run, history, all.Registry(), nil)
	recorded.Vars = schema.Values{"size": int64(5)}
	if err != nil {
		t.Fatalf("recorded %+v, %v", recorded, err)
	}
	for name, c := range map[string]struct {
		change func(*flowtest.Test)
		want   string // of some failure; "": it passes
	}{
		"as recorded": {func(*flowtest.Test) {}, ""},
		"the failure": {func(x *flowtest.Test) {
			x.Expect = []flowtest.Expectation{{Value: "steps.row.error.code", Operator: "equals", With: cards.CodeNoRow}}
		}, ""},
		"no value of size":     {func(x *flowtest.Test) { x.Vars = nil }, "The flow mentions the variable size, which this test has no value of"},
		"a failure not there":  {func(x *flowtest.Test) { x.Failed, x.Expect = nil, nil }, "row: this table card was not recorded; save the test again"},
		"an output not there":  {func(x *flowtest.Test) { delete(x.Given, "found"); x.Expect = nil }, "found: this table card was not recorded; save the test again"},
		"a secret of its own":  {func(x *flowtest.Test) { delete(x.Given, "sign"); x.Expect = x.Expect[:1] }, ""},
		"a failure of no code": {func(x *flowtest.Test) { x.Failed = map[flows.Path]flowtest.ExchangeError{"row": {}} }, "failed.row.code: is required"},
	} {
		body, err := json.Marshal(recorded)
		if err != nil {
			t.Fatal(err)
		}
		test, err := flowtest.Parse(body)
		if err != nil {
			t.Fatal(err)
		}
		c.change(&test)
		if body, err = json.Marshal(test); err != nil {
			t.Fatal(err)
		}
		r := flowtest.Try(t.Context(), flows.Flow{ID: "f_1"}, doc, all.Registry(), string(body))
		var said []string
		for _, f := range r.Failures {
			said = append(said, f.Text)
		}
		if text := strings.Join(said, "\n"); r.Passed != (c.want == "") || !strings.Contains(text, c.want) {
			t.Errorf("%s: passed %v, %s; want %q", name, r.Passed, text, c.want)
		}
	}
}
