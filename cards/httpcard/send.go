package httpcard

import (
	"context"
	"errors"
	"net/http"

	"flowdeck/cards"
)

// response is what the cards that understand JSON put out.
type response struct {
	StatusCode int            `json:"status_code" label:"Status code" help:"Such as 200."`
	Headers    map[string]any `json:"headers" help:"Names are in lower case. A header that came several times is joined by commas; set-cookie is then a list."`
	Body       any            `json:"body" help:"The value when the answer is JSON, otherwise text. What is not text comes as Base64."`
}

// send makes the request and reads its answer.
func send(ctx context.Context, env cards.Env, r request) (response, error) {
	a, err := exchange(ctx, env, r)
	if err != nil {
		return response{}, err
	}
	body, err := a.value()
	if err != nil {
		return response{}, err
	}
	return response{StatusCode: a.status, Headers: a.headers, Body: body}, nil
}

// exchange makes the request and returns the answer when its status is accepted.
func exchange(parent context.Context, env cards.Env, r request) (*answer, error) {
	if env.HTTP == nil {
		return nil, errors.New("an HTTP card was run without a client")
	}
	ctx, cancel := context.WithTimeout(parent, r.Timeout.Duration)
	defer cancel()
	req, err := r.build(ctx, env)
	if err != nil {
		return nil, err
	}
	way := way{parent: parent, ctx: ctx, host: req.URL.Host, timeout: r.Timeout.Duration}
	res, err := env.HTTP.Do(req)
	if err != nil {
		return nil, way.failure(err, res)
	}
	defer res.Body.Close()
	if res.Request != nil && res.Request.URL != nil {
		way.host = res.Request.URL.Host
	}
	a := &answer{host: way.host, status: res.StatusCode, headers: headersOf(res.Header), media: mediaOf(res.Header.Get("Content-Type"))}
	if a.status < 200 || a.status > 299 {
		if !r.Accept.include(a.status) {
			a.data, a.cut, _ = bounded(res, maxKept) // what came is kept, even when the rest does not come
			return nil, a.refusal(retryAfter(res.Header.Get("Retry-After"), env.Now))
		}
	}
	if a.data, a.cut, err = bounded(res, maxAnswer); err != nil {
		return nil, a.detail(way.failure(err, nil))
	}
	if a.cut {
		return nil, a.detail(&cards.Error{Code: cards.CodeTooLarge, Message: a.host + " sent more than 10 MiB, which is the most that a card takes"})
	}
	return a, nil
}

// withBody returns the request that a card with a body input makes.
func withBody(method string, in bodyInput) (request, error) {
	body, contentType, err := encodeBody(in.BodyType, in.Body)
	return request{method: method, target: in.target, limits: in.limits, body: body, contentType: contentType}, err
}

func sendBody(ctx context.Context, env cards.Env, method string, in bodyInput) (response, error) {
	r, err := withBody(method, in)
	if err != nil {
		return response{}, err
	}
	return send(ctx, env, r)
}

// safe reports whether a method may be sent again without doing more than once.
func safe(method string) bool {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodPut, http.MethodDelete:
		return true
	}
	return false
}
