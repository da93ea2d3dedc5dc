package connectors

import (
	"crypto/md5"
	"crypto/rand"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"hash"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"

	rfc7616 "github.com/icholy/digest"
	"golang.org/x/text/unicode/norm"

	"flowdeck/cards/schema"
)

// Digest is a user name and a password that never go over the wire: they answer a
// challenge of the server (RFC 7616).
var Digest = newAuthType[digest](AuthType{
	Name: "digest", Title: "Digest", Icon: "hash",
	Summary: "Username and password, never sent as they are",
})

type digest struct {
	Username string `json:"username" form:"required"`
	Password string `json:"password" form:"secret"`

	mu    sync.Mutex
	known map[string]*challenge // by scheme and host
}

// challenge is what a server wants answered, and how often we did.
type challenge struct {
	rfc7616.Challenge
	count  int
	cnonce string // the same for as long as the nonce: a session's key is made of both
}

// maxChallenges bounds how many hosts' challenges are kept.
const maxChallenges = 64

// challenged is an Auth that a server has to ask before it can sign.
type challenged interface {
	Auth
	// learn reads the challenge of a 401; nil when there is none to be answered.
	learn(res *http.Response) *challenge
	// answer signs r as c asks.
	answer(r *http.Request, c *challenge) error
	// keep has the requests that follow one to u answer c, whose answer the server took.
	keep(u *url.URL, c *challenge)
	// drop forgets the challenge of a server that did not take the answer to it.
	drop(u *url.URL)
	// proof is what of the signature in r nobody else may learn; "" when there is none.
	proof(r *http.Request) string
	// answered reads what a server says beside an answer that it took.
	answered(res *http.Response)
}

// Sign answers the last challenge of r's host; without one r goes as it is.
func (d *digest) Sign(r *http.Request, _ Token) error {
	d.mu.Lock()
	c := d.known[origin(r.URL)]
	d.mu.Unlock()
	if c == nil {
		return nil
	}
	return d.answer(r, c)
}

func (d *digest) answer(r *http.Request, c *challenge) error {
	d.mu.Lock()
	c.count++
	ask, count := *c, c.count
	d.mu.Unlock()
	plain, session := strings.CutSuffix(strings.ToUpper(ask.Algorithm), "-SESS")
	named := ask.Algorithm
	if ask.Algorithm = plain; plain == "" {
		ask.Algorithm = "MD5"
	}
	o := rfc7616.Options{Method: r.Method, URI: r.URL.RequestURI(), GetBody: r.GetBody, Count: count,
		Username: norm.NFC.String(d.Username), Password: norm.NFC.String(d.Password), Cnonce: ask.cnonce}
	if session {
		h := hashes[plain]()
		o.A1 = joined(h, joined(h, o.Username, ask.Realm, o.Password), ask.Nonce, ask.cnonce)
	}
	answer, err := rfc7616.Digest(&ask.Challenge, o)
	if err != nil {
		return err
	}
	answer.Algorithm = named
	text := answer.String()
	if !ask.Userhash && strings.EqualFold(ask.Charset, "UTF-8") && !ascii(o.Username) { // RFC 7616, section 3.4
		text = strings.Replace(text, quotedName.FindString(text), "username*=UTF-8''"+strings.ReplaceAll(url.QueryEscape(o.Username), "+", "%20"), 1)
	}
	r.Header.Set("Authorization", text)
	return nil
}

var quotedName = regexp.MustCompile(`username="(?:[^"\\]|\\.)*"`)

var hashes = map[string]func() hash.Hash{"MD5": md5.New, "SHA-256": sha256.New, "SHA-512": sha512.New, "SHA-512-256": sha512.New512_256}

// strength orders algorithms: the strongest that both sides know is used.
var strength = map[string]int{"": 1, "MD5": 1, "SHA-256": 2, "SHA-512": 3, "SHA-512-256": 3}

func (d *digest) learn(res *http.Response) *challenge {
	var best *rfc7616.Challenge
	most := 0
	for _, text := range challenges(res.Header.Values("WWW-Authenticate")) {
		c, err := rfc7616.ParseChallenge(text)
		if err != nil || c.Nonce == "" {
			continue
		}
		for i := range c.QOP {
			c.QOP[i] = strings.ToLower(strings.TrimSpace(c.QOP[i]))
		}
		plain, session := strings.CutSuffix(strings.ToUpper(c.Algorithm), "-SESS")
		usable := len(c.QOP) == 0 && !session || c.SupportsQOP("auth") || c.SupportsQOP("auth-int")
		if s := strength[plain]; usable && s > most {
			best, most = c, s
		}
	}
	if best == nil {
		return nil
	}
	return &challenge{Challenge: *best, cnonce: strings.ToLower(rand.Text())}
}

