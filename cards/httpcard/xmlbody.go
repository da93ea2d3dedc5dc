package httpcard

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"flowdeck/cards/schema"
)

// encodeXML returns text as XML, once it is found to be well-formed.
func encodeXML(v any) (data []byte, contentType string, err error) {
	if v == nil || v == "" {
		return nil, "", nil
	}
	s, ok := schema.ToText(v)
	if !ok {
		return nil, "", schema.Problems{{Field: "body", Message: "must be XML as text, got " + schema.Describe(v) + "; make XML of it first, or choose the body type JSON"}}
	}
	if wrong := wellFormed(s); wrong != nil {
		return nil, "", schema.Problems{{Field: "body", Message: wrong.Error()}}
	}
	return []byte(s), xmlType, nil
}

// wellFormed says where text stops being a well-formed XML document of one root
// element; nil when it is one. Entities are only known when no DOCTYPE declares them.
func wellFormed(s string) error {
	d := xml.NewDecoder(strings.NewReader(strings.TrimPrefix(s, "\ufeff")))
	d.CharsetReader = func(name string, _ io.Reader) (io.Reader, error) {
		return nil, fmt.Errorf("the declaration says %s, but it is sent as UTF-8; write encoding=\"UTF-8\" there, or leave it out", name)
	}
	depth, roots, declared := 0, 0, false
	for {
		line, column := d.InputPos()
		at := fmt.Sprintf("is not well-formed XML at line %d, column %d: ", line, column)
		token, err := d.Token()
		switch {
		case errors.Is(err, io.EOF) && roots == 0:
			return errors.New(at + "there is no element")
		case errors.Is(err, io.EOF):
			return nil
		case err != nil && declared && strings.Contains(err.Error(), "invalid character entity"):
			return nil // only the DOCTYPE knows
		case err != nil:
			line, column = d.InputPos()
			return fmt.Errorf("is not well-formed XML at line %d, column %d: %s", line, column, because(err))
		}
		switch t := token.(type) {
		case xml.Directive:
			declared = true
		case xml.StartElement:
			if depth == 0 && roots > 0 {
				return errors.New(at + "a document has one outermost element, and <" + t.Name.Local + "> is a second one")
			}
			if depth == 0 {
				roots++
			}
			if depth++; depth > 1000 {
				return errors.New(at + "nested more than 1000 deep")
			}
		case xml.EndElement:
			depth--
		case xml.CharData:
			if depth == 0 && strings.TrimSpace(string(t)) != "" {
				return errors.New(at + "text may only stand inside of an element")
			}
		}
	}
}

// because is why XML is wrong, without the line that the caller names itself.
func because(err error) string {
	var wrong *xml.SyntaxError
	if errors.As(err, &wrong) {
		return wrong.Msg
	}
	return strings.TrimPrefix(err.Error(), "xml: ")
}
