package web

import (
	"time"

	"flowdeck/flows"
	"flowdeck/views"
)

// progressing is an engine that knows how far loops have come.
type progressing interface {
	Progress(runID string) []flows.Progress
}

// progressOf is how far the loops of a run have come that goes on, by path.
func (s *Server) progressOf(run flows.Run) map[flows.Path]flows.Progress {
	e, ok := s.Engine.(progressing)
	if !ok || run.Status.Done() {
		return nil
	}
	by := map[flows.Path]flows.Progress{}
	for _, p := range e.Progress(run.ID) {
		by[p.Path] = p
	}
	return by
}

// progressWords is how far a loop has come, how fast it goes and how long it will take.
func progressWords(p flows.Progress, now time.Time) string {
	text := thousands(int64(p.Done)) + " of " + count(p.Of, "round", "rounds")
	since := now.Sub(p.Began).Seconds()
	if p.Done == 0 || since < 1 {
		return text
	}
	rate := float64(p.Done) / since
	switch {
	case rate >= 1:
		text += " · " + thousands(int64(rate+.5)) + " a second"
	case rate*60 >= 1:
		text += " · " + thousands(int64(rate*60+.5)) + " a minute"
	default:
		text += " · " + thousands(int64(rate*3600+.5)) + " an hour"
	}
	if left := time.Duration(float64(p.Of-p.Done) / rate * float64(time.Second)); left >= time.Second {
		text += " · about " + took(left) + " left"
	}
	return text
}

// progress shows a loop that goes on.
func progress(m *views.RunStep, p flows.Progress, now time.Time) {
	m.Kind, m.Text = "run", progressWords(p, now)
	if p.Of > 0 {
		m.Bar = &views.BarModel{Width: 100 * float64(p.Done) / float64(p.Of), Kind: "run"}
	}
}
