package httpcard

import (
	"flowdeck/cards/schema"
)

const (
	jsonType = "application/json"
	textType = "text/plain; charset=utf-8"
)

// encodeBody returns the bytes of a body input and their type; nothing when it is empty.
func encodeBody(bodyType string, v any) (data []byte, contentType string, err error) {
	if v == nil || v == "" {
		return nil, "", nil
	}
	if bodyType == "json" {
		data, err = schema.EncodeJSON(v)
		return data, jsonType, err
	}
	s, ok := schema.ToText(v)
	if !ok {
		return nil, "", schema.Problems{{Field: "body", Message: "must be text, got " + schema.Describe(v) + "; choose the body type JSON to send it"}}
	}
	return []byte(s), textType, nil
}
