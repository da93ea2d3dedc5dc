package curl

import (
	"net/url"
	"regexp"
	"strings"
)

func sameName(a, b string) bool { return strings.EqualFold(a, b) }

// own are headers that a client works out itself.
var own = map[string]bool{"content-length": true, "connection": true, "keep-alive": true, "transfer-encoding": true, "te": true, "trailer": true,
	"upgrade": true, "proxy-connection": true, "accept-encoding": true, "expect": true}

// secretName finds headers that carry a credential.
var secretName = regexp.MustCompile(`(?i)^(proxy-)?authorization$|^cookie$|api[-_]?key|apikey|^x-.*(token|secret|auth$)|^(private|access|auth)-token$|-token$|^x-amz-security-token$|secret`)

// secretKey finds query keys that carry a credential.
var secretKey = regexp.MustCompile(`(?i)^(api[-_]?key|apikey|access[-_]?token|auth[-_]?token|token|client[-_]?secret|secret|password|passwd|pwd|sig|signature|x-amz-signature|x-amz-credential|x-amz-security-token)$`)

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
	case value == "" && !strings.HasSuffix(strings.TrimSpace(w.text), ";"):
		return nil // takes a header of curl's own away
	case secretName.MatchString(name):
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
		if user, password, ok := basic(value); ok && p.SignIn.User == "" && p.SignIn.Password == "" {
			p.SignIn.User, p.SignIn.Password = user, password
			return
		}
	}
	p.SignIn.Headers = append(p.SignIn.Headers, Pair{name, value})
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
