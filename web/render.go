package web

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"
)

// compressFrom is the size, in bytes, from which a page is worth compressing.
const compressFrom = 1400

var (
	buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}
	zippers = sync.Pool{New: func() any { z, _ := gzip.NewWriterLevel(nil, gzip.BestSpeed); return z }}
)

// render writes a page or a part of one. It is rendered whole before the first
// byte is sent, so a failure can still become an error page.
func render(c echo.Context, status int, page templ.Component) error {
	plain := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(plain)
	plain.Reset()
	if err := page.Render(c.Request().Context(), plain); err != nil {
		return fmt.Errorf("render %s: %w", c.Path(), err)
	}
	h := c.Response().Header()
	h.Set(echo.HeaderContentType, echo.MIMETextHTMLCharsetUTF8)
	h.Set(echo.HeaderCacheControl, "no-store") // pages show data; the back button must ask again
	h.Add(echo.HeaderVary, "Accept-Encoding, HX-Request")
	if plain.Len() < compressFrom || !strings.Contains(c.Request().Header.Get(echo.HeaderAcceptEncoding), "gzip") {
		return send(c, status, plain.Bytes())
	}
	packed := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(packed)
	packed.Reset()
	z := zippers.Get().(*gzip.Writer)
	defer zippers.Put(z)
	z.Reset(packed)
	_, _ = z.Write(plain.Bytes()) // a bytes.Buffer does not fail
	_ = z.Close()
	h.Set(echo.HeaderContentEncoding, "gzip")
	return send(c, status, packed.Bytes())
}

func send(c echo.Context, status int, body []byte) error {
	c.Response().Header().Set(echo.HeaderContentLength, strconv.Itoa(len(body)))
	c.Response().WriteHeader(status)
	if c.Request().Method == http.MethodHead {
		return nil
	}
	_, _ = c.Response().Write(body) // a reader that went away is nobody's problem
	return nil
}

// isHTMX reports whether the request wants a part of a page and not the page.
// Going back and forth in history wants the page.
func isHTMX(c echo.Context) bool {
	h := c.Request().Header
	return h.Get("HX-Request") == "true" && h.Get("HX-History-Restore-Request") != "true"
}

// goTo sends the browser to a page of ours, whether a form or htmx asked.
func goTo(c echo.Context, path string) error {
	if isHTMX(c) {
		c.Response().Header().Set("HX-Redirect", path)
		return c.NoContent(http.StatusOK)
	}
	return c.Redirect(http.StatusSeeOther, path)
}

// settled answers a dialog that changes little of its page: it closes, so that the focus is
// where it was, and says what holds now.
func settled(c echo.Context, path, text string, changed templ.Component) error {
	if !isHTMX(c) {
		return c.Redirect(http.StatusSeeOther, path)
	}
	trigger(c, "fd:close", struct{}{})
	trigger(c, "fd:toast", map[string]string{"text": text})
	return render(c, http.StatusOK, changed)
}
