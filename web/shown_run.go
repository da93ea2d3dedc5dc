package web

import (
	"context"
	"net/url"

	"github.com/labstack/echo/v4"

	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/views"
)

// runShown is the run whose values the builder shows, as the address of the page says.
func runShown(c echo.Context) string {
	if id := c.QueryParam("run"); id != "" {
		return id
	}
	page, err := url.Parse(c.Request().Header.Get("HX-Current-URL"))
	if err != nil || page.Path != "/flows/"+c.Param("id") {
		return ""
	}
	return page.Query().Get("run")
}

// showRunIn has a drawing show what each step got in a run, and how it went.
func (s *Server) showRunIn(ctx context.Context, d *drawing, id string) error {
	run, err := s.Store.Run(ctx, id)
	if err != nil || run.FlowID != d.flow.ID {
		return err
	}
	var steps []string
	for step := range d.steps {
		steps = append(steps, step)
	}
	samples, err := s.Store.OutputsOf(ctx, run.ID, steps)
	if err != nil {
		return err
	}
	attempts, err := s.Store.AttemptHeads(ctx, run.ID)
	if err != nil {
		return err
	}
	d.samples, d.ran = samples, map[string]string{}
	if d.flow.Draft.Trigger.ID != "" && !(run.Outline && run.Status.Done()) {
		d.samples[d.flow.Draft.Trigger.ID] = run.Event
		d.ran[d.flow.Draft.Trigger.ID] = "ok"
	}
	for _, a := range attempts {
		if a.Status != flows.Skipped {
			d.ran[a.StepID] = stepKind(statusShown(a))
		}
	}
	d.shown = &views.ShownRun{Text: "Values of the run of " + s.clockOf(run.Created) + ", which ran " + ranWords(run.Version), Href: "/runs/" + run.ID, Close: "/flows/" + d.flow.ID}
	return nil
}

func ranWords(version int64) string {
	if version == 0 {
		return "a draft"
	}
	return "v" + literal(version)
}

// pinSamples has pinned outputs stand for what cards gave.
func (d *drawing) pinSamples() {
	if d.samples == nil {
		d.samples = map[string]schema.Values{}
	}
	for id, p := range d.pins {
		d.samples[id] = p.Output
	}
}
