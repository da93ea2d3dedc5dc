package curl

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

func sameName(a, b string) bool { return strings.EqualFold(a, b) }

// own are headers that a client works out itself.
var own = map[string]bool{"content-length": true, "connection": true, "keep-alive": true, "transfer-encoding": true, "te": true, "trailer": true,
	"upgrade": true, "proxy-connection": true, "accept-encoding": true, "expect": true}

// secretName finds headers that carry a credential.
var secretName = regexp.MustCompile(`(?i)^cookie$|api[-_]?key|secret|^x-.*token|(^|[-_])(auth|authorization|authentication|passwo?r?d|credentials?|session|session-?id|signature(-[0-9]+)?|token|key)$`)

// openName finds headers that are called like credentials and are none.
var openName = regexp.MustCompile(`(?i)(idempotency|surrogate|cache|partition|routing|sort|websocket)-key$`)

// secretKey finds keys of queries and bodies that carry a credential.
var secretKey = regexp.MustCompile(`(?i)^(x[-_])?((h|api|app|access|secret|subscription|private|auth|consumer|client|session)[-_]?(api)?key|(access|auth|private|refresh|id|api|bearer|session|security|personal[-_]?access|client|user|bot|oauth)?[-_]?token|auth|authorization|(client|app|consumer)?[-_]?secret|client[-_]assertion|pass|passwd|password|pwd|sig|signature|jwt|credential|session([-_]?id)?|(amz|goog)-(signature|credential|security-token))$`)

// longKey is a value of “key” that nobody types by hand.
var longKey = regexp.MustCompile(`^[A-Za-z0-9_\-]{20,}$`)

// header reads -H.
func (p *parser) header(w word, _ string) error {
	if strings.HasPrefix(w.text, "@") {
		p.note("-H reads the file " + w.text[1:] + ", which is not here: fill its headers in.")
		return nil
	}
	name, value, ok := strings.Cut(w.text, ":")
	if !ok {
		if name, ok = strings.CutSuffix(w.text, ";"); !ok {
			return wrong(w.at, "a header is written as Name: value")
		}
	}
	name, value = strings.TrimSpace(name), strings.TrimSpace(value)
	lower := strings.ToLower(name)
	switch {
	case name == "" || strings.ContainsAny(name, " \t\r\n\"(),/:<=>?@[\\]{}"):
		if strings.HasPrefix(w.text, ":") { // :authority and the like, as browsers copy them
			return nil
		}
		return wrong(w.at, "a header is written as Name: value")
	case strings.ContainsAny(value, "\r\n\x00"):
		return wrong(w.at, "the header %s has a line break in its value", name)
	case own[lower]:
		return nil
	case lower == "host":
		p.note("The header Host was not taken over: it is the host of the address.")
		return nil
	case lower == "idempotency-key":
		p.note("The header " + name + " was not taken over: it would be the same in every run. Post and Patch send one of their own.")
		return nil
	case value == "" && !strings.HasSuffix(strings.TrimSpace(w.text), ";"):
		return nil // takes a header of curl's own away
	case secretName.MatchString(name) && !openName.MatchString(name):
		p.secret(name, value)
		return nil
	}
	p.Headers = append(p.Headers, Pair{name, value})
	return nil
}

// add sets a header that an option stands for.
func (p *parser) add(name, value string) {
	if _, set := p.Header(name); !set && value != "" {
		p.Headers = append(p.Headers, Pair{name, value})
	}
}

// secret keeps a header that carries a credential.
func (p *parser) secret(name, value string) {
	if sameName(name, "Authorization") {
		if user, password, ok := basic(value); ok && password != "" && p.SignIn.User == "" && p.SignIn.Password == "" {
			p.SignIn.User, p.SignIn.Password = user, password
			return
		}
	}
	p.SignIn.Headers = append(p.SignIn.Headers, Pair{name, value})
}

// named keeps a user name without a password: where the password is said to be empty,
// the name is a key, and no name is shown like one.
func (p *parser) named(user string, isKey bool) {
	if isKey && user != "" && !p.SignIn.Digest {
		p.secret("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(user+":")))
		return
	}
	p.SignIn.User, p.SignIn.Password = user, ""
}

// tell notes credentials in the body, which is no place that keeps them.
func (p *parser) tell() {
	var found []string
	for _, f := range p.Body.Fields {
		if secretKey.MatchString(f.Name) && f.Value != "" {
			found = append(found, f.Name)
		}
	}
	if p.Body.Kind == JSON {
		var keys map[string]json.RawMessage
		_ = json.Unmarshal([]byte(p.Body.Text), &keys) // what is no object has none
		for name, v := range keys {
			if secretKey.MatchString(name) && len(v) > 2 {
				found = append(found, name)
			}
		}
	}
	if slices.Sort(found); len(found) > 0 {
		p.note("The body holds “" + strings.Join(slices.Compact(found), "”, “") + "”, and everybody who may see the flow can read its body: if that is a secret, use a connection that signs in.")
	}
}

func (p *parser) cookie(w word, _ string) error {
	if !strings.Contains(w.text, "=") {
		p.note("-b reads the file " + w.text + ", which is not here: its cookies were left out.")
		return nil
	}
	p.secret("Cookie", w.text)
	return nil
}

// querySecrets moves credentials out of the query.
func (p *parser) querySecrets(u *url.URL) {
	var kept []string
	for _, part := range strings.Split(u.RawQuery, "&") {
		name, value, _ := strings.Cut(part, "=")
		key, err1 := url.QueryUnescape(name)
		plain, err2 := url.QueryUnescape(value)
		if err1 == nil && err2 == nil && plain != "" && (secretKey.MatchString(key) || sameName(key, "key") && longKey.MatchString(plain)) {
			p.SignIn.Query = append(p.SignIn.Query, Pair{key, plain})
			continue
		}
		kept = append(kept, part)
	}
	u.RawQuery = strings.Join(kept, "&")
}
