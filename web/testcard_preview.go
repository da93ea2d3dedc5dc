package web

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"flowdeck/cards"
	"flowdeck/cards/schema"
	"flowdeck/cards/trace"
	"flowdeck/flows"
	"flowdeck/flows/store"
	"flowdeck/views"
)

// look is a request that would be sent, and a sum that changes when it does.
type look struct {
	exchange trace.Exchange
	log      []trace.Line
	sum      string
	key      string
}

var testKey = regexp.MustCompile(`^t_[0-9a-f-]{36}$`)

// keyOf is the key of a test: that of the request that was shown, so that the
// Idempotency-Key is the same, or a new one.
func keyOf(posted string) string {
	if testKey.MatchString(posted) {
		return posted
	}
	return store.NewID("t_")
}

// look runs the card up to the point where it sends its request. Nil: it sends none.
func (s *Server) look(c echo.Context, x drawn, in schema.Values, key string) (*look, error) {
	record := &trace.Trace{}
	ctx, cancel := context.WithTimeout(c.Request().Context(), testTimeout)
	defer cancel()
	env := cards.Env{HTTP: s.Clients.Preview(ctx, x.step.Connection, record), Now: s.Now, Key: key}
	_, err := s.call(ctx, x.card, env, in)
	if len(record.Exchanges) == 0 {
		return nil, err
	}
	l := &look{exchange: record.Exchanges[0], log: record.Log, key: key}
	sum := sha256.New()
	write := func(words ...string) {
		for _, w := range words {
			_, _ = sum.Write([]byte(strconv.Itoa(len(w)) + ":" + w))
		}
	}
	write(x.step.Connection, l.exchange.Method, l.exchange.URL, l.exchange.BodySum)
	for _, h := range l.exchange.RequestHeaders {
		write(h[0], h[1])
	}
	l.sum = hex.EncodeToString(sum.Sum(nil))
	return l, nil
}

// showPreview answers with the request that would be sent, and the ways on.
func (s *Server) showPreview(c echo.Context, d *drawing, x drawn, m views.TestModel, l *look) error {
	e, account := l.exchange, d.conns[x.step.Connection].Name
	p := &views.TestPreview{Sum: l.sum, Key: l.key, Method: e.Method, URL: e.URL, Host: hostOf(e.URL), Body: e.RequestBody, Size: byteWords(e.RequestSize),
		Headers: headerRows(e.RequestHeaders), Changed: c.FormValue("send") != ""}
	p.Curl, p.CurlHint = commandOf(e, account)
	for i, h := range p.Headers {
		if slices.Contains(e.Signed, h.Key) && account != "" {
			p.Headers[i].Tag = "from " + account
		}
	}
	if u, err := url.Parse(e.URL); err == nil {
		for _, name := range e.Signed {
			if u.Query().Has(name) {
				p.Notes = append(p.Notes, "The query key “"+name+"” is from "+account+".")
			}
		}
	}
	for _, l := range l.log {
		p.Notes = append(p.Notes, upperFirst(l.Text)+".")
	}
	if e.RequestSize > 64<<10 {
		p.Notes = append(p.Notes, "Only the first 64 KiB of the body are shown; all of it is sent.")
	}
	a, err := s.Store.LastAnswer(c.Request().Context(), d.flow.ID, x.step.ID, pathOf(d.flow.Draft.Chain, x.step.ID))
	switch {
	case errors.Is(err, flows.ErrNotFound):
		p.Recording = "There is no recording: this card has not had a good answer yet, in a test or in a run."
	case err != nil:
		return err
	default:
		p.Recorded = true
		p.Recording = "The last good answer was recorded " + s.recordedWords(a)
	}
	m.Preview = p
	trigger(c, "fd:focus", map[string]string{"to": "#test-preview-h"})
	return render(c, http.StatusOK, views.TestDrawer(m))
}

// recordedWords say when and where an answer was recorded.
func (s *Server) recordedWords(a store.Answer) string {
	when := ago(s.Now().Sub(a.At))
	if a.RunID != "" {
		return when + " in run …" + a.RunID[max(0, len(a.RunID)-6):] + "."
	}
	return when + " in a test by " + a.By + "."
}

// recordingWords mark a result that is a recording.
func (s *Server) recordingWords(t store.CardTest) string {
	if t.Recorded.IsZero() {
		return ""
	}
	where := "in a test"
	if t.Recording != "" {
		where = "in run …" + t.Recording[max(0, len(t.Recording)-6):]
	}
	return "From a recording made " + ago(s.Now().Sub(t.Recorded)) + " " + where + ". Nothing was sent."
}

// clockOf is a time of day, with the date when it was not today.
func (s *Server) clockOf(t time.Time) string {
	now := s.Now()
	t = t.In(now.Location())
	if t.Format(time.DateOnly) == now.Format(time.DateOnly) {
		return t.Format("15:04:05")
	}
	return t.Format("2 Jan 15:04:05")
}

// commandOf is an exchange as a command, and what to do before running it.
func commandOf(e trace.Exchange, account string) (text, hint string) {
	w := writeCurl(e, account)
	var words []string
	if len(w.Variables) > 0 {
		words = append(words, "Set "+strings.Join(w.Variables, ", ")+" before running it: secrets are not copied.")
	}
	return w.Text, strings.Join(append(words, w.Notes...), " ")
}
