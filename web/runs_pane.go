package web

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"flowdeck/flows"
	"flowdeck/views"
)

// runDrawing is a run and all that drawing it needs.
type runDrawing struct {
	s        *Server
	h        history
	run      flows.Run
	flow     flows.Flow     // zero when it is gone
	program  *flows.Program // nil when the document does not compile any more
	steps    []flows.StepInfo
	children map[string][]flows.StepInfo
	attempts map[string][]flows.Attempt // by step, in the order they started
	now      time.Time
	current  string // id of the step whose card is open
	loops    map[string]*loopRounds
	progress map[flows.Path]flows.Progress // of loops that go on
	answered time.Time                     // when the step that answered had done so; zero: not known
}

// drawRun reads what drawing a run needs. A document that does not compile any
// more leaves it without steps.
// at is the step that is looked at: where it stands in loops, there the others are shown too.
func (s *Server) drawRun(ctx context.Context, h history, flow flows.Flow, run flows.Run, at flows.Path) (*runDrawing, error) {
	d := &runDrawing{s: s, h: h, run: run, flow: flow, now: s.Now(), children: map[string][]flows.StepInfo{}, attempts: map[string][]flows.Attempt{}, progress: s.progressOf(run)}
	program, err := s.Programs(ctx, run.Document)
	var problems flows.Problems
	if err != nil && !notFound(err) && !errors.As(err, &problems) {
		return nil, err
	}
	if err == nil {
		d.program, d.steps = program, program.Steps()
	}
	rounds, err := d.enterLoops(ctx, at)
	if err != nil {
		return nil, err
	}
	for _, step := range d.steps {
		d.children[step.Parent] = append(d.children[step.Parent], step)
	}
	attempts, err := s.Store.SketchesIn(ctx, run.ID, rounds)
	for _, a := range attempts {
		d.attempts[a.StepID] = append(d.attempts[a.StepID], a)
	}
	if err != nil {
		return nil, err
	}
	if err := d.findNewest(ctx); err != nil {
		return nil, err
	}
	return d, d.findAnswer(ctx)
}

// fillRun draws a run, and the card at path or the one that matters most.
func (s *Server) fillRun(ctx context.Context, m *views.RunsPage, h history, flow flows.Flow, run flows.Run, at flows.Path) error {
	d, err := s.drawRun(ctx, h, flow, run, at)
	if err != nil {
		return err
	}
	m.View, m.Back = "run", h.at(h.list())
	step, ok := d.stepAt(at)
	if at != "" {
		if !ok {
			return flows.ErrNotFound
		}
		m.View, m.Back = "card", h.at("/runs/"+run.ID)
	}
	if ok {
		d.current = step.ID
		if m.Card, err = d.card(ctx, step); err != nil {
			return err
		}
	}
	pane := d.pane()
	if run.Status == flows.Failed {
		if pane.Failure, err = s.failureOf(ctx, run.ID); err != nil {
			return err
		}
	}
	m.Run = &pane
	return nil
}

// stepAt is the step at path; without one, the step that says most about the
// run: where it failed, where it is, or what it answered with.
func (d *runDrawing) stepAt(path flows.Path) (flows.StepInfo, bool) {
	if path == "" {
		path = d.telling()
	}
	for _, step := range d.steps {
		if step.Path == path {
			return step, true
		}
	}
	return flows.StepInfo{}, false
}

func (d *runDrawing) telling() flows.Path {
	switch {
	case d.run.ErrorPath != "":
		return d.run.ErrorPath
	case d.run.ResponsePath != "" && d.run.Status.Done():
		return d.run.ResponsePath
	}
	for i := len(d.steps) - 1; i >= 0; i-- {
		if a, ok := d.last(d.steps[i].ID); ok && len(d.children[d.steps[i].ID]) == 0 && a.Status != flows.Skipped {
			return d.steps[i].Path
		}
	}
	if len(d.steps) > 0 {
		return d.steps[0].Path
	}
	return ""
}

func (d *runDrawing) last(step string) (flows.Attempt, bool) {
	list := d.attempts[step]
	if len(list) == 0 {
		return flows.Attempt{}, false
	}
	return list[len(list)-1], true
}

// pane is the run itself.
func (d *runDrawing) pane() views.RunPane {
	run := d.run
	m := views.RunPane{ID: run.ID, Status: runTag(run), Facts: d.facts(), Steps: d.tree(""), Stopped: run.Cancel}
	base := "/runs/" + run.ID
	m.HAR = base + "/har"
	if !run.Status.Done() {
		m.Cancel = base + "/cancel"
	} else if d.flow.ID != "" && !d.outlined() {
		m.RerunAt = base + "/rerun"
		m.Rerun = d.more(base)
		if run.Version > 0 && d.flow.Version > 0 && d.flow.Version != run.Version {
			m.Rerun = append([]views.MenuItemModel{
				{Label: fmt.Sprintf("With v%d, which is live now", d.flow.Version), Icon: "repeat", Attrs: posts(base + "/rerun")},
				{Label: fmt.Sprintf("With v%d, as it ran", run.Version), Icon: "history", Attrs: posts(base + "/rerun?version=same")},
			}, m.Rerun...)
		}
	}
	if d.outlined() {
		m.HAR = ""
	}
	if len(d.steps) == 0 {
		m.Note = &views.NoteModel{Kind: "warn", Title: "Its cards cannot be drawn any more.", Text: "The version that ran was made for cards that this server does not have."}
		if run.Error != nil {
			m.Note.Text = upperFirst(run.Error.Message) + "."
		}
	} else if run.Died > 1 && !run.Status.Done() {
		m.Note = &views.NoteModel{Kind: "warn", Title: fmt.Sprintf("Flowdeck died %d times in a row while it drove this run.", run.Died),
			Text: "Nothing of the run was finished in between, so it may be what the server dies of: look whether memory ran out. It goes on apart from the others, perhaps after a pause, and fails when that happens a few times more."}
	} else if run.Error != nil && run.ErrorPath == "" {
		kind := "err"
		if run.Status == flows.Cancelled {
			kind = "info"
		}
		m.Note = &views.NoteModel{Kind: kind, Title: upperFirst(run.Error.Message) + "."}
	} else if d.outlined() {
		m.Note = outlineNote(" It cannot be run again, since what it began with is not there.")
	}
	return m
}

