package number

import (
	"encoding/json"
	"strings"
	"testing"

	"flowdeck/cards"
)

func calculate(src string, values map[string]json.Number) (string, error) {
	p := formula{src: src, values: values}
	n, err := p.all()
	if err != nil {
		return "", err
	}
	out, err := result(n)
	return string(out.Number), err
}

func TestFormulas(t *testing.T) {
	values := map[string]json.Number{"price": "19.90", "n": "3", "e": "5", "max": "1"}
	for src, want := range map[string]string{
		"1+2*3": "7", "(1+2)*3": "9", "-2^2": "-4", "(-2)^2": "4", "2^3^2": "512", "2^-1": "0.5", "10-4-3": "3", "100/10/2": "5", "7%4*2": "6", "-7%3": "-1",
		"0.1+0.2": "0.3", "1/3*3": "1", ".5+1.": "1.5", "1e3+1E-1": "1000.1", "5--3": "8", "+-+4": "-4", "price*n": "59.7", "e": "5", "max": "1",
		"sqrt(2.25)": "1.5", "root(27,3)": "3", "round(2.345,2)": "2.35", "floor(-1.5)": "-2", "ceil(1.01)": "2", "trunc(-1.9)": "-1", "abs(-3)": "3",
		"min(3,1,2)": "1", "sum(1,2,3)/avg(2,4)": "2", "round(pi,2)": "3.14", "2 × 3 ÷ 4 − 1": "0.5", "4^0.5": "2", "2e": "",
	} {
		got, err := calculate(src, values)
		if want == "" && err == nil || want != "" && (err != nil || got != want) {
			t.Errorf("%s = %s, %v, want %s", src, got, err, want)
		}
	}
}

func TestMistakesInFormulas(t *testing.T) {
	for src, want := range map[string]string{
		"":             "formula: column 1: a number is due, but there is the end",
		"1 +":          "formula: column 4: a number is due, but there is the end",
		"(1":           "formula: column 3: a ) is due, but there is the end",
		"1 2":          "formula: column 3: cannot stand here: 2",
		"2 * x":        "formula: column 5: x is not a name in Values, nor a function",
		"exec(1)":      "formula: column 1: there is no function exec",
		"max()":        "formula: column 1: max cannot take 0 numbers",
		"abs(1, 2)":    "formula: column 1: abs cannot take 2 numbers",
		"1 / 0":        "formula: column 4: nothing can be divided by 0",
		"sqrt(-1)":     "formula: column 1: the number is negative, and has no root of an even degree",
		"1 + (-8)^0.5": "formula: column 10: the number is negative, and has no power with decimals",
		"1..2":         "formula: column 1: 1..2 is not a number that there can be",
	} {
		if got, err := calculate(src, nil); err == nil || err.Error() != want {
			t.Errorf("%q = %s, %v\nwant %s", src, got, err, want)
		}
	}
}

func TestFormulasAreBounded(t *testing.T) {
	for _, src := range []string{
		strings.Repeat("(", 3000), strings.Repeat("-", 3000) + "1", "9^9^9^9^9", "9^9999", "1e99999999", "10^300*10^300", "0.1^500", strings.Repeat("2^", 1500) + "2",
		strings.Repeat("(1e300)*", 400) + "1", strings.Repeat("abs(", 900) + "1",
	} {
		if got, err := calculate(src, nil); err == nil {
			t.Errorf("%.20s… = %s, want it refused", src, got)
		} else if e := cards.ErrorOf(err); e.Code != cards.CodeLimit && e.Code != cards.CodeInvalidInput {
			t.Errorf("%.20s… = %v, want a limit", src, err)
		}
	}
}

func FuzzFormula(f *testing.F) {
	for _, s := range []string{"1 + 2 * (3 - x)", "round(10/3, 2) ^ 2 % 7", "root(2, 99)", "-.5e-3", "max(1,min(2,3))"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, src string) {
		if len(src) > 300 {
			return
		}
		got, err := calculate(src, map[string]json.Number{"x": "7"})
		if err != nil {
			if e := cards.ErrorOf(err); e.Code != cards.CodeLimit && e.Code != cards.CodeInvalidInput {
				t.Errorf("%q = %v", src, err)
			}
			return
		}
		if !json.Valid([]byte(got)) {
			t.Errorf("%q = %s, which is not a number", src, got)
		}
	})
}
