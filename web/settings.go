package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/flows/store"
	"flowdeck/views"
)

func (s *Server) settingsRoutes(app *echo.Group) {
	app.GET("/settings", s.showSettings)
	app.POST("/settings/account", s.saveAccount)
	app.POST("/settings/password", s.changePassword)
	app.POST("/settings/sign-out-everywhere", s.signOutEverywhere)
	app.POST("/settings/sessions/:id/end", s.endOneSession)
	s.tokenRoutes(app)
	app.POST("/settings/history", s.saveHistory, s.ownersOnly)

	owner := app.Group("/settings/users", s.ownersOnly)
	owner.GET("/new", s.newPerson)
	owner.POST("", s.addPerson)
	owner.POST("/:id/password", s.resetPassword)
	owner.DELETE("/:id", s.removePerson)
}

func (s *Server) showSettings(c echo.Context) error {
	return s.settingsPage(c, http.StatusOK, nil)
}

// settingsPage renders the whole page; forms take the part of it that they swap.
func (s *Server) settingsPage(c echo.Context, status int, problems schema.Problems) error {
	ctx, user := c.Request().Context(), s.user(c)
	m := views.SettingsModel{Shell: s.shell(c, "Settings", "settings"), Owner: user.Owner, Problems: byField(problems),
		PublicURL: s.baseURL(c.Request()), FromURL: s.Config.PublicURL == "", Version: s.Config.Version, SampleURL: s.Config.SampleURL}
	rows, err := s.Store.Sessions(ctx, user.ID)
	if err != nil {
		return err
	}
	if m.Tokens, err = s.tokenRows(ctx, user.ID); err != nil {
		return err
	}
	here, err := s.session(c)
	if err != nil {
		return err
	}
	for _, r := range rows {
		m.Sessions = append(m.Sessions, views.SessionModel{ID: r.Hash, Browser: browser(r.Agent), Address: r.Address,
			Seen: moment(r.Seen, s.Now()), Here: r.Hash == here.Values[sessionHash]})
	}
	if m.History, err = s.historyBox(c, user.Owner, problems); err != nil {
		return err
	}
	if user.Owner {
		people, err := s.Store.Users(ctx)
		if err != nil {
			return err
		}
		for _, p := range people {
			m.Users = append(m.Users, views.PersonModel{ID: p.ID, Name: p.Name, Email: p.Email, Since: moment(p.Created, s.Now()), Owner: p.Owner, You: p.ID == user.ID})
		}
	}
	return render(c, status, views.SettingsPage(m))
}

// settingsDone shows the page again with a word about what was done.
func (s *Server) settingsDone(c echo.Context, text string) error {
	if !isHTMX(c) {
		return c.Redirect(http.StatusSeeOther, "/settings")
	}
	trigger(c, "fd:toast", map[string]string{"text": text})
	return s.settingsPage(c, http.StatusOK, nil)
}

// saveAccount asks for the password when the email changes: that is what one signs in with.
func (s *Server) saveAccount(c echo.Context) error {
	user, ctx := s.user(c), c.Request().Context()
	name, email := strings.TrimSpace(c.FormValue("name")), strings.ToLower(strings.TrimSpace(c.FormValue("email")))
	problems := checkPerson(name, email)
	if email != user.Email {
		problems = append(problems, s.wrongPassword(c, "confirm", c.FormValue("confirm"))...)
	}
	if len(problems) == 0 {
		switch err := s.Store.UpdateUser(ctx, user.ID, email, name); {
		case errors.Is(err, flows.ErrTaken):
			problems = schema.Problems{{Field: "email", Message: "Somebody else has this email address."}}
		case err != nil:
			return err
		default:
			user.Name, user.Email = name, email
			return s.settingsDone(c, "Saved")
		}
	}
	return s.settingsPage(c, http.StatusUnprocessableEntity, problems)
}

// changePassword also signs every other browser out: whoever knew the old one is gone.
func (s *Server) changePassword(c echo.Context) error {
	user, ctx := s.user(c), c.Request().Context()
	password := c.FormValue("password")
	problems := s.wrongPassword(c, "current", c.FormValue("current"))
	problems = append(problems, checkPassword(user.Email, password)...)
	if c.FormValue("again") != password {
		problems = append(problems, schema.Problem{Field: "again", Message: "The two passwords differ."})
	}
	if len(problems) > 0 {
		return s.settingsPage(c, http.StatusUnprocessableEntity, problems)
	}
	if err := s.replacePassword(ctx, user, password, c.FormValue("tokens") != ""); err != nil {
		return err
	}
	if err := s.startSession(c, user); err != nil {
		return err
	}
	if isHTMX(c) {
		return goTo(c, "/settings") // the page knows the new session only when it is loaded anew
	}
	return c.Redirect(http.StatusSeeOther, "/settings")
}

// replacePassword also ends sessions, and API tokens when that was chosen.
func (s *Server) replacePassword(ctx context.Context, user *store.User, password string, tokens bool) error {
	user.Password = s.hasher.hash(password)
	if tokens {
		defer s.api.tokens.forget()
		return s.Store.ResetPassword(ctx, user.ID, user.Password)
	}
	if err := s.Store.SetPassword(ctx, user.ID, user.Password); err != nil {
		return err
	}
	return s.Store.DeleteSessions(ctx, user.ID)
}

func (s *Server) signOutEverywhere(c echo.Context) error {
	if err := s.Store.DeleteSessions(c.Request().Context(), s.user(c).ID); err != nil {
		return err
	}
	if err := s.endSession(c); err != nil {
		return err
	}
	return goTo(c, "/login")
}

func (s *Server) endOneSession(c echo.Context) error {
	ctx := c.Request().Context()
	rows, err := s.Store.Sessions(ctx, s.user(c).ID)
	if err != nil {
		return err
	}
	for _, r := range rows {
		if r.Hash == c.Param("id") {
			if err := s.Store.DeleteSession(ctx, r.Hash); err != nil {
				return err
			}
			return s.settingsDone(c, "Signed out there")
		}
	}
	return flows.ErrNotFound
}

// browser says which one it is, in words, as far as its own long name tells.
func browser(agent string) string {
	name := firstOf(agent, "Edg/", "Edge", "OPR/", "Opera", "Firefox/", "Firefox", "Chrome/", "Chrome", "Safari/", "Safari", "curl/", "curl")
	system := firstOf(agent, "Android", "Android", "iPhone", "iPhone", "iPad", "iPad", "Windows", "Windows", "Mac OS X", "macOS", "CrOS", "ChromeOS", "Linux", "Linux")
	switch {
	case name == "" && system == "":
		return "Another program"
	case system == "":
		return name
	case name == "":
		return "A browser on " + system
	}
	return fmt.Sprintf("%s on %s", name, system)
}

// firstOf returns the word after the first mark that text contains; pairs are mark, word.
func firstOf(text string, pairs ...string) string {
	for i := 0; i+1 < len(pairs); i += 2 {
		if strings.Contains(text, pairs[i]) {
			return pairs[i+1]
		}
	}
	return ""
}

// ownersOnly lets the owners of this Flowdeck through.
func (s *Server) ownersOnly(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if !s.user(c).Owner {
			return echo.NewHTTPError(http.StatusForbidden, "Only an owner may do this.")
		}
		return next(c)
	}
}
