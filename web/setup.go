package web

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/subtle"
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

// OpenSetup makes the one-time address where the owner's account is made and
// returns its path, or "" when there is an account already. Only a hash of it is
// stored; every start makes a new one, unless the configuration says it.
func (s *Server) OpenSetup(ctx context.Context) (string, error) {
	users, err := s.Store.Users(ctx)
	if err != nil {
		return "", fmt.Errorf("open setup: %w", err)
	}
	if len(users) > 0 {
		return "", nil
	}
	token := cmp.Or(s.Config.SetupToken, rand.Text())
	if err := s.Store.SetSetupToken(ctx, hashToken(token)); err != nil {
		return "", fmt.Errorf("open setup: %w", err)
	}
	return "/setup/" + token, nil
}

func (s *Server) setupRoutes(open *echo.Group) {
	open.GET("/setup/:token", s.showSetup)
	open.POST("/setup/:token", s.createOwner)
}

// setupHash returns the hash of the address that was asked for, when it is the open one.
func (s *Server) setupHash(c echo.Context) (string, error) {
	want, err := s.Store.SetupToken(c.Request().Context())
	if err != nil {
		return "", err
	}
	hash := hashToken(c.Param("token"))
	if subtle.ConstantTimeCompare([]byte(hash), []byte(want)) != 1 {
		return "", flows.ErrNotFound
	}
	return hash, nil
}

func (s *Server) showSetup(c echo.Context) error {
	if _, err := s.setupHash(c); err != nil {
		return err
	}
	return render(c, http.StatusOK, views.SetupPage(views.SetupModel{Action: c.Request().URL.Path}))
}

// createOwner makes the first account and signs it in. The store makes sure that
// of two who hold the address one becomes owner.
func (s *Server) createOwner(c echo.Context) error {
	hash, err := s.setupHash(c)
	if err != nil {
		return err
	}
	m := views.SetupModel{Action: c.Request().URL.Path, Name: strings.TrimSpace(c.FormValue("name")), Email: strings.TrimSpace(c.FormValue("email"))}
	password := c.FormValue("password")
	problems := CheckAccount(m.Name, m.Email, password)
	if c.FormValue("again") != password {
		problems = append(problems, schema.Problem{Field: "again", Message: "The two passwords differ."})
	}
	if len(problems) > 0 {
		m.Problems = byField(problems)
		return render(c, http.StatusUnprocessableEntity, views.SetupPage(m))
	}
	user, err := s.Store.CreateOwner(c.Request().Context(),
		store.User{Name: m.Name, Email: strings.ToLower(m.Email), Password: s.hasher.hash(password)}, hash)
	if errors.Is(err, flows.ErrConflict) {
		return flows.ErrNotFound // somebody else was faster, and the address is gone
	}
	if err != nil {
		return err
	}
	if err := s.startSession(c, &user); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/flows")
}

// byField gives each field its first problem.
func byField(p schema.Problems) map[string]string {
	m := make(map[string]string, len(p))
	for _, x := range p {
		if _, ok := m[x.Field]; !ok {
			m[x.Field] = x.Message
		}
	}
	return m
}
