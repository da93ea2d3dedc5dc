package expr

import (
	"encoding/json"
	"reflect"
	"testing"
)

var numbers = steps{"n": map[string]any{
	"max": int64(9223372036854775807), "min": int64(-9223372036854775808), "two": int64(2), "half": 0.5,
	"long": json.Number("9223372036854775808"), "longer": json.Number("123456789012345678901234567890"),
	"huge": 1e308, "list": []any{int64(9223372036854775807), int64(1), json.Number("9223372036854775808")},
	"rows": []any{map[string]any{"p": int64(9223372036854775807)}, map[string]any{"p": int64(9223372036854775807)}},
	"text": "ten", "round": Number("10000000000000000000"), "vast": json.Number("1e400"),
}}

func TestWholeNumbersNeverWrap(t *testing.T) {
	for _, c := range []struct {
		src  string
		want any
	}{
		{"9223372036854775807 + 1", json.Number("9223372036854775808")},
		{"n.max + 1", json.Number("9223372036854775808")},
		{"n.max + 1 - 1", int64(9223372036854775807)},
		{"n.min - 1", json.Number("-9223372036854775809")},
		{"n.max * n.max", json.Number("85070591730234615847396907784232501249")},
		{"n.min * -1", json.Number("9223372036854775808")},
		{"9223372036854775807 * 2", json.Number("18446744073709551614")},
		{"-n.min", json.Number("9223372036854775808")},
		{"-n.long", int64(-9223372036854775808)},
		{"-(n.max - 7)", int64(-9223372036854775800)},
		{"abs(n.min)", json.Number("9223372036854775808")},
		{"abs(-0.5)", 0.5},
		{"3 ** 39", int64(4052555153018976267)},
		{"2 ** 64", json.Number("18446744073709551616")},
		{"(-1) ** 9223372036854775807", int64(-1)},
		{"2 ** -1", 0.5},
		{"2 ^ 10", int64(1024)},
		{"n.longer % 11", int64(7)},
		{"n.longer - n.longer", int64(0)},
		{"n.max % 10", int64(7)},
		{"n.max / 2", 4611686018427387904.0},
		{"sum(n.list)", json.Number("18446744073709551616")},
		{"sum(n.rows, .p)", json.Number("18446744073709551614")},
		{"sum(n.rows, .p + n.half)", 18446744073709551616.0},
		{"sum([])", int64(0)},
		{"sum([0.5, 2])", 2.5},
		{"sum(map(n.rows, .p))", json.Number("18446744073709551614")},
		{"reduce(n.list, #acc + #, 0)", json.Number("18446744073709551616")},
		{"n.long > n.max", true},
		{"n.long == n.max", false},
		{"n.long != 9223372036854775807", true},
		{"n.max + 1 <= n.max", false},
		{"int('9223372036854775808')", json.Number("9223372036854775808")},
		{"int(2.9)", int64(2)},
		{"floor(n.max)", int64(9223372036854775807)},
		{"round(n.half)", int64(1)},
		{"60 * 60 * 24", int64(86400)},
		{"max(n.list)", json.Number("9223372036854775808")},
		{"min(n.max + 1, n.max, [n.longer])", int64(9223372036854775807)},
		{"max(1, 2.5, [0, [7]])", int64(7)},
		{"min([])", nil},
		{"mean([n.long, n.long])", 9223372036854775808.0},
		{"median(n.list)", 9223372036854775807.0},
		{"mean([1, 2])", 1.5},
		{"string(n.max + 1)", "9223372036854775808"},
		{"sum(1..3, # * 2)", int64(12)},
		{"(1..n.two)[1]", int64(2)},
		{"n.round + 1", json.Number("10000000000000000001")},
		{"n.round - n.round", int64(0)},
		{"n.round % 7", int64(3)},
		{"n.round * 3", 3e19},
		{"sum([n.round, 1, 2])", json.Number("10000000000000000003")},
		{"n.round == n.round + 1", false},
		{"10 / 2 % 3", int64(2)},
	} {
		tmpl, err := Parse("{{ " + c.src + " }}")
		if err != nil {
			t.Errorf("Parse(%s): %v", c.src, err)
			continue
		}
		if got, err := tmpl.Eval(numbers); err != nil || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s = %#v, %v; want %#v", c.src, got, err, c.want)
		}
	}
}

