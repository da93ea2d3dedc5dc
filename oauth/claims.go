package oauth

import (
	"encoding/json"
	"math"
	"strings"
	"time"
)

// claims are what a JWT says.
type claims map[string]any

func (c claims) text(name string) string {
	s, _ := c[name].(string)
	return s
}

// instant reads a NumericDate. there is false when the claim is missing, ok when it is
// something else than a date.
func (c claims) instant(name string) (t time.Time, there, ok bool) {
	v, there := c[name]
	if !there {
		return t, false, true
	}
	n, isNumber := v.(json.Number)
	if !isNumber {
		return t, true, false
	}
	f, err := n.Float64()
	if err != nil || math.IsNaN(f) || f < 0 || f > 1<<40 {
		return t, true, false
	}
	return time.UnixMilli(int64(f * 1000)), true, true
}

// texts reads a claim that is text or a list of texts; ok is false when it is something else.
func (c claims) texts(name string) (list []string, ok bool) {
	switch v := c[name].(type) {
	case nil:
		return nil, true
	case string:
		return []string{v}, true
	case []any:
		for _, x := range v {
			s, isText := x.(string)
			if !isText {
				return nil, false
			}
			list = append(list, s)
		}
		return list, true
	}
	return nil, false
}

// scopes are those of an access token: "scope" as text (RFC 9068), "scp" as text or a
// list, as other issuers write it.
func (c claims) scopes() []string {
	for _, name := range []string{"scope", "scp"} {
		list, _ := c.texts(name)
		if len(list) == 1 {
			return strings.Fields(list[0])
		}
		if len(list) > 0 {
			return list
		}
	}
	return nil
}

// at returns the claim of that path: "realm_access.roles". A name that holds dots
// itself is found first.
func (c claims) at(path string) (any, bool) {
	if v, ok := c[path]; ok {
		return v, true
	}
	name, rest, deeper := strings.Cut(path, ".")
	v, ok := c[name].(map[string]any)
	if !deeper || !ok {
		return nil, false
	}
	return claims(v).at(rest)
}

// window checks exp, nbf and iat at now, for clocks that differ by up to skew. What is
// wrong is said in words.
func (c claims) window(now time.Time, skew time.Duration) (expires time.Time, wrong string) {
	expires, there, ok := c.instant("exp")
	switch {
	case !there:
		return expires, "has no exp"
	case !ok:
		return expires, "has an exp that is not a time in seconds"
	case !now.Before(expires.Add(skew)):
		return expires, "has expired"
	}
	for _, name := range []string{"nbf", "iat"} {
		t, there, ok := c.instant(name)
		switch {
		case there && !ok:
			return expires, "has an " + name + " that is not a time in seconds"
		case there && t.After(now.Add(skew)):
			return expires, "has an " + name + " in the future: is the clock right?"
		}
	}
	return expires, ""
}
