package web

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"time"

	"flowdeck/cards"
	"flowdeck/cards/schema"
	"flowdeck/connectors"
	"flowdeck/flows"
	"flowdeck/flows/schedule"
	"flowdeck/flows/store"
	"flowdeck/flows/webhook"
	"flowdeck/views"
)

// drawing gathers once all that the builder of one flow is drawn from.
type drawing struct {
	server   *Server
	flow     flows.Flow
	base     string // address of the server as callers know it
	numbers  map[string]string
	outputs  map[string][]flows.OutputInfo
	steps    map[string]drawn
	inside   map[string]map[string][]flows.OutputInfo // by step and block
	ends     map[string]*flows.Sources                // what the result of a block may use, by "step/block"
	problems flows.Problems
	doubts   flows.Problems // warnings
	samples  map[string]schema.Values
	shapes   map[string]*store.StepShape
	tests    map[string]store.CardTest
	conns    map[string]connectors.Connection
	used     map[string]bool // references that some template makes
	vars     map[string]bool // names of variables that flows can read now
	secrets  map[string]bool
	tables   map[string]cards.Table // that steps have chosen, by id
	pins     map[string]store.Pin
	ran      map[string]string // how each step went in the run that is shown
	shown    *views.ShownRun
	called   map[string]store.Called      // flows that steps call, by id
	chosen   map[string]map[string]string // names of what fields have chosen, by format and id
	seen     map[string][]string          // what steps see: see seenBy
	refused  []store.RefusedDelivery      // by the webhook, the last ones
	skipped  []time.Time                  // of the schedule, the last ones
	whole    map[string]bool              // cards drawn with their forms; nil: all
	facts    *flows.Facts
}

// drawn is a step with its card.
type drawn struct {
	step    flows.Step
	card    cards.Card
	known   bool // the catalogue has the card
	sees    *flows.Sources
	problem flows.Problems
	table   *cards.Table // that the step has chosen; nil when none
	doubts  flows.Problems
	prefix  string // path of the object that is drawn in the inputs, with a dot after it; "" for all of them
}

func (s *Server) newDrawing(ctx context.Context, flow flows.Flow) (*drawing, error) {
	d := &drawing{server: s, flow: flow, tests: map[string]store.CardTest{}, conns: map[string]connectors.Connection{}}
	d.study(s.studies.of(flow.ID, flow.Draft, s.Cards, nil))
	if err := d.load(ctx); err != nil {
		return nil, err
	}
	d.itemSamples()
	d.checkConnections()
	d.checkChoices()
	d.useTables()
	d.checkVariables()
	d.checkCalls()
	return d, nil
}

// study takes over what follows from the document alone. It is shared: what is changed
// later is copied, and lists are clipped, so that what is added is added to a copy.
func (d *drawing) study(st *study) {
	f := st.facts
	d.facts, d.steps, d.used, d.seen = f, maps.Clone(st.steps), st.used, st.seen
	d.numbers, d.outputs, d.inside, d.ends = f.Numbers, f.Outputs, f.Inside, f.Visible
	d.problems, d.doubts = slices.Clip(f.Problems), f.Warnings
}

func (d *drawing) load(ctx context.Context) (err error) {
	if d.samples, err = d.server.Store.SampleOutputs(ctx, d.flow.ID); err != nil {
		return err
	}
	if d.shapes, err = d.server.Store.Shapes(ctx, d.flow.ID); err != nil {
		return err
	}
	tests, err := d.server.Store.CardTests(ctx, d.flow.ID)
	if err != nil {
		return err
	}
	for _, t := range tests {
		d.tests[t.StepID] = t
	}
	list, err := d.server.Store.Connections(ctx)
	if err != nil {
		return err
	}
	for _, c := range list {
		d.conns[c.ID] = c
	}
	if err = d.loadCalls(ctx); err != nil {
		return err
	}
	if d.flow.Draft.Trigger.Card == webhook.Card {
		if d.refused, err = d.server.Store.Refused(ctx, d.flow.ID, refusedShown); err != nil {
			return err
		}
	}
	if d.flow.Draft.Trigger.Card == schedule.Card {
		if d.skipped, err = d.server.Store.SkippedTimes(ctx, d.flow.ID, timesShown); err != nil {
			return err
		}
	}
	if d.pins, err = d.server.Store.Pins(ctx, d.flow.ID); err != nil {
		return err
	}
	d.pinSamples()
	if d.chosen, err = d.server.chosenNames(ctx, d.facts.Choices); err != nil {
		return err
	}
	if err := d.loadVariables(ctx); err != nil {
		return err
	}
	return d.loadTables(ctx)
}

