package web

import (
	"context"
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"flowdeck/cards"
	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/flows/store"
	"flowdeck/views"
)

// The ways in which a part of a flow is run.
const (
	runTo   = "to"   // from the start, and no further than a card
	runFrom = "from" // a card and what follows, with values of before
)

// newestValues is how the dialog names the newest output of each card.
const newestValues = "newest"

// showTrial opens the dialog that runs a flow to a card or from it.
func (s *Server) showTrial(c echo.Context) error {
	p, err := s.planTrial(c)
	if err != nil {
		return err
	}
	return render(c, http.StatusOK, views.RunDialog(p.model(p.event, nil)))
}

// trialPlan is a run of a part of a draft, before it begins.
type trialPlan struct {
	d      *drawing
	x      drawn
	way    string
	values string // id of the run whose values are taken, or newestValues
	event  schema.Values
	trial  *flows.Trial
	rows   []views.TrialRow
	runs   []views.OptionModel
}

func (s *Server) planTrial(c echo.Context) (*trialPlan, error) {
	d, x, err := s.stepToPin(c)
	if err != nil {
		return nil, err
	}
	p := &trialPlan{d: d, x: x, way: runTo, values: c.FormValue("values"), event: d.samples[d.flow.Draft.Trigger.ID]}
	if c.FormValue("way") == runFrom {
		p.way = runFrom
	}
	if p.runs, err = s.runChoices(c, d.flow.ID); err != nil {
		return nil, err
	}
	if p.values == "" {
		p.values = newestValues
		if shown := runShown(c); shown != "" {
			p.values = shown
		} else if len(p.runs) > 0 {
			p.values = p.runs[0].Value
		}
	}
	p.trial = &flows.Trial{Given: store.Given(d.pins)}
	delete(p.trial.Given, x.step.ID)
	if p.way == runTo {
		p.trial.Until = x.step.ID
	}
	if p.values != newestValues {
		run, err := s.runOfFlow(c, d.flow.ID, p.values)
		if err != nil {
			return nil, err
		}
		p.event = run.Event
	}
	if p.way == runFrom {
		err = p.take(c.Request().Context(), s)
	}
	return p, err
}

// take gives the cards before x what they gave before.
func (p *trialPlan) take(ctx context.Context, s *Server) error {
	infos := flows.Steps(p.d.flow.Draft, s.Cards)
	at := slices.IndexFunc(infos, func(i flows.StepInfo) bool { return i.ID == p.x.step.ID })
	before := map[string]bool{}
	for _, i := range infos[:at] {
		before[i.ID] = true
	}
	if p.values != newestValues {
		done, err := s.Store.Done(ctx, p.values)
		if err != nil {
			return err
		}
		p.trial.Past = flows.PastOf(done, infos[:at], func(step string) bool {
			_, pinned := p.d.pins[step]
			return !pinned
		})
	} else {
		for id, v := range p.d.samples {
			if _, pinned := p.d.pins[id]; before[id] && !pinned && p.d.steps[id].card.Kind == cards.Function {
				p.trial.Given[id] = flows.Given{Output: v, From: "the newest run or test"}
			}
		}
	}
	p.explain(infos[:at])
	return nil
}

// explain says of each card before x where its output comes from.
func (p *trialPlan) explain(before []flows.StepInfo) {
	taken := map[string]string{}
	for id, g := range p.trial.Given {
		taken[id] = g.From
	}
	for path := range p.trial.Past {
		taken[stepOfPath(path)] = "from that run"
	}
	for _, i := range before {
		if i.Card.Kind != cards.Function || i.Off {
			continue
		}
		row := views.TrialRow{Number: i.Number, Title: i.Title, Hue: string(i.Card.Family), Text: taken[i.ID], Kind: "ok"}
		switch {
		case row.Text == flows.Pinned:
			row.Text = "pinned"
		case row.Text == "" && i.Card.Writes(p.d.steps[i.ID].step.Inputs):
			row.Text, row.Kind = "has no values: it runs for real and changes something", "warn"
		case row.Text == "":
			row.Text, row.Kind = "has no values: it runs for real if it is reached", "off"
		}
		p.rows = append(p.rows, row)
	}
}

