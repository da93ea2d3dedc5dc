package web

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/flows/store"
	"flowdeck/views"
)

func (s *Server) loginRoutes(open, app *echo.Group) {
	open.GET("/login", s.showLogin)
	open.GET("/login/dialog", s.showLoginDialog)
	open.POST("/login", s.login)
	open.POST("/logout", s.logout)
}

func (s *Server) showLogin(c echo.Context) error {
	session, err := s.session(c)
	if err != nil {
		return err
	}
	back := localPath(c.QueryParam("return"))
	if !session.IsNew {
		return c.Redirect(http.StatusSeeOther, back)
	}
	_, err = s.Store.SetupToken(c.Request().Context())
	if err != nil && !errors.Is(err, flows.ErrNotFound) {
		return err
	}
	return render(c, http.StatusOK, views.LoginPage(views.LoginModel{Return: back, FirstStart: err == nil}))
}

// showLoginDialog is the sign-in over a page whose session has ended.
func (s *Server) showLoginDialog(c echo.Context) error {
	return render(c, http.StatusOK, views.LoginDialog(views.LoginModel{Email: c.QueryParam("email")}))
}

func (s *Server) login(c echo.Context) error {
	email, password := strings.ToLower(strings.TrimSpace(c.FormValue("email"))), c.FormValue("password")
	user, problem, err := s.authenticate(c, email, password)
	if err != nil {
		return err
	}
	m := views.LoginModel{Email: email, Return: localPath(c.FormValue("return")), Problem: problem}
	dialog := c.FormValue("dialog") != ""
	switch {
	case problem != "" && dialog:
		return render(c, http.StatusUnprocessableEntity, views.LoginDialog(m))
	case problem != "":
		return render(c, http.StatusUnprocessableEntity, views.LoginPage(m))
	}
	err = s.startSession(c, user)
	if errors.Is(err, flows.ErrNotFound) { // the password was replaced while this one was looked at
		return echo.NewHTTPError(http.StatusUnauthorized, "The password of this account was changed a moment ago. Sign in again.")
	}
	if err != nil {
		return err
	}
	if dialog {
		trigger(c, "fd:close", struct{}{})
		trigger(c, "fd:signed-in", map[string]string{"name": user.Name})
		return c.NoContent(http.StatusNoContent)
	}
	return c.Redirect(http.StatusSeeOther, m.Return)
}

// authenticate returns who it is, or what to tell them. An unknown account takes
// as long and is told the same as a wrong password.
func (s *Server) authenticate(c echo.Context, email, password string) (*store.User, string, error) {
	if wait := s.signIns.wait(email, c.RealIP()); wait > 0 {
		seconds := int(wait/time.Second) + 1
		c.Response().Header().Set("Retry-After", fmt.Sprint(seconds))
		return nil, fmt.Sprintf("Too many attempts. Try again in %d seconds.", seconds), nil
	}
	user, err := s.Store.UserByEmail(c.Request().Context(), email)
	if err != nil && !errors.Is(err, flows.ErrNotFound) {
		return nil, "", err
	}
	if len(password) > 4*maxPassword || !s.hasher.matches(user.Password, password) {
		s.Log.WarnContext(c.Request().Context(), "sign-in refused", "from", c.RealIP(), "request", requestID(c))
		return nil, "The email or the password is not right.", nil
	}
	s.signIns.succeeded(email, c.RealIP())
	return &user, "", nil
}

func (s *Server) logout(c echo.Context) error {
	if err := s.endSession(c); err != nil {
		return err
	}
	return goTo(c, "/login")
}

// wrongPassword checks the password of who is signed in, before something that a
// borrowed browser must not do. What is wrong is said at the field.
func (s *Server) wrongPassword(c echo.Context, field, password string) schema.Problems {
	u := s.user(c)
	if s.signIns.wait(u.Email, c.RealIP()) > 0 {
		return schema.Problems{{Field: field, Message: "Too many attempts. Wait a minute and try again."}}
	}
	if !s.hasher.matches(u.Password, password) {
		return schema.Problems{{Field: field, Message: "That is not your password."}}
	}
	s.signIns.succeeded(u.Email, c.RealIP())
	return nil
}
