package expr

import (
	"testing"

	"flowdeck/cards/schema"
)

func TestBracesInsideOfATextAreText(t *testing.T) {
	n, err := Library{}.Inline(`item + " {{x}} " + {{ n.name }} + '{{'`, []string{"item"})
	if err != nil {
		t.Fatal(err)
	}
	v, err := n.Eval(things)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := v.(*schema.Expression).Eval("a"); err != nil || got != "a {{x}} b{{" {
		t.Errorf("it is %#v, %v; want %q", got, err, "a {{x}} b{{")
	}
}

func TestBlanksOfAnyKindStayWhenAnInlineExpressionIsRenamed(t *testing.T) {
	src := "\u00a0\u2003item.a + get.b "
	if got, want := RenameInline(src, []string{"item"}, map[string]string{"get": "other"}), "\u00a0\u2003item.a + other.b "; got != want {
		t.Errorf("%q became %q, want %q", src, got, want)
	}
}
