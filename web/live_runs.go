package web

import (
	"context"
	"hash/crc32"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"flowdeck/flows"
	"flowdeck/views"
)

const (
	listLook = time.Second      // at a list with runs that go on
	listRest = 10 * time.Second // at one that nothing seems to happen to
)

// streamOf is the address of a page's live updates, and the id of the element
// that listens: another id makes the browser listen anew.
func (s *Server) streamOf(h history, m views.RunsPage, run *flows.Run, at flows.Path) (address, id string) {
	id = "stream-"
	runID := ""
	if run != nil {
		runID = run.ID
	}
	over := run == nil || run.Status.Done()
	if h.before != "" || h.query != "" && over {
		return "", "" // old runs do not change; looking for text again and again is too much to ask
	}
	open := ""
	if !over {
		open = "1" // it may be over before the browser listens
	}
	address = h.at(h.list()+"/stream", "run", runID, "open", open, "at", string(at), "try", h.try, "to", m.List.Oldest)
	return address, id + strconv.FormatUint(uint64(crc32.ChecksumIEEE([]byte(address))), 36)
}

// streamRuns keeps a page of the history up to date: its list, its run and its card.
func (s *Server) streamRuns(c echo.Context) error {
	h := historyOf(c)
	p := &livePage{s: s, h: h, runID: c.QueryParam("run"), at: flows.Path(c.QueryParam("at")), to: c.QueryParam("to")}
	if p.runID != "" {
		row, err := s.runRowOf(c.Request().Context(), p.runID)
		if err != nil {
			return err
		}
		p.runOpen, p.flowID = !row.Status.Done() || c.QueryParam("open") != "", row.FlowID
	}
	return s.stream(c, func(ctx context.Context, st *stream) error { p.st = st; return p.serve(ctx) })
}

// livePage is a page that is being kept up to date.
type livePage struct {
	s       *Server
	st      *stream
	h       history
	runID   string
	flowID  string // of the run
	at      flows.Path
	to      string // the oldest run on the first page
	runOpen bool

	begun             int64 // runs begun when the list was last read
	listed            time.Time
	listOpen          bool
	list, pane, shown string // as last sent
}

func (p *livePage) serve(ctx context.Context) error {
	var changes <-chan struct{}
	if p.runOpen {
		changes = p.s.Engine.Watch(ctx, p.runID)
	}
	tick, ping := time.NewTicker(listLook), time.NewTicker(streamPing)
	defer tick.Stop()
	defer ping.Stop()
	for {
		if err := p.update(ctx); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-ping.C:
			if p.st.ping() != nil {
				return nil
			}
		case <-tick.C:
		case <-changes:
			select { // a run that changes all the time is not drawn all the time
			case <-ctx.Done():
				return nil
			case <-time.After(liveGap):
			}
		}
		if !p.runOpen {
			changes = nil
		}
	}
}

// update sends what changed since the last time.
func (p *livePage) update(ctx context.Context) error {
	list, err := p.drawList(ctx)
	if err != nil {
		return err
	}
	var pane *views.RunPane
	var card *views.RunCard
	if p.runOpen {
		if pane, card, err = p.drawRun(ctx); err != nil {
			return err
		}
	}
	for _, x := range []struct {
		there bool
		m     views.RunsParts
		sent  *string
	}{{list != nil, views.RunsParts{List: list}, &p.list}, {pane != nil, views.RunsParts{Run: pane}, &p.pane}, {card != nil, views.RunsParts{Card: card}, &p.shown}} {
		if !x.there {
			continue
		}
		text, err := part(ctx, views.RunsUpdate(x.m))
		if err != nil {
			return err
		}
		if text == *x.sent {
			continue
		}
		*x.sent = text
		if p.st.send("", text) != nil {
			return context.Canceled // the reader is gone
		}
	}
	return nil
}

// drawList is the first page of the list when something may have happened to it.
func (p *livePage) drawList(ctx context.Context) (*views.RunList, error) {
	now, begun := p.s.Now(), p.s.begun.Load()
	if p.h.query != "" || begun == p.begun && !p.listOpen && now.Sub(p.listed) < listRest {
		return nil, nil
	}
	f := p.h.filter()
	f.Limit = mostLive
	if p.to == "" {
		f.Limit = firstPage
	}
	rows, _, err := p.s.Store.Runs(ctx, f)
	if err != nil {
		return nil, err
	}
	p.begun, p.listed, p.listOpen = begun, now, false
	kept := rows[:0]
	for _, r := range rows {
		if r.ID >= p.to {
			kept = append(kept, r)
			p.listOpen = p.listOpen || !r.Status.Done()
		}
	}
	m, err := p.s.drawList(ctx, p.h, kept, p.runID)
	return &m, err
}

func (p *livePage) drawRun(ctx context.Context) (*views.RunPane, *views.RunCard, error) {
	run, err := p.s.Store.Run(ctx, p.runID)
	if err != nil {
		return nil, nil, err
	}
	flow, err := p.s.Store.Flow(ctx, p.flowID)
	if err != nil && !notFound(err) {
		return nil, nil, err
	}
	var m views.RunsPage
	if err := p.s.fillRun(ctx, &m, p.h, flow, run, p.at); err != nil {
		return nil, nil, err
	}
	p.runOpen = !run.Status.Done()
	return m.Run, m.Card, nil
}
