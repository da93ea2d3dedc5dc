package expr

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
)

// What is written is read back as it was: references with any keys, fallbacks, and
// whole expressions, whose value is known because they are made from it.
func TestReferencesAreReadBackAsTheyWereWritten(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 1))
	letters := []rune(`abzAZ_09 .-"'\{}[]<&ü🎈` + "\n")
	word := func() string {
		s := make([]rune, r.IntN(6))
		for i := range s {
			s[i] = letters[r.IntN(len(letters))]
		}
		return string(s)
	}
	for range 5000 {
		ref := Reference{Step: []string{"get", "a_1", "_", "If_2"}[r.IntN(4)]}
		for range r.IntN(4) {
			if r.IntN(3) == 0 {
				ref.Path = append(ref.Path, Key{Index: r.IntN(40) - 20, List: true})
			} else {
				ref.Path = append(ref.Path, Key{Name: word()})
			}
		}
		var fallback any
		switch r.IntN(4) {
		case 0:
			fallback = word()
		case 1:
			fallback = int64(r.IntN(2000))
		case 2:
			fallback = r.IntN(2) == 0
		}
		src := Braces(ref, fallback)
		segs := Segments("x" + src + "y")
		if len(segs) != 3 || segs[1].Err != "" {
			t.Fatalf("Segments(%q) = %+v", src, segs)
		}
		got := segs[1]
		if got.Ref.String() != ref.String() || !reflect.DeepEqual(got.Ref.Path, ref.Path) || got.Or != (fallback != nil) || !reflect.DeepEqual(got.Fallback, fallback) {
			t.Fatalf("%q reads as %+v, want %+v ?? %#v", src, got, ref, fallback)
		}
		if again := Rename(Rename(src, map[string]string{ref.Step: "other"}), map[string]string{"other": ref.Step}); again != src {
			t.Fatalf("%q renamed there and back is %q", src, again)
		}
	}
}

func TestExpressionsMeanWhatTheyWereMadeFrom(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 2))
	for range 3000 {
		src, want := wholeNumber(r, 4)
		tmpl, err := Parse("{{ " + src + " }}")
		if err != nil {
			t.Fatalf("Parse(%s): %v", src, err)
		}
		got, err := tmpl.Eval(world)
		if err != nil || got != want {
			t.Fatalf("%s = %v, %v; want %v", src, got, err, want)
		}
		if again := Segments("{{ " + src + " }}"); len(again) != 1 || again[0].Src != src {
			t.Fatalf("Segments of %s are %+v", src, again)
		}
		n, err := Library{}.Inline(strings.ReplaceAll(src, "call.id", "item"), []string{"item"})
		if err != nil {
			t.Fatal(err)
		}
		v, _ := n.Eval(world)
		if got, err := v.(interface{ Eval(...any) (any, error) }).Eval(int64(42)); err != nil || got != want {
			t.Fatalf("inline %s = %v, %v; want %v", src, got, err, want)
		}
	}
}

// wholeNumber writes an expression of whole numbers, and says what it is.
func wholeNumber(r *rand.Rand, depth int) (string, int64) {
	if depth == 0 || r.IntN(5) == 0 {
		if r.IntN(3) == 0 {
			return "call.id", 42
		}
		n := r.IntN(9)
		return fmt.Sprint(n), int64(n)
	}
	a, x := wholeNumber(r, depth-1)
	b, y := wholeNumber(r, depth-1)
	switch r.IntN(7) {
	case 0:
		return "(" + a + " + " + b + ")", x + y
	case 1:
		return "(" + a + " - " + b + ")", x - y
	case 2:
		if x > 1000 || y > 1000 || x < -1000 || y < -1000 {
			return a, x
		}
		return parens(a) + " * " + parens(b), x * y
	case 3:
		if x > y {
			return "(" + a + " > " + b + " ? " + a + " : " + b + ")", x
		}
		return "(" + a + " > " + b + " ? " + a + " : " + b + ")", y
	case 4:
		v := fmt.Sprint("v", depth) // a name is taken once
		return "(let " + v + " = " + a + "; " + v + " + " + b + ")", x + y
	case 5:
		return "[" + a + ", " + b + "][1]", y
	}
	return `{"k": ` + a + `}.k`, x
}

func parens(s string) string { return "(" + s + ")" }
