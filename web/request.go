package web

import (
	"crypto/rand"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"runtime/debug"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
)

const requestIDKey = "request"

// requestID names the request in logs and in the answer's X-Request-Id.
func requestID(c echo.Context) string { id, _ := c.Get(requestIDKey).(string); return id }

func (s *Server) identify(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		id := rand.Text()[:16]
		c.Set(requestIDKey, id)
		c.Response().Header().Set(echo.HeaderXRequestID, id)
		return next(c)
	}
}

// logRequest writes one line per request, without query, headers or body: they
// may hold secrets. Calls of endpoints have their runs, so they are logged at debug.
func (s *Server) logRequest(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r, start := c.Request(), time.Now()
		level := slog.LevelInfo
		if isQuiet(r.URL.Path) {
			level = slog.LevelDebug
		}
		err := next(c)
		if err != nil {
			c.Error(err) // so that the status below is the one that was sent
		}
		if s.Log.Enabled(r.Context(), level) {
			s.Log.LogAttrs(r.Context(), level, "request", slog.String("method", r.Method), slog.String("path", loggedPath(c)),
				slog.Int("status", c.Response().Status), slog.Int64("bytes", c.Response().Size),
				slog.Duration("took", time.Since(start).Round(time.Microsecond)),
				slog.String("from", c.RealIP()), slog.String("request", requestID(c)))
		}
		return nil
	}
}

func isQuiet(path string) bool {
	return strings.HasPrefix(path, "/api/") || strings.HasPrefix(path, "/static/") || path == "/healthz" || path == "/readyz"
}

// loggedPath is the path, or the route's pattern where the path itself opens something.
func loggedPath(c echo.Context) string {
	path := c.Request().URL.Path
	if strings.HasPrefix(path, "/setup/") || strings.HasPrefix(path, "/oauth/") || strings.HasPrefix(path, "/callback/") {
		return c.Path()
	}
	return path
}

// recover turns a panic into an error with its stack, so that one bad request harms no other.
func (s *Server) recover(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) (err error) {
		defer func() {
			switch p := recover(); p {
			case nil:
			case http.ErrAbortHandler:
				panic(p)
			default:
				err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
			}
		}()
		return next(c)
	}
}

// addressOf is the caller's address: the connection's, or what trusted proxies say.
func (s *Server) addressOf(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	hops := strings.Split(strings.Join(r.Header.Values(echo.HeaderXForwardedFor), ","), ",")
	for i := len(hops) - 1; i >= 0 && s.trusted(host); i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		host = hop.String()
	}
	return host
}

func (s *Server) trusted(host string) bool {
	if len(s.Config.TrustedProxies) == 0 {
		return false
	}
	addr, err := netip.ParseAddr(host)
	if err != nil {
		return false
	}
	for _, p := range s.Config.TrustedProxies {
		if p.Contains(addr.Unmap()) {
			return true
		}
	}
	return false
}

// behindTLS reports whether the browser reached us over HTTPS.
func (s *Server) behindTLS(r *http.Request) bool {
	if r.TLS != nil || strings.HasPrefix(s.Config.PublicURL, "https://") {
		return true
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	return err == nil && r.Header.Get(echo.HeaderXForwardedProto) == "https" && s.trusted(host)
}

// baseURL is the address of the server as the browser knows it, without a slash at the end.
func (s *Server) baseURL(r *http.Request) string {
	switch {
	case s.Config.PublicURL != "":
		return s.Config.PublicURL
	case s.behindTLS(r):
		return "https://" + r.Host
	}
	return "http://" + r.Host
}
