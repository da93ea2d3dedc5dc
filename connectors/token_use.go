package connectors

import (
	"net/http"
	"strings"

	"golang.org/x/net/http/httpguts"

	"flowdeck/cards/schema"
)

// tokenUse is where a service puts its token, and where it wants it back.
type tokenUse struct {
	TokenPath   string `json:"token_path" label:"Token in the answer" form:"advanced" placeholder:"access_token" help:"Only if it is not at the top: authed_user.access_token for people at Slack."`
	TokenHeader string `json:"token_header" label:"Header for the token" form:"advanced" placeholder:"Authorization"`
	TokenPrefix string `json:"token_prefix" label:"Word before the token" form:"advanced" placeholder:"Bearer" help:"Only if the service wants another word, such as OAuth."`
	RenewOn     string `json:"renew_on" label:"Renew the token after" format:"names" default:"401" form:"advanced" placeholder:"401" help:"Statuses by which the service says that the token has ended, separated by spaces. The call is then made once more."`
}

// sign puts t into r, as RFC 6750 section 2.1 says unless the settings say otherwise.
func (u tokenUse) sign(r *http.Request, t Token) error {
	if t.Access == "" {
		return &SignInError{Message: "there is no access token"}
	}
	name, word := u.TokenHeader, u.TokenPrefix
	if name == "" {
		name = "Authorization"
	}
	if word == "" && strings.EqualFold(name, "Authorization") {
		word = t.Type
	}
	r.Header.Set(name, strings.TrimSpace(word+" "+t.Access))
	return nil
}

func (u tokenUse) check() (p schema.Problems) {
	if name := http.CanonicalHeaderKey(u.TokenHeader); name != "" && (!httpguts.ValidHeaderFieldName(name) || reserved[name]) {
		p = append(p, schema.Problem{Field: "token_header", Message: "is not a header that can carry a token"})
	}
	if !httpguts.ValidHeaderFieldValue(u.TokenPrefix) || strings.ContainsAny(u.TokenPrefix, " \t") {
		p = append(p, schema.Problem{Field: "token_prefix", Message: "must be one word"})
	}
	p = append(p, u.checkRenewOn()...)
	for part := range strings.SplitSeq(u.TokenPath, ".") {
		if u.TokenPath != "" && part == "" {
			p = append(p, schema.Problem{Field: "token_path", Message: "must be names with dots between them, such as authed_user.access_token"})
			break
		}
	}
	return p
}
