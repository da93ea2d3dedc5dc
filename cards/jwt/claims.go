package jwt

import (
	"fmt"
	"slices"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

func untrusted(message string) error {
	return &cards.Error{Code: cards.CodeInvalidToken, Message: "token: " + message}
}

// check says what is wrong with the claims of a token (RFC 7519 section 4.1).
func (in verifyInput) check(claims schema.Values, now int64) error {
	expires, said, err := seconds(claims, "exp")
	switch {
	case err != nil:
		return err
	case !said && !in.NeverExpire:
		return untrusted("does not say when it expires (exp)")
	case said && now-int64(in.Leeway) >= expires:
		return &cards.Error{Code: cards.CodeTokenExpired, Message: fmt.Sprintf("token: expired %d seconds ago", now-expires)}
	}
	begins, said, err := seconds(claims, "nbf")
	switch {
	case err != nil:
		return err
	case said && now+int64(in.Leeway) < begins:
		return untrusted(fmt.Sprintf("is not valid before %d seconds from now (nbf)", begins-now))
	}
	if in.Issuer != "" && claims["iss"] != in.Issuer {
		return untrusted("was made by another issuer (iss) than " + in.Issuer)
	}
	if len(in.Audience) > 0 && !slices.ContainsFunc(audiences(claims["aud"]), func(a string) bool { return slices.Contains(in.Audience, a) }) {
		return untrusted("is for another audience (aud)")
	}
	return nil
}

// seconds reads a claim that is a time: a number, of seconds since 1970.
func seconds(claims schema.Values, name string) (at int64, said bool, err error) {
	v, said := claims[name]
	if !said {
		return 0, false, nil
	}
	switch n := v.(type) {
	case int64:
		return n, true, nil
	case float64:
		if n > -1e15 && n < 1e15 {
			return int64(n), true, nil
		}
	}
	return 0, true, untrusted("has a time that is none (" + name + ")")
}

// audiences are the texts of aud, which may be one or a list.
func audiences(v any) []string {
	if one, ok := v.(string); ok {
		return []string{one}
	}
	list, _ := v.([]any)
	var all []string
	for _, e := range list {
		if s, ok := e.(string); ok {
			all = append(all, s)
		}
	}
	return all
}
