package number

import (
	"encoding/json"
	"math/big"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

func call(t *testing.T, c cards.Card, in schema.Values) (any, error) {
	t.Helper()
	out, err := c.Call(t.Context(), cards.Env{}, in)
	return out["number"], err
}

func TestSubtractUndoesAdd(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	decimal := func() json.Number {
		digits := strconv.FormatInt(random.Int64(), 10)
		at := random.IntN(len(digits)-1) + 1
		return json.Number(strings.TrimLeft(digits[:at], "0") + "0." + digits[at:])
	}
	for range 500 {
		a, b := decimal(), decimal()
		sum, err := call(t, Add, schema.Values{"number": a, "number_2": b})
		if err != nil {
			t.Fatal(err)
		}
		back, err := call(t, Subtract, schema.Values{"number": sum, "subtract": b})
		if err != nil || !schema.Equal(back, a) {
			t.Fatalf("%s + %s - %s = %v, %v", a, b, b, back, err)
		}
		product, err := call(t, Multiply, schema.Values{"number": a, "number_2": b})
		if err != nil {
			t.Fatal(err)
		}
		if back, err = call(t, Divide, schema.Values{"number": product, "divisor": b}); err != nil || !schema.Equal(back, a) {
			t.Fatalf("%s * %s / %s = %v, %v", a, b, b, back, err)
		}
	}
}

func TestRounding(t *testing.T) {
	for _, c := range []struct {
		number   string
		decimals int
		want     map[string]string
	}{
		{"2.5", 0, map[string]string{halfAway: "3", halfEven: "2", up: "3", down: "2", toZero: "2"}},
		{"-2.5", 0, map[string]string{halfAway: "-3", halfEven: "-2", up: "-2", down: "-3", toZero: "-2"}},
		{"3.5", 0, map[string]string{halfAway: "4", halfEven: "4"}},
		{"-3.5", 0, map[string]string{halfAway: "-4", halfEven: "-4"}},
		{"1.005", 2, map[string]string{halfAway: "1.01", halfEven: "1", up: "1.01", down: "1"}},
		{"-0.4", 0, map[string]string{halfAway: "0", up: "0", down: "-1"}},
		{"1250", -2, map[string]string{halfAway: "1300", halfEven: "1200", up: "1300", down: "1200"}},
		{"7", 3, map[string]string{halfAway: "7", up: "7", down: "7"}},
	} {
		n, _ := new(big.Rat).SetString(c.number)
		for way, want := range c.want {
			if got, err := written(rounded(n, c.decimals, way)); err != nil || string(got) != want {
				t.Errorf("%s to %d, %s = %s, %v, want %s", c.number, c.decimals, way, got, err, want)
			}
		}
	}
}

func TestHostileNumbers(t *testing.T) {
	for _, n := range []any{json.Number("1e999999999"), json.Number("1e-999999999"), json.Number(strings.Repeat("9", 500)), json.Number("1e400"), "NaN", "Infinity", "0x10", "1_000", true, []any{}, schema.Values{}, "", nil} {
		for _, c := range []cards.Card{Add, Multiply, Round, Root, Absolute, Format, Minimum} {
			if got, err := call(t, c, schema.Values{"number": n}); err == nil || cards.ErrorOf(err).Code != cards.CodeInvalidInput {
				t.Errorf("%s of %.20v = %v, %v, want invalid_input", c.Name, n, got, err)
			}
		}
	}
}

func TestRootsAreRoots(t *testing.T) {
	for _, c := range []struct {
		number any
		degree int
		want   string
	}{
		{int64(0), 2, "0"}, {int64(16), 4, "2"}, {0.001, 3, "0.1"}, {json.Number("1e100"), 2, "1e50"}, {json.Number("1e-100"), 2, "1e-50"}, {int64(3), 2, "1.732050807568877"}, {int64(10), 1, "10"}, {int64(2), 100, "1.006955550056719"},
	} {
		got, err := call(t, Root, schema.Values{"number": c.number, "degree": c.degree})
		want, _ := schema.ParseNumber(c.want)
		if err != nil || !schema.Equal(got, want) {
			t.Errorf("root %d of %v = %v, %v, want %s", c.degree, c.number, got, err, c.want)
		}
	}
}

func TestWhatIsFormattedIsParsed(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	for range 1000 {
		n := json.Number(new(big.Rat).SetFrac64(random.Int64()-random.Int64(), 1000).FloatString(3))
		for style, decimal := range map[string]string{"comma_point": "point", "point_comma": "comma", "space_comma": "comma", "apostrophe_point": "point", "point": "point", "comma": "comma"} {
			out, err := Format.Call(t.Context(), cards.Env{}, schema.Values{"number": n, "style": style, "suffix": " €"})
			if err != nil {
				t.Fatal(err)
			}
			if back, err := call(t, Parse, schema.Values{"text": out["text"], "decimal": decimal}); err != nil || !schema.Equal(back, n) {
				t.Fatalf("%s in %s is %q and reads as %v, %v", n, style, out["text"], back, err)
			}
		}
	}
}

func TestNumbersAsPeopleWriteThem(t *testing.T) {
	for text, want := range map[string]string{
		"1,234.50": "1234.50", "$1,234": "1234", "-$5": "-5", "EUR 7": "7", "7 USD": "7", "(12.5)": "-12.5", "−3": "-3", "+4": "4", "1'000": "1000", "1.5e3": "1500", " 42 ": "42", ".5": "0.5", "5.": "5", "007": "7", "50%": "0.5",
		"": "", "1,23": "", "1.2.3": "", "12abc": "", "$": "", "%": "", "1,2345": "", "0x10": "", "--1": "", "1e99999": "", "٣": "",
	} {
		got, err := call(t, Parse, schema.Values{"text": text})
		w, _ := schema.ParseNumber(want)
		if n, _ := new(big.Rat).SetString(want); n != nil {
			o, _ := written(n)
			w, _ = schema.ParseNumber(string(o))
		}
		if want == "" && err == nil || want != "" && (err != nil || !schema.Equal(got, w)) {
			t.Errorf("%q = %v, %v, want %s", text, got, err, want)
		}
	}
}

func TestRandomIntegersAreWithin(t *testing.T) {
	seen := map[any]int{}
	for range 6000 {
		n, err := call(t, RandomInteger, schema.Values{"from": -2, "below": 4})
		if err != nil {
			t.Fatal(err)
		}
		seen[n]++
	}
	for n := int64(-2); n < 4; n++ {
		if seen[n] < 700 || seen[n] > 1300 { // 1000 are due; 10 standard deviations
			t.Errorf("%d came %d times of 6000", n, seen[n])
		}
	}
	if len(seen) != 6 {
		t.Errorf("%v came, want −2 to 3", seen)
	}
	if _, err := call(t, RandomInteger, schema.Values{"from": json.Number("-9223372036854775808"), "below": json.Number("9223372036854775807")}); err != nil {
		t.Error(err)
	}
}

func BenchmarkAdd(b *testing.B) {
	bench(b, Add, schema.Values{"number": int64(19), "number_2": int64(23)})
}

func BenchmarkAddDecimals(b *testing.B) {
	bench(b, Add, schema.Values{"number": 19.9, "number_2": 4.95})
}

func BenchmarkFormula(b *testing.B) {
	bench(b, Formula, schema.Values{"formula": "(price + 4.90) * 1.19", "values": schema.Values{"price": 19.9}})
}

func bench(b *testing.B, c cards.Card, in schema.Values) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.Call(b.Context(), cards.Env{}, in); err != nil {
			b.Fatal(err)
		}
	}
}
