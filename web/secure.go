package web

import (
	"errors"
	"flowdeck/cards/table"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
)

// policy lets pages load what this server serves and nothing else. Scripts and
// styles come from files only, so injected markup can neither run nor hide anything.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
	"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// secure sets the headers that keep browsers careful.
func (s *Server) secure(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		h := c.Response().Header()
		h.Set("X-Content-Type-Options", "nosniff")
		if s.behindTLS(c.Request()) {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		if isAPI(c.Request()) {
			return next(c)
		}
		h.Set("Content-Security-Policy", policy)
		h.Set("Referrer-Policy", "same-origin")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=()")
		// allow-popups, because signing in to a service happens in one
		h.Set("Cross-Origin-Opener-Policy", "same-origin-allow-popups")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		return next(c)
	}
}

// sameOrigin refuses writes that another site's page makes with our visitor's
// cookie. Endpoints carry no cookie: anybody's page may call them.
func (s *Server) sameOrigin(next echo.HandlerFunc) echo.HandlerFunc {
	check := http.NewCrossOriginProtection()
	if s.Config.PublicURL != "" {
		if err := check.AddTrustedOrigin(s.Config.PublicURL); err != nil {
			s.Log.Warn("the public address is not an origin", "public_url", s.Config.PublicURL, "err", err)
		}
	}
	return func(c echo.Context) error {
		if !isAPI(c.Request()) && check.Check(c.Request()) != nil {
			return echo.NewHTTPError(http.StatusForbidden, "This request came from another site, so it was not carried out. Open Flowdeck itself and try again.")
		}
		return next(c)
	}
}

// Limits of what a request may send, in bytes.
const (
	maxForm   = 2 << 20
	maxImport = 16 << 20
)

// bound stops reading bodies that are too long. Endpoints have a limit of their own, per flow.
func (s *Server) bound(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.Request()
		if r.Body != nil && !isAPI(r) {
			limit := int64(maxForm)
			files := strings.HasPrefix(r.URL.Path, "/callback/") // programs may send what they like
			if r.URL.Path == "/flows/import" || strings.HasSuffix(r.URL.Path, "/edit") {
				limit, files = maxImport, true
			}
			if strings.HasPrefix(r.URL.Path, "/tables/") && strings.HasSuffix(r.URL.Path, "/import") {
				limit, files = table.MaxSheet+maxForm, true
			}
			if !files && isMultipart(r) {
				return errMultipart
			}
			r.Body = boundedBody{http.MaxBytesReader(c.Response(), r.Body, limit), r.Body}
			if err := readFormSoon(c); err != nil {
				return err
			}
		}
		return next(c)
	}
}

// errMultipart refuses a form with files where no page sends one. Whoever asks for its
// fields would read it without a deadline, and take fields that were cut off for blank ones.
var errMultipart = echo.NewHTTPError(http.StatusUnsupportedMediaType, "Send the form as application/x-www-form-urlencoded.")

func isMultipart(r *http.Request) bool {
	return strings.HasPrefix(strings.ToLower(strings.TrimSpace(r.Header.Get(echo.HeaderContentType))), "multipart/")
}

// readFormSoon is readForm with a deadline: a browser that sends nothing holds no
// connection for long.
func readFormSoon(c echo.Context) error {
	rc := http.NewResponseController(c.Response())
	if c.Request().ContentLength != 0 && rc.SetReadDeadline(time.Now().Add(bodyTime)) == nil {
		defer func() { _ = rc.SetReadDeadline(time.Time{}) }()
	}
	return readForm(c.Request())
}

// readForm reads a posted form, because those who ask for its fields later are
// not told when it was cut short.
func readForm(r *http.Request) error {
	if !strings.HasPrefix(r.Header.Get(echo.HeaderContentType), echo.MIMEApplicationForm) {
		return nil
	}
	err := r.ParseForm()
	var tooLong *http.MaxBytesError
	if err == nil || errors.As(err, &tooLong) {
		return err
	}
	return echo.NewHTTPError(http.StatusBadRequest, "The form that was sent cannot be read.")
}

func isAPI(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, "/api/") }
