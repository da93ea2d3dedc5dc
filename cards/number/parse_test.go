package number

import (
	"testing"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// Spreadsheets write a negative percentage in parentheses, with the sign in either place.
func TestPercentagesInParentheses(t *testing.T) {
	for text, want := range map[string]float64{"(12%)": -0.12, "(12)%": -0.12, "( 12.5 % )": -0.125, "12%": 0.12, "-12%": -0.12} {
		out, err := Parse.Call(t.Context(), cards.Env{}, schema.Values{"text": text})
		if err != nil || out["number"] != want {
			t.Errorf("%q = %v, %v, want %v", text, out["number"], err, want)
		}
	}
	for _, text := range []string{"(12%)%", "12%%", "(%)", "%"} {
		if out, err := Parse.Call(t.Context(), cards.Env{}, schema.Values{"text": text}); err == nil {
			t.Errorf("%q = %v, want a mistake", text, out)
		}
	}
}
