package connectors

import (
	"errors"
	"fmt"
	"net/url"
	"reflect"
	"strings"
	"time"

	"flowdeck/cards/schema"
)

// granted is an Auth whose token belongs to some of its settings.
type granted interface {
	// grant names what the token was given for: when it changes, the token is of no use.
	grant() string
}

// Change gives c the settings that a person filled in. A secret left blank keeps
// its value; in lists it is found again by the name of its row. c must have ID,
// Type, Hosts and TestURL; Settings, Sealed, Key and State are set. A token that
// belongs to other settings is dropped. What cannot be opened with this master key is
// replaced by what was filled in. The error is schema.Problems when
// something is wrong, with the fields "hosts", "test_url" and "network.…" beside the
// type's own. A nil network leaves the network settings as they are.
func (v *Vault) Change(t AuthType, c *Connection, filled, network schema.Values) error {
	var old Secrets
	lost := false
	if len(c.Key) > 0 {
		var err error
		if old, err = v.Open(*c); errors.Is(err, ErrSealed) {
			lost, c.Key, c.Sealed = true, nil, nil
		} else if err != nil {
			return err
		}
	}
	settings := keepSecrets(t.Form, filled, old.Settings)
	auth, err := t.Auth(settings)
	var problems schema.Problems
	if err != nil && !errors.As(err, &problems) {
		return err
	}
	reach, wrong := changeNetwork(c, network, old.Network, v.now())
	problems = append(problems, wrong...)
	problems = append(problems, checkHosts(t, c)...)
	elsewhere := leadsElsewhere(t, *c, old, settings)
	if elsewhere != "" {
		problems = append(problems, askAgain(t.Form, filled, old.Settings, elsewhere, "")...)
	}
	if len(problems) > 0 {
		return problems
	}
	next := Secrets{Settings: settings, Network: reach, Token: old.Token, Bound: c.Hosts}
	switch before, err := t.Auth(old.Settings); {
	case len(c.Key) == 0 && !lost:
		c.State, c.StateDetail = Untested, ""
	case elsewhere != "" && t.Interactive() && !hasSecrets(t.Form, old.Settings):
		next.Token = Token{} // nothing but a new sign-in shows that it may go there
		c.State, c.StateDetail, c.Expires = NeedsSignIn, "It may now be sent to "+elsewhere, time.Time{}
	case err == nil && reflect.DeepEqual(before, auth):
	case err == nil && grantOf(before) == grantOf(auth) && t.Interactive():
	default:
		next.Token = Token{}
		c.State, c.StateDetail, c.Expires = Untested, "", time.Time{}
		c.Life = Lifecycle{AccountWas: c.Life.AccountWas, AccountSince: c.Life.AccountSince}
		if t.Interactive() {
			c.State, c.StateDetail = NeedsSignIn, "Its settings were changed"
		}
	}
	c.Settings = withoutSecrets(t.Form, settings)
	return v.Seal(c, next)
}

func grantOf(a Auth) string {
	if g, ok := a.(granted); ok {
		return g.grant()
	}
	return ""
}

func (o *oauthCode) grant() string {
	return strings.Join([]string{o.TokenURL, o.ClientID, o.Audience, o.Resource}, "\n")
}

// checkHosts sees that the credential has somewhere to go. Without hosts, the test URL's is meant.
func checkHosts(t AuthType, c *Connection) (p schema.Problems) {
	u, err := url.Parse(c.TestURL)
	if c.TestURL != "" && (err != nil || u.Hostname() == "" || u.Scheme != "https" && u.Scheme != "http") {
		return schema.Problems{{Field: "test_url", Message: "must be a whole address, https:// first"}}
	}
	switch {
	case t.Open && blank(c.Network["client_cert"]): // a certificate is a credential too
	case len(c.Hosts) == 0 && c.TestURL == "":
		p = append(p, schema.Problem{Field: "hosts", Message: "is required: say where the sign-in may be sent, such as api.example.com"})
	case len(c.Hosts) == 0:
		c.Hosts = []string{hostPort(u)}
	case c.TestURL != "" && !bound(c.Hosts, u):
		p = append(p, schema.Problem{Field: "test_url", Message: fmt.Sprintf("leads to %s, which is not one of the hosts above", hostPort(u))})
	}
	return p
}

