package text

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

func call(t *testing.T, c cards.Card, in schema.Values) (schema.Values, error) {
	t.Helper()
	return c.Call(t.Context(), cards.Env{}, in)
}

var letters = []rune("aAbñ🎈 ")

func some(random *rand.Rand, most int) string {
	r := make([]rune, random.IntN(most+1))
	for i := range r {
		r[i] = letters[random.IntN(len(letters))]
	}
	return string(r)
}

// What is found at a position is there, and nothing before it, or after it, is.
func TestFindAndSegmentAgree(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 3000 {
		text, search, sensitive := some(random, 12), some(random, 2)+"a", random.IntN(2) == 0
		same := func(a, b string) bool { return a == b || !sensitive && strings.EqualFold(a, b) }
		first, last := -1, -1
		runes, width := []rune(text), utf8.RuneCountInString(search)
		for i := 0; i+width <= len(runes); i++ {
			if same(string(runes[i:i+width]), search) {
				if last = i; first < 0 {
					first = i
				}
			}
		}
		in := schema.Values{"text": text, "search": search, "case_sensitive": sensitive}
		if out, err := call(t, Find, in); err != nil || out["position"] != int64(first) || out["found"] != (first >= 0) {
			t.Fatalf("Find %v = %v, %v, want %d", in, out, err, first)
		}
		if out, err := call(t, FindLast, in); err != nil || out["position"] != int64(last) {
			t.Fatalf("FindLast %v = %v, %v, want %d", in, out, err, last)
		}
		if first < 0 {
			continue
		}
		if out, err := call(t, Segment, schema.Values{"text": text, "start": first, "end": first + width}); err != nil || !same(out["text"].(string), search) {
			t.Fatalf("Segment of %q from %d = %v, %v, want %q", text, first, out, err, search)
		}
	}
}

func TestSegmentsMakeTheText(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for range 2000 {
		text, start, end := some(random, 8), random.IntN(24)-12, random.IntN(24)-12
		out, err := call(t, Segment, schema.Values{"text": text, "start": start, "end": end})
		if err != nil {
			t.Fatal(err)
		}
		if got := out["before"].(string) + out["text"].(string) + out["after"].(string); got != text {
			t.Fatalf("Segment of %q from %d to %d = %q, want the parts to make the text", text, start, end, out)
		}
	}
}

func TestSplitAndConcatenateAreInverse(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	for range 1000 {
		text := "x" + some(random, 12)
		out, err := call(t, Split, schema.Values{"text": text, "separator": "a"})
		if err != nil {
			t.Fatal(err)
		}
		list := out["list"].([]any)
		in := schema.Values{"text": list[0], "text_2": nil, "separator": "a", "more": list[1:]}
		back, err := call(t, Concatenate, in)
		want := strings.Replace(text, list[0].(string), list[0].(string)+"a", 1)
		if err != nil || back["text"] != want {
			t.Fatalf("%q splits into %v, and that makes %v, %v, want %q", text, list, back, err, want)
		}
	}
}

func TestReplaceCountsAndDoesNotLookAgain(t *testing.T) {
	for _, c := range []struct {
		in    schema.Values
		want  string
		count int64
	}{
		{schema.Values{"text": "aaa", "search": "a", "replacement": "aa"}, "aaaaaa", 3},
		{schema.Values{"text": "AaA", "search": "a", "replacement": "$1", "case_sensitive": false}, "$1$1$1", 3},
		{schema.Values{"text": "a.b", "search": ".", "replacement": "", "case_sensitive": false}, "ab", 1},
		{schema.Values{"text": "ſtraße", "search": "S", "replacement": "z", "case_sensitive": false}, "ztraße", 1},
	} {
		if out, err := call(t, Replace, c.in); err != nil || out["text"] != c.want || out["count"] != c.count {
			t.Errorf("Replace %v = %v, %v, want %q, %d", c.in, out, err, c.want, c.count)
		}
	}
	out, err := call(t, ReplacePattern, schema.Values{"text": "x1y22", "pattern": `(\d)(?P<rest>\d*)`, "replacement": "<${rest}|$1|$$>"})
	if want := "x<|1|$>y<2|2|$>"; err != nil || out["text"] != want {
		t.Errorf("ReplacePattern = %v, %v, want %s", out, err, want)
	}
}

