package web

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"flowdeck/cards"
	"flowdeck/flows"
	"flowdeck/views"
)

// tree draws the steps inside parent, in the flow's order.
func (d *runDrawing) tree(parent string) []views.RunStep {
	var list []views.RunStep
	for _, step := range d.children[parent] {
		m := d.step(step)
		m.Rounds = d.rounds(step)
		m.Steps = d.tree(step.ID)
		list = append(list, m)
	}
	return list
}

// Words for the icons, for those who do not see them.
var stepStates = map[string]string{"ok": "Done", "err": "Failed", "run": "Running", "warn": "Trying again", "off": "Not run", waitKind: "Waiting"}

func (d *runDrawing) step(step flows.StepInfo) views.RunStep {
	m := views.RunStep{ID: step.ID, Href: d.stepURL(step.Path), Number: step.Number, Hue: string(step.Card.Family), Name: step.Title,
		Current: step.ID == d.current}
	a, tried := d.last(step.ID)
	switch {
	case step.Parent == "" && step.Card.Kind == cards.Event:
		m.Kind, m.Text = "ok", d.cause()
	case !tried && d.took(step) != "":
		m.Kind, m.Text = "ok", d.took(step) // it is written down when what it runs is done
	case !tried && d.stoppedIn(step) != "":
		m.Kind, m.State, m.Text = "off", stoppedState, d.stoppedIn(step)
	case !tried && d.begunIn(step) && !d.run.Status.Done():
		m.Kind, m.Text = "run", "Running"
	case !tried:
		m.Kind, m.Skipped, m.Text = "off", true, d.why(step)
	case a.Status == flows.Failed && len(d.children[step.ID]) > 0 && d.run.ErrorPath != step.Path:
		m.Kind, m.Text = "err", cmp.Or(d.took(step), "A card inside failed")
	default:
		m.Kind = stepKind(a.Status)
		m.Skipped = a.Status == flows.Skipped
		m.Text = d.said(step, a)
		if a.Given != "" {
			m.Text = givenWords(a)
		}
		if wasStopped(a) {
			m.Kind, m.State = "off", stoppedState
		}
		d.time(&m, step, a)
	}
	if p, ok := d.progress[step.Path]; ok {
		m.Skipped = false
		progress(&m, p, d.now)
	}
	m.State, m.Icon = cmp.Or(m.State, stepStates[m.Kind]), views.StepIcon(m.Kind)
	if m.Kind == "off" && !m.Skipped || m.Text == upNext {
		m.Icon = "circle"
	}
	return m
}

// givenWords says where the output of a card is from that did not run.
func givenWords(a flows.Attempt) string {
	switch {
	case a.Given == flows.Pinned:
		return "Not called: its output is pinned"
	case strings.HasPrefix(a.Given, "r_"):
		return "Not called: its output is from run …" + a.Given[max(0, len(a.Given)-6):]
	}
	return "Not called: its output is from " + a.Given
}

func stepKind(s flows.Status) string {
	switch s {
	case flows.Succeeded:
		return "ok"
	case flows.Failed:
		return "err"
	case flows.Waiting:
		return waitKind
	case flows.Skipped, flows.Queued, flows.Cancelled:
		return "off"
	}
	return "run"
}

const upNext = "Up next"

// why says why a step has no attempt.
func (d *runDrawing) why(step flows.StepInfo) string {
	switch {
	case step.Off:
		return "Switched off"
	case d.notTaken(step):
		return "Branch not taken"
	case d.run.Status.Done():
		return "Not reached"
	}
	return upNext
}

// notTaken reports whether the step is in a block whose card took another one.
func (d *runDrawing) notTaken(step flows.StepInfo) bool {
	for step.Parent != "" {
		for _, sibling := range d.children[step.Parent] {
			if a, ok := d.last(sibling.ID); ok && sibling.Block == step.Block && a.Status == flows.Skipped && !sibling.Off {
				return true
			}
		}
		if d.went(step.Parent, step.Block) {
			return true
		}
		i := slices.IndexFunc(d.steps, func(x flows.StepInfo) bool { return x.ID == step.Parent })
		if i < 0 {
			return false
		}
		step = d.steps[i]
	}
	return false
}

// went reports whether the card of that step went into another block than this one.
func (d *runDrawing) went(parent, block string) bool {
	elsewhere := false
	for _, child := range d.children[parent] {
		if d.begun(child) {
			if child.Block == block { // also when another one caught what failed in it
				return false
			}
			elsewhere = true
		}
	}
	if a, ok := d.last(parent); ok && a.Output["branch"] != nil {
		return a.Output["branch"] != block
	}
	if l, _ := d.lane(parent, block); l.Spec.All {
		return false // it runs beside the others
	}
	return elsewhere
}

