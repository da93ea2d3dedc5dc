package web

import (
	"crypto/rand"
	"errors"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/flows/store"
	"flowdeck/views"
)

func (s *Server) newPerson(c echo.Context) error {
	return render(c, http.StatusOK, views.PersonDialog(views.PersonFormModel{}))
}

// addPerson makes an account with a password that is shown once.
func (s *Server) addPerson(c echo.Context) error {
	m := views.PersonFormModel{Name: strings.TrimSpace(c.FormValue("name")), Email: strings.ToLower(strings.TrimSpace(c.FormValue("email")))}
	problems := checkPerson(m.Name, m.Email)
	if len(problems) == 0 {
		password := newPassword()
		_, err := s.Store.CreateUser(c.Request().Context(), store.User{Name: m.Name, Email: m.Email, Password: s.hasher.hash(password)})
		if err == nil {
			return render(c, http.StatusOK, views.NewPasswordDialog(views.NewPasswordModel{Name: m.Name, Email: m.Email, Password: password}))
		}
		if !errors.Is(err, flows.ErrTaken) {
			return err
		}
		problems = schema.Problems{{Field: "email", Message: "There is an account with this email address already."}}
	}
	m.Problems = byField(problems)
	return render(c, http.StatusUnprocessableEntity, views.PersonDialog(m))
}

// resetPassword gives somebody a new password, signs them out and revokes their API tokens.
func (s *Server) resetPassword(c echo.Context) error {
	ctx := c.Request().Context()
	user, err := s.Store.User(ctx, c.Param("id"))
	if err != nil {
		return err
	}
	password := newPassword()
	if err := s.Store.ResetPassword(ctx, user.ID, s.hasher.hash(password)); err != nil {
		return err
	}
	s.api.tokens.forget()
	return render(c, http.StatusOK, views.NewPasswordDialog(views.NewPasswordModel{Name: user.Name, Email: user.Email, Password: password}))
}

func (s *Server) removePerson(c echo.Context) error {
	if c.Param("id") == s.user(c).ID {
		return echo.NewHTTPError(http.StatusUnprocessableEntity, "You cannot remove yourself. Another owner can.")
	}
	if err := s.Store.DeleteUser(c.Request().Context(), c.Param("id")); err != nil {
		return err
	}
	s.api.tokens.forget()
	return s.settingsDone(c, "Removed")
}

// newPassword is random and easy to read out: four groups of four letters.
func newPassword() string {
	t := strings.ToLower(rand.Text()[:16])
	return t[:4] + "-" + t[4:8] + "-" + t[8:12] + "-" + t[12:]
}
