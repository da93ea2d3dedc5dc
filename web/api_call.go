package web

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"flowdeck/flows"
	"flowdeck/flows/strict"
)

// maxAPIBody is how long a body may be, in bytes, unless its operation says something else.
const maxAPIBody = 5 << 20

// checkQuery refuses what the operation does not ask for: a misspelt filter would
// otherwise answer with everything.
func (c *apiCall) checkQuery() error {
	var wrong []apiFault
	query, err := url.ParseQuery(c.URL.RawQuery)
	if err != nil {
		return &apiProblem{Status: http.StatusBadRequest, Code: "invalid_parameter", Title: "The query cannot be read", Detail: brokenQuery(err)}
	}
	for name, values := range query {
		i := slices.IndexFunc(c.op.query, func(p apiParam) bool { return p.name == name })
		if i < 0 {
			wrong = append(wrong, apiFault{Parameter: name, Detail: "is not a parameter of this operation" + c.op.parameters()})
			continue
		}
		p := c.op.query[i]
		if len(values) > 1 && !p.many {
			wrong = append(wrong, apiFault{Parameter: name, Detail: "may be there once"})
		}
		for _, v := range values {
			if problem := p.problem(v); problem != "" {
				wrong = append(wrong, apiFault{Parameter: name, Detail: problem})
			}
		}
	}
	if len(wrong) == 0 {
		return nil
	}
	slices.SortFunc(wrong, func(a, b apiFault) int { return strings.Compare(a.Parameter, b.Parameter) })
	return &apiProblem{Status: http.StatusBadRequest, Code: "invalid_parameter", Title: "A query parameter is wrong", Errors: wrong}
}

func (op *operation) parameters() string {
	var names []string
	for _, p := range op.query {
		names = append(names, p.name)
	}
	if len(names) == 0 {
		return "; it has none"
	}
	return "; there are " + strings.Join(names, ", ")
}

func (p apiParam) problem(v string) string {
	switch {
	case len(p.enum) > 0 && !slices.Contains(p.enum, v):
		return "must be one of " + strings.Join(p.enum, ", ")
	case p.kind == "boolean" && v != "true" && v != "false":
		return "must be true or false"
	case p.kind == "integer":
		if n, err := strconv.Atoi(v); err != nil || n < 1 || n > 200 {
			return "must be a whole number from 1 to 200"
		}
	}
	return ""
}

func (c *apiCall) text(name string) string { return c.URL.Query().Get(name) }
func (c *apiCall) yes(name string) bool    { return c.text(name) == "true" }
func (c *apiCall) limit() int              { n, _ := strconv.Atoi(c.text("limit")); return n } // it was checked

// cursor makes an opaque cursor of what a list gave; of says of which list.
func cursor(of, next string) string {
	if next == "" {
		return ""
	}
	text, _ := json.Marshal([2]string{of, next}) // strings are always JSON
	return base64.RawURLEncoding.EncodeToString(text)
}

// after reads the cursor of the call, "" when there is none.
func (c *apiCall) after(of string) (string, error) {
	text := c.text("cursor")
	if text == "" {
		return "", nil
	}
	var parts [2]string
	data, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || json.Unmarshal(data, &parts) != nil || parts[0] != of {
		return "", &apiProblem{Status: http.StatusBadRequest, Code: "invalid_parameter", Title: "A query parameter is wrong",
			Errors: []apiFault{{Parameter: "cursor", Detail: "is not one that this list gave; leave it out to begin again"}}}
	}
	return parts[1], nil
}

// readBody reads the body, when the operation takes one. The room that it takes is
// given back by release.
func (c *apiCall) readBody() (release func(), err error) {
	if c.op.body == nil && c.op.raw == nil {
		return func() {}, nil
	}
	limit := c.op.most
	if limit == 0 {
		limit = maxAPIBody
	}
	room := c.api.server.bodies.place()
	if c.ContentLength > limit {
		err = tooLarge(limit)
	} else if c.Body != nil {
		c.body, err = readAll(c.w, c.Request, limit, &room)
	}
	if err == nil {
		err = c.checkType()
	}
	if err != nil {
		room.leave()
		return nil, err
	}
	return room.leave, nil
}

func (c *apiCall) checkType() error {
	if len(c.body) == 0 && c.op.optional {
		return nil
	}
	if len(c.body) == 0 {
		return &apiProblem{Status: http.StatusBadRequest, Code: "missing_body", Title: "A body is required", Detail: "Send " + c.op.takes() + "."}
	}
	if enc := c.Header.Get("Content-Encoding"); enc != "" && !strings.EqualFold(enc, "identity") {
		return &apiProblem{Status: http.StatusUnsupportedMediaType, Code: "unsupported_body", Title: "The body cannot be read",
			Detail: "Bodies in Content-Encoding " + enc + " are not taken. Send the body as it is."}
	}
	kind, _, err := mime.ParseMediaType(c.Header.Get("Content-Type"))
	json := c.op.body != nil && (kind == "application/json" || strings.HasSuffix(kind, "+json"))
	if err != nil || !json && !slices.Contains(c.op.raw, kind) {
		return &apiProblem{Status: http.StatusUnsupportedMediaType, Code: "unsupported_body", Title: "The body cannot be read",
			Detail: fmt.Sprintf("Send %s, and say so in Content-Type.", c.op.takes())}
	}
	return nil
}

func (op *operation) takes() string {
	types := slices.Clone(op.raw)
	if op.body != nil {
		types = append(types, "application/json")
	}
	return strings.Join(types, " or ")
}

// read reads the body strictly into v, which points at what the operation declares.
func (c *apiCall) read(v any) error {
	if t := reflect.TypeOf(v).Elem(); t != c.op.body {
		panic(fmt.Sprintf("web: %s reads %s, which it does not declare", c.op.id, t)) // a mistake in the program
	}
	if len(c.body) == 0 {
		return nil
	}
	err := strict.Read(c.body, len(c.body), v)
	var wrong flows.Problems
	if errors.As(err, &wrong) {
		return wrongBody(wrong)
	}
	return err
}

// ifMatch checks the revision that the caller has seen; required says that one must be named.
func (c *apiCall) ifMatch(now string, required bool) error {
	seen := c.Header.Get("If-Match")
	switch {
	case seen == "" && required:
		return &apiProblem{Status: http.StatusPreconditionRequired, Code: "precondition_required", Title: "Say which revision you have seen",
			Detail: "Send the ETag of the last answer as If-Match, or If-Match: * to replace whatever there is."}
	case seen == "" || strings.TrimSpace(seen) == "*":
		return nil
	}
	for tag := range strings.SplitSeq(seen, ",") {
		if strings.TrimSpace(tag) == now {
			return nil
		}
	}
	p := &apiProblem{Status: http.StatusPreconditionFailed, Code: "changed", Title: "It was changed by someone else",
		Detail: "Nothing was overwritten. Read it again; it now has the ETag " + now + "."}
	return p.with("ETag", now)
}
