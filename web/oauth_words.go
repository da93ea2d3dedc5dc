package web

import (
	"cmp"
	"errors"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"flowdeck/connectors"
	"flowdeck/views"
)

// signInAdvice is what to do about a code that a service answered.
type signInAdvice struct {
	text     string
	fields   []string // which are worth a look
	redirect bool     // so is the redirect URL
}

// signInAdvices are by code: RFC 6749, OpenID Connect, RFC 8707, and what services use besides.
var signInAdvices = map[string]signInAdvice{
	"redirect_uri_mismatch":     {text: "The redirect URL registered there is not the one Flowdeck uses. Copy the one below into the app's settings at the service, then connect again.", redirect: true},
	"invalid_redirect_uri":      {text: "The redirect URL registered there is not the one Flowdeck uses. Copy the one below into the app's settings at the service, then connect again.", redirect: true},
	"invalid_client":            {text: "The service does not know this client, or its secret is wrong, or it wants the secret sent another way (see Advanced).", fields: []string{"client_id", "client_secret"}},
	"unauthorized_client":       {text: "The service knows this client but does not let it sign in this way. Look at the app's grant types there.", fields: []string{"client_id"}},
	"invalid_scope":             {text: "The service does not offer one of these scopes to this client.", fields: []string{"scopes"}},
	"access_denied":             {text: "The person, or a rule of the service, said no. Connect again and allow it."},
	"invalid_grant":             {text: "The code could not be used: it is old, was used already, or belongs to another redirect URL or client. Connect again."},
	"invalid_target":            {text: "The service does not know this audience or resource.", fields: []string{"audience", "resource"}},
	"invalid_request":           {text: "The service did not understand the request. The redirect URL, PKCE and the extra parameters are the usual reasons.", redirect: true},
	"unsupported_response_type": {text: "The service does not offer the authorization-code flow to this client."},
	"unsupported_grant_type":    {text: "The token URL does not take authorization codes. Is it the right address?", fields: []string{"token_url"}},
	"wrong_issuer":              {text: "The answer came from another issuer than the one named under Advanced. If you did not expect that, do not go on.", fields: []string{"issuer"}},
	"no_code":                   {text: "Is the authorize URL right?", fields: []string{"authorize_url"}},
	"unreachable":               {text: "The token URL could not be called.", fields: []string{"token_url"}},
	"login_required":            {text: "Sign in at the service first, then connect again."},
	"consent_required":          {text: "The service wants the access to be allowed by a person. Connect again."},
	"server_error":              {text: "The service had a fault of its own. Try again in a while."},
	"temporarily_unavailable":   {text: "The service is busy. Try again in a while."},
}

func adviceFor(code string) signInAdvice {
	if a, ok := signInAdvices[code]; ok {
		return a
	}
	return signInAdvice{text: "Look at the addresses, the client and the scopes, then connect again."}
}

// deadLink is the page for a link or an answer that leads nowhere; ok is false for other errors.
func (s *Server) deadLink(err error, attempt string, query url.Values) (views.CallbackModel, bool) {
	page := views.CallbackModel{Attempt: attempt, Href: "/connections", Label: "Go to connections"}
	switch {
	case errors.Is(err, connectors.ErrUsed):
		page.Title, page.Text = "This sign-in is over", "It was finished or cancelled already; its link works once. You can close this window."
	case errors.Is(err, connectors.ErrExpired):
		page.Title, page.Text = "The sign-in link expired", "It works for 10 minutes. Go back to the connection and connect again."
	case errors.Is(err, connectors.ErrNotYours):
		page.Title, page.Text = "Someone else opened this sign-in", "It has to be finished in the same account that opened its link. Open the link again, then finish it."
	case errors.Is(err, connectors.ErrNoAttempt):
		page.Title = "This does not belong to a sign-in"
		page.Text = "The link or the answer names a sign-in that Flowdeck did not begin, or that is long over. Nothing was changed."
		if said := strings.TrimSpace(query.Get("error") + " " + query.Get("error_description")); said != "" {
			page.Advice = "What came with it: " + clip(said, 300)
		}
	default:
		return page, false
	}
	return page, true
}

// signInDone says what the service granted, and what of it may become a trouble.
func (s *Server) signInDone(c echo.Context, a connectors.Attempt, row connectors.Connection) (views.SignInDoneModel, error) {
	m := views.SignInDoneModel{Attempt: a.ID, Connection: row.ID, Dialog: isHTMX(c), New: s.isNew(row), Name: row.Name}
	t, _ := s.Types.Type(row.Type)
	facts, err := s.Vault.Facts(t, row)
	if err != nil {
		return m, err
	}
	m.Account, m.Scopes, m.Renews = facts.Account, facts.Scopes, facts.Renews
	asked, _ := row.Settings["scopes"].(string)
	if missing := missingScopes(asked, facts.Scopes); len(missing) > 0 {
		m.Notes = append(m.Notes, views.NoteModel{Kind: "warn", Title: "Not every scope was granted.", Text: "Missing: " + strings.Join(missing, ", ") + ". Calls that need them will be turned down."})
	}
	if !facts.Renews {
		note := views.NoteModel{Kind: "warn", Title: "The service gave no refresh token.", Text: "The sign-in will end"}
		if !facts.Ends.IsZero() {
			note.Text += " in " + remaining(facts.Ends.Sub(s.Now()))
		} else {
			note.Text += " whenever the service says so"
		}
		note.Text += ". Most services give one when the scope offline_access is asked for."
		m.Notes = append(m.Notes, note)
	}
	if row.TestURL != "" {
		note := views.NoteModel{Kind: "ok", Title: "Test call: " + row.TestResult, Text: "GET " + row.TestURL}
		if row.State != connectors.Ready {
			note.Kind, note.Title = "err", "The test call failed: "+cmp.Or(row.StateDetail, row.TestResult)
		}
		m.Notes = append(m.Notes, note)
	}
	if flowID, stepID, ok := strings.Cut(a.For, "/"); ok {
		if flow, err := s.Store.Flow(c.Request().Context(), flowID); err == nil {
			if step, ok := flow.Draft.Step(stepID); ok {
				m.UseIn = cmp.Or(step.Title, titleOf(step.ID))
			}
		}
	}
	return m, nil
}

// missingScopes are the scopes asked for that the service did not name; a service
// that names none granted all. offline_access is seldom named, so it does not count.
func missingScopes(asked, granted string) (missing []string) {
	split := func(s string) []string {
		return strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == ',' })
	}
	have := split(granted)
	for _, x := range split(asked) {
		if len(have) > 0 && x != "offline_access" && !slices.Contains(have, x) {
			missing = append(missing, x)
		}
	}
	return missing
}
