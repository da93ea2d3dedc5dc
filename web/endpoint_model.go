package web

import (
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/flows/webhook"
	"flowdeck/views"
)

// endpointModel draws the settings of a flow's endpoint, with what was typed in form.
func (s *Server) endpointModel(c echo.Context, flow flows.Flow, form endpointForm, problems schema.Problems) (views.EndpointModel, error) {
	base := "/flows/" + flow.ID + "/endpoint"
	m := views.EndpointModel{FlowID: flow.ID, URL: s.invokeURL(c, flow.Alias), Method: "POST", Post: base, TokenURL: base + "/token",
		Security: form.security, Plain: settingsName(flow.Draft.Trigger.Card) == plainSettings}
	if m.Hook = flow.Draft.Trigger.Card == webhook.Card; m.Hook {
		m.URL = s.baseURL(c.Request()) + hookPrefix + flow.Alias
	} else if len(form.methods) > 0 && !slices.Contains(form.methods, "POST") {
		m.Method = form.methods[0]
	}
	for _, x := range flows.EndpointMethods() {
		m.Methods = append(m.Methods, views.CheckModel{ID: "ep-" + strings.ToLower(x), Name: "method", Value: x, Label: x, On: slices.Contains(form.methods, x)})
	}
	field := func(name, label, value, hint string) views.FieldModel {
		return views.FieldModel{ID: "ep-" + name, Name: name, Label: label, Value: value, Hint: hint, Problem: problemOf(problems, name)}
	}
	m.Alias = field("alias", "Alias in the URL", form.alias, "Callers use the URL: with another alias they need another URL.")
	m.Alias.Mono = true
	m.Origins = field("origins", "Web pages that may call it (CORS)", form.origins, "One origin per line. Empty: none. Cookies are never allowed.")
	m.Origins.Rows, m.Origins.Mono, m.Origins.Placeholder = 2, true, "https://app.example.com"
	m.Timeout = field("timeout", "Callers wait at most", form.timeout, "Such as 30s or 2m. Then they get 202 and the run goes on.")
	m.Longest = field("longest", "A run takes at most", form.longest, "Such as 90s, 5m or 2h; a number alone is seconds. Then it fails with a timeout.")
	m.Steps, m.Memory = s.boundFields(field, form)
	m.MaxBody = field("max_body", "Largest body, in MiB", form.maxBody, "")
	m.Keep = field("keep", "Keep run data, in days", form.keep, "")
	m.KeepMB = field("keep_mb", "Keep run data, in MB", form.keepMB, "When it is more, the oldest runs of this flow are deleted. Empty: only the limit in Settings counts.")
	m.Off = views.SelectModel{ID: "ep-off", Name: "off", Label: "While switched off, callers get", Value: form.off, Options: []views.OptionModel{
		{Value: "404", Label: "404, as if there were nothing"}, {Value: "503", Label: "503, try again later"}}}
	m.Rate = field("rate", "Calls a minute at most", form.rate, "So many may come at once, and then one each time its share of a minute has passed: with 60, one a second. Empty: no limit. More are answered with 429.")
	m.AtOnce = field("at_once", "Runs at a time at most", form.atOnce, "Empty: no limit. More are answered with 429.")
	m.Reply = views.SelectModel{ID: "ep-reply", Name: "reply", Label: "Callers get", Value: form.reply, Options: []views.OptionModel{
		{Value: "wait", Label: "the flow's answer: they wait for it"}, {Value: "async", Label: "202 at once: the flow runs after that"}}}
	m.Grace = views.SelectModel{ID: "ep-grace", Name: "grace", Label: "After a change the old URL works", Value: form.grace, Options: graces}
	m.Curl = curlOf(m.Method, m.URL, form.security, flow.Draft.Trigger)
	m.TokenCurl = tokenCurl(s.baseURL(c.Request()), form.scope)
	m.Files = []views.FileModel{{Label: "Postman collection", Href: base + "/postman.json", Icon: "download", Download: true},
		{Label: "OpenAPI 3.1", Href: base + "/openapi.json", Icon: "download", Download: true}, {Label: "Page for callers", Href: base + "/docs", Icon: "book-open"}}
	if err := s.callersModel(c, &m, form, problems); err != nil {
		return m, err
	}
	return m, s.tokensModel(c, &m, flow.ID)
}

func (s *Server) invokeURL(c echo.Context, alias string) string {
	return s.baseURL(c.Request()) + "/api/flows/" + alias + "/invoke"
}

// curlOf is a call of the endpoint as a terminal takes it.
func curlOf(method, address, security string, trigger flows.Step) string {
	var b strings.Builder
	asked := askedFor(trigger.Inputs)
	query, body := url.Values{}, schema.Values{}
	var headers []string
	switch security {
	case levelToken:
		headers = append(headers, "x-api-client-token: $TOKEN")
	case levelOAuth:
		headers = append(headers, "authorization: Bearer $ACCESS_TOKEN")
	}
	for i, f := range asked.form.Fields {
		switch asked.sources[i].from {
		case "query":
			query.Set(f.Name, "…")
		case "header":
			headers = append(headers, strings.ToLower(asked.sources[i].headers[0])+": …")
		default:
			body[f.Name] = exampleOf(f.Type)
		}
	}
	if len(query) > 0 {
		address += "?" + query.Encode()
	}
	b.WriteString("curl -X " + method + " '" + address + "'")
	for _, h := range headers {
		b.WriteString(" \\\n  -H \"" + h + "\"")
	}
	if method != "GET" && method != "HEAD" {
		text, err := schema.EncodeJSON(body)
		if err == nil {
			b.WriteString(" \\\n  -H \"content-type: application/json\" \\\n  -d '" + string(text) + "'")
		}
	}
	return b.String()
}

func exampleOf(t schema.Type) any {
	switch t {
	case schema.Number:
		return int64(1)
	case schema.Boolean:
		return true
	case schema.Date:
		return "2026-03-14"
	case schema.Object:
		return schema.Values{}
	case schema.List:
		return []any{}
	}
	return "…"
}

// pageQuery is the query of the page that an htmx request comes from.
func pageQuery(c echo.Context) url.Values {
	u, err := url.Parse(c.Request().Header.Get("HX-Current-URL"))
	if err != nil {
		return nil
	}
	return u.Query()
}

// currentPath is the path of the page that an htmx request comes from.
func currentPath(c echo.Context) string {
	u, err := url.Parse(c.Request().Header.Get("HX-Current-URL"))
	if err != nil {
		return ""
	}
	return u.Path
}
