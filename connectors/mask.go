package connectors

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf16"

	"flowdeck/cards/schema"
)

// Mask stands where a secret was.
const Mask = "••••••••"

// Secrets shorter than this are not looked for: in what is shown, and in what
// flows receive, where a common word must not turn into dots.
const (
	shortestShown = 4
	shortestMixed = 5 // in data, when it has letters and digits or signs: no word looks like that
	shortestData  = 8
)

// masker replaces known secrets by Mask, however they are written: as they are,
// in JSON, in a URL.
type masker struct {
	secrets []string
	shown   *strings.Replacer
	data    [][]byte
	longest int             // of data
	headers map[string]bool // whose values are secret, canonical
	keys    map[string]bool // query keys whose values are secret
}

func newMasker(secrets []string) *masker {
	m := &masker{secrets: secrets, headers: map[string]bool{}, keys: map[string]bool{}}
	var all []string
	for _, s := range secrets {
		if len(s) < shortestShown {
			continue
		}
		for _, v := range spellings(s) {
			if !slices.Contains(all, v) {
				all = append(all, v)
			}
		}
	}
	// The longest first: one secret may begin with another.
	slices.SortFunc(all, func(a, b string) int { return len(b) - len(a) })
	var pairs []string
	for _, v := range all {
		pairs = append(pairs, v, Mask)
		if len(v) >= shortestData || len(v) >= shortestMixed && mixed(v) {
			m.data = append(m.data, []byte(v))
			m.longest = max(m.longest, len(v))
		}
	}
	m.shown = strings.NewReplacer(pairs...)
	return m
}

// also is m that knows more secrets. A nil masker knows none yet.
func (m *masker) also(secrets ...string) *masker {
	if m == nil {
		return newMasker(secrets)
	}
	more := newMasker(slices.Concat(m.secrets, secrets))
	more.headers, more.keys = m.headers, m.keys
	return more
}

// mixed reports whether s has letters and something else: a PIN or a word of a few
// letters stands in too many answers that mean something else.
func mixed(s string) bool {
	letters, others := 0, 0
	for _, r := range s {
		switch {
		case unicode.IsLetter(r):
			letters++
		case r != ' ':
			others++
		}
	}
	return letters > 0 && others > 0
}

func spellings(s string) []string {
	quoted, _ := json.Marshal(s) // text always encodes
	var buf bytes.Buffer
	e := json.NewEncoder(&buf)
	e.SetEscapeHTML(false)
	_ = e.Encode(s)
	plain := strings.Trim(strings.TrimSpace(buf.String()), `"`)
	query := url.QueryEscape(s)
	all := []string{s, strings.Trim(string(quoted), `"`), plain, strings.ReplaceAll(plain, "/", `\/`),
		unicoded(plain, "", "%04x"), strings.ReplaceAll(unicoded(plain, "", "%04x"), "/", `\/`), unicoded(plain, "&'<>+`", "%04X"), gson.Replace(plain),
		query, strings.ReplaceAll(query, "+", "%20"), url.PathEscape(s), lowerEscapes(query), lowerEscapes(strings.ReplaceAll(query, "+", "%20"))}
	for _, once := range []string{query, strings.ReplaceAll(query, "+", "%20")} { // an address inside of an address
		all = append(all, url.QueryEscape(once))
	}
	for _, kept := range keptInURLs {
		all = append(all, escaped(s, kept), lowerEscapes(escaped(s, kept)))
	}
	for _, markup := range markups {
		all = append(all, markup.Replace(s))
	}
	if len(s) >= shortestData {
		all = append(all, inBase64(s)...)
	}
	return all
}

// gson writes JSON text as Java programs do.
var gson = strings.NewReplacer("&", `\u0026`, "'", `\u0027`, "<", `\u003c`, "=", `\u003d`, ">", `\u003e`)

// unicoded writes JSON text as encoders do that keep to ASCII and escape more letters than they must.
func unicoded(s, also, hex string) string {
	var b strings.Builder
	for _, r := range s {
		if r < 0x80 && !strings.ContainsRune(also, r) {
			b.WriteRune(r)
			continue
		}
		for _, unit := range utf16.Encode([]rune{r}) {
			fmt.Fprintf(&b, `\u`+hex, unit)
		}
	}
	return b.String()
}

// keptInURLs is what others leave as it is in addresses, beside letters and digits:
// Python, encodeURIComponent and encodeURI of browsers.
var keptInURLs = []string{"-_.~/", "-_.!~*'()", "-_.!~*'();/?:@&=+$,#"}

