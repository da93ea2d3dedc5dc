package flows

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// Trial is what a run does otherwise than its document alone would have it: a
// card whose output is given is not run, and the run may end early.
type Trial struct {
	Given map[string]Given `json:"given,omitempty"` // by step, wherever in the run it is reached
	Past  map[Path]Given   `json:"past,omitempty"`  // by path, as another run has done it
	Until string           `json:"until,omitempty"` // the run ends when this step is done
}

// Given is an output that a card did not make in this run.
type Given struct {
	Output schema.Values `json:"output"`
	From   string        `json:"from"` // "pinned", the id of a run
}

// Pinned is what Given.From says of an output that an author wrote down.
const Pinned = "pinned"

// UnmarshalJSON keeps the digits of numbers.
func (g *Given) UnmarshalJSON(data []byte) error {
	var read struct {
		Output json.RawMessage `json:"output"`
		From   string          `json:"from"`
	}
	if err := json.Unmarshal(data, &read); err != nil {
		return err
	}
	v, err := schema.DecodeJSON(read.Output)
	if err != nil {
		return err
	}
	g.Output, _ = v.(map[string]any)
	g.From = read.From
	return nil
}

// Empty reports whether a run with t is a run like any other.
func (t *Trial) Empty() bool {
	return t == nil || len(t.Given) == 0 && len(t.Past) == 0 && t.Until == ""
}

func (t *Trial) at(p Path, step string) (Given, bool) {
	if g, ok := t.Past[p]; ok {
		return g, true
	}
	g, ok := t.Given[step]
	return g, ok
}

// Tries are effects of a run that may be a trial.
type Tries interface {
	// Tried is nil when the run is none.
	Tried() *Trial
	// Given tells history about a step whose output is given.
	Given(ctx context.Context, p Path, c Call, g Given)
}

// trying is the part of a machine that knows of trials.
type trying struct {
	trial *Trial
	tries Tries
}

func tryingOf(fx Effects) trying {
	t, ok := fx.(Tries)
	if !ok || t.Tried().Empty() {
		return trying{}
	}
	return trying{t.Tried(), t}
}

// reach runs a step, unless the trial gives its output.
func (m *machine) reach(ctx context.Context, path Path, s *planned, f *frame) (schema.Values, error) {
	if m.trial == nil {
		return m.step(ctx, path, s, f)
	}
	if g, ok := m.trial.at(path, s.id); ok {
		m.tries.Given(ctx, path, Call{Step: s.step, Card: s.card}, g)
		return m.here(s, g.Output, nil)
	}
	out, err := m.step(ctx, path, s, f)
	return m.here(s, out, err)
}

// here ends a run that was to go no further than s.
func (m *machine) here(s *planned, out schema.Values, err error) (schema.Values, error) {
	if m.trial.Until != s.id {
		return out, err
	}
	var failure *cards.Error
	if err == nil || s.goOn && errors.As(err, &failure) {
		return nil, &returned{until: true}
	}
	return out, err
}

// outside are the control cards whose work is not to be done twice; all others
// only decide, and decide again.
var outside = []string{"control.wait", "control.call", "control.call_background", "control.wait_callback"}

// PastOf returns what a trial can take over from a run: the outputs of those of its steps that
// stand as the same card at the same place among steps, and that keep wants. History is the
// last attempt of each path.
func PastOf(history []Attempt, steps []StepInfo, keep func(stepID string) bool) map[Path]Given {
	by := make(map[string]StepInfo, len(steps))
	for _, s := range steps {
		by[s.ID] = s
	}
	past := map[Path]Given{}
	for _, a := range history {
		now, is := by[a.StepID]
		if a.Status == Succeeded && is && now.Did(a) && keep(a.StepID) && (now.Card.Kind == cards.Function || slices.Contains(outside, a.Card)) {
			past[a.Path] = Given{Output: a.Output, From: a.RunID}
		}
	}
	return past
}

// Did reports whether a is an attempt of the step as it is: another version may have it
// elsewhere, or another card in its place.
func (i StepInfo) Did(a Attempt) bool { return i.Card.Name == a.Card && i.Path == a.Path.Place() }