// keepSecrets fills the blank secrets of v in from old.
func keepSecrets(form schema.Form, v, old schema.Values) schema.Values {
	out := schema.Values{}
	for k, x := range v {
		out[k] = x
	}
	for _, f := range form.Fields {
		if f.Secret && (out[f.Name] == nil || out[f.Name] == "") && old[f.Name] != nil {
			out[f.Name] = old[f.Name]
		}
		if list, ok := out[f.Name].([]any); ok && len(f.Members.Fields) > 0 {
			out[f.Name] = keepRows(f.Members, list, old[f.Name])
		}
	}
	return out
}

func keepRows(form schema.Form, list []any, old any) []any {
	before := rowsByName(old)
	out := make([]any, len(list))
	for i, x := range list {
		out[i] = x
		if row, ok := x.(map[string]any); ok {
			out[i] = keepSecrets(form, row, before[rowName(row)])
		}
	}
	return out
}

func rowsByName(list any) map[string]schema.Values {
	by := map[string]schema.Values{}
	rows, _ := list.([]any)
	for _, x := range rows {
		if row, ok := x.(map[string]any); ok {
			by[rowName(row)] = row
		}
	}
	return by
}

func rowName(row schema.Values) string {
	name, _ := row["name"].(string)
	return strings.ToLower(name)
}

// withoutSecrets is v as people may see it.
func withoutSecrets(form schema.Form, v schema.Values) schema.Values {
	out := schema.Values{}
	for _, f := range form.Fields {
		x, there := v[f.Name]
		if !there || f.Secret {
			continue
		}
		if list, ok := x.([]any); ok && len(f.Members.Fields) > 0 {
			rows := make([]any, len(list))
			for i, e := range list {
				row, _ := e.(map[string]any)
				rows[i] = withoutSecrets(f.Members, row)
			}
			x = rows
		}
		out[f.Name] = x
	}
	return out
}

// Facts is what people may know of what a connection seals.
type Facts struct {
	Saved    map[string]bool // secret fields that have a value: "client_secret", "headers.x-api-key.value", "network.client_key"
	SignedIn bool            // it has an access token
	Renews   bool            // it has a refresh token
	Account  string          // who signed in, when the service said so
	Scopes   string          // granted, when the service said so
	Issued   time.Time       // of the access token
	Ends     time.Time       // of the access token; zero when the service did not say
}

// Facts opens c and tells what may be told.
func (v *Vault) Facts(t AuthType, c Connection) (Facts, error) {
	s, err := v.Open(c)
	if err != nil {
		return Facts{}, err
	}
	f := Facts{Saved: map[string]bool{}, SignedIn: s.Token.Access != "", Renews: s.Token.Refresh != "",
		Account: s.Token.Account, Scopes: s.Token.Scopes, Issued: s.Token.Issued, Ends: s.Token.Expires}
	saved(t.Form, s.Settings, "", f.Saved)
	saved(networkForm, s.Network, networkPrefix, f.Saved)
	return f, nil
}

func saved(form schema.Form, v schema.Values, prefix string, into map[string]bool) {
	for _, f := range form.Fields {
		if text, _ := v[f.Name].(string); f.Secret && text != "" {
			into[prefix+f.Name] = true
		}
		rows, _ := v[f.Name].([]any)
		for _, x := range rows {
			if row, ok := x.(map[string]any); ok {
				saved(f.Members, row, prefix+f.Name+"."+rowName(row)+".", into)
			}
		}
	}
}
