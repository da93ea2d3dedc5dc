package web

import (
	"net/url"
	"slices"
	"strings"

	"flowdeck/cards/curl"
	"flowdeck/cards/schema"
)

// madeCard is the card that a command becomes.
type madeCard struct {
	card, title string
	inputs      schema.Values
	notes       []string
}

// byMethod are the cards of methods; of all others it is a Raw Request.
var byMethod = map[string]string{"GET": "http.get", "POST": "http.post", "PUT": "http.put", "PATCH": "http.patch", "DELETE": "http.delete"}

// cardOf makes a card of a command. What the card has no field for is noted.
func (s *Server) cardOf(cmd curl.Command) madeCard {
	m := madeCard{card: byMethod[cmd.Method], inputs: schema.Values{}, notes: slices.Clone(cmd.Notes)}
	if m.card == "" || cmd.Body.Kind != curl.None && !s.takesBody(m.card) {
		m.card = "http.raw"
		m.inputs["method"] = cmd.Method
	}
	address, query := splitQuery(cmd.URL)
	m.inputs["url"] = literally(address)
	if len(query) > 0 {
		m.inputs["query"] = query
	}
	s.putBody(&m, cmd)
	if headers := headersIn(cmd.Headers); len(headers) > 0 {
		m.inputs["headers"] = headers
	}
	card, _ := s.Cards.Card(m.card)
	if cmd.Timeout > 0 {
		m.inputs["timeout"] = cmd.Timeout.String()
	}
	if cmd.Connect > 0 {
		if _, ok := card.Inputs.Field("connect_timeout"); ok {
			m.inputs["connect_timeout"] = cmd.Connect.String()
		} else {
			m.notes = append(m.notes, "--connect-timeout was not taken over: the card has one limit for the whole call.")
		}
	}
	m.title = callTitle(cmd)
	return m
}

func (s *Server) takesBody(name string) bool {
	card, _ := s.Cards.Card(name)
	_, ok := card.Inputs.Field("body_type")
	return ok
}

// callTitle names a card by what it calls: "POST /contacts".
func callTitle(cmd curl.Command) string {
	u, err := url.Parse(cmd.URL)
	if err != nil || u.Path == "" || u.Path == "/" || len(u.Path) > 60 {
		return ""
	}
	return cmd.Method + " " + u.Path
}

// splitQuery takes the query out of an address, when it can be written again as it is.
func splitQuery(address string) (string, schema.Values) {
	u, err := url.Parse(address)
	if err != nil || u.RawQuery == "" {
		return address, nil
	}
	query := schema.Values{}
	for _, part := range strings.Split(u.RawQuery, "&") {
		name, value, ok := strings.Cut(part, "=")
		k, err1 := url.QueryUnescape(name)
		v, err2 := url.QueryUnescape(value)
		if !ok || name == "" || err1 != nil || err2 != nil {
			return address, nil
		}
		gather(query, k, literally(v))
	}
	u.RawQuery = ""
	return u.String(), query
}

// gather adds a value under a name; several make a list.
func gather(into schema.Values, name, value string) {
	switch old := into[name].(type) {
	case nil:
		into[name] = value
	case []any:
		into[name] = append(old, value)
	default:
		into[name] = []any{old, value}
	}
}

func headersIn(list []curl.Pair) schema.Values {
	headers := schema.Values{}
	for _, h := range list {
		gather(headers, h.Name, literally(h.Value))
	}
	return headers
}

// putBody fills the body in as the kind that the card has for it.
func (s *Server) putBody(m *madeCard, cmd curl.Command) {
	card, _ := s.Cards.Card(m.card)
	kinds := map[string]bool{}
	if f, ok := card.Inputs.Field("body_type"); ok {
		for _, o := range f.Options {
			kinds[o.Value] = true
		}
	}
	set := func(kind string) {
		if kinds[kind] {
			m.inputs["body_type"] = kind
		}
	}
	body := cmd.Body
	switch {
	case body.Kind == curl.None:
		if len(kinds) > 0 && m.card != "http.raw" {
			set("none")
		}
	case body.Kind == curl.JSON && kinds["json"]:
		set("json")
		m.inputs["body"] = literally(body.Text)
	case body.Kind == curl.Form && kinds["form"]:
		fields := schema.Values{}
		for _, p := range body.Fields {
			gather(fields, p.Name, literally(p.Value))
		}
		set("form")
		m.inputs["form"] = fields
	case body.Kind == curl.Multipart && kinds["multipart"]:
		set("multipart")
		m.inputs["parts"] = partsIn(body.Parts)
	case body.Kind == curl.Multipart:
		m.notes = append(m.notes, "The parts of the body were left out: this card sends no multipart bodies.")
	default:
		set("text")
		m.inputs["body"] = literally(body.Text)
		m.nameType(cmd)
	}
}

// nameType says what a body is whose kind the card does not know.
func (m *madeCard) nameType(cmd curl.Command) {
	if _, named := cmd.Header("Content-Type"); named {
		return
	}
	kind := map[curl.Kind]string{curl.JSON: "application/json", curl.Form: "application/x-www-form-urlencoded"}[cmd.Body.Kind]
	if kind != "" {
		m.inputs["headers"] = schema.Values{"Content-Type": kind}
	}
}

func partsIn(list []curl.Part) []any {
	var parts []any
	for _, p := range list {
		part := schema.Values{"name": literally(p.Name), "kind": "text", "value": literally(p.Value)}
		if p.File != "" {
			part["kind"], part["value"] = "file", ""
		}
		if p.Type != "" {
			part["content_type"] = p.Type
		}
		parts = append(parts, part)
	}
	return parts
}

// literally writes text so that templates leave it as it is.
func literally(text string) string { return strings.ReplaceAll(text, "{{", "{{ '{' + '{' }}") }