// begun reports whether a step ran, or a card inside it: one that runs others is written
// down when they are done.
func (d *runDrawing) begun(step flows.StepInfo) bool {
	a, ok := d.last(step.ID)
	return ok && a.Status != flows.Skipped || d.begunIn(step)
}

func (d *runDrawing) begunIn(step flows.StepInfo) bool {
	return slices.ContainsFunc(d.children[step.ID], d.begun)
}

// cause is what started the run.
func (d *runDrawing) cause() string {
	method, _ := d.run.Event["method"].(string)
	if d.run.Trigger == endpointCard && method != "" {
		return method + " from " + d.run.Source
	}
	return d.run.Source
}

// said is what came of a step, in a line.
func (d *runDrawing) said(step flows.StepInfo, a flows.Attempt) string {
	host := hostOf(a.Input["url"])
	switch a.Status {
	case flows.Skipped:
		if step.Off {
			return "Switched off"
		}
		return "Branch not taken"
	case flows.Waiting:
		return d.waits(a)
	case flows.Cancelled:
		return "Stopped while it waited"
	case flows.Running:
		if host != "" {
			return "Waiting for " + host
		}
		return "Running"
	case flows.Failed:
		if wasStopped(a) {
			return join("Stopped while it was under way", host)
		}
		text := ""
		if a.Error != nil {
			text = errorWords(a.Error)
		}
		if !a.NextAt.IsZero() && !d.run.Status.Done() {
			text += ", trying again at " + d.clock(a.NextAt)
		}
		return join(text, host)
	}
	text := d.result(step, a)
	if n := len(d.attempts[step.ID]); n > 1 && step.Card.Kind == cards.Function {
		text = join(text, strconv.Itoa(n)+" attempts")
	}
	return join(text, host)
}

func (d *runDrawing) result(step flows.StepInfo, a flows.Attempt) string {
	if a.Error != nil {
		return "Went on after " + errorWords(a.Error)
	}
	if status, ok := a.Output["status_code"]; ok {
		return statusWords(literal(status))
	}
	if d.run.ResponsePath == step.Path && d.run.Response != nil {
		return d.replied()
	}
	if text := d.looped(step, a); text != "" {
		return text
	}
	if branch, ok := a.Output["branch"].(string); ok {
		return d.tookBlock(step, branch)
	}
	return ""
}

// took says which block a card went into, by the steps that ran.
func (d *runDrawing) took(step flows.StepInfo) string {
	for _, child := range d.children[step.ID] {
		if d.begun(child) {
			return d.tookBlock(step, child.Block)
		}
	}
	return ""
}

func (d *runDrawing) tookBlock(step flows.StepInfo, block string) string {
	switch l, ok := d.lane(step.ID, block); {
	case !ok || l.Spec.Loop || l.Spec.All:
		return ""
	case l.Name == flows.BlockOnError:
		return "Failed, went on with its own cards"
	default:
		return "Took " + l.Title
	}
}

// lane is a block of a step.
func (d *runDrawing) lane(step, block string) (flows.Lane, bool) {
	placed, _ := d.program.Document().Step(step)
	card, _ := d.s.Cards.Card(placed.Card)
	for _, l := range flows.Lanes(&placed, card) {
		if l.Name == block {
			return l, true
		}
	}
	return flows.Lane{}, false
}

// errorWords is an error in short: "422 Unprocessable Entity", "timeout".
func errorWords(e *cards.Error) string {
	if status, ok := strings.CutPrefix(e.Code, "http_"); ok {
		return statusWords(status)
	}
	return strings.ReplaceAll(e.Code, "_", " ")
}

func statusWords(status string) string {
	code, err := strconv.Atoi(status)
	if text := http.StatusText(code); err == nil && text != "" {
		return status + " " + text
	}
	return status
}

func join(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + " · " + b
}

// time fills in how long a step took, and when within the run.
func (d *runDrawing) time(m *views.RunStep, step flows.StepInfo, last flows.Attempt) {
	if last.Status == flows.Skipped || len(d.children[step.ID]) > 0 || last.Started.IsZero() {
		return // a card that runs others takes as long as they do
	}
	begin, end := d.attempts[step.ID][0].Started, last.Finished
	if last.Status == flows.Running || end.IsZero() {
		end = d.now
	}
	m.Took = took(max(end.Sub(begin), 0))
	until := d.run.Finished
	if !d.run.Status.Done() {
		until = d.now
	}
	total := until.Sub(d.run.Created)
	if total <= 0 || step.Card.Kind != cards.Function {
		return
	}
	share := func(t time.Duration) float64 { return 100 * float64(t) / float64(total) }
	m.Bar = &views.BarModel{Start: max(share(begin.Sub(d.run.Created)), 0), Width: share(end.Sub(begin))}
	if m.Kind == "err" || m.Kind == "run" {
		m.Bar.Kind = m.Kind
	}
}
