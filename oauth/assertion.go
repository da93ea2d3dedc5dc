package oauth

import (
	"slices"
	"time"
)

const (
	// AssertionType is the only client_assertion_type there is: RFC 7523 section 2.2.
	AssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
	// AssertionLife is how far ahead the exp of an assertion may be. The ids of
	// assertions are remembered for as long.
	AssertionLife = 10 * time.Minute
	// Skew is how far clocks may differ.
	Skew = 30 * time.Second
)

// Assertion is a client's signed statement that it is who asks.
type Assertion struct {
	Client  string // whom it says it is from; nobody has checked yet
	KeyID   string // of the key that it says it was signed with; "" when it does not say
	ID      string
	Expires time.Time
	signed  *signed
}

// ReadAssertion reads an assertion, all but its signature, and refuses what can never
// be one. audiences are our names: the issuer and the addresses it is sent to.
func ReadAssertion(text string, audiences []string, now time.Time) (Assertion, *Error) {
	s, err := read(text)
	if err != nil {
		return Assertion{}, badAssertion(err.Error())
	}
	a := Assertion{Client: s.claims.text("sub"), KeyID: s.kid, ID: s.claims.text("jti"), signed: s}
	if s.typ != "" && s.typ != "jwt" && s.typ != "client-authentication+jwt" {
		return a, badAssertion("is of the type " + quote(s.typ) + ", which is no client assertion")
	}
	if a.Client == "" || s.claims.text("iss") != a.Client {
		return a, badAssertion("must have the client id as its iss and as its sub")
	}
	audience, ok := s.claims.texts("aud")
	if !ok || !slices.ContainsFunc(audience, func(x string) bool { return slices.Contains(audiences, x) }) {
		return a, badAssertion("is not meant for this server: its aud must be " + audiences[0])
	}
	var wrong string
	if a.Expires, wrong = s.claims.window(now, Skew); wrong != "" {
		return a, badAssertion(wrong)
	}
	if a.Expires.After(now.Add(AssertionLife + Skew)) {
		return a, badAssertion("has an exp that is too far ahead: at most " + AssertionLife.String())
	}
	if a.ID == "" || len(a.ID) > 500 {
		return a, badAssertion("has no jti, or one that is too long: each assertion needs one of its own")
	}
	return a, nil
}

// Verify checks the signature with the client's own keys, and with fetched ones. It
// returns the id of the key that signed.
func (a Assertion) Verify(c *Client, fetched KeySet) (kid string, e *Error) {
	for _, keys := range [][]publicKey{c.keys, fetched.keys} {
		if key, ok := a.signed.verify(keys); ok {
			return key.id, nil
		}
	}
	if a.KeyID != "" && len(a.signed.candidates(c.keys))+len(a.signed.candidates(fetched.keys)) == 0 {
		return "", badAssertion("names the key " + quote(a.KeyID) + ", which is not an active key of this client for " + a.signed.alg)
	}
	return "", badAssertion("is not signed with an active key of this client")
}

// Replayed is what an assertion gets whose jti was seen before.
func Replayed() *Error { return badAssertion("was used before: each needs a jti of its own") }

func badAssertion(what string) *Error {
	return refuse(InvalidClient, "The client_assertion "+what+".")
}
