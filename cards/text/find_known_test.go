package text

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

func TestWhatIsFoundInTextsOfPeople(t *testing.T) {
	for _, c := range []struct {
		card cards.Card
		text string
		want []any
	}{
		{FindPhone, "030 1234567\n030 7654321\r\n+49\u00a030\u202f555\u20111234\n", []any{"0301234567", "0307654321", "+49305551234"}},
		{FindPhone, "5551234\n5559876", []any{"5551234", "5559876"}},
		{FindPhone, "555-123-4567\t555-987-6543", []any{"5551234567", "5559876543"}},
		{FindURL, "“https://example.com/a”, »https://example.org/b« and ‘https://example.net/c’.", []any{"https://example.com/a", "https://example.org/b", "https://example.net/c"}},
		{FindURL, "https://example.com\u00a0and http://example.org/ü\u3000http://example.net", []any{"https://example.com", "http://example.org/ü", "http://example.net"}},
		{FindURL, "请看https://example.com/东京。谢谢（http://example.org/b）", []any{"https://example.com/东京", "http://example.org/b"}},
		{FindURL, "[see (https://example.com/a_(b)]).", []any{"https://example.com/a_(b)"}},
		{FindEmail, "{'email': 'maya@example.com'} | `bob@example.com` |ada@example.com|, *eve@example.com*", []any{"maya@example.com", "bob@example.com", "ada@example.com", "eve@example.com"}},
		{FindEmail, "o'brien@example.ie, +tag@example.com, _x@example.com, a=b@example.com", []any{"o'brien@example.ie", "+tag@example.com", "_x@example.com", "a=b@example.com"}},
	} {
		out, err := call(t, c.card, schema.Values{"text": c.text})
		if err != nil || !reflect.DeepEqual(out["list"], c.want) {
			t.Errorf("%s in %q = %q, %v, want %q", c.card.Name, c.text, out["list"], err, c.want)
		}
	}
}

func TestTheEndOfAnAddressIsFoundInTime(t *testing.T) {
	began := time.Now()
	out, err := call(t, FindURL, schema.Values{"text": "http://a.b/(c)" + strings.Repeat(")]", 200_000)})
	if err != nil || out["url"] != "http://a.b/(c)" {
		t.Errorf("got %.40v, %v", out, err)
	}
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("took %v", took)
	}
}
