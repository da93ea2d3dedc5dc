package connectors

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"flowdeck/cards/schema"
)

const noSecrets = "Its secrets are not here yet: edit it and enter them, or sign in"

// Shape gives c the settings of a file, in which there are no secrets: those that c has
// are kept. A connection that lacks some then needs a person, who enters them. As of
// Change, c must have ID, Type, Hosts and TestURL, and schema.Problems say what is wrong.
func (v *Vault) Shape(t AuthType, c *Connection, settings, network schema.Values) error {
	if p := strangers(t.Form, settings, ""); len(p) > 0 {
		return p
	}
	if p := strangers(networkForm, network, networkPrefix); len(p) > 0 {
		return p
	}
	if network == nil {
		network = schema.Values{}
	}
	var problems schema.Problems
	fresh := len(c.Key) == 0
	if err := v.Change(t, c, settings, network); !errors.As(err, &problems) {
		if err == nil && fresh && !t.Open {
			c.State, c.StateDetail = NeedsSignIn, noSecrets
		}
		return err
	}
	if slices.ContainsFunc(problems, func(p schema.Problem) bool { return !t.secret(p.Field) }) {
		return slices.DeleteFunc(problems, func(p schema.Problem) bool { return t.secret(p.Field) })
	}
	var old Secrets
	if len(c.Key) > 0 {
		var err error
		if old, err = v.Open(*c); err != nil {
			return err
		}
	}
	if hasSecrets(t.Form, old.Settings) || hasSecrets(networkForm, old.Network) {
		return problems // the secrets that are here are not given away, and not thrown away
	}
	reach, _ := changeNetwork(c, network, nil, v.now())
	c.Settings = withoutSecrets(t.Form, settings)
	c.State, c.StateDetail, c.Expires = NeedsSignIn, noSecrets, time.Time{}
	return v.Seal(c, Secrets{Settings: c.Settings, Network: reach, Bound: c.Hosts})
}

// secret reports whether a field that a problem names holds a secret.
func (t AuthType) secret(field string) bool {
	form := t.Form
	if rest, ok := strings.CutPrefix(field, networkPrefix); ok {
		form, field = networkForm, rest
	}
	for name := range strings.SplitSeq(field, ".") {
		if _, err := strconv.Atoi(name); err == nil {
			continue
		}
		f, ok := form.Field(name)
		if !ok || f.Secret {
			return ok
		}
		form = f.Members
	}
	return false
}

// strangers finds what a form does not have, and secrets: they have no place in a file.
func strangers(form schema.Form, v schema.Values, prefix string) schema.Problems {
	return eachKey(form, v, prefix, func(f schema.Field, known bool, x any) string {
		if known && f.Secret && x != nil && x != "" {
			return "is a secret, which no file may hold: take it out and enter it in the program"
		}
		return unknownKey(known)
	})
}

// unknown finds what a form does not have.
func unknown(form schema.Form, v schema.Values, prefix string) schema.Problems {
	return eachKey(form, v, prefix, func(_ schema.Field, known bool, _ any) string { return unknownKey(known) })
}

func unknownKey(known bool) string {
	if known {
		return ""
	}
	return "is not a setting that there is"
}

// eachKey asks problem about every key of v, in the rows of lists too.
func eachKey(form schema.Form, v schema.Values, prefix string, problem func(f schema.Field, known bool, x any) string) (p schema.Problems) {
	for name, x := range v {
		f, known := form.Field(name)
		if message := problem(f, known || form.Open, x); message != "" {
			p = append(p, schema.Problem{Field: prefix + name, Message: message})
		}
		rows, _ := x.([]any)
		for i, row := range rows {
			if m, ok := row.(map[string]any); ok && len(f.Members.Fields) > 0 {
				p = append(p, eachKey(f.Members, m, prefix+name+"."+strconv.Itoa(i)+".", problem)...)
			}
		}
	}
	slices.SortFunc(p, func(a, b schema.Problem) int { return strings.Compare(a.Field, b.Field) })
	return p
}

// CheckKeys finds settings that a type, or the network settings, do not have.
func CheckKeys(t AuthType, settings, network schema.Values) schema.Problems {
	p := unknown(t.Form, settings, "")
	return append(p, unknown(networkForm, network, networkPrefix)...)
}
