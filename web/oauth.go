package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"flowdeck/cards/schema"
	"flowdeck/connectors"
	"flowdeck/views"
)

// authorizeConnection begins a sign-in to a connection that exists.
func (s *Server) authorizeConnection(c echo.Context) error {
	return s.beginSignIn(c, c.Param("id"), forStep(c.FormValue("flow"), c.FormValue("step")))
}

// beginSignIn makes an attempt and waits for it; without a script the browser
// itself goes to the service.
func (s *Server) beginSignIn(c echo.Context, id, purpose string) error {
	a, err := s.Clients.Begin(c.Request().Context(), id, s.redirectURL(c.Request()), s.user(c).ID, purpose)
	if err != nil {
		return err
	}
	if !isHTMX(c) {
		return c.Redirect(http.StatusSeeOther, "/oauth/start/"+a.ID)
	}
	trigger(c, connectionChanged, struct{}{})
	return s.signInState(c, a)
}

// showSignIn says how a sign-in stands; when the page knows it already, nothing.
func (s *Server) showSignIn(c echo.Context) error {
	a, err := s.Store.Attempt(c.Request().Context(), c.Param("attempt"))
	if err != nil {
		return err
	}
	if isHTMX(c) {
		if !a.Expired(s.Now()) && c.QueryParam("seen") == string(a.Status) {
			return c.NoContent(http.StatusNoContent)
		}
		trigger(c, connectionChanged, struct{}{})
	}
	return s.signInState(c, a)
}

// signInState shows an attempt in whatever state it is.
func (s *Server) signInState(c echo.Context, a connectors.Attempt) error {
	row, err := s.Store.Connection(c.Request().Context(), a.ConnectionID)
	if err != nil {
		return err
	}
	m := views.ConnectionsModel{Shell: s.shell(c, "Sign in", "connections")}
	switch a.Status {
	case connectors.AttemptDone:
		done, err := s.signInDone(c, a, row)
		if err != nil {
			return err
		}
		if done.Dialog {
			return render(c, http.StatusOK, views.SignInDone(done))
		}
		m.Done = &done
	case connectors.AttemptFailed:
		return s.signInFailed(c, a, row)
	default:
		wait := s.signInWait(c, a, row)
		if wait.Dialog {
			return render(c, http.StatusOK, views.SignInWait(wait))
		}
		m.Wait = &wait
	}
	return render(c, http.StatusOK, views.ConnectionsPage(m))
}

func (s *Server) signInWait(c echo.Context, a connectors.Attempt, row connectors.Connection) views.SignInWaitModel {
	at, _ := row.Settings["authorize_url"].(string)
	scopes, _ := row.Settings["scopes"].(string)
	base := s.baseURL(c.Request())
	left := max(a.Expires.Sub(s.Now()), 0).Round(time.Second)
	return views.SignInWaitModel{Attempt: a.ID, Connection: row.ID, New: s.isNew(row), Dialog: isHTMX(c), Host: connectors.HostOf(at),
		Scopes: strings.FieldsFunc(scopes, func(r rune) bool { return r == ' ' || r == ',' }), Link: base + "/oauth/start/" + a.ID,
		Site: strings.TrimPrefix(strings.TrimPrefix(base, "https://"), "http://"), Expires: a.Expires.Unix(),
		Left: fmt.Sprintf("%d:%02d", int(left.Minutes()), int(left.Seconds())%60), Checking: a.Status == connectors.AttemptExchanging,
		Expired: a.Expired(s.Now()), Gone: map[bool]string{true: "It was cancelled. The connection was kept; connect again when you like."}[a.Status == connectors.AttemptCancelled]}
}

// isNew reports whether a connection was made just now, so that this belongs to making it.
func (s *Server) isNew(row connectors.Connection) bool { return s.Now().Sub(row.Created) < time.Hour }

