package web

import (
	"strings"

	"github.com/labstack/echo/v4"

	"flowdeck/cards/schema"
	"flowdeck/connectors"
	"flowdeck/views"
)

// networkOf reads the posted network settings; nil when the form did not show them.
func networkOf(c echo.Context) (schema.Values, error) {
	if c.FormValue(networkPrefix+"min_tls") == "" {
		return nil, nil
	}
	return formValues(c, connectors.NetworkForm(), networkPrefix)
}

// networkSection fills in the part of the form about network and limits.
func (s *Server) networkSection(m *views.ConnectionFormModel, d connectionDraft, saved map[string]bool) {
	r := fieldReader{saved: saved, problems: m.Problems}
	n := &m.Network
	for _, f := range connectors.NetworkForm().Fields {
		x := r.field(f, networkPrefix+f.Name, d.network[f.Name])
		n.Open = n.Open || x.Problem != ""
		n.Fields = append(n.Fields, x)
	}
	n.Summary = networkSummary(d.network)
	ends := connectors.CertificateEnds(connectors.Connection{Network: d.network})
	if now := s.Now(); !ends.IsZero() && ends.After(now) && ends.Before(now.Add(connectors.CertificateWarning)) {
		n.Open = true
		n.Note = &views.NoteModel{Kind: "warn", Title: "The client certificate ends on " + ends.UTC().Format("2 January 2006") + ".",
			Text: "Flows that use this connection stop then. Ask whoever issued it for a new one and paste it below, with its key."}
	}
	if d.kind.Open && (d.row.Hosts != nil || m.Problems["hosts"] != "" || d.network["client_cert"] != nil) {
		m.NeedsHosts = true // the certificate is a credential
	}
}

// networkSummary says what was set, when the section is closed.
func networkSummary(v schema.Values) string {
	var words []string
	say := func(field, before, after string) {
		if text, _ := schema.ToText(v[field]); v[field] != nil && text != "" {
			words = append(words, before+text+after)
		}
	}
	say("rate", "", " a second")
	say("concurrency", "", " at a time")
	say("timeout", "", " timeout")
	if v["client_cert"] != nil {
		words = append(words, "client certificate")
	}
	if v["ca"] != nil {
		words = append(words, "own authority")
	}
	if v["min_tls"] == "1.3" {
		words = append(words, "TLS 1.3")
	}
	if len(words) == 0 {
		return "rate, timeout, certificates"
	}
	return strings.Join(words, " · ")
}
