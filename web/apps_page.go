package web

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"flowdeck/cards/schema"
	"flowdeck/flows/store"
	"flowdeck/oauth"
	"flowdeck/views"
)

// mostAppCalls is how many calls the page of an app lists.
const mostAppCalls = 10

// appNotes are what an action leaves on the page of an app.
type appNotes struct {
	problems       schema.Problems
	secret         string // just made: shown this once
	scope, jwksURL string // as typed, when they are wrong
}

func (s *Server) showApp(c echo.Context) error {
	m, err := s.appModel(c, appNotes{})
	if err != nil {
		return err
	}
	return render(c, http.StatusOK, views.AppPage(m))
}

// appAgain answers an action: with the page, of which forms take their part.
func (s *Server) appAgain(c echo.Context, status int, n appNotes) error {
	if !isHTMX(c) && status == http.StatusOK && n.secret == "" {
		return c.Redirect(http.StatusSeeOther, "/apps/"+c.Param("id"))
	}
	m, err := s.appModel(c, n)
	if err != nil {
		return err
	}
	return render(c, status, views.AppPage(m))
}

func (s *Server) appModel(c echo.Context, n appNotes) (views.AppModel, error) {
	ctx := c.Request().Context()
	s.authority.ledger.flush(ctx)
	a, err := s.Store.App(ctx, c.Param("id"))
	if err != nil {
		return views.AppModel{}, err
	}
	issuer, now := s.baseURL(c.Request()), s.Now()
	m := views.AppModel{Shell: s.shell(c, a.Name, "settings"), ID: a.ID, Name: a.Name, Description: a.Description, Owner: a.Owner, Active: a.Active,
		ByKey: a.Auth == oauth.AuthKey, Auth: authWords(a.Auth), Issuer: issuer, TokenURL: issuer + oauth.PathToken, Fresh: n.secret, Overlaps: overlaps,
		Problems: byField(n.problems), Scope: n.scope, JWKSURL: a.JWKSURL, Scopes: a.Scopes, LastUsed: moment(a.LastUsed, now),
		Created: moment(a.Created, now) + " by " + a.CreatedBy}
	if n.jwksURL != "" {
		m.JWKSURL = n.jwksURL
	}
	for _, known := range []string{oauth.ScopeInvoke, scopeIntrospect} {
		if !slices.Contains(a.Scopes, known) {
			m.Offered = append(m.Offered, known)
		}
	}
	items := map[string]string{}
	for _, k := range a.Keys {
		items[k.ID] = k.ID
		m.Keys = append(m.Keys, views.AppKeyModel{ID: k.ID, Kind: k.Kind, Active: k.Active, Created: moment(k.Created, now) + " by " + k.By, LastUsed: moment(k.LastUsed, now)})
	}
	for _, x := range a.Secrets {
		items[x.Hash] = x.Hint
		if !x.Ended(now) {
			m.Secrets = append(m.Secrets, views.AppSecretModel{Hash: x.Hash, Hint: x.Hint, Created: moment(x.Created, now) + " by " + x.By,
				Ends: dayAndTime(x.Expires), LastUsed: moment(x.LastUsed, now)})
		}
	}
	tokens, err := s.Store.AppTokens(ctx, a.ID)
	if err != nil {
		return m, err
	}
	for _, t := range tokens {
		m.Tokens = append(m.Tokens, views.AppTokenModel{ID: t.ID, Issued: moment(t.Issued, now), Scopes: t.Scopes, From: t.Address, With: items[t.Item],
			State: tokenState(t, now), Good: !t.Revoked && now.Before(t.Expires)})
	}
	runs, _, err := s.Store.Runs(ctx, store.RunFilter{Query: a.ID, Limit: mostAppCalls})
	for _, r := range runs {
		m.Calls = append(m.Calls, views.AppCallModel{Run: r.ID, Flow: r.FlowName, At: moment(r.Created, now), Status: string(r.Status), Kind: stepKind(r.Status)})
	}
	return m, err
}

// proofs says in words what an app has to prove itself with.
func proofs(r store.AppRow) string {
	keys := strconv.Itoa(r.Keys) + " " + plural(r.Keys, "key", "keys")
	switch {
	case r.Auth == oauth.AuthSecret:
		return strconv.Itoa(r.Secrets) + " " + plural(r.Secrets, "secret", "secrets")
	case r.JWKSURL != "" && r.Keys == 0:
		return "a JWKS URL"
	case r.JWKSURL != "":
		return keys + " and a JWKS URL"
	}
	return keys
}

// tokenState says in words how an access token is.
func tokenState(t store.AppToken, now time.Time) string {
	switch {
	case t.Revoked:
		return "Revoked"
	case !now.Before(t.Expires):
		return "Expired"
	}
	return "Until " + moment(t.Expires, now)
}

// dayAndTime says when something ends; "" when it does not.
func dayAndTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Local().Format("2 Jan 2006, 15:04")
}
