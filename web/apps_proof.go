package web

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"flowdeck/cards/schema"
	"flowdeck/oauth"
	"flowdeck/views"
)

// overlaps are how long an old secret or token may go on working beside its successor.
var overlaps = []views.OptionModel{{Value: "24h", Label: "for a day"}, {Value: "168h", Label: "for a week"}, {Value: "1h", Label: "for an hour"}, {Value: "0s", Label: "not at all"}}

// overlap reads one of them; anything else is the first.
func overlap(text string) time.Duration {
	if !slices.ContainsFunc(overlaps, func(o views.OptionModel) bool { return o.Value == text }) {
		text = overlaps[0].Value
	}
	d, _ := time.ParseDuration(text) // one of ours
	return d
}

func (s *Server) newKey(c echo.Context) error {
	return s.renderKeyForm(c, http.StatusOK, views.KeyFormModel{App: c.Param("id")})
}

func (s *Server) renderKeyForm(c echo.Context, status int, m views.KeyFormModel) error {
	if isHTMX(c) {
		return render(c, status, views.KeyDialog(m))
	}
	return render(c, status, views.KeyPage(s.shell(c, "Add a public key", "settings"), m))
}

// generateKey is the dialog in which the browser makes a key pair.
func (s *Server) generateKey(c echo.Context) error {
	a, err := s.Store.App(c.Request().Context(), c.Param("id"))
	if err != nil {
		return err
	}
	return render(c, http.StatusOK, views.GenerateDialog(views.GenerateModel{App: a.ID, Issuer: s.baseURL(c.Request())}))
}