func (s *Server) signInFailed(c echo.Context, a connectors.Attempt, row connectors.Connection) error {
	d := s.asStored(row)
	d.flow, d.step, _ = strings.Cut(a.For, "/")
	advice := adviceFor(a.Code)
	for _, field := range advice.fields {
		d.problems = append(d.problems, schema.Problem{Field: field, Message: "may be what the service turned down: check it"})
	}
	return s.connectionForm(c, http.StatusOK, d, func(m *views.ConnectionFormModel) {
		if s.isNew(row) {
			m.Title = "New connection"
		}
		m.Text, m.Submit, m.RedirectProblem = "Sign-in did not finish", "Connect again", advice.redirect
		m.Note = &views.NoteModel{Kind: "err", Alert: true, Title: fullStop(a.Detail), Text: advice.text + " Nothing you typed was lost."}
	})
}

func fullStop(text string) string {
	if text == "" || strings.HasSuffix(text, ".") || strings.HasSuffix(text, "!") {
		return text
	}
	return text + "."
}

// startSignIn sends a browser to the service.
func (s *Server) startSignIn(c echo.Context) error {
	to, err := s.Clients.Open(c.Request().Context(), c.Param("attempt"), s.user(c).ID)
	if page, ok := s.deadLink(err, c.Param("attempt"), url.Values{}); ok {
		return render(c, http.StatusGone, views.Callback(page))
	}
	if err != nil {
		return err
	}
	inSignInWindow(c)
	c.Response().Header().Set("Cache-Control", "no-store")
	return c.Redirect(http.StatusFound, to)
}

// inSignInWindow sets the headers of what is shown in the window that goes to the
// service and comes back. The opener must keep its hold of it, to close it, and the
// address, which holds the code, must not travel on.
func inSignInWindow(c echo.Context) {
	h := c.Response().Header()
	h.Set("Cross-Origin-Opener-Policy", "unsafe-none")
	h.Set("Referrer-Policy", "no-referrer")
}

// signInAnswered is where services send people back to.
func (s *Server) signInAnswered(c echo.Context) error {
	inSignInWindow(c)
	a, err := s.Clients.Answered(c.Request().Context(), c.QueryParams(), s.user(c).ID)
	if page, ok := s.deadLink(err, a.ID, c.QueryParams()); ok {
		return render(c, http.StatusBadRequest, views.Callback(page))
	}
	if err != nil {
		return err
	}
	page := views.CallbackModel{Attempt: a.ID, OK: true, Title: "Signed in", Text: "You can close this window.", Href: "/oauth/attempts/" + a.ID, Label: "Continue in Flowdeck"}
	if a.Status == connectors.AttemptFailed {
		page.OK, page.Title, page.Text, page.Label = false, "Sign-in did not finish", fullStop(a.Detail), "Back to the connection"
		page.Advice = adviceFor(a.Code).text
	}
	return render(c, http.StatusOK, views.Callback(page))
}

func (s *Server) cancelSignIn(c echo.Context) error {
	a, err := s.endSignIn(c)
	if err != nil {
		return err
	}
	trigger(c, "fd:close", struct{}{})
	return s.connectionActed(c, a.ConnectionID, map[string]string{"text": "Sign-in cancelled. The connection is kept."})
}

// backFromSignIn ends the sign-in and shows the form again.
func (s *Server) backFromSignIn(c echo.Context) error {
	a, err := s.endSignIn(c)
	if err != nil {
		return err
	}
	row, err := s.Store.Connection(c.Request().Context(), a.ConnectionID)
	if err != nil {
		return err
	}
	d := s.asStored(row)
	d.flow, d.step, _ = strings.Cut(a.For, "/")
	trigger(c, connectionChanged, struct{}{})
	return s.connectionForm(c, http.StatusOK, d, func(*views.ConnectionFormModel) {})
}

func (s *Server) endSignIn(c echo.Context) (connectors.Attempt, error) {
	if err := s.Clients.Cancel(c.Request().Context(), c.Param("attempt")); err != nil {
		return connectors.Attempt{}, err
	}
	return s.Store.Attempt(c.Request().Context(), c.Param("attempt"))
}

// useSignedIn gives the connection to the card that it was made for.
func (s *Server) useSignedIn(c echo.Context) error {
	a, err := s.Store.Attempt(c.Request().Context(), c.Param("attempt"))
	if err != nil {
		return err
	}
	_, step, _ := strings.Cut(a.For, "/")
	trigger(c, "fd:close", struct{}{})
	trigger(c, "fd:connect", map[string]string{"step": step, "connection": a.ConnectionID})
	return c.NoContent(http.StatusNoContent)
}
