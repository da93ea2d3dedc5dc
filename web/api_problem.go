package web

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/flows/bundle"
)

// apiProblem is an error as RFC 9457 writes it. It has no type beyond about:blank:
// programs go by the code.
type apiProblem struct {
	Title   string     `json:"title"`
	Status  int        `json:"status"`
	Detail  string     `json:"detail,omitempty"`
	Code    string     `json:"code" doc:"Stable, for programs."`
	Request string     `json:"request,omitempty" doc:"The X-Request-Id, for whoever reads the server's log."`
	Run     string     `json:"run,omitempty"`
	Errors  []apiFault `json:"errors,omitempty" doc:"Each thing that is wrong with what was sent."`

	header [][2]string
	cause  error
}

// apiFault is one thing that is wrong with a request.
type apiFault struct {
	Detail    string `json:"detail"`
	Pointer   string `json:"pointer,omitempty" doc:"Where in the body, as a JSON pointer."`
	Parameter string `json:"parameter,omitempty" doc:"Of the query, or a header."`
	Field     string `json:"field,omitempty" doc:"Of a form, or of a step."`
	Step      string `json:"step,omitempty" doc:"The id of a step."`
	File      string `json:"file,omitempty" doc:"Of a bundle."`
	Line      int    `json:"line,omitempty" doc:"In the body or the file, from 1."`
	Column    int    `json:"column,omitempty" doc:"In letters, from 1."`
}

func (p *apiProblem) Error() string { return p.Code }

func (p *apiProblem) with(name, value string) *apiProblem {
	p.header = append(p.header, [2]string{name, value})
	return p
}

func (p *apiProblem) write(w http.ResponseWriter) error {
	p.Request = w.Header().Get("X-Request-Id")
	body, err := json.Marshal(p)
	if err != nil {
		return err
	}
	for _, x := range p.header {
		w.Header().Set(x[0], x[1])
	}
	w.Header().Set("Content-Type", "application/problem+json")
	return writeBody(w, "", p.Status, append(body, '\n'))
}

// problem makes a problem of what went wrong.
func (c *apiCall) problem(err error) *apiProblem {
	var (
		ready    *apiProblem
		no       *refusal
		document flows.Problems
		fields   schema.Problems
		files    bundle.Problems
	)
	switch {
	case errors.As(err, &ready):
		return ready
	case errors.As(err, &no):
		return &apiProblem{Status: no.Status, Code: no.Code, Title: no.Title, Detail: no.Detail, Run: no.Run, header: no.header}
	case errors.As(err, &document):
		return ofDocument(document)
	case errors.As(err, &fields):
		p := invalid("Something that was sent is wrong")
		for _, x := range fields {
			p.Errors = append(p.Errors, apiFault{Field: x.Field, Detail: x.Message})
		}
		return p
	case errors.As(err, &files):
		p := invalid("It was not imported")
		for _, x := range files {
			p.Errors = append(p.Errors, apiFault{File: x.File, Step: x.Step, Field: x.Field, Detail: x.Message, Line: x.Line, Column: x.Column})
		}
		return p
	case errors.Is(err, flows.ErrBusy), errors.Is(err, flows.ErrStopped):
		return (&apiProblem{Status: http.StatusServiceUnavailable, Code: codeOverloaded, Title: "Too many runs at once",
			Detail: "Nothing was started. Try again in a moment."}).with("Retry-After", "1")
	}
	if inTrouble(err) {
		return (&apiProblem{Status: http.StatusServiceUnavailable, Code: "storage", Title: "Nothing can be kept at the moment",
			Detail: "Nothing was changed. Try again in a moment."}).with("Retry-After", "5")
	}
	f := explain(err)
	p := &apiProblem{Status: f.status, Code: codeOf(f.status), Title: f.title, Detail: f.text, cause: err}
	if f.status == http.StatusInternalServerError {
		p.Detail = "The fault is on this side, not in the request. Give your administrator the number of the request."
	}
	return p
}

func codeOf(status int) string {
	switch status {
	case http.StatusNotFound:
		return "not_found"
	case http.StatusConflict:
		return "conflict"
	case http.StatusUnprocessableEntity:
		return "invalid"
	case http.StatusForbidden:
		return "forbidden"
	case http.StatusInternalServerError:
		return "internal"
	}
	return "refused"
}

func invalid(title string) *apiProblem {
	return &apiProblem{Status: http.StatusUnprocessableEntity, Code: "invalid", Title: title}
}

// wrongBody is a body that cannot be read as what the operation takes.
func wrongBody(wrong flows.Problems) *apiProblem {
	p := invalid("The body is not what this operation takes")
	for _, x := range wrong {
		p.Errors = append(p.Errors, apiFault{Pointer: pointer(x.Field), Detail: x.Message, Line: x.Line, Column: x.Column})
		if x.Field == "" && x.Line > 0 { // it is not even JSON
			p.Status, p.Code, p.Title = http.StatusBadRequest, "malformed", "The body is not JSON"
		}
	}
	return p
}

// ofDocument is a document whose steps are not ready.
func ofDocument(wrong flows.Problems) *apiProblem {
	p := invalid("The flow has things to fix first")
	p.Detail = strconv.Itoa(len(wrong)) + plural(len(wrong), " thing", " things") + " to fix."
	for _, x := range wrong {
		p.Errors = append(p.Errors, apiFault{Step: x.Step, Field: x.Field, Detail: x.Message, Line: x.Line, Column: x.Column})
	}
	return p
}

// pointer writes the path of a field as a JSON pointer.
func pointer(field string) string {
	var b strings.Builder
	for _, key := range flows.SplitField(field) {
		b.WriteString("/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(key))
	}
	return b.String()
}

func noResource() *apiProblem {
	return &apiProblem{Status: http.StatusNotFound, Code: "not_found", Title: "There is nothing at this address",
		Detail: "All there is stands in " + apiPrefix + "/openapi.json."}
}

func wrongAPIMethod(method, allow string) *apiProblem {
	p := &apiProblem{Status: http.StatusMethodNotAllowed, Code: "method_not_allowed", Title: "This address does not take " + method, Detail: "It takes " + allow + "."}
	return p.with("Allow", allow)
}

func unexpectedAPI(w http.ResponseWriter) *apiProblem {
	return &apiProblem{Status: http.StatusInternalServerError, Code: "internal", Title: "Something went wrong here",
		Detail: "The fault is on this side, not in the request. Give your administrator the number of the request: " + w.Header().Get("X-Request-Id")}
}
