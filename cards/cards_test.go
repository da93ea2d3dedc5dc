package cards_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type shoutIn struct {
	Text string `json:"text" form:"required"`
}

type shoutOut struct {
	Text string `json:"text"`
}

func shout(f func(shoutIn) (shoutOut, error)) cards.Card {
	return cards.NewFunction(cards.Spec{Name: "text.shout", Title: "Shout", Summary: "Shouts."},
		func(_ context.Context, _ cards.Env, in shoutIn) (shoutOut, error) { return f(in) })
}

func TestCall(t *testing.T) {
	c := shout(func(in shoutIn) (shoutOut, error) { return shoutOut{strings.ToUpper(in.Text)}, nil })
	got, err := c.Call(t.Context(), cards.Env{}, schema.Values{"text": "hi"})
	if want := (schema.Values{"text": "HI"}); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("Call = %v, %v, want %v", got, err, want)
	}
	_, err = c.Call(t.Context(), cards.Env{}, schema.Values{})
	if e := cards.ErrorOf(err); e.Code != cards.CodeInvalidInput || e.Message != "text: is required" {
		t.Errorf("Call without text = %v, want invalid_input: text: is required", err)
	}
}

func TestPanicIsABug(t *testing.T) {
	c := shout(func(shoutIn) (shoutOut, error) { panic("hunter2") })
	_, err := c.Call(t.Context(), cards.Env{}, schema.Values{"text": "hi"})
	e := cards.ErrorOf(err)
	if e.Code != cards.CodeBug || strings.Contains(e.Message, "hunter2") || !strings.Contains(e.Err.Error(), "hunter2") {
		t.Errorf("Call = %+v, want a bug that keeps the panic for the log alone", e)
	}
	control := cards.NewControl(cards.Spec{Name: "x"}, func(cards.Flow, shoutIn) (shoutOut, error) { panic("no") })
	if _, err := control.Control(nil, schema.Values{"text": "x"}); cards.ErrorOf(err).Code != cards.CodeBug {
		t.Errorf("Control = %v, want a bug", err)
	}
}

type refused struct{}

func (refused) Error() string       { return "10.0.0.1 is private" }
func (refused) CardCode() string    { return cards.CodeBlocked }
func (refused) CardMessage() string { return "10.0.0.1 is blocked" }

func TestErrorOf(t *testing.T) {
	own := &cards.Error{Code: "http_404", Message: "gone"}
	for _, c := range []struct {
		err  error
		code string
		text string
	}{
		{fmt.Errorf("step: %w", own), "http_404", "gone"},
		{schema.Problems{{Field: "url", Message: "is required"}}, cards.CodeInvalidInput, "url: is required"},
		{&url.Error{Op: "Get", URL: "https://a?token=hunter2", Err: refused{}}, cards.CodeBlocked, "10.0.0.1 is blocked"},
		{fmt.Errorf("x: %w", context.DeadlineExceeded), cards.CodeTimeout, "the card did not finish in the time it had"},
		{context.Canceled, cards.CodeCancelled, "the run was cancelled"},
		{errors.New("disk"), cards.CodeBug, "the card failed in a way it should not; the server's log says more"},
	} {
		if got := cards.ErrorOf(c.err); got.Code != c.code || got.Message != c.text {
			t.Errorf("ErrorOf(%v) = %v, want %s: %s", c.err, got, c.code, c.text)
		}
	}
	if got := cards.ErrorOf(nil); got != nil {
		t.Errorf("ErrorOf(nil) = %v", got)
	}
}

func TestErrorJSONKeepsDigits(t *testing.T) {
	in := &cards.Error{Code: "http_429", Message: "slow down", Retryable: true, After: 90 * time.Second,
		Details: schema.Values{"status_code": int64(429), "body": schema.Values{"id": json.Number("12345678901234567890"), "n": 1.5}}}
	data, err := json.Marshal(in)
	if err != nil || !strings.Contains(string(data), `"after":"1m30s"`) {
		t.Fatalf("Marshal = %s, %v", data, err)
	}
	var got cards.Error
	if err := json.Unmarshal(data, &got); err != nil || !reflect.DeepEqual(&got, in) {
		t.Errorf("Unmarshal = %+v, %v, want %+v", got, err, in)
	}
	if v := in.Values(); v["after"] != int64(90) || v["code"] != "http_429" {
		t.Errorf("Values = %v", v)
	}
}

func TestMatches(t *testing.T) {
	for _, c := range []struct {
		pattern, code string
		want          bool
	}{
		{"timeout", "timeout", true}, {"http_5xx", "http_503", true}, {"http_5xx", "http_404", false}, {"http_404", "http_404", true},
		{"any", "dns", true}, {"any", "cancelled", false}, {"any", "bug", false}, {"http_4xx", "http_4", false},
		{"invalid_response", "bad_json", true}, {"bad_json", "invalid_response", false}, {"reset", "truncated", true}, {"any", "too_deep", true}, {"", "bug", false},
	} {
		if got := cards.Matches(c.pattern, c.code); got != c.want {
			t.Errorf("Matches(%q, %q) = %v, want %v", c.pattern, c.code, got, c.want)
		}
	}
}

func TestRegistryRefusesTwins(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("two cards of one name were accepted")
		}
	}()
	c := shout(nil)
	cards.NewRegistry(c, c)
}

func TestSafeToRepeat(t *testing.T) {
	for _, c := range []struct {
		spec cards.Spec
		want bool
	}{
		{cards.Spec{}, true}, {cards.Spec{World: true}, false}, {cards.Spec{World: true, Idempotent: true}, true},
		{cards.Spec{World: true, Repeatable: func(schema.Values) bool { return true }}, true},
	} {
		if got := (cards.Card{Spec: c.spec}).SafeToRepeat(nil); got != c.want {
			t.Errorf("SafeToRepeat of %+v = %v, want %v", c.spec, got, c.want)
		}
	}
}

func TestSecretOutputsPanic(t *testing.T) {
	type out struct {
		Key string `json:"key" form:"secret"`
	}
	defer func() {
		if recover() == nil {
			t.Error("a card with a secret output was accepted")
		}
	}()
	cards.NewEvent[struct{}, out](cards.Spec{Name: "x"})
}
