package connectors

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"flowdeck/cards/schema"
)

// Bind notes the hosts of a stored connection as those that its secrets were given for,
// unless that was noted. Whoever changes Hosts calls it before, then Change.
func (v *Vault) Bind(c *Connection) error {
	s, err := v.Open(*c)
	if errors.Is(err, ErrSealed) {
		return nil // nobody gets at them, and Change replaces them
	}
	if err != nil || s.Bound != nil {
		return err
	}
	s.Bound = c.Hosts
	return v.Seal(c, s)
}

// leadsElsewhere names a host to which secrets would now go and that they were not
// given for: among the hosts of a connection, or that of an address at which the
// sign-in itself asks for tokens. "" when there is none. Otherwise anybody who may edit
// a connection could have its secrets sent to a server of their own.
func leadsElsewhere(t AuthType, c Connection, old Secrets, settings schema.Values) string {
	if len(c.Key) == 0 || t.Open {
		return ""
	}
	for _, h := range c.Hosts {
		if old.Bound != nil && !covered(old.Bound, h) {
			return h
		}
	}
	before, now := asked(t.Form, old.Settings), asked(t.Form, settings)
	for _, h := range now {
		if !slices.Contains(before, h) && !slices.Contains(before, unsafely+h) {
			return h
		}
	}
	return ""
}

// unsafely stands before hosts that are asked without TLS.
const unsafely = "http://"

// asked are the hosts of the addresses in v that get secrets. A person's browser goes
// to the authorize URL, without any; an issuer is compared and not called.
func asked(form schema.Form, v schema.Values) (hosts []string) {
	for _, f := range form.Fields {
		at, _ := v[f.Name].(string)
		if f.Format == schema.URL && f.Name != "authorize_url" && f.Name != "issuer" && at != "" {
			host := HostOf(at)
			if u, err := url.Parse(strings.TrimSpace(at)); err == nil && u.Scheme == "http" {
				host = unsafely + host // anybody on the way reads along
			}
			hosts = append(hosts, host)
		}
	}
	return hosts
}

// covered reports whether what host stands for is among what hosts stand for.
func covered(hosts []string, host string) bool {
	return slices.ContainsFunc(hosts, func(h string) bool {
		below, wild := strings.CutPrefix(h, "*")
		return h == host || wild && strings.HasSuffix(host, below) && len(host) > len(below)
	})
}

// askAgain names every secret that was kept and not typed again.
func askAgain(form schema.Form, filled, old schema.Values, elsewhere, prefix string) (p schema.Problems) {
	for _, f := range form.Fields {
		kept := old[f.Name] != nil && old[f.Name] != ""
		if f.Secret && kept && (filled[f.Name] == nil || filled[f.Name] == "") {
			p = append(p, schema.Problem{Field: prefix + f.Name, Message: fmt.Sprintf("must be entered again, because it would now go to %s: whoever changes where a secret goes has to know it", elsewhere)})
		}
		list, _ := filled[f.Name].([]any)
		before := rowsByName(old[f.Name])
		for i, x := range list {
			if row, ok := x.(map[string]any); ok && len(f.Members.Fields) > 0 {
				p = append(p, askAgain(f.Members, row, before[rowName(row)], elsewhere, fmt.Sprintf("%s%s.%d.", prefix, f.Name, i))...)
			}
		}
	}
	return p
}

// hasSecrets reports whether any secret of the form is filled in.
func hasSecrets(form schema.Form, v schema.Values) bool {
	into := map[string]bool{}
	saved(form, v, "", into)
	return len(into) > 0
}