func (d *digest) keep(u *url.URL, c *challenge) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.known == nil || len(d.known) >= maxChallenges {
		d.known = map[string]*challenge{}
	}
	d.known[origin(u)] = c
}

func (d *digest) drop(u *url.URL) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.known, origin(u))
}

func (d *digest) Check() schema.Problems { return colonless(d.Username) }

var response = regexp.MustCompile(`\bresponse="([^"]+)"`)

func (d *digest) proof(r *http.Request) string {
	if m := response.FindStringSubmatch(r.Header.Get("Authorization")); m != nil {
		return m[1]
	}
	return ""
}

var nextNonce = regexp.MustCompile(`nextnonce="([^"]+)"`)

// answered changes to the nonce that the server wants next (RFC 7616, section 3.5).
func (d *digest) answered(res *http.Response) {
	m := nextNonce.FindStringSubmatch(res.Header.Get("Authentication-Info"))
	if m == nil {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if c := d.known[origin(res.Request.URL)]; c != nil && c.Nonce != m[1] {
		next := *c
		next.Nonce, next.count = m[1], 0
		d.known[origin(res.Request.URL)] = &next
	}
}

func origin(u *url.URL) string { return u.Scheme + "://" + hostPort(u) }

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

func joined(h hash.Hash, parts ...string) string {
	h.Reset()
	h.Write([]byte(strings.Join(parts, ":")))
	return hex.EncodeToString(h.Sum(nil))
}

var newScheme = regexp.MustCompile(`^\s*([!#$%&'*+.^_|~0-9A-Za-z-]+)(\s+[^=\s]|\s*$)`)

// challenges takes apart the challenges of WWW-Authenticate: several may share a line
// (RFC 9110, section 11.6.1). Their parameters are written in one way: names in any
// letters, values without quotes and empty places in the list are all good HTTP.
func challenges(values []string) (list []string) {
	for _, v := range values {
		first := true
		for part := range quoteSplit(v, ',') {
			part = strings.TrimSpace(part)
			switch m := newScheme.FindStringSubmatch(part); {
			case part == "":
				continue
			case m != nil:
				list = append(list, strings.TrimSpace(m[1]+" "+written(strings.TrimSpace(part[len(m[1]):]))))
			case first:
				list = append(list, part)
			default:
				list[len(list)-1] += ", " + written(part)
			}
			first = false
		}
	}
	return list
}

// written is one parameter of a challenge, its name in small letters and its value in quotes.
func written(parameter string) string {
	name, value, ok := strings.Cut(parameter, "=")
	if !ok {
		return parameter
	}
	if value = strings.TrimSpace(value); !strings.HasPrefix(value, `"`) {
		value = `"` + value + `"`
	}
	return strings.ToLower(strings.TrimSpace(name)) + "=" + value
}

// withChallenge sends r, and once more when the server asks who is there.
func (s *session) withChallenge(r *http.Request, w *wire, auth challenged) (*http.Response, error) {
	res, err := s.send(r, w, Token{})
	if err != nil {
		return nil, err
	}
	if res.StatusCode != http.StatusUnauthorized {
		auth.answered(res)
		s.heard(r.Context(), res.StatusCode)
		return res, nil
	}
	asked := auth.learn(res)
	if asked == nil || !replayable(r) {
		if asked != nil {
			auth.keep(r.URL, asked) // for whoever asks again
		}
		s.heard(r.Context(), res.StatusCode)
		return res, nil
	}
	again := r.Clone(r.Context())
	if r.GetBody != nil {
		if again.Body, err = r.GetBody(); err != nil {
			return res, nil
		}
	}
	discard(res)
	replay := *w
	replay.purpose = "replay after sign-in"
	// Until it was taken the challenge is this request's alone: servers take a nonce once, or its counts in order.
	if res, err = s.signedBy(again, &replay, func(r *http.Request) error { return auth.answer(r, asked) }); err != nil {
		return nil, err
	}
	if res.StatusCode == http.StatusUnauthorized {
		auth.drop(r.URL) // each try with a password that is wrong may count as one
	} else {
		auth.keep(r.URL, asked)
		auth.answered(res)
	}
	s.heard(r.Context(), res.StatusCode)
	return res, nil
}
