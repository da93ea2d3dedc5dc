package httpcard

import (
	"flowdeck/cards/schema"
)

const (
	jsonType = "application/json"
	formType = "application/x-www-form-urlencoded"
	textType = "text/plain; charset=utf-8"
	xmlType  = "application/xml; charset=utf-8"
)

// maxSent is the size of a body that a card sends at most.
const maxSent = 100 * mib

// content is the body of a request. Each kind has a field of its own, so that
// choosing another kind and coming back loses nothing.
type content struct {
	BodyType string         `json:"body_type" label:"Body type" default:"json" options:"json=JSON|form=Form|multipart=Form with files|text=Text|xml=XML|file=File|none=None" form:"fixed" help:"What is sent, and the Content-Type that goes with it, unless a header sets another."`
	Body     any            `json:"body" when:"body_type=json|text|xml" format:"@body_type" help:"What to send. JSON may be any value; text and XML are sent as they are, and XML is checked first."`
	Form     map[string]any `json:"form" label:"Form fields" when:"body_type=form" help:"A value that is empty (null) is left out."`
	Parts    []part         `json:"parts" when:"body_type=multipart" help:"Sent as multipart/form-data."`
	File     any            `json:"file" when:"body_type=file" placeholder:"A file from an earlier card" help:"A file from another card, sent as it is with its type. Text is sent as a plain text file."`
}

// encode returns the bytes of the body and their type; nothing when there is none.
func (c content) encode(arrays string) (data []byte, contentType string, err error) {
	switch c.BodyType {
	case "none":
		return nil, "", nil
	case "form":
		s, err := encodePairs("form", arrays, c.Form)
		return []byte(s), formType, err
	case "multipart":
		return encodeParts(c.Parts)
	case "xml":
		return encodeXML(c.Body)
	case "file":
		return encodeFile(c.File)
	}
	return encodeBody(c.BodyType, c.Body)
}

// encodeBody returns the bytes of a value as JSON or text, and their type; nothing
// when it is empty.
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

// encodeFile returns the content of a file and its type.
func encodeFile(v any) (data []byte, contentType string, err error) {
	if v == nil || v == "" {
		return nil, "", schema.Problems{{Field: "file", Message: "is required: choose a file from another card, or the body type None"}}
	}
	f, err := fileOf(v)
	if err != nil {
		return nil, "", schema.Problems{{Field: "file", Message: err.Error()}}
	}
	if len(f.Data) > maxSent {
		return nil, "", schema.Problems{{Field: "file", Message: "has " + sizeOf(int64(len(f.Data))) + "; a card sends at most " + sizeOf(maxSent)}}
	}
	return f.Data, f.Type, nil
}

const bytesType = "application/octet-stream"

// fileOf returns a value as a file: text is a plain text file.
func fileOf(v any) (schema.FileValue, error) {
	if s, ok := schema.ToText(v); ok {
		return schema.FileValue{Type: textType, Data: []byte(s)}, nil
	}
	f, err := schema.FileOf(v)
	if f.Type == "" {
		f.Type = bytesType
	}
	return f, err
}
