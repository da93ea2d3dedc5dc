package web

import (
	"encoding/base64"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"flowdeck/cards/curl"
	"flowdeck/cards/schema"
	"flowdeck/connectors"
	"flowdeck/views"
)

// connectionFromCurl opens the New connection dialog with what a command signs in
// with. Secrets do not come back: the browser sends the command along with the form,
// and what is left blank is taken out of it.
func (s *Server) connectionFromCurl(c echo.Context) error {
	cmd, err := curl.Parse(c.FormValue("command"))
	if err != nil {
		return schema.Problems{{Field: "command", Message: curlProblem(c.FormValue("command"), err)}}
	}
	name := signInType(cmd.SignIn)
	kind, ok := s.Types.Type(name)
	if !ok || cmd.SignIn.Empty() {
		return schema.Problems{{Field: "command", Message: "has no sign-in"}}
	}
	host := hostOfURL(cmd.URL)
	d := connectionDraft{kind: kind, row: connectors.Connection{Type: kind.Name, Name: host}, flow: c.FormValue("flow"), step: c.FormValue("step"), hosts: host,
		filled: settingsOf(cmd.SignIn)}
	return s.connectionForm(c, http.StatusOK, d, func(*views.ConnectionFormModel) {})
}

// signInType is the type of connection that holds a sign-in.
func signInType(s curl.SignIn) string {
	if len(s.Headers)+len(s.Query) > 0 {
		return "header"
	}
	if s.Digest {
		return "digest"
	}
	return "basic"
}

// settingsOf are the settings of a connection that signs in as a command does.
func settingsOf(s curl.SignIn) schema.Values {
	if len(s.Headers)+len(s.Query) == 0 {
		return schema.Values{"username": s.User, "password": s.Password}
	}
	rows := func(list []curl.Pair) (rows []any) {
		for _, p := range list {
			rows = append(rows, schema.Values{"name": p.Name, "value": p.Value})
		}
		return rows
	}
	headers := s.Headers
	if s.User != "" || s.Password != "" {
		headers = append([]curl.Pair{{Name: "Authorization", Value: "Basic " + base64.StdEncoding.EncodeToString([]byte(s.User+":"+s.Password))}}, headers...)
	}
	v := schema.Values{}
	if len(headers) > 0 {
		v["headers"] = rows(headers)
	}
	if len(s.Query) > 0 {
		v["query"] = rows(s.Query)
	}
	return v
}

// secretsIn says which secrets a form has been given, as forms of stored connections do.
func secretsIn(form schema.Form, v schema.Values, prefix string) map[string]bool {
	given := map[string]bool{}
	for _, f := range form.Fields {
		if f.Secret && v[f.Name] != nil && v[f.Name] != "" {
			given[prefix+f.Name] = true
		}
		rows, _ := v[f.Name].([]any)
		for _, row := range rows {
			if r, ok := row.(schema.Values); ok && r["value"] != nil {
				given[f.Name+"."+strings.ToLower(literal(r["name"]))+".value"] = true
			}
		}
	}
	return given
}

// takeFromCommand fills secrets that were left blank in from the command that the
// browser sent along.
func takeFromCommand(c echo.Context, kind connectors.AuthType, filled schema.Values) {
	command := c.FormValue("curl")
	if command == "" {
		return
	}
	cmd, err := curl.Parse(command)
	if err != nil || signInType(cmd.SignIn) != kind.Name {
		return
	}
	given := settingsOf(cmd.SignIn)
	for _, f := range kind.Form.Fields {
		if f.Secret && filled[f.Name] == nil && given[f.Name] != nil {
			filled[f.Name] = given[f.Name]
		}
		rows, _ := filled[f.Name].([]any)
		from, _ := given[f.Name].([]any)
		for _, row := range rows {
			takeRow(row, from)
		}
	}
}

func takeRow(row any, from []any) {
	to, _ := row.(schema.Values)
	if to == nil || to["value"] != nil {
		return
	}
	for _, x := range from {
		if given := x.(schema.Values); given["name"] == to["name"] {
			to["value"] = given["value"]
		}
	}
}
