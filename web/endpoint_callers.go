package web

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/oauth"
	"flowdeck/views"
)

// issuerForm is another issuer as a person wrote it.
type issuerForm struct{ url, audience, scopes, claims string }

func issuersOf(set flows.Settings) (list []issuerForm) {
	for _, x := range set.Issuers {
		list = append(list, issuerForm{x.URL, x.Audience, strings.Join(x.Scopes, " "), strings.Join(x.Claims, "\n")})
	}
	return list
}

// postedIssuers reads the rows that are not empty.
func postedIssuers(v url.Values) (list []issuerForm) {
	at := func(name string, i int) string {
		if i < len(v[name]) {
			return strings.TrimSpace(v[name][i])
		}
		return ""
	}
	for i := range min(len(v["issuer"]), flows.MostIssuers+1) {
		x := issuerForm{at("issuer", i), at("audience", i), at("issuer_scopes", i), at("claims", i)}
		if x != (issuerForm{}) {
			list = append(list, x)
		}
	}
	return list
}

// callersInto reads who may call.
func (f endpointForm) callersInto(set *flows.Settings, problem func(field, message string)) {
	set.ListedApps, set.Apps = f.callers == "list", f.apps
	if f.scope != "" && f.scope != oauth.ScopeInvoke {
		set.Scope = f.scope
	}
	if f.scope != "" && !oauth.IsScope(f.scope) {
		problem("scope", "must be one word without quotes, such as orders.write")
	}
	if f.rate != "" {
		n, err := strconv.Atoi(f.rate)
		if err != nil || n < 1 || n > flows.MostRate {
			problem("rate", "must be a whole number of calls from 1 to "+strconv.Itoa(flows.MostRate)+", or nothing")
		}
		set.Rate = n
	}
	if f.atOnce != "" {
		set.Concurrency = int(f.count("at_once", f.atOnce, flows.MostAtOnce, "runs", problem))
	}
	set.Async = f.reply == "async"
	for i, x := range f.issuers {
		set.Issuers = append(set.Issuers, x.read(strconv.Itoa(i), problem))
	}
	if len(f.issuers) > flows.MostIssuers {
		problem("issuer.0", "are too many: at most "+strconv.Itoa(flows.MostIssuers))
	}
	for i, x := range set.Issuers {
		if slices.ContainsFunc(set.Issuers[:i], func(y flows.Issuer) bool { return oauth.SameIssuer(x.URL, y.URL) }) {
			problem("issuer."+strconv.Itoa(i), "is there twice")
		}
	}
}

func (x issuerForm) read(n string, problem func(field, message string)) flows.Issuer {
	if wrong := wrongAddress(x.url); wrong != "" {
		problem("issuer."+n, wrong)
	}
	if x.audience == "" {
		problem("audience."+n, "is required: the aud of the tokens that are meant for this endpoint")
	}
	out := flows.Issuer{URL: x.url, Audience: x.audience, Scopes: strings.Fields(x.scopes)}
	for _, s := range out.Scopes {
		if !oauth.IsScope(s) {
			problem("issuer_scopes."+n, quoteShort(s)+" is no scope")
		}
	}
	for line := range strings.Lines(x.claims) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		rule, ok := oauth.ReadRule(line)
		if !ok || len(out.Claims) >= flows.MostRules {
			problem("claims."+n, quoteShort(line)+" is no rule; write department = finance, up to "+strconv.Itoa(flows.MostRules)+" of them")
			continue
		}
		out.Claims = append(out.Claims, rule.String())
	}
	return out
}

// callersModel draws the choice of apps and the other issuers.
func (s *Server) callersModel(c echo.Context, m *views.EndpointModel, form endpointForm, problems schema.Problems) error {
	apps, err := s.Store.Apps(c.Request().Context(), "")
	if err != nil {
		return err
	}
	m.Scope = views.FieldModel{ID: "ep-scope", Name: "scope", Label: "Required scope", Value: form.scope, Mono: true, Problem: problemOf(problems, "scope"),
		Hint: "Apps need to be granted it.", Attrs: map[string]any{"spellcheck": "false", "autocomplete": "off"}}
	m.Issuer, m.Callers = s.baseURL(c.Request()), form.callers
	known := map[string]bool{}
	for _, a := range apps {
		known[a.ID] = true
		text := a.ID
		if !a.Active {
			text += " · inactive"
		} else if !a.Grants([]string{form.scope}) {
			text += " · lacks the scope"
		}
		m.Apps = append(m.Apps, views.PickModel{Value: a.ID, Name: a.Name, Text: text, On: slices.Contains(form.apps, a.ID)})
	}
	for _, id := range form.apps {
		if !known[id] {
			m.Apps = append(m.Apps, views.PickModel{Value: id, Name: id, Text: "was deleted", On: true})
		}
	}
	for i, x := range append(slices.Clone(form.issuers), issuerForm{}) {
		n := strconv.Itoa(i)
		field := func(name, label, value, placeholder, hint string) views.FieldModel {
			return views.FieldModel{ID: "ep-" + name + "-" + n, Name: name, Label: label, Value: value, Placeholder: placeholder, Hint: hint, Mono: true, Problem: problemOf(problems, name+"."+n)}
		}
		row := views.IssuerModel{New: i == len(form.issuers),
			URL:      field("issuer", "Issuer", x.url, "https://login.example.com", "Its keys are found by discovery."),
			Audience: field("audience", "Audience", x.audience, "flows", "The aud of its tokens."),
			Scopes:   field("issuer_scopes", "Scopes", x.scopes, "", "All that a token needs, separated by spaces."),
			Claims:   field("claims", "Claims", x.claims, "department = finance", "One a line; all must hold.")}
		row.Claims.Rows = 2
		m.OpenIssuers = m.OpenIssuers || row.URL.Problem+row.Audience.Problem+row.Scopes.Problem+row.Claims.Problem != ""
		m.Issuers = append(m.Issuers, row)
	}
	return nil
}
