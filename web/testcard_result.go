package web

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"flowdeck/cards"
	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/flows/store"
	"flowdeck/views"
)

func (d *drawing) testModel(x drawn, typed []typedValue) views.TestModel {
	m := views.TestModel{FlowID: d.flow.ID, StepID: x.step.ID, Title: d.title(x), Icon: x.card.Icon, Hue: string(x.card.Family),
		Inputs: d.testInputs(x, typed)}
	if x.card.Writes(x.step.Inputs) {
		m.Warning = "This card may change data"
		if host := hostOf(x.step.Inputs["url"]); host != "" {
			m.Warning += " at " + host
		}
		m.Warning += ", so you first see what it would send."
	}
	return m
}

// hostOf is the host of an address, when it is written out.
func hostOf(v any) string {
	text, _ := v.(string)
	u, err := url.Parse(text)
	if err != nil || strings.Contains(u.Host, "{{") {
		return ""
	}
	return u.Host
}

// resultLines is how much of a body the drawer lays out.
const resultLines = 400

func (d *drawing) testResult(x drawn, t store.CardTest) *views.TestResult {
	r := &views.TestResult{Status: "OK", Kind: "ok", Took: took(t.Took), Age: ago(d.server.Now().Sub(t.At)), Wire: d.wire(t.Trace, d.conns[x.step.Connection].Name), Recording: d.server.recordingWords(t)}
	got := t.Output
	if t.Error != nil {
		r.Kind, r.Status, got = "err", t.Error.Code, t.Error.Details
		r.Explain, r.Actions = d.explain(x, t.Error)
	}
	if status, ok := got["status_code"]; ok {
		r.Status = literal(status)
		if code, err := strconv.Atoi(r.Status); err == nil && http.StatusText(code) != "" {
			r.Status += " " + http.StatusText(code)
		}
	}
	if body, ok := got["body"]; ok && body != nil {
		d.layBody(x, r, body)
	}
	for _, o := range d.outputs[x.step.ID] {
		v := flows.ValueAt(t.Output, o.Path)
		if t.Error != nil || v == nil && d.rarely(x, o.Path) {
			continue
		}
		r.Output = append(r.Output, views.KVModel{Key: o.Path, Value: cmp.Or(sample(v), "empty")})
	}
	r.Attempts = attemptWords(t)
	return r
}

func (d *drawing) layBody(x drawn, r *views.TestResult, body any) {
	r.Wire.Body = views.JSONRows(body, "body", resultLines)
	kind, size := "JSON", 0
	if text, isText := body.(string); isText {
		kind, size = "text", len(text)
		r.Wire.Raw = text[:min(len(text), rawShown)]
	} else {
		r.Wire.Raw, size = jsonHead(body, rawShown)
	}
	r.Size = byteWords(int64(size))
	r.Wire.BodyKind = kind + " · " + r.Size
	address := "/flows/" + d.flow.ID + "/steps/" + x.step.ID + "/answer"
	if size > rawShown || slices.ContainsFunc(r.Wire.Body, func(r views.JSONRow) bool { return r.Rest != nil }) {
		r.Wire.Whole = address
	}
	if size > rawShown {
		r.Wire.Raw = strings.ToValidUTF8(r.Wire.Raw, "") + "…"
	}
	r.Wire.More = func(rest views.JSONRest) string { return history{}.at(address+"/more", restQuery(rest)...) }
	if r.Kind != "ok" {
		return
	}
	r.Wire.Add = d.offer(x, r.Wire.Body, body)
	added := 0
	for _, o := range d.outputs[x.step.ID] {
		if strings.HasPrefix(o.Path, "body.") {
			added++
		}
	}
	r.Footer = strconv.Itoa(added) + plural(added, " field of the body is an output", " fields of the body are outputs")
}

// offer lets lines of a body be made outputs, and marks those that are.
func (d *drawing) offer(x drawn, rows []views.JSONRow, body any) func(path string) templ.Attributes {
	has, types := map[string]bool{}, map[string]schema.Type{}
	for _, o := range d.outputs[x.step.ID] {
		has[o.Path] = true
	}
	for i := range rows {
		row := &rows[i]
		row.Has = row.Path != "" && has[row.Path]
		types[row.Path] = schema.TypeOf(underRoot(body, "body", row.Path))
	}
	return func(path string) templ.Attributes {
		return views.Edit("op", "output_add", "step", x.step.ID, "path", path, "type", string(types[path]))
	}
}

// rawShown is how much of a body's text the drawer carries, in bytes.
const rawShown = 32 << 10

// explain says who refused what and what can be done about it.
func (d *drawing) explain(x drawn, e *cards.Error) (*views.NoteModel, []views.ButtonModel) {
	note := &views.NoteModel{Kind: "err", Title: upperFirst(e.Message), Text: advice(e), Alert: true}
	conn, signed := d.conns[x.step.Connection]
	if signed && (e.Code == "http_401" || e.Code == cards.CodeSignIn) {
		note.Title = conn.Name + " could not sign in: " + e.Message
		note.Text = "Check the connection; no card needs changing."
		return note, []views.ButtonModel{{Label: "Open the connection", Icon: "plug", Kind: "sm pri", Href: "/connections/" + conn.ID}}
	}
	return note, nil
}

// advice is what to do about an error, as far as its message does not say it.
func advice(e *cards.Error) string {
	switch e.Code {
	case "http_401", "http_403":
		return "The service wants a sign-in, or a different one. Choose a connection for this card."
	case "http_404":
		return "Check the URL and the values in it."
	case "http_429":
		return "The service asks for fewer calls. A retry rule can wait for it."
	case cards.CodeTimeout:
		return "The service took too long. Raise the card's timeout, or add a retry rule."
	case cards.CodeDNS, cards.CodeConnect:
		return "Check the host and port in the URL, and that the service is running."
	case cards.CodeTLSVersion:
		return "Ask whoever runs the service to offer TLS 1.2 or newer."
	case cards.CodeTLSUntrusted:
		return "If the service has a certificate of your own company, add its authority to the connection, under Network and limits."
	case cards.CodeTLSPlain:
		return "Check the scheme and the port in the URL."
	case cards.CodeTLS, cards.CodeTLSExpired, cards.CodeTLSHost:
		return "The service's certificate was not accepted. Check the URL, or ask whoever runs the service."
	case cards.CodeReset, cards.CodeTruncated:
		return "A retry rule can try again."
	case cards.CodeTooLarge:
		return "Ask the service for less, for example by a page size in the query, or raise the largest answer under More."
	case cards.CodeBadText:
		return "Set Response as to File to take the bytes as they came."
	case cards.CodeRedirectLoop, cards.CodeTooManyRedirects:
		return "Check the URL, and whether the service wants a sign-in: many send whom they do not know round in circles."
	case cards.CodeInvalidResponse, cards.CodeBadJSON, cards.CodeTooDeep:
		if e.Details != nil { // an answer came, and was not the JSON it said to be
			return "Raw Request takes the answer as text."
		}
	}
	if strings.HasPrefix(e.Code, "http_5") {
		return "The service has a problem of its own. A retry rule can try again."
	}
	return ""
}

func attemptWords(t store.CardTest) string {
	if t.Trace == nil {
		return ""
	}
	n := len(t.Trace.Exchanges)
	if n < 2 {
		return ""
	}
	return strconv.Itoa(n) + " requests"
}
