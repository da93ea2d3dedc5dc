package web

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/flows/store"
	"flowdeck/views"
)

// tokenRoutes are the personal tokens of the management API.
func (s *Server) tokenRoutes(app *echo.Group) {
	app.GET("/settings/tokens/new", s.showNewToken)
	app.POST("/settings/tokens", s.createToken)
	app.DELETE("/settings/tokens/:id", s.revokeToken)
}

// lives are how long a token may be good for, in days; 0: until it is revoked.
func lives() []views.OptionModel {
	return []views.OptionModel{{Value: "30", Label: "In 30 days"}, {Value: "90", Label: "In 90 days"}, {Value: "365", Label: "In a year"}, {Value: "0", Label: "Never"}}
}

func (s *Server) showNewToken(c echo.Context) error {
	return render(c, http.StatusOK, views.TokenDialog(tokenForm("", "90", []string{"flows:read", "connections:read", "runs:read"}, nil)))
}

func tokenForm(name, life string, chosen []string, problems schema.Problems) views.TokenFormModel {
	m := views.TokenFormModel{Name: name, Life: life, Lives: lives(), Problems: byField(problems)}
	for _, x := range apiScopes() {
		m.Scopes = append(m.Scopes, views.CheckModel{ID: "tk-" + strings.ReplaceAll(x.name, ":", "-"), Name: "scope", Value: x.name,
			Label: x.name + " · " + x.text, On: slices.Contains(chosen, x.name)})
	}
	return m
}

// createToken makes a token and shows it this once.
func (s *Server) createToken(c echo.Context) error {
	posted, err := c.FormParams()
	if err != nil {
		return err
	}
	name, life := strings.TrimSpace(posted.Get("name")), posted.Get("life")
	var problems schema.Problems
	if n := utf8.RuneCountInString(name); n == 0 || n > 100 {
		problems = append(problems, schema.Problem{Field: "name", Message: "Give it a name of up to 100 letters."})
	}
	var scopes []string
	for _, x := range apiScopes() {
		if slices.Contains(posted["scope"], x.name) {
			scopes = append(scopes, x.name)
		}
	}
	if len(scopes) == 0 {
		problems = append(problems, schema.Problem{Field: "scopes", Message: "Choose at least one thing that it may do."})
	}
	if !slices.ContainsFunc(lives(), func(o views.OptionModel) bool { return o.Value == life }) {
		life = "90"
	}
	token := newAPIToken()
	if len(problems) == 0 {
		problems, err = s.storeToken(c.Request().Context(), store.APIToken{Hash: hashToken(token), User: *s.user(c), Name: name,
			Hint: apiTokenPrefix + "…" + token[len(token)-4:], Scopes: scopes}, life)
	}
	if err != nil {
		return err
	}
	if len(problems) > 0 {
		return render(c, http.StatusUnprocessableEntity, views.TokenDialog(tokenForm(name, life, posted["scope"], problems)))
	}
	return render(c, http.StatusOK, views.FreshTokenDialog(views.FreshTokenModel{Name: name, Token: token,
		Curl: "curl " + s.baseURL(c.Request()) + apiPrefix + "/flows -H 'Authorization: Bearer " + token + "'"}))
}

func (s *Server) storeToken(ctx context.Context, t store.APIToken, life string) (schema.Problems, error) {
	t.ID, t.Created = store.NewID("k_"), s.Now()
	if days, _ := strconv.Atoi(life); days > 0 { // one of lives
		t.Expires = t.Created.AddDate(0, 0, days)
	}
	err := s.Store.CreateAPIToken(ctx, t)
	if errors.Is(err, flows.ErrConflict) {
		return schema.Problems{{Field: "name", Message: "You have as many tokens as are possible. Revoke one first."}}, nil
	}
	return nil, err
}

// revokeToken ends a token at once.
func (s *Server) revokeToken(c echo.Context) error {
	if err := s.Store.DeleteAPIToken(c.Request().Context(), s.user(c).ID, c.Param("id")); err != nil {
		return err
	}
	s.api.tokens.forget()
	return s.settingsDone(c, "Revoked")
}

// tokenRows are a person's tokens as the settings show them.
func (s *Server) tokenRows(ctx context.Context, userID string) ([]views.TokenModel, error) {
	list, err := s.Store.APITokens(ctx, userID)
	now := s.Now()
	var rows []views.TokenModel
	for _, t := range list {
		m := views.TokenModel{ID: t.ID, Name: t.Name, Hint: t.Hint, Scopes: strings.Join(t.Scopes, ", "), Used: "Never", End: "Never"}
		if !t.LastUsed.IsZero() {
			m.Used = moment(t.LastUsed, now)
		}
		if !t.Expires.IsZero() {
			m.End, m.Over = t.Expires.In(now.Location()).Format(time.DateOnly), !t.Expires.After(now)
		}
		rows = append(rows, m)
	}
	return rows, err
}
