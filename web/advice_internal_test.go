package web

import (
	"testing"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

func TestAdviceFitsWhatWentWrong(t *testing.T) {
	came := schema.Values{"status_code": 200, "body": "{oops"}
	for name, c := range map[string]struct {
		err  cards.Error
		want string
	}{
		"JSON that is none":          {cards.Error{Code: cards.CodeBadJSON, Details: came}, "Raw Request takes the answer as text."},
		"redirects without end":      {cards.Error{Code: cards.CodeInvalidResponse}, ""},
		"an address that is private": {cards.Error{Code: cards.CodeBlocked, Message: "127.0.0.1 is this machine"}, ""},
		"a service that is down":     {cards.Error{Code: "http_503"}, "The service has a problem of its own. A retry rule can try again."},
	} {
		if got := advice(&c.err); got != c.want {
			t.Errorf("advice for %s = %q, want %q", name, got, c.want)
		}
	}
}
