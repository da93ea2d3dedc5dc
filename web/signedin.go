package web

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"flowdeck/flows/store"
	"flowdeck/views"
)

// signedIn lets people in who are signed in. Others are sent to sign in and then
// back; a page that is already open is told to ask for the password in place.
func (s *Server) signedIn(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		session, err := s.session(c)
		if err != nil {
			return err
		}
		if user, ok := session.Values[sessionUser].(*store.User); ok {
			c.Set(userKey, user)
			c.Response().Header().Set(echo.HeaderCacheControl, "no-store") // all of it is somebody's data
			return next(c)
		}
		return s.askToSignIn(c)
	}
}

func (s *Server) askToSignIn(c echo.Context) error {
	r := c.Request()
	stream := strings.Contains(r.Header.Get(echo.HeaderAccept), "text/event-stream")
	if isHTMX(c) || stream {
		return c.NoContent(http.StatusUnauthorized)
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return render(c, http.StatusUnauthorized, views.ErrorPage(views.ErrorModel{Status: http.StatusUnauthorized,
			Title: "Sign in first", Text: "Your session has ended, so this was not carried out. Sign in and do it again.", Href: "/login", Action: "Sign in"}))
	}
	to := "/login"
	if back := r.URL.RequestURI(); back != "/" {
		to += "?" + url.Values{"return": {back}}.Encode()
	}
	return c.Redirect(http.StatusSeeOther, to)
}

// localPath returns path when it is a page of ours, else "/".
func localPath(path string) string {
	u, err := url.Parse(path)
	if err != nil || u.IsAbs() || u.Host != "" || u.User != nil || !strings.HasPrefix(path, "/") ||
		strings.HasPrefix(path, "//") || strings.ContainsAny(path, "\\\t\r\n") || strings.HasPrefix(u.Path, "/login") {
		return "/"
	}
	return path
}
