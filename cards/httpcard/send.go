package httpcard

import (
	"context"
	"errors"
	"net/http"
	"time"

	"flowdeck/cards"
	"flowdeck/cards/trace"
	"flowdeck/cards/within"
)

// response is what the cards that understand JSON put out.
type response struct {
	StatusCode int            `json:"status_code" label:"Status code" help:"Such as 200."`
	Headers    map[string]any `json:"headers" help:"Names are in lower case. A header that came several times is joined by commas; set-cookie is then a list."`
	Body       any            `json:"body" help:"The value when the answer is JSON, otherwise text. What is not text comes as Base64. As a file: its name, type, size and base64."`
	Repeated   map[string]any `json:"repeated_headers,omitempty" label:"Repeated headers" form:"advanced" help:"The headers that came several times, each as the list of its values."`
}

// send makes the request and reads its answer.
func send(ctx context.Context, env cards.Env, r request) (response, error) {
	a, err := exchange(ctx, env, r)
	if err != nil {
		return response{}, err
	}
	return a.response(ctx, env, r.As)
}

// response is the answer as a card puts it out. What there is to say about it goes
// to the trace of ctx.
func (a *answer) response(ctx context.Context, env cards.Env, as string) (response, error) {
	body, err := a.value(as)
	for _, note := range a.noted {
		trace.From(ctx).Say(clock(env), note, false)
	}
	if err != nil {
		return response{}, err
	}
	return response{StatusCode: a.status, Headers: a.headers, Body: body, Repeated: repeatedOf(a.raw)}, nil
}

// exchange makes one request and returns its answer, bounded, when its status is
// accepted. It may be called again with a request that differs in its address: each
// call has all the time and all the room that the limits give.
func exchange(parent context.Context, env cards.Env, r request) (*answer, error) {
	if env.HTTP == nil {
		return nil, errors.New("an HTTP card was run without a client")
	}
	whole := r.whole(env.Timeout)
	ctx, cancel := within.Timeout(parent, whole)
	defer cancel()
	ctx, stop := watched(ctx, r.limits)
	defer stop()
	req, err := r.build(ctx, env)
	if err != nil {
		return nil, err
	}
	way := way{parent: parent, ctx: ctx, host: req.URL.Host, timeout: whole}
	res, err := do(env.HTTP, req, r.Redirects)
	if err != nil {
		failed := way.failure(err, res)
		if res != nil && failed.Details == nil {
			answerOf(way.host, res).detail(failed)
		}
		return nil, failed
	}
	defer res.Body.Close()
	if res.Request != nil && res.Request.URL != nil {
		way.host = res.Request.URL.Host
	}
	a := answerOf(way.host, res)
	if !a.ok() && !r.Accept.include(a.status) && !(r.Redirects == 0 && redirects(a.status)) {
		a.data, a.cut, _ = bounded(res, maxKept, false) // what came is kept, even when the rest does not come
		return nil, a.refusal(retryAfter(res.Header.Get("Retry-After"), env.Now))
	}
	if a.data, a.cut, err = bounded(res, r.most(), true); err != nil {
		way.status, way.got = a.status, len(a.data)
		return nil, a.detail(way.failure(err, nil))
	}
	if a.cut {
		return nil, a.tooLarge(r.most(), res.ContentLength)
	}
	return a, nil
}

func clock(env cards.Env) time.Time {
	if env.Now == nil {
		return time.Now()
	}
	return env.Now()
}

// sendBody makes the request of a card with a body.
func sendBody(ctx context.Context, env cards.Env, method string, in bodyInput) (response, error) {
	r, err := withBody(request{method: method, target: in.target, reading: in.reading, limits: in.limits, lists: in.lists}, in.content)
	if err != nil {
		return response{}, err
	}
	return send(ctx, env, r)
}

// sendWrite is sendBody for a method whose repetition a service has to notice.
func sendWrite(ctx context.Context, env cards.Env, method string, in writeInput) (response, error) {
	r, err := writeRequest(method, in)
	if err != nil {
		return response{}, err
	}
	return send(ctx, env, r)
}

func writeRequest(method string, in writeInput) (request, error) {
	return withBody(request{method: method, target: in.target, reading: in.reading, limits: in.limits, repeats: in.repeats, lists: in.lists}, in.content)
}

func withBody(r request, c content) (request, error) {
	var err error
	r.body, r.contentType, err = c.encode(r.Arrays)
	return r, err
}

// safe reports whether a method may be sent again without doing more than once.
func safe(method string) bool {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodPut, http.MethodDelete:
		return true
	}
	return false
}
