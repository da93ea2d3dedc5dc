package web

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"flowdeck/connectors"
	"flowdeck/views"
)

// health is how a connection is, in words.
type health struct {
	kind, text, icon string // as views.StatusModel has them
	why              string
}

func (s *Server) health(c connectors.Connection) health {
	now := s.Now()
	switch c.State {
	case connectors.NeedsSignIn:
		return health{"err", "Signed out", "circle-x", cmp.Or(c.StateDetail, "Nobody has signed in yet")}
	case connectors.Failing:
		return health{"err", "Failing", "circle-x", c.StateDetail}
	case connectors.SigningIn:
		if now.Sub(c.Updated) > connectors.AttemptLife {
			return health{"err", "Signed out", "circle-x", "The sign-in was not finished"}
		}
		return health{"warn", "Signing in", "log-in", "Waiting for someone to finish it"}
	}
	t, _ := s.Types.Type(c.Type)
	f, ends := c.Forecast(now)
	left := f.At.Sub(now)
	switch {
	case ends && f.Stopped:
		return health{"err", "Signed out", "circle-x", "The token ended " + exactly(c.Expires, now) + ". " + f.Why}
	case ends && left <= 0:
		return health{"warn", "Secret ended", "triangle-alert", f.Why}
	case ends && left < connectors.Ahead:
		return health{"warn", "Ends in " + remaining(left), "triangle-alert", f.Why}
	case c.State == connectors.Ready:
		why := "Not tested yet"
		if t.Interactive() {
			why = "Signed in"
		}
		if !c.LastTested.IsZero() {
			why = "Tested " + exactly(c.LastTested, now)
			if c.TestResult != "" {
				why += ", " + c.TestResult
			}
		}
		return health{"ok", "Connected", "circle-check", why}
	case t.Open:
		return health{"off", "Not tested", "circle", "No sign-in needed"}
	}
	return health{"off", "Not tested", "circle", c.StateDetail}
}

func (s *Server) connectionRow(c connectors.Connection) views.ConnectionRowModel {
	t, known := s.Types.Type(c.Type)
	h := s.health(c)
	r := views.ConnectionRowModel{ID: c.ID, Name: c.Name, Hosts: cmp.Or(strings.Join(c.Hosts, ", "), connectors.HostOf(c.TestURL)),
		Type: t.Title, Icon: t.Icon, State: views.StatusModel{Kind: h.kind, Text: h.text, Icon: h.icon}, Why: h.why,
		Interactive: known && t.Interactive(), Testable: c.TestURL != "" || known && t.Refreshes(), Renewable: known && t.Refreshes() && c.State != connectors.SigningIn, Calm: urgency(h.kind) == 2, LastUsed: "Never"}
	if !known {
		r.Type, r.Icon = c.Type, "plug"
	}
	if c.Uses > 0 {
		r.Uses = fmt.Sprintf("%d %s", c.Uses, plural(c.Uses, "flow", "flows"))
	}
	if !c.LastUsed.IsZero() {
		r.LastUsed = ago(s.Now().Sub(c.LastUsed))
	}
	switch {
	case r.Interactive && !r.Calm:
		r.Action = views.ConnectionAction{Do: "authorize", Primary: h.kind == "err"}
	case r.Testable:
		r.Action = views.ConnectionAction{Do: "test"}
	default:
		r.Action = views.ConnectionAction{Do: "edit"}
	}
	return r
}

// exactly says when t was, to the minute: "12:04", "19 Nov, 16:20", "14 Nov 2024, 09:00".
func exactly(t, now time.Time) string {
	t, now = t.Local(), now.Local()
	switch {
	case t.Year() == now.Year() && t.YearDay() == now.YearDay():
		return t.Format("15:04")
	case t.Year() == now.Year():
		return t.Format("2 Jan, 15:04")
	}
	return t.Format("2 Jan 2006, 15:04")
}

// remaining says how long is left, in the one unit that matters.
func remaining(d time.Duration) string {
	switch {
	case d >= 48*time.Hour:
		return fmt.Sprintf("%d days", int(d.Hours()/24))
	case d >= 2*time.Hour:
		return fmt.Sprintf("%d hours", int(d.Hours()))
	}
	return fmt.Sprintf("%d min", max(int(d.Minutes()), 1))
}
