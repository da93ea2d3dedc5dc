package web

import (
	"encoding/json"
	"net/http"
	"strconv"
)

// refusal is an answer of an endpoint that no flow gave, as RFC 9457 writes it.
// It tells callers what they can put right and nothing about the inside.
type refusal struct {
	Title  string         `json:"title"`
	Status int            `json:"status"`
	Detail string         `json:"detail,omitempty"`
	Code   string         `json:"code"` // stable, for programs
	Run    string         `json:"run,omitempty"`
	Line   int            `json:"line,omitempty"`   // of a malformed body, 1-based
	Column int            `json:"column,omitempty"` // in characters, 1-based
	Errors []refusalField `json:"errors,omitempty"`
	header [][2]string
}

// refusalField is one thing that is wrong with the caller's input.
type refusalField struct {
	Field  string `json:"field"`
	From   string `json:"from"` // body, query or header
	Detail string `json:"detail"`
}

func (r *refusal) Error() string { return r.Code }

func (r *refusal) with(name, value string) *refusal {
	r.header = append(r.header, [2]string{name, value})
	return r
}

// write answers with the refusal.
func (r *refusal) write(w http.ResponseWriter) error {
	body, err := json.Marshal(r)
	if err != nil {
		return err
	}
	h := w.Header()
	for _, x := range r.header {
		h.Set(x[0], x[1])
	}
	h.Set("Content-Type", "application/problem+json")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Length", strconv.Itoa(len(body)+1))
	w.WriteHeader(r.Status)
	_, _ = w.Write(append(body, '\n')) // a caller that went away is nobody's problem
	return nil
}

// noEndpoint is what an unknown, an unpublished and a hidden endpoint say alike.
func noEndpoint() *refusal {
	return &refusal{Status: http.StatusNotFound, Code: "not_found", Title: "There is no endpoint here",
		Detail: "No flow answers at this address. Check the alias in the URL."}
}

func switchedOff() *refusal {
	r := &refusal{Status: http.StatusServiceUnavailable, Code: "off", Title: "This endpoint is switched off"}
	return r.with("Retry-After", "60")
}

func wrongToken() *refusal {
	r := &refusal{Status: http.StatusUnauthorized, Code: "unauthorized", Title: "The client token is missing or wrong",
		Detail: "Send the endpoint's client token in the x-api-client-token header."}
	return r.with("WWW-Authenticate", `ClientToken realm="endpoint", header="x-api-client-token"`)
}

func wrongMethod(method, allow string) *refusal {
	r := &refusal{Status: http.StatusMethodNotAllowed, Code: "method_not_allowed", Title: "This endpoint does not take " + method,
		Detail: "It takes " + allow + "."}
	return r.with("Allow", allow)
}

func tooLarge(limit int64) *refusal {
	r := &refusal{Status: http.StatusRequestEntityTooLarge, Code: "too_large", Title: "The body is too large",
		Detail: "This endpoint takes bodies of at most " + strconv.FormatInt(limit, 10) + " bytes."}
	return r.with("Connection", "close")
}

// codeOverloaded says that nothing is wrong with a request; there is no room for it.
const codeOverloaded = "overloaded"

func overloaded() *refusal {
	r := &refusal{Status: http.StatusServiceUnavailable, Code: codeOverloaded, Title: "Too many runs at once",
		Detail: "Nothing was started. Try again in a moment."}
	return r.with("Retry-After", "1")
}

// nothingKept refuses a call of which nothing could be kept. No card that changes
// anything has begun then: it is kept before that it begins.
func nothingKept() *refusal {
	r := &refusal{Status: http.StatusServiceUnavailable, Code: "storage", Title: "Nothing can be kept at the moment",
		Detail: "Nothing was changed. Try again in a moment."}
	return r.with("Retry-After", "5")
}

func unexpected() *refusal {
	return &refusal{Status: http.StatusInternalServerError, Code: "internal", Title: "Something went wrong here",
		Detail: "The fault is on this side, not in the request."}
}
