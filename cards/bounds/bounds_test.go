package bounds

import (
	"testing"

	"flowdeck/cards"
)

func TestWhatIsTooMuchSaysHowMuch(t *testing.T) {
	for _, c := range []struct {
		err  error
		want string
	}{
		{CheckText("text", Text), ""},
		{CheckText("text", Text+1<<20), "text: is 11.0 MiB long, and text may be 10 MiB long"},
		{CheckItems("list", Items), ""},
		{CheckItems("list", Items+1), "list: has 1000001 items, and a list may have 1,000,000"},
		{CheckDepth("object", Depth), ""},
		{CheckDepth("object", Depth+1), "object: is nested too deeply: more than 1,000 levels"},
	} {
		got := cards.ErrorOf(c.err)
		switch {
		case got == nil && c.want != "":
			t.Errorf("nothing was said, want %s", c.want)
		case got != nil && (got.Code != cards.CodeLimit || got.Message != c.want):
			t.Errorf("got %v, want limit: %s", got, c.want)
		}
	}
}