// outlined reports whether an outline is all that is there of the run.
func (d *runDrawing) outlined() bool { return d.run.Outline && d.run.Status.Done() }

func outlineNote(more string) *views.NoteModel {
	return &views.NoteModel{Kind: "info", Icon: "list", Title: "Kept as an outline.", Text: "This flow keeps an outline of runs that succeed; failed runs are kept whole." + more}
}

// resumable reports whether the run can go on from the step that failed.
func (d *runDrawing) resumable() bool {
	return d.run.Status == flows.Failed || d.run.Status == flows.Cancelled
}

// more is what else can be done with a run that is over.
func (d *runDrawing) more(base string) []views.MenuItemModel {
	var list []views.MenuItemModel
	if d.resumable() {
		list = append(list, views.MenuItemModel{Label: "Go on from the step that failed…", Icon: "skip-forward", Attrs: opens(base + "/redo")})
	}
	list = append(list, views.MenuItemModel{Label: "Save as a test…", Icon: "check-check", Attrs: opens(base + "/test")})
	return append(list, views.MenuItemModel{Label: "Open in the builder, with its values", Icon: "pencil", Href: "/flows/" + d.flow.ID + "?run=" + d.run.ID})
}

func opens(address string) map[string]any {
	return map[string]any{"hx-get": address, "hx-target": "#dialogs", "hx-swap": "innerHTML"}
}

func posts(address string) map[string]any {
	return map[string]any{"hx-post": address, "hx-swap": "none"}
}

func runTag(run flows.Run) views.TagModel {
	switch run.Status {
	case flows.Queued:
		return views.TagModel{Text: "Waiting for a place", Icon: "clock"}
	case flows.Waiting:
		return views.TagModel{Text: "Waiting", Icon: "clock"}
	case flows.Running:
		return views.TagModel{Text: "Running", Kind: "run", Icon: "loader", Spin: true}
	case flows.Cancelled:
		return views.TagModel{Text: "Stopped", Icon: "circle-stop"}
	case flows.Failed:
		return views.TagModel{Text: "Failed", Kind: "err", Icon: "x"}
	}
	return views.TagModel{Text: "Done", Kind: "ok", Icon: "check"}
}

// facts are what a person asks first about a run.
func (d *runDrawing) facts() []views.RunFact {
	run := d.run
	facts := []views.RunFact{{Label: "Started", Value: d.clock(run.Created)}}
	add := func(label, value, href string) {
		facts = append(facts, views.RunFact{Label: label, Value: value, Href: href})
	}
	if run.Status.Done() {
		add("Took", took(run.Finished.Sub(run.Created)), "")
	} else {
		add("Running for", took(max(d.now.Sub(run.Created), 0)), "")
	}
	version := "draft"
	if run.Version > 0 {
		version = "v" + strconv.FormatInt(run.Version, 10)
	}
	add("Version", version, "")
	if run.Trigger == endpointCard {
		add("Caller got", d.callerGot(), "")
	}
	if d.h.flowID == "" && run.FlowName != "" {
		add("Flow", run.FlowName, "/flows/"+run.FlowID+"/runs")
	}
	if run.Source != "" {
		add("By", run.Source, "")
	}
	if run.Parent.Run != "" {
		add("Called by", "…"+run.Parent.Run[max(0, len(run.Parent.Run)-6):], "/runs/"+run.Parent.Run+"/steps/"+escapePath(run.Parent.Path))
	}
	if run.RerunOf != "" {
		add("Re-run of", "…"+run.RerunOf[max(0, len(run.RerunOf)-6):], d.h.at("/runs/"+run.RerunOf))
	}
	if run.Status == flows.Waiting && !run.WakeAt.IsZero() {
		add("Goes on", d.clock(run.WakeAt), "")
	}
	switch express, outline := d.run.Express, d.outlined(); {
	case express && outline:
		add("Kept", "express, as an outline", "")
	case express:
		add("Kept", "express", "")
	case outline:
		add("Kept", "as an outline", "")
	}
	return facts
}

// clock is a time of day, with the date when it was not today.
func (d *runDrawing) clock(t time.Time) string {
	t = t.In(d.now.Location())
	if t.Format(time.DateOnly) == d.now.Format(time.DateOnly) {
		return t.Format("15:04:05")
	}
	return t.Format("2 Jan 2006 15:04:05")
}

// stepURL is the address of a step's card.
func (d *runDrawing) stepURL(path flows.Path, more ...string) string {
	return d.h.at("/runs/"+d.run.ID+"/steps/"+escapePath(path), more...)
}

func escapePath(p flows.Path) string {
	parts := strings.Split(string(p), "/")
	for i, part := range parts {
		parts[i] = url.PathEscape(part)
	}
	return strings.Join(parts, "/")
}
