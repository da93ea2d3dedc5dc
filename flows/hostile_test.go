package flows_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"flowdeck/cards/all"
	"flowdeck/cards/schema"
	"flowdeck/flows"
)

func TestHostileExpressionsEndSoonAndSmall(t *testing.T) {
	in := schema.Values{"long": strings.Repeat("a", 5<<20), "name": "maya", "key": "sesame", "rows": []any{schema.Values{"a": int64(1)}}}
	for src, want := range map[string]string{
		`{{ map(1..999999, text.repeat("x", 1000000)) }}`:               "256 MiB",
		`{{ list.map(1..100000, text.pad("x", 1000000)) }}`:             "256 MiB",
		`{{ list.map(1..1000, list.map(1..10000, item)) }}`:             "more than 1,000,000 items",
		`{{ list.map(1..100000, 1..900000) }}`:                          "the expression makes lists and objects of more than 1,000,000 items in all",
		`{{ list.reduce(1..40, acc + acc, "xxxxxxxx") }}`:               "longer than 32 MiB",
		`{{ list.reduce(1..40, [acc, acc], 1) }}`:                       "fails for list.21: the result is too large",
		`{{ map(1..100000, text.length(ev.long)) }}`:                    "256 MiB",
		`{{ list.range(1, 10000000) }}`:                                 "1,000,000",
		`{{ 1..100000000 }}`:                                            "the expression makes lists and objects of more than 1,000,000 items in all",
		`{{ ev.long matches "((a{1,30}){1,30})*b" }}`:                   "could take minutes",
		`{{ text.find_pattern.found(ev.long, "((a{1,30}){1,30})*b") }}`: "pattern: is too large for a text of 5242880 letters",
		`{{ ev.name matches "((a{1000}){1000}){1000}" }}`:               "not a pattern",
		`{{ map(1..300, list.sort_custom(1..9000, -item)) }}`:           "the expression makes lists and objects of more than 1,000,000 items in all",
		`{{ $env }}`:                                "$env is not a step",
		`{{ $call(1, 2) }}`:                         "there is no function named $call",
		`{{ $budget.made }}`:                        "$budget is not a step",
		`{{ env("HOME") }}`:                         "there is no function named env",
		`{{ os.exit(1) }}`:                          "there is no function named os.exit",
		`{{ ev.constructor.constructor("x") }}`:     "there is no function named ev.constructor.constructor",
		`{{ ev.rows.String() }}`:                    "there is no function named ev.rows.String",
		`{{ first(ev.rows).Close() }}`:              "cannot call nil",
		`{{ file.read("/etc/passwd") }}`:            "there is no function named file.read",
		`{{ timezone("../../etc/passwd") }}`:        "etc/passwd",
		`{{ http.get("http://169.254.169.254/") }}`: "there is no function named http.get",
		`{{ list.map(ev.rows, item.a / 0) }}`:       "divided by zero",
		`{{ number.divide(1, 0) }}`:                 "number.divide: divisor:",
		`{{ date.add("2026-02-30", 1, "days") }}`:   `date of date.add must be a date such as 2026-03-01 or 2026-03-01T09:30:00Z, got text "2026-02-30"`,
		`{{ date.from_text(ev.name) }}`:             `date.from_text: text:`,
		`{{ json.parse("{") }}`:                     "json.parse: text:",
		`{{ csv.parse("a,b\n\"1,2") }}`:             "csv.parse:",
		`{{ xml.parse("<!DOCTYPE a [<!ENTITY b \"cc\"><!ENTITY d \"&b;&b;\">]><a>&d;</a>") }}`: "xml.parse:",
		`{{ text.find_pattern(ev.name, "(") }}`:                                                "text.find_pattern: pattern: is not a pattern",
		`{{ list.sum(["a"]) }}`:                                                                `list.sum: list.0: must be a number, got text "a"`,
		`{{ list.sum(nil) }}`:                                                                  "list.sum: list: must be a list, got nothing",
		`{{ list.sum(ev.nope) }}`:                                                              "list.sum: list: must be a list, got nothing",
		`{{ object.get(ev.nope, "a") }}`:                                                       "object.get: object: is required",
		`{{ object.keys(ev.name) }}`:                                                           `object.keys: object: must be an object, got text "maya"`,
		`{{ text.upper_case(ev.rows) }}`:                                                       "text.upper_case: text: must be text, got a list of 1",
		`{{ crypto.hmac(ev.name, ev.key, {key_format: "hex"}) }}`:                              "key: cannot be read",
	} {
		began := time.Now()
		v, err := evaluate(t, src, in)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s = %.40v, %v; want %s", src, v, err, want)
		}
		if err != nil && strings.Contains(err.Error(), "sesame") {
			t.Errorf("%s tells the key: %v", src, err)
		}
		if took := time.Since(began); took > 20*time.Second {
			t.Errorf("%s took %v", src, took)
		}
	}
}

// FuzzFunctions looks for calls of cards that panic, hang or give what is no value.
func FuzzFunctions(f *testing.F) {
	for _, s := range []string{
		`text.pad(ev.name, 3, {side: "end"})`, `list.map(ev.rows, item.a + index)`, `list.reduce([1, 2], acc + item, 0)`, `date.add("2026-01-31", 1, "months")`,
		`list.sort_custom(1..5, -item)`, `object.map({a: 1}, value * 2)`, `let x = 2; list.filter_custom(1..9, item % x == 0)`, `xml.parse("<a>1</a>")`,
		`csv.build([{a: 1}])`, `number.formula("a + 1", {a: 2})`, `text.replace_pattern("aaa", "a+", "b")`, `url.parse("https://x/y?z=1").query`,
		`json.stringify({a: [1]})`, `list.group_custom(1..9, item % 3)`, `text.split("a,b", ",")`, `file.from_text("a", "b.txt")`, `encoding.base64_decode("YQ==")`,
	} {
		f.Add(s)
	}
	in := schema.Values{"name": "maya", "rows": []any{schema.Values{"a": int64(1)}}, "n": 2.5}
	reg := all.Registry()
	f.Fuzz(func(t *testing.T, src string) {
		if len(src) > 500 {
			return
		}
		began := time.Now()
		tried := flows.Try(compose(""), "last", "", "fields", src, reg, func(step string) (schema.Values, bool) { return in, step == "ev" })
		if took := time.Since(began); took > 15*time.Second {
			t.Errorf("%s took %v", src, took)
		}
		if strings.Contains(tried.Wrong, "mistake of its own") {
			t.Errorf("%s: %s", src, tried.Wrong)
		}
		if _, err := json.Marshal(tried.Value); err != nil {
			t.Errorf("%s = %#v, which is not a value: %v", src, tried.Value, err)
		}
		flows.Segments("{{ " + src + " }}")
	})
}