// checkConnections finds the steps whose connection is gone.
func (d *drawing) checkConnections() {
	for id, x := range d.steps {
		if _, ok := d.conns[x.step.Connection]; x.step.Connection != "" && !ok {
			x.problem = append(x.problem, flows.Problem{Step: id, Field: "connection", Message: missingConnection})
			d.problems = append(d.problems, x.problem[len(x.problem)-1])
			d.steps[id] = x
		}
	}
}

// spare takes what is only missing yet from the problems shown on a card.
func (d *drawing) spare(id string) {
	if x, ok := d.steps[id]; ok {
		x.problem = slices.DeleteFunc(slices.Clone(x.problem), func(p flows.Problem) bool { return p.Field != "" && p.Message == "is required" })
		d.steps[id] = x
	}
}

const missingConnection = "is not on this server (any more); choose another connection"

// page draws all but the frame and the undo buttons.
func (d *drawing) page() views.BuilderPage {
	p := views.BuilderPage{
		FlowID: d.flow.ID, Name: d.flow.Name, Alias: d.flow.Alias, Revision: d.flow.Revision,
		Status: flowStatus(d.flow), Menu: flowMenu(d.flow), Saved: d.saved(),
		Problems: d.problemLinks(), CanRun: d.flow.Draft.Trigger.Card != "" && len(d.problems) == 0,
		Numbers: d.numbered(), Long: d.whole != nil, Starts: d.starts(), Wraps: d.wraps(), Palette: d.palette(), Globals: append(globals(), d.namedOutputs()...),
	}
	p.Publish, p.Shown = d.publishButton(), d.shown
	if d.flow.Draft.Trigger.Card != "" {
		trigger := d.card(d.flow.Draft.Trigger.ID)
		trigger.Last = len(d.flow.Draft.Chain) == 0
		p.Trigger = &trigger
	}
	p.Chain = d.chain("", d.flow.Draft.Chain)
	return p
}

func (d *drawing) chain(parent string, steps []flows.Step) views.BuilderChain {
	m := views.BuilderChain{Parent: parent}
	for i := range steps {
		card := d.card(steps[i].ID)
		card.Parent, card.Last = parent, i == len(steps)-1
		m.Cards = append(m.Cards, card)
	}
	return m
}

func (d *drawing) saved() string {
	if d.flow.Updated.IsZero() {
		return "Draft saved"
	}
	return "Saved " + clock(d.flow.Updated)
}

func (d *drawing) publishButton() views.PublishModel {
	n := len(d.problems)
	switch {
	case d.flow.Draft.Trigger.Card == "":
		return views.PublishModel{Label: "Publish", Disabled: true}
	case n == 1:
		return views.PublishModel{Label: "Fix 1 thing", DeskLabel: "to publish", Fix: true}
	case n > 1:
		return views.PublishModel{Label: "Fix " + strconv.Itoa(n) + " things", DeskLabel: "to publish", Fix: true}
	case d.flow.Version > 0 && !d.flow.Changed:
		return views.PublishModel{Label: "Published", DeskLabel: "v" + strconv.FormatInt(d.flow.Version, 10), Disabled: true}
	case d.flow.Version > 0:
		return views.PublishModel{Label: "Publish", DeskLabel: "changes"}
	}
	return views.PublishModel{Label: "Publish"}
}

func flowStatus(f flows.Flow) views.FlowStatus {
	version := ""
	if f.Version > 0 {
		version = "v" + strconv.FormatInt(f.Version, 10)
	}
	switch {
	case f.Version == 0:
		return views.FlowStatus{Text: "Draft"}
	case f.On:
		return views.FlowStatus{Text: "Live", Kind: "ok", Version: version}
	}
	return views.FlowStatus{Text: "Paused", Kind: "warn", Version: version}
}

func (d *drawing) problemLinks() []views.ProblemLink {
	var links []views.ProblemLink
	for _, p := range d.problems {
		links = append(links, d.problemLink(p))
	}
	return links
}

func (d *drawing) problemLink(p flows.Problem) views.ProblemLink {
	l := views.ProblemLink{Target: "canvas", Text: p.Message}
	if x, ok := d.steps[p.Step]; ok {
		l.Step = p.Step
		l.Target, l.Number, l.Title = d.target(x, p.Field), d.numbers[p.Step], d.title(x)
		if f, ok := inputLabel(x.card, p.Field); ok {
			l.Text = f + " " + p.Message
		}
	}
	return l
}

// globals are the values that every run has.
func globals() []views.CardOutput {
	return []views.CardOutput{
		{Ref: "run.id", Label: "Run ID", Type: "text"},
		{Ref: "run.started", Label: "Started at", Type: "date"},
		{Ref: "flow.name", Label: "Flow name", Type: "text"},
		{Ref: "flow.alias", Label: "Flow alias", Type: "text"},
	}
}
