package web

import (
	"bytes"
	"errors"
	"net/http"

	"flowdeck/cards/schema"
)

// parseJSON reads a body as flows carry values. A malformed one is a *refusal
// that says where.
func parseJSON(data []byte) (any, error) {
	v, err := schema.DecodeJSON(bytes.TrimPrefix(data, []byte("\ufeff")))
	if err == nil {
		return v, nil
	}
	r := &refusal{Status: http.StatusBadRequest, Code: "malformed_json", Title: "The body is not valid JSON", Detail: err.Error()}
	var at *schema.JSONError
	if errors.As(err, &at) {
		r.Line, r.Column = at.Line, at.Column
	}
	return nil, r
}
