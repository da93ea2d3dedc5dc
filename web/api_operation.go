package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strconv"
)

// operation is one thing that the API does: its route, its documentation and its work.
type operation struct {
	method, path string // path without apiPrefix: "/flows/{flow}"
	id           string // "listFlows"
	tag          string
	summary      string
	text         string
	scope        string
	query        []apiParam
	headers      []apiParam   // of the request
	body         reflect.Type // of the JSON it takes; nil: none
	raw          []string     // types of body that are taken as they are, instead of JSON
	optional     bool         // the body may be left out
	most         int64        // bytes of the body; 0: maxAPIBody
	answers      []apiAnswer
	serve        func(*Server, *apiCall) (*apiReply, error)
}

// apiParam is something in a query or a header.
type apiParam struct {
	name, kind, text string // kind: string, integer or boolean
	enum             []string
	many             bool // it may be there more than once
	required         bool
}

// apiAnswer is one way how an operation goes well.
type apiAnswer struct {
	status  int
	text    string
	body    reflect.Type // nil: none
	raw     string       // the type of a body that is not JSON
	headers []apiParam
}

// apiReply is what an operation answers.
type apiReply struct {
	status int
	body   any
	raw    []byte // instead of body
	header [][2]string
}

func answerWith(status int, body any) *apiReply { return &apiReply{status: status, body: body} }

func (r *apiReply) with(name, value string) *apiReply {
	r.header = append(r.header, [2]string{name, value})
	return r
}

// write sends a reply. One that the document does not promise is a mistake in the program.
func (op *operation) write(w http.ResponseWriter, method string, r *apiReply) error {
	i := slices.IndexFunc(op.answers, func(a apiAnswer) bool { return a.status == r.status })
	if i < 0 || op.answers[i].body != nil && reflect.TypeOf(r.body) != op.answers[i].body {
		panic(fmt.Sprintf("web: %s answers %d with %T, which it does not declare", op.id, r.status, r.body))
	}
	declared := op.answers[i]
	for _, x := range r.header {
		w.Header().Set(x[0], x[1])
	}
	switch {
	case declared.raw != "":
		w.Header().Set("Content-Type", declared.raw)
		return writeBody(w, method, r.status, r.raw)
	case declared.body == nil:
		w.WriteHeader(r.status)
		return nil
	}
	text, err := json.Marshal(r.body)
	if err != nil {
		return fmt.Errorf("write the answer of %s: %w", op.id, err)
	}
	w.Header().Set("Content-Type", "application/json")
	return writeBody(w, method, r.status, append(text, '\n'))
}

// typed returns the type of T, for the declarations of operations.
func typed[T any]() reflect.Type { return reflect.TypeFor[T]() }

// paged are the query parameters of every list.
func paged(more ...apiParam) []apiParam {
	return append(more,
		apiParam{name: "limit", kind: "integer", text: "How many to return, from 1 to 200; 50 when left out."},
		apiParam{name: "cursor", kind: "string", text: "Where to go on: the next of the page before. Its text means nothing to clients."})
}

// apiPage is a page of a list.
type apiPage[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next,omitempty" doc:"The cursor of the next page; left out after the last."`
}

func newPage[T any](items []T, next string) apiPage[T] {
	if items == nil {
		items = []T{}
	}
	return apiPage[T]{items, next}
}

func etag(n int64) string { return `"` + strconv.FormatInt(n, 10) + `"` }