// stepOfPath is the step at the end of a path: "loop[3]/get" is get.
func stepOfPath(p flows.Path) string {
	text := string(p)
	for i := len(text) - 1; i >= 0; i-- {
		if text[i] == '/' {
			return text[i+1:]
		}
	}
	return text
}

func (p *trialPlan) model(values schema.Values, problems schema.Problems) views.RunModel {
	m := runModel(p.d.flow, values, problems)
	name := p.d.numbers[p.x.step.ID] + " " + p.d.title(p.x)
	m.Step, m.Way, m.Values, m.Rows = p.x.step.ID, p.way, p.values, p.rows
	m.Runs = append([]views.OptionModel{{Value: newestValues, Label: "The newest values of each card"}}, p.runs...)
	m.Pins = pinWords(p.d.pins)
	if m.Title, m.Text = "Run to "+name, "From the start, for real, and no further than this card"; p.way == runFrom {
		m.Title, m.Text = "Run from "+name, "This card and those after it, for real; the cards before it are not called"
	}
	return m
}

// runDraft runs the draft as it is stored, or a part of it.
func (s *Server) runDraft(c echo.Context) error {
	if c.FormValue("way") != "" {
		return s.runTrial(c)
	}
	ctx := c.Request().Context()
	flow, err := s.Store.Flow(ctx, c.Param("id"))
	if err != nil {
		return err
	}
	pins, err := s.Store.Pins(ctx, flow.ID)
	if err != nil {
		return err
	}
	event, typed, problems := runEvent(c, flow.Draft.Trigger, s.Now())
	if len(problems) > 0 {
		m := runModel(flow, typed, problems)
		m.Pins = pinWords(pins)
		return render(c, http.StatusUnprocessableEntity, views.RunDialog(m))
	}
	return s.beginTrial(c, flow, event, &flows.Trial{Given: store.Given(pins)}, "")
}

func (s *Server) runTrial(c echo.Context) error {
	c.SetParamNames("id", "step")
	c.SetParamValues(c.Param("id"), c.FormValue("step"))
	p, err := s.planTrial(c)
	if err != nil {
		return err
	}
	event, typed, problems := runEvent(c, p.d.flow.Draft.Trigger, s.Now())
	if len(problems) > 0 {
		return render(c, http.StatusUnprocessableEntity, views.RunDialog(p.model(typed, problems)))
	}
	of := ""
	if p.values != newestValues {
		of = p.values
	}
	return s.beginTrial(c, p.d.flow, event, p.trial, of)
}

// beginTrial starts a run of the draft; its cards light up in the builder.
func (s *Server) beginTrial(c echo.Context, flow flows.Flow, event schema.Values, trial *flows.Trial, of string) error {
	ctx := c.Request().Context()
	if err := s.ready(ctx, flow); err != nil {
		trigger(c, "fd:close", map[string]string{})
		trigger(c, "fd:refresh", map[string]string{}) // the page was drawn before there was something to fix
		return err
	}
	document, err := s.Store.PutDocument(ctx, flow.Draft)
	if err != nil {
		return err
	}
	run, err := s.start(ctx, flows.Run{FlowID: flow.ID, FlowName: flow.Name, FlowAlias: flow.Alias, Document: document, RerunOf: of,
		Trigger: flow.Draft.Trigger.Card, Source: s.user(c).Name + " (test run)", Event: event, Trial: trial}, flow.Settings)
	if err != nil {
		return err
	}
	trigger(c, "fd:close", map[string]string{})
	trigger(c, "fd:run", map[string]string{"run": run.ID, "stream": "/runs/" + run.ID + "/live", "href": "/runs/" + run.ID})
	return c.NoContent(http.StatusOK)
}

// pinWords says how many cards a run of the draft does not call.
func pinWords(pins map[string]store.Pin) string {
	switch n := len(pins); n {
	case 0:
		return ""
	case 1:
		return "1 card has a pinned output and is not called."
	default:
		return literal(int64(n)) + " cards have pinned outputs and are not called."
	}
}
