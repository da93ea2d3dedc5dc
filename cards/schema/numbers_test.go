package schema

import (
	"encoding/json"
	"testing"
)

func TestParseNumber(t *testing.T) {
	for s, want := range map[string]any{
		"0": int64(0), "-0": int64(0), "7": int64(7), "-12": int64(-12), "1.0": int64(1), "1e3": int64(1000), "120e-1": int64(12),
		"9223372036854775807": int64(9223372036854775807), "-9223372036854775808": int64(-9223372036854775808),
		"9223372036854775808": json.Number("9223372036854775808"), "9007199254740993.0": int64(9007199254740993),
		"1.5": 1.5, "-0.25": -0.25, "0.1": 0.1, "1.10": 1.1, "1e-7": 1e-7, "1e300": 1e300, "10000000000000000000": 1e19,
		"12345678901234567890": json.Number("12345678901234567890"), "0.1000000000000000055511151231257827": json.Number("0.1000000000000000055511151231257827"),
		"3.141592653589793": 3.141592653589793, "3.1415926535897931": json.Number("3.1415926535897931"), "1e400": json.Number("1e400"), "1e-400": json.Number("1e-400"),
		"5e-324": 5e-324, "0e999999999999": int64(0), "123456789012345.6": 123456789012345.6,
	} {
		if got, ok := ParseNumber(s); !ok || got != want {
			t.Errorf("ParseNumber(%q) = %T %v, %v, want %T %v", s, got, got, ok, want, want)
		}
	}
	for _, s := range []string{"", "-", "+1", "01", "-01", "00.5", "1.", ".5", "1e", "1e+", "0x1", "1 ", "NaN", "Infinity", "1_000", "--1", "1.2.3", "1-2"} {
		if got, ok := ParseNumber(s); ok {
			t.Errorf("ParseNumber(%q) = %v, want none", s, got)
		}
	}
}

func TestNumbersKeepTheirValue(t *testing.T) {
	for _, s := range []string{"1.5", "12345678901234567890", "0.30000000000000004", "1e21", "1.7976931348623157e+308", "100000000000000000001", "-7"} {
		v, _ := ParseNumber(s)
		out, ok := FormatNumber(v)
		back, _ := ParseNumber(out)
		a, _ := parseDecimal(s)
		b, _ := parseDecimal(out)
		if !ok || a != b || back != v {
			t.Errorf("%s became %s", s, out)
		}
	}
}

func TestCompareNumbers(t *testing.T) {
	for _, c := range []struct {
		a, b any
		want int
	}{
		{int64(1), int64(2), -1}, {int64(1), 1.0, 0}, {0.1, json.Number("0.10"), 0}, {int64(9), json.Number("12345678901234567890"), -1},
		{json.Number("12345678901234567891"), json.Number("12345678901234567890"), 1}, {-2.5, int64(-2), -1}, {int64(-3), int64(3), -1},
		{int64(0), -0.0, 0}, {json.Number("1e999999999"), 1e300, 1}, {json.Number("-1e999999999"), 1e300, -1}, {1e-9, int64(0), 1}, {1.25, 1.3, -1}, {-10.0, -9.5, -1},
	} {
		got, ok := CompareNumbers(c.a, c.b)
		back, _ := CompareNumbers(c.b, c.a)
		if !ok || sign(got) != c.want || sign(back) != -c.want {
			t.Errorf("CompareNumbers(%v, %v) = %d, %v, want %d", c.a, c.b, got, ok, c.want)
		}
	}
	if _, ok := CompareNumbers("1", int64(1)); ok {
		t.Error("text was compared as a number")
	}
}

func sign(n int) int {
	switch {
	case n < 0:
		return -1
	case n > 0:
		return 1
	}
	return 0
}

func TestMultipleOf(t *testing.T) {
	for _, c := range []struct {
		a, b         any
		multiple, ok bool
	}{
		{int64(9), int64(3), true, true}, {int64(10), int64(3), false, true}, {0.3, 0.1, true, true}, {int64(0), int64(5), true, true},
		{json.Number("1e300"), int64(7), false, true}, {int64(-6), int64(2), true, true}, {int64(1), int64(0), false, false},
		{json.Number("1e999999999"), int64(2), false, false}, {"6", int64(2), false, false},
	} {
		if multiple, ok := MultipleOf(c.a, c.b); multiple != c.multiple || ok != c.ok {
			t.Errorf("MultipleOf(%v, %v) = %v, %v, want %v, %v", c.a, c.b, multiple, ok, c.multiple, c.ok)
		}
	}
}

func TestEqual(t *testing.T) {
	same := [][2]any{{nil, nil}, {int64(1), 1.0}, {"a", "a"}, {Values{"a": []any{int64(1)}}, Values{"a": []any{1.0}}}, {3, int64(3)}}
	for _, c := range same {
		if !Equal(c[0], c[1]) {
			t.Errorf("Equal(%v, %v) = false, want true", c[0], c[1])
		}
	}
	for _, c := range [][2]any{{nil, ""}, {true, "true"}, {int64(1), "1"}, {[]any{}, Values{}}, {[]any{"a"}, []any{"b"}}, {Values{"a": nil}, Values{"b": nil}}, {int64(1), int64(2)}, {nil, false}} {
		if Equal(c[0], c[1]) {
			t.Errorf("Equal(%v, %v) = true, want false", c[0], c[1])
		}
	}
}