// Patterns that take others exponential time take these cards time that grows with the text.
func TestPatternsDoNotExplode(t *testing.T) {
	began := time.Now()
	for _, pattern := range []string{`(a+)+$`, `(a|a)*b`, `(.*)*\1?x`, `^(([a-z])+.)+[A-Z]([a-z])+$`} {
		call(t, FindPattern, schema.Values{"text": strings.Repeat("a", 20_000) + "!", "pattern": pattern})
	}
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("took %v", took)
	}
	for _, pattern := range []string{strings.Repeat("a", 5000), "(a{1000}){1000}", "(?=a)", `(a)\1`} {
		if _, err := call(t, FindPattern, schema.Values{"text": "a", "pattern": pattern}); cards.ErrorOf(err) == nil || cards.ErrorOf(err).Code != cards.CodeInvalidInput {
			t.Errorf("%.20s = %v, want invalid_input", pattern, err)
		}
	}
}

// What is looked for may be long and nearly there everywhere, and is found as fast as any other.
func TestTextInAnyCaseIsFoundInTime(t *testing.T) {
	began, text := time.Now(), strings.Repeat("aB", 20_000)+"ſ"
	for _, c := range []struct {
		card   cards.Card
		search string
		out    string
		want   any
	}{
		{Find, strings.Repeat("Ab", 1000) + "x", "position", int64(-1)},
		{Find, strings.Repeat("Ab", 10_000) + "S", "position", int64(20_000)},
		{FindLast, strings.Repeat("Ab", 1000), "position", int64(38_000)},
		{Count, strings.Repeat("Ab", 1000), "count", int64(20)},
		{Count, "b", "count", int64(20_000)},
		{Replace, strings.Repeat("Ab", 2000) + "x", "count", int64(0)},
		{Replace, strings.Repeat("bA", 2000), "count", int64(9)},
	} {
		out, err := call(t, c.card, schema.Values{"text": text, "search": c.search, "case_sensitive": false})
		if err != nil || out[c.out] != c.want {
			t.Errorf("%s for %d letters = %.80v, %v, want %v", c.card.Name, len(c.search), out, err, c.want)
		}
	}
	if took := time.Since(began); took > 2*time.Second {
		t.Errorf("took %v", took)
	}
}

// Letters that take more bytes in another case are found, and what stands around them stays.
func TestTextInAnyCaseIsFoundWhereItIs(t *testing.T) {
	const text = "ſt K\xff straßE ẞ ⱥ End" // the K is that of Kelvin
	for search, want := range map[string]string{"ST": "_ K\xff _raßE ẞ ⱥ End", "k": "ſt _\xff straßE ẞ ⱥ End", "ß": "ſt K\xff stra_E _ ⱥ End", "Ⱥ e": "ſt K\xff straßE ẞ _nd", "D": "ſt K\xff straßE ẞ ⱥ En_", "\xff": "ſt K_ straßE ẞ ⱥ End"} {
		out, err := call(t, Replace, schema.Values{"text": text, "search": search, "replacement": "_", "case_sensitive": false})
		if err != nil || out["text"] != want {
			t.Errorf("Replace %q = %v, %v, want %q", search, out, err, want)
		}
	}
	for search, want := range map[string]int64{"ST": 6, "end": 17, "ß": 13} {
		if out, err := call(t, FindLast, schema.Values{"text": text, "search": search, "case_sensitive": false}); err != nil || out["position"] != want {
			t.Errorf("FindLast %q = %v, %v, want %d", search, out, err, want)
		}
	}
}