func TestACalculationThatGivesNoNumberNamesItsPlace(t *testing.T) {
	for _, c := range []struct {
		src, want string
		cause     int
	}{
		{"n.two + n.huge * 10", "the result is too large for a number", 16},
		{"n.two + n.two / 0", "something is divided by zero", 15},
		{"n.two / 0 > 1", "something is divided by zero", 7},
		{"n.two % 0", "something is divided by zero", 7},
		{"n.longer % (n.two - 2)", "something is divided by zero", 10},
		{"n.two % n.half", "% takes whole numbers, not 2 and 0.5", 7},
		{"n.vast * 2", "invalid operation: number that is too large * number", 8},
		{"0 / 0", "something is divided by zero", 3},
		{"0 ** -1", "something is divided by zero", 3},
		{"(-8) ** n.half", "-8 ** 0.5 is not a number", 6},
		{"n.max ** 100", "the result has more than 400 digits", 7},
		{"reduce(1..400, #acc * 10, n.max)", "the result has more than 400 digits", 21},
		{"-n.text", "invalid operation: - text", 1},
		{"n.text * 2", "invalid operation: text * number", 8},
		{"n.text - 2", "invalid operation: text - number", 8},
		{"n.nope - 1", "invalid operation: nothing - number", 8},
		{"n.long < n.text", "invalid operation: number < text", 8},
		{"int(n.huge)", "int: the number is too large for a whole number", 1},
		{"int(n.text)", `int takes a whole number, not text "ten"`, 1},
		{"int(n.list)", "int takes a number, not a list of 3", 1},
		{"round(n.nope)", "round takes a number, not nothing", 1},
		{"sum([1, 'a'])", "item 2 of the list: a number is due, not text", 1},
		{"max(n.list, n.text)", `max takes numbers and lists of them, not text "ten"`, 1},
		{"sum(n.text)", "sum takes a list, not text", 1},
		{"1..n.huge", "a range goes between whole numbers of 15 digits at most, not to number 1e+308", 6},
		{"n.min..n.max", "a range goes between whole numbers of 15 digits at most, not to number -9223372036854775808", 3},
		{"duration('2000000h') * 2", "the duration is longer than 292 years", 22},
		{"duration('2000000h') + duration('2000000h')", "the duration is longer than 292 years", 22},
	} {
		tmpl, err := Parse("{{ " + c.src + " }}")
		if err != nil {
			t.Errorf("Parse(%s): %v", c.src, err)
			continue
		}
		v, err := tmpl.Eval(numbers)
		e, ok := err.(*Error)
		if !ok || e.Why() != c.want || e.Cause != c.cause {
			t.Errorf("%s = %v, %+v; want %q at %d", c.src, v, err, c.want, c.cause)
		}
	}
}

func TestANumberThatCannotBeIsToldWhereItStands(t *testing.T) {
	for src, want := range map[string]string{
		"{{ 9223372036854775808 }}":             "column 22: this number has too many digits",
		"{{ 'a' - 1 }}":                         "column 8: invalid operation: - (mismatched types text and number)",
		"{{ reduce([1], sum([2], #acc)) }}":     "column 25: #acc is what reduce has so far; sum has none",
		"{{ abs() }}":                           "column 4: invalid number of arguments (expected 1, got 0)",
		"{{ reduce([1], sum([#acc]) + #) }}":    "",
		"{{ map([1], sum([2, 3], # * #)) }}":    "",
		"{{ duration('1h') > duration('1m') }}": "",
	} {
		_, err := Parse(src)
		if got := errorText(err); got != want {
			t.Errorf("Parse(%s) = %q, want %q", src, got, want)
		}
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func BenchmarkCalculation(b *testing.B) {
	t, _ := Parse("{{ n.two * 3 + n.two * n.half - 1 > 5 }}")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := t.Eval(numbers); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSum(b *testing.B) {
	rows := make([]any, 1000)
	for i := range rows {
		rows[i] = map[string]any{"p": int64(i)}
	}
	t, _ := Parse("{{ sum(n.rows, .p) }}")
	scope := steps{"n": map[string]any{"rows": rows}}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := t.Eval(scope); err != nil {
			b.Fatal(err)
		}
	}
}
