package connectors

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"flowdeck/cards/trace"
)

// ErrPreview is how a client of Preview ends every request: it was shown, not sent.
var ErrPreview = errors.New("the request was only looked at, not sent")

// Preview returns a client that sends nothing. It signs requests in with what is at
// hand, without renewing anything, and adds to record, masked, what Client would put
// on the wire. Each request ends in ErrPreview, or in the error that keeps it from
// being sent at all.
func (c *Clients) Preview(ctx context.Context, connectionID string, record *trace.Trace) *http.Client {
	p := &preview{clients: c, record: record}
	if connectionID != "" {
		p.session, p.err = c.session(ctx, connectionID)
	}
	return &http.Client{Transport: p}
}

// preview is a transport that records and refuses.
type preview struct {
	clients *Clients
	session *session // nil: nothing is signed
	err     error    // the connection cannot be opened
	record  *trace.Trace
}

func (p *preview) RoundTrip(r *http.Request) (*http.Response, error) {
	defer closeBody(r)
	if p.err != nil {
		return nil, p.err
	}
	if err := p.clients.guard.CheckURL(r.URL); err != nil {
		return nil, err
	}
	r = accepting(r)
	signed := r.Clone(r.Context())
	if _, set := signed.Header["User-Agent"]; !set {
		signed.Header.Set("User-Agent", userAgent)
	}
	m, err := p.sign(signed)
	if err != nil {
		return nil, err
	}
	x := trace.Exchange{Method: r.Method, URL: strings.ReplaceAll(m.url(signed.URL), stand, Mask), Purpose: trace.Preview, At: p.clients.now().UnixMicro(), Signed: added(r, signed)}
	if r.Body != nil && r.Body != http.NoBody {
		body, sum := &recordedBody{ReadCloser: r.Body}, sha256.New()
		if _, err := io.Copy(sum, body); err != nil {
			return nil, err
		}
		x.RequestBody, x.RequestSize = body.recorded(m)
		x.BodySum = hex.EncodeToString(sum.Sum(nil))
	}
	x.RequestHeaders = onTheWire(signed, m)
	p.record.Add(x)
	return nil, ErrPreview
}

// sign signs r in with what is at hand, and returns what masks its secrets.
func (p *preview) sign(r *http.Request) (*masker, error) {
	s := p.session
	if s == nil {
		return nil, nil
	}
	if !s.kind.Open || s.reach.guarded {
		if _, err := s.carries(r); err != nil {
			return nil, err
		}
	}
	token := p.atHand()
	err := s.auth.Sign(r, token)
	return s.masks.Load(), err
}

// stand stands for a token that has to be fetched first. Nobody sees it.
const stand = "0-a-token-that-is-still-to-be-fetched-0"

// atHand is the token that there is; one that is missing or over is named in the log.
func (p *preview) atHand() Token {
	s := p.session
	if _, renews := s.auth.(Refresher); !renews {
		return Token{}
	}
	s.mu.Lock()
	token := s.token
	s.mu.Unlock()
	now := p.clients.now()
	switch {
	case token.Access == "":
		p.record.Say(now, "there is no token yet; sending fetches one", false)
		return Token{Access: stand, Type: cmp.Or(token.Type, "Bearer")}
	case !token.Expires.IsZero() && token.Expires.Before(now.Add(time.Minute)):
		p.record.Say(now, "the token is over; sending renews it first", false)
	}
	return token
}

// added lists the headers and query keys that signing in has set.
func added(before, after *http.Request) []string {
	var names []string
	for name, values := range after.Header {
		if name != "User-Agent" && !slices.Equal(before.Header[name], values) {
			names = append(names, name)
		}
	}
	had := before.URL.Query()
	for name, values := range after.URL.Query() {
		if !slices.Equal(had[name], values) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// onTheWire lists headers in the order in which net/http writes them, with those
// that it adds itself.
func onTheWire(r *http.Request, m *masker) [][2]string {
	host := r.Host
	if host == "" {
		host = r.URL.Host
	}
	list := [][2]string{{"Host", host}, {"User-Agent", r.Header.Get("User-Agent")}}
	if n, ok := contentLength(r); ok {
		list = append(list, [2]string{"Content-Length", n})
	} else if r.Body != nil && r.Body != http.NoBody {
		list = append(list, [2]string{"Transfer-Encoding", "chunked"})
	} else if slices.Contains([]string{http.MethodPost, http.MethodPut, http.MethodPatch}, r.Method) {
		list = append(list, [2]string{"Content-Length", "0"})
	}
	rest := maps.Clone(r.Header)
	delete(rest, "User-Agent")
	list = headerList(rest, m, list...)
	for i := range list {
		list[i][1] = strings.ReplaceAll(list[i][1], stand, Mask)
	}
	return list
}
