package web

import (
	"crypto/rand"
	"errors"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/flows/store"
	"flowdeck/views"
)

// createFlow makes an empty draft and opens it.
func (s *Server) createFlow(c echo.Context) error {
	f := flows.Flow{Name: "Untitled flow", Draft: flows.Document{Format: flows.Format}, UpdatedBy: s.user(c).Name}
	id, err := s.storeNewFlow(c, f)
	if err != nil {
		return err
	}
	return goTo(c, "/flows/"+id)
}

// createSample adds the sample flow again and opens it.
func (s *Server) createSample(c echo.Context) error {
	if s.AddSample == nil {
		return flows.ErrNotFound
	}
	id, err := s.AddSample(c.Request().Context())
	if err != nil {
		return err
	}
	return goTo(c, "/flows/"+id)
}

// storeNewFlow gives f an id and an alias nobody has, and stores it.
func (s *Server) storeNewFlow(c echo.Context, f flows.Flow) (string, error) {
	f.ID, f.Created, f.Updated = store.NewID("f_"), s.Now(), s.Now()
	err := withAlias(aliasFrom(f.Alias, f.Name), func(alias string) error {
		f.Alias = alias
		return s.Store.CreateFlow(c.Request().Context(), f)
	})
	return f.ID, err
}

// withAlias calls take with aliases made from want until one is free.
func withAlias(want string, take func(alias string) error) error {
	err := take(want)
	for range 4 {
		if !errors.Is(err, flows.ErrTaken) {
			break
		}
		err = take(clip(want, 50) + "-" + strings.ToLower(rand.Text()[:6]))
	}
	return err
}

// aliasFrom turns the first name that has letters for it into what a URL likes: "customer-crm-sync".
func aliasFrom(names ...string) string {
	for _, name := range names {
		var b strings.Builder
		for _, r := range strings.ToLower(name) {
			switch {
			case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '_':
				b.WriteRune(r)
			case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
				b.WriteByte('-')
			}
		}
		if s := strings.Trim(clip(b.String(), 60), "-"); s != "" {
			return s
		}
	}
	return "flow"
}

func (s *Server) duplicateFlow(c echo.Context) error {
	f, err := s.Store.Flow(c.Request().Context(), c.Param("id"))
	if err != nil {
		return err
	}
	err = withAlias(clip(f.Alias, 50)+"-copy", func(alias string) error {
		return s.Store.DuplicateFlow(c.Request().Context(), f.ID, store.FlowCopy{ID: store.NewID("f_"), Name: clip(f.Name, 190) + " copy", Alias: alias, By: s.user(c).Name})
	})
	if err != nil {
		return err
	}
	return s.flowsAgain(c, "Duplicated “"+f.Name+"”")
}

func (s *Server) turnFlowOn(c echo.Context) error  { return s.turnFlow(c, true) }
func (s *Server) turnFlowOff(c echo.Context) error { return s.turnFlow(c, false) }

func (s *Server) turnFlow(c echo.Context, on bool) error {
	var name string
	err := s.Store.UpdateFlow(c.Request().Context(), c.Param("id"), func(f *flows.Flow) error {
		if on && f.Version == 0 {
			return echo.NewHTTPError(http.StatusUnprocessableEntity, "“"+f.Name+"” was never published. Open it and publish it first.")
		}
		name, f.On = f.Name, on
		return nil
	})
	if err != nil {
		return err
	}
	if on {
		return s.flowsAgain(c, "“"+name+"” is live")
	}
	return s.flowsAgain(c, "“"+name+"” is paused")
}

// deleteFlow deletes a flow with its versions and runs, but not while runs are going:
// somebody waits for those.
func (s *Server) deleteFlow(c echo.Context) error {
	ctx, id := c.Request().Context(), c.Param("id")
	going, _, err := s.Store.Runs(ctx, store.RunFilter{FlowID: id, Status: store.UnderWay, Limit: 1})
	if err != nil {
		return err
	}
	if len(going) > 0 {
		return stillRunning(c, id)
	}
	if err := s.Store.DeleteFlow(ctx, id); err != nil {
		return err
	}
	return s.flowsAgain(c, "Deleted")
}

func stillRunning(c echo.Context, flowID string) error {
	const text = "Runs of this flow are still going, so it was kept. Cancel them or wait, then delete it."
	if !isHTMX(c) {
		return echo.NewHTTPError(http.StatusConflict, text)
	}
	trigger(c, "fd:toast", map[string]string{"text": text, "kind": "err", "href": "/flows/" + flowID + "/runs", "label": "See its runs"})
	c.Response().Header().Set("HX-Reswap", "none")
	return c.NoContent(http.StatusConflict)
}

func (s *Server) showFlowDetails(c echo.Context) error {
	f, err := s.Store.Flow(c.Request().Context(), c.Param("id"))
	if err != nil {
		return err
	}
	return render(c, http.StatusOK, views.FlowDetails(views.FlowDetailsModel{ID: f.ID, Name: f.Name, Description: f.Description, Labels: strings.Join(f.Labels, ", ")}))
}

func (s *Server) saveFlowDetails(c echo.Context) error {
	m := views.FlowDetailsModel{ID: c.Param("id"), Name: strings.TrimSpace(c.FormValue("name")), Description: strings.TrimSpace(c.FormValue("description")), Labels: c.FormValue("labels")}
	labels := splitLabels(m.Labels)
	if problems := checkFlowDetails(m, labels); len(problems) > 0 {
		m.Problems = byField(problems)
		return render(c, http.StatusUnprocessableEntity, views.FlowDetails(m))
	}
	err := s.Store.UpdateFlow(c.Request().Context(), m.ID, func(f *flows.Flow) error {
		f.Name, f.Description, f.Labels, f.Updated, f.UpdatedBy = m.Name, m.Description, labels, s.Now(), s.user(c).Name
		return nil
	})
	if err != nil {
		return err
	}
	// the dialog is closed and the page behind it shows the new name everywhere
	c.Response().Header().Set("HX-Refresh", "true")
	return c.NoContent(http.StatusOK)
}

func splitLabels(text string) []string {
	labels := []string{}
	seen := map[string]bool{}
	for _, l := range strings.Split(text, ",") {
		if l = strings.Join(strings.Fields(l), " "); l != "" && !seen[l] {
			seen[l] = true
			labels = append(labels, l)
		}
	}
	return labels
}

func checkFlowDetails(m views.FlowDetailsModel, labels []string) schema.Problems {
	var p schema.Problems
	if n := utf8.RuneCountInString(m.Name); n == 0 || n > 200 {
		p = append(p, schema.Problem{Field: "name", Message: "Give it a name of up to 200 letters."})
	}
	if utf8.RuneCountInString(m.Description) > 2000 {
		p = append(p, schema.Problem{Field: "description", Message: "Use at most 2000 letters."})
	}
	if len(labels) > 20 {
		p = append(p, schema.Problem{Field: "labels", Message: "Use at most 20 labels."})
	}
	for _, l := range labels {
		if utf8.RuneCountInString(l) > 40 {
			p = append(p, schema.Problem{Field: "labels", Message: "“" + clip(l, 40) + "…” is too long for a label: use at most 40 letters."})
		}
	}
	return p
}
