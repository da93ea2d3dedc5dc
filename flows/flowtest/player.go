package flowtest

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"

	"flowdeck/cards"
	"flowdeck/flows"
)

// player answers requests from a test. It is the whole network of a test run.
type player struct {
	test Test

	mu       sync.Mutex
	used     []bool
	made     int
	failures []Failure
}

// mostFailures is how many unexpected requests are told: a loop may make thousands.
const mostFailures = 100

// codeUnexpected fails a card that asked for what the test does not know.
const codeUnexpected = "unexpected_request"

// of is the network of one step.
func (p *player) of(path flows.Path) http.RoundTripper {
	if x, there := p.test.Failed[path]; there {
		return failing{x}
	}
	return p
}

// failing fails a step as in the recording.
type failing struct{ as ExchangeError }

func (f failing) RoundTrip(*http.Request) (*http.Response, error) { return nil, f.as.error() }

// RoundTrip answers a request with the first exchange that fits and was not used.
func (p *player) RoundTrip(r *http.Request) (*http.Response, error) {
	asked, err := read(r)
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.made++
	nearest, fewest := -1, 0
	for i, x := range p.test.Exchanges {
		if p.used[i] {
			continue
		}
		differs := asked.differs(x, p.test.Ignore)
		if len(differs) == 0 {
			p.used[i] = true
			return answer(r, x)
		}
		if nearest < 0 || len(differs) < fewest {
			nearest, fewest = i, len(differs)
		}
		if p.test.InOrder && !x.Optional {
			break
		}
	}
	return nil, p.unexpected(asked, nearest)
}

func (p *player) unexpected(asked request, nearest int) error {
	f := Failure{Kind: "request", Text: "Unexpected request: " + asked.method + " " + asked.url, Got: asked.text()}
	if nearest >= 0 {
		x := p.test.Exchanges[nearest]
		f.Want = requestOf(x).text()
		f.Text += ". Nearest in the recording: " + x.Method + " " + x.URL + "; " + strings.Join(asked.differs(x, p.test.Ignore), "; ")
	} else {
		f.Text += ". The recording has no request left"
	}
	if len(p.failures) < mostFailures {
		p.failures = append(p.failures, f)
	}
	return &cards.Error{Code: codeUnexpected, Message: f.Text}
}

// rest are the failures once the flow has ended: what was unexpected and what was
// not asked for.
func (p *player) rest() []Failure {
	p.mu.Lock()
	defer p.mu.Unlock()
	list := p.failures
	for i, x := range p.test.Exchanges {
		if !p.used[i] && !x.Optional {
			list = append(list, Failure{Kind: "request", Text: "Not made: " + x.Method + " " + x.URL, Want: requestOf(x).text()})
		}
	}
	return list
}

func answer(r *http.Request, x Exchange) (*http.Response, error) {
	if x.Failure != nil {
		return nil, &cards.Error{Code: x.Failure.Code, Message: x.Failure.Message, Retryable: true}
	}
	h := http.Header{}
	for _, line := range x.ResponseHeaders {
		if !strings.EqualFold(line[0], "Content-Encoding") && !strings.EqualFold(line[0], "Content-Length") && !strings.EqualFold(line[0], "Transfer-Encoding") {
			h.Add(line[0], line[1])
		}
	}
	return &http.Response{StatusCode: x.Status, Status: fmt.Sprintf("%d %s", x.Status, http.StatusText(x.Status)), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: h, ContentLength: int64(len(x.ResponseBody)), Body: io.NopCloser(strings.NewReader(x.ResponseBody)), Request: r}, nil
}

// maxAsked bounds what is read of a request.
const maxAsked = 16 << 20

func read(r *http.Request) (request, error) {
	q := request{method: r.Method, url: r.URL.String(), headers: r.Header}
	if r.Body == nil {
		return q, nil
	}
	defer r.Body.Close()
	var b bytes.Buffer
	_, err := io.Copy(&b, io.LimitReader(r.Body, maxAsked))
	q.body = b.String()
	return q, err
}