// addKey stores a public key: one that was pasted, or whose private part the browser keeps.
func (s *Server) addKey(c echo.Context) error {
	text, ofBrowser := c.FormValue("key"), c.FormValue("generated") == "true"
	key, err := oauth.ReadKey(text)
	var wrong string
	if err != nil {
		wrong = err.Error()
	} else {
		key.Created, key.By = s.Now(), s.user(c).Name
		err = s.changeApp(c, func(a *oauth.App) error {
			switch {
			case len(a.Keys) >= oauth.MostKeys:
				wrong = "cannot be added: an app has at most " + strconv.Itoa(oauth.MostKeys) + " keys. Delete one first"
			case slices.ContainsFunc(a.Keys, func(k oauth.Key) bool { return k.ID == key.ID }):
				wrong = "has the id " + key.ID + ", which another key of this app has"
			default:
				wrong = ""
				a.Keys = append(a.Keys, key)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	switch {
	case wrong != "" && ofBrowser:
		return echo.NewHTTPError(http.StatusUnprocessableEntity, "The key "+wrong+".")
	case wrong != "":
		return s.renderKeyForm(c, http.StatusUnprocessableEntity, views.KeyFormModel{App: c.Param("id"), Text: publicOnly(text), Problem: wrong})
	case ofBrowser:
		return c.NoContent(http.StatusNoContent)
	}
	return goTo(c, "/apps/"+c.Param("id"))
}

// publicOnly is what is drawn again of a key that was refused: a private one is not.
func publicOnly(text string) string {
	if strings.Contains(text, "PRIVATE") || strings.Contains(text, `"d"`) {
		return ""
	}
	return text
}

// changeKey activates, deactivates or deletes a key.
func (s *Server) changeKey(c echo.Context) error {
	kid, do := c.FormValue("kid"), c.FormValue("do")
	err := s.changeApp(c, func(a *oauth.App) error {
		if do == "delete" {
			a.Keys = slices.DeleteFunc(a.Keys, func(k oauth.Key) bool { return k.ID == kid })
			return nil
		}
		for i := range a.Keys {
			if a.Keys[i].ID == kid {
				a.Keys[i].Active = do == "activate"
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return s.appAgain(c, http.StatusOK, appNotes{})
}

// setJWKSURL says where the app publishes its keys; "" is nowhere.
func (s *Server) setJWKSURL(c echo.Context) error {
	at := strings.TrimSpace(c.FormValue("jwks_url"))
	if wrong := wrongAddress(at); at != "" && wrong != "" {
		return s.appAgain(c, http.StatusUnprocessableEntity, appNotes{problems: schema.Problems{{Field: "jwks_url", Message: wrong}}, jwksURL: at})
	}
	if err := s.changeApp(c, func(a *oauth.App) error { a.JWKSURL = at; return nil }); err != nil {
		return err
	}
	s.authority.remotes.Forget(at)
	return s.appAgain(c, http.StatusOK, appNotes{})
}

func wrongAddress(at string) string {
	u, err := url.Parse(at)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http":
		return "must be a whole address, https:// first"
	case u.User != nil || u.Fragment != "":
		return "must be an address without a user name and a # part"
	}
	return ""
}

// addSecret makes a secret, shows it this once, and lets those before work a while.
func (s *Server) addSecret(c echo.Context) error {
	now, by, stay := s.Now(), s.user(c).Name, overlap(c.FormValue("overlap"))
	secret := "fds_" + rand.Text() + rand.Text()
	sum := sha256.Sum256([]byte(secret))
	err := s.changeApp(c, func(a *oauth.App) error {
		ends, kept := now.Add(stay), []oauth.Secret{{Hash: hex.EncodeToString(sum[:]), Hint: "…" + secret[len(secret)-4:], Created: now, By: by}}
		for _, x := range a.Secrets {
			if x.Expires.IsZero() || x.Expires.After(ends) {
				x.Expires = ends
			}
			// tokens that were got with one which was replaced in time go on while it is listed
			if !x.Ended(now.Add(-oauth.TokenLife)) {
				kept = append(kept, x)
			}
		}
		for len(kept) > oauth.MostSecrets {
			i := len(kept) - 1
			for i > 0 && !kept[i].Ended(now) {
				i--
			}
			if i == 0 {
				return echo.NewHTTPError(http.StatusUnprocessableEntity, fmt.Sprintf("%d secrets of this app still work. End one of them, then make another one.", len(kept)-1))
			}
			kept = slices.Delete(kept, i, i+1)
		}
		a.Secrets = kept
		return nil
	})
	if err != nil {
		return err
	}
	return s.appAgain(c, http.StatusOK, appNotes{secret: secret})
}

// endSecret ends a secret, and the tokens that were got with it.
func (s *Server) endSecret(c echo.Context) error {
	hash := c.FormValue("secret")
	err := s.changeApp(c, func(a *oauth.App) error {
		a.Secrets = slices.DeleteFunc(a.Secrets, func(x oauth.Secret) bool { return x.Hash == hash })
		return nil
	})
	if err != nil {
		return err
	}
	return s.appAgain(c, http.StatusOK, appNotes{})
}

func (s *Server) grantScope(c echo.Context) error {
	asked := strings.Fields(c.FormValue("scope"))
	var wrong string
	if len(asked) == 0 {
		wrong = "is required"
	}
	for _, x := range asked {
		if !oauth.IsScope(x) {
			wrong = "must be words without quotes and backslashes, up to 100 letters each"
		}
	}
	if wrong == "" {
		err := s.changeApp(c, func(a *oauth.App) error {
			for _, x := range asked {
				if !slices.Contains(a.Scopes, x) {
					a.Scopes = append(a.Scopes, x)
				}
			}
			if wrong = ""; len(a.Scopes) > oauth.MostScopes {
				wrong = "are too many: an app has at most " + strconv.Itoa(oauth.MostScopes) + " scopes"
				a.Scopes = a.Scopes[:oauth.MostScopes]
			}
			slices.Sort(a.Scopes)
			return nil
		})
		if err != nil {
			return err
		}
	}
	if wrong != "" {
		return s.appAgain(c, http.StatusUnprocessableEntity, appNotes{problems: schema.Problems{{Field: "scope", Message: wrong}}, scope: c.FormValue("scope")})
	}
	return s.appAgain(c, http.StatusOK, appNotes{})
}

// takeScope takes a scope back. Tokens that have it open nothing with it from now on.
func (s *Server) takeScope(c echo.Context) error {
	scope := c.FormValue("scope")
	err := s.changeApp(c, func(a *oauth.App) error {
		a.Scopes = slices.DeleteFunc(a.Scopes, func(x string) bool { return x == scope })
		return nil
	})
	if err != nil {
		return err
	}
	return s.appAgain(c, http.StatusOK, appNotes{})
}

func (s *Server) revokeAppToken(c echo.Context) error {
	if err := s.Store.RevokeToken(c.Request().Context(), c.FormValue("token"), c.Param("id"), s.Now().Add(oauth.TokenLife)); err != nil {
		return err
	}
	return s.appAgain(c, http.StatusOK, appNotes{})
}