const upperHex = "0123456789ABCDEF"

// escaped writes s as part of an address, but for letters, digits and what is in kept.
func escaped(s, kept string) string {
	var b strings.Builder
	for i := range len(s) {
		c := s[i]
		if c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9' || strings.IndexByte(kept, c) >= 0 {
			b.WriteByte(c)
		} else {
			b.Write([]byte{'%', upperHex[c>>4], upperHex[c&15]})
		}
	}
	return b.String()
}

// markups write text into HTML and XML as programs do: they differ about quotes.
var markups = []*strings.Replacer{
	strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;"),
	strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;"),
	strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&#34;", "'", "&#39;"),
	strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&#39;"),
	strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&#x27;"),
	strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&#039;"),
	strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&apos;"),
}

var percent = regexp.MustCompile(`%[0-9A-F]{2}`)

// lowerEscapes writes %2F as %2f.
func lowerEscapes(s string) string { return percent.ReplaceAllStringFunc(s, strings.ToLower) }

// inBase64 is how s looks inside of something longer that is written in Base64:
// it may begin at any of three places in a group, and its neighbours share the
// characters at its ends.
func inBase64(s string) (all []string) {
	for before, shared := range []int{0, 2, 3} {
		data := append(make([]byte, before), s...)
		for _, e := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			text := e.EncodeToString(data)
			if len(data)%3 != 0 {
				text = text[:len(text)-1]
			}
			all = append(all, text[shared:])
		}
	}
	return all
}

// text masks what a person will read. A nil masker knows no secret.
func (m *masker) text(s string) string {
	if m == nil || s == "" {
		return s
	}
	return m.shown.Replace(s)
}

// alwaysHidden are headers that carry a credential whoever set them.
var alwaysHidden = map[string]bool{"Authorization": true, "Proxy-Authorization": true, "Cookie": true, "Set-Cookie": true,
	"X-Api-Key": true, "Api-Key": true, "X-Auth-Token": true, "X-Access-Token": true}

// header masks the value of a header for people to read; the scheme of a sign-in stays.
func (m *masker) header(name, value string) string {
	if alwaysHidden[name] || m != nil && m.headers[name] {
		if scheme, _, ok := strings.Cut(value, " "); ok && strings.HasSuffix(name, "Authorization") {
			return scheme + " " + Mask
		}
		return Mask
	}
	return m.text(value)
}

// url masks an address for people to read.
func (m *masker) url(u *url.URL) string {
	shown := *u
	if _, has := u.User.Password(); has {
		shown.User = url.UserPassword(u.User.Username(), "xxxxx")
	}
	if m != nil && len(m.keys) > 0 {
		q := u.Query()
		for k := range m.keys {
			if q.Has(k) {
				q.Set(k, "xxxxx")
			}
		}
		shown.RawQuery = q.Encode()
	}
	s := m.text(shown.String())
	s = strings.Replace(s, ":xxxxx@", ":"+Mask+"@", 1)
	return strings.ReplaceAll(s, "=xxxxx", "="+Mask)
}

// clean masks, in place, headers that flows receive.
func (m *masker) clean(h http.Header) {
	if m == nil {
		return
	}
	for name, values := range h {
		for i, v := range values {
			if m.repeats(v) {
				values[i] = m.text(v)
			}
		}
		h[name] = values
	}
}

// error is err without the secrets that a server has repeated in what err quotes.
func (m *masker) error(err error) error {
	if m == nil || !m.repeats(err.Error()) {
		return err
	}
	return &maskedError{m.text(err.Error()), err}
}

// repeats reports whether a secret stands in text in which a short one may be a word of its own.
func (m *masker) repeats(text string) bool {
	for _, s := range m.data {
		if strings.Contains(text, string(s)) {
			return true
		}
	}
	return false
}

type maskedError struct {
	text string
	err  error
}

func (e *maskedError) Error() string { return e.text }
func (e *maskedError) Unwrap() error { return e.err }

// secretsOf lists the values of secret fields, those inside lists too.
func secretsOf(form schema.Form, v schema.Values) []string {
	var out []string
	for _, f := range form.Fields {
		switch x := v[f.Name].(type) {
		case string:
			if f.Secret {
				out = append(out, x)
			}
		case []any:
			for _, item := range x {
				if o, ok := item.(map[string]any); ok {
					out = append(out, secretsOf(f.Members, o)...)
				}
			}
		}
	}
	return out
}
