package connectors

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"flowdeck/cards/schema"
)

// maxTokenAnswer bounds what is read from a token endpoint, in bytes.
const maxTokenAnswer = 1 << 20

// tokenEndpoint asks one token endpoint as one client. It keeps facts that
// golang.org/x/oauth2 drops: error bodies of any form, times written as text,
// token types left out.
type tokenEndpoint struct {
	url, issuer string
	client      clientAuth
	extra       tokenRequest
	use         tokenUse
	renews      bool // the form asks for a token in place of another one
}

func (e tokenEndpoint) ask(ctx context.Context, client *http.Client, form url.Values) (Token, error) {
	h := http.Header{"Accept": {"application/json"}}
	for _, x := range e.extra.Headers {
		h.Set(x.Name, x.Value)
	}
	proof, err := e.client.identify(form, h, e.url, e.issuer, time.Now())
	if err != nil {
		return Token{}, err
	}
	m, _ := ctx.Value(maskerKey{}).(*masker)
	if proof != "" {
		m = m.also(proof)
		ctx = context.WithValue(ctx, maskerKey{}, m)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, e.url, strings.NewReader(form.Encode()))
	if err != nil {
		return Token{}, fmt.Errorf("token URL: %w", err)
	}
	r.Header = h
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := client.Do(r)
	if err != nil {
		return Token{}, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, maxTokenAnswer))
	if err != nil {
		return Token{}, fmt.Errorf("read the answer of %s: %w", r.URL.Host, err)
	}
	t, err := readToken(r.URL.Host, res, body, e.use)
	if err != nil && e.renews && e.use.TokenPath != "" {
		// Slack answers a renewal with that token alone, at the top, and the one before is then used up.
		top := e.use
		top.TokenPath = ""
		if alone, wrong := readToken(r.URL.Host, res, body, top); wrong == nil {
			return alone, nil
		}
	}
	if err != nil {
		return Token{}, said(r.URL.Host, res, body, e.use, m, err)
	}
	return t, nil
}

// maxWords bounds what is kept of a service's own words, in characters.
const maxWords = 1000

// said is a refusal without secrets: a server may repeat what it refuses, and words
// that were cut could end within one, so that the answer is read once more, masked.
func said(host string, res *http.Response, body []byte, use tokenUse, m *masker, err error) error {
	var words, masked *TokenError
	if !errors.As(err, &words) {
		return err
	}
	if _, again := readToken(host, res, []byte(m.text(string(body))), use); words.Code == "" && errors.As(again, &masked) {
		words = masked
	}
	for _, s := range []*string{&words.Code, &words.Description, &words.URI} {
		if r := []rune(m.text(*s)); len(r) > maxWords {
			*s = string(r[:maxWords]) + "…"
		} else {
			*s = string(r)
		}
	}
	return words
}

// joinScopes writes scopes, however a person separated them, as the service wants them.
func joinScopes(scopes, separator string) string {
	list := strings.FieldsFunc(scopes, func(c rune) bool { return c == ',' || c == ' ' || c == '\n' || c == '\t' || c == '\r' })
	if separator == "comma" {
		return strings.Join(list, ",")
	}
	return strings.Join(list, " ")
}

func setIf(v url.Values, key, value string) {
	if value != "" {
		v.Set(key, value)
	}
}

// setEach sets key to every one of the values, which spaces separate.
func setEach(v url.Values, key, values string) {
	if list := strings.Fields(values); len(list) > 0 {
		v[key] = list
	}
}

func hostOf(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return raw
	}
	return u.Host
}

func checkEndpoint(field, raw string) schema.Problems {
	if raw == "" {
		return nil
	}
	u, err := url.Parse(raw)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http":
		return schema.Problems{{Field: field, Message: "must be a whole address, https:// first"}}
	case u.User != nil:
		return schema.Problems{{Field: field, Message: "must not hold a user name or password: they have fields of their own"}}
	case u.Fragment != "":
		return schema.Problems{{Field: field, Message: "must not hold a # part"}}
	}
	return nil
}

// owned are the parameters that the protocol itself sets.
var owned = []string{"grant_type", "response_type", "state", "code", "code_challenge", "code_challenge_method",
	"code_verifier", "redirect_uri", "refresh_token", "client_id", "client_secret",
	"client_assertion", "client_assertion_type"}

func checkExtra(field string, extra map[string]string) (p schema.Problems) {
	for _, k := range owned {
		if _, ok := extra[k]; ok {
			p = append(p, schema.Problem{Field: field, Message: k + " is set by the sign-in itself: use its own field"})
		}
	}
	return p
}
