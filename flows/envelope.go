package flows

import (
	"fmt"
	"slices"
	"strings"
)

// Envelope is a flow as a file: all of it but what belongs to one server.
type Envelope struct {
	Flowdeck    int             `json:"flowdeck"` // version of the file format: EnvelopeFormat
	Name        string          `json:"name"`
	Description string          `json:"description,omitempty"`
	Labels      []string        `json:"labels,omitempty"`
	Connections []ConnectionRef `json:"connections,omitempty"` // without their secrets
	Document    Document        `json:"document"`
}

// ConnectionRef says which connection a step of an exported flow means by Ref.
type ConnectionRef struct {
	Ref  string `json:"ref"` // what steps have in "connection": the id it had
	Name string `json:"name"`
	Type string `json:"type"`
}

// EnvelopeFormat is the version of the file format that this program writes.
const EnvelopeFormat = 1

// ConnectionsOf lists the ids of the connections that a document uses, in the
// order in which they come.
func ConnectionsOf(doc Document) []string {
	var ids []string
	eachStep(&doc, func(s *Step) {
		if s.Connection != "" && !slices.Contains(ids, s.Connection) {
			ids = append(ids, s.Connection)
		}
	})
	return ids
}

// Export returns the flow's draft as a file. The connections are those it uses.
func Export(f Flow, connections []ConnectionRef) ([]byte, error) {
	return encodeIndented(Envelope{Flowdeck: EnvelopeFormat, Name: f.Name, Description: f.Description,
		Labels: f.Labels, Connections: connections, Document: f.Draft})
}

// Import reads a file that Export wrote, or a bare document. The error is
// Problems with line and column.
func Import(data []byte) (Envelope, error) {
	v, err := decodeText(data, MaxDocument)
	if err != nil {
		return Envelope{}, err
	}
	e := Envelope{}
	if m, ok := v.(map[string]any); ok && m["flowdeck"] == nil && m["chain"] != nil {
		return e, readInto(data, v, nil, &e.Document)
	}
	if err := readInto(data, v, nil, &e); err != nil {
		return Envelope{}, err
	}
	if e.Flowdeck < 1 || e.Flowdeck > EnvelopeFormat {
		p := Problem{Field: "flowdeck", Message: fmt.Sprintf("this file has format %d, this Flowdeck reads up to %d", e.Flowdeck, EnvelopeFormat)}
		p.Line, p.Column = locate(data, []string{"flowdeck"})
		return Envelope{}, Problems{p}
	}
	return e, nil
}

func (e *Envelope) read(r *reader, v any) {
	r.object(v, map[string]func(any){
		"flowdeck":    func(v any) { e.Flowdeck = r.whole(v) },
		"name":        func(v any) { e.Name = r.text(v) },
		"description": func(v any) { e.Description = r.text(v) },
		"labels":      func(v any) { e.Labels = r.texts(v) },
		"connections": func(v any) { r.list(v, func(v any) { e.Connections = append(e.Connections, r.connection(v)) }) },
		"document":    func(v any) { e.Document.read(r, v) },
	})
}

func (r *reader) connection(v any) ConnectionRef {
	var c ConnectionRef
	r.object(v, map[string]func(any){
		"ref":  func(v any) { c.Ref = r.text(v) },
		"name": func(v any) { c.Name = r.text(v) },
		"type": func(v any) { c.Type = r.text(v) },
	})
	return c
}

// Connect returns the imported document with its connections replaced by the
// ones that are here: the same id, else one of the same name and type. missing
// are those that are not here; their steps are left without a connection.
func (e Envelope) Connect(here []ConnectionRef) (doc Document, missing []ConnectionRef) {
	doc = e.Document.clone()
	ids := map[string]string{}
	for _, id := range ConnectionsOf(doc) {
		ref := ConnectionRef{Ref: id}
		for _, c := range e.Connections {
			if c.Ref == id {
				ref = c
			}
		}
		if ids[id] = find(here, ref); ids[id] == "" {
			missing = append(missing, ref)
		}
	}
	eachStep(&doc, func(s *Step) { s.Connection = ids[s.Connection] })
	return doc, missing
}

func find(here []ConnectionRef, ref ConnectionRef) string {
	for _, c := range here {
		if c.Ref == ref.Ref {
			return c.Ref
		}
	}
	for _, c := range here {
		if ref.Name != "" && strings.EqualFold(c.Name, ref.Name) && c.Type == ref.Type {
			return c.Ref
		}
	}
	return ""
}
