package web

import (
	"slices"

	"github.com/labstack/echo/v4"

	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/flows/store"
	"flowdeck/views"
)

// runsOffered is how many of a flow's runs the drawer offers values of.
const runsOffered = 20

// givenValues are what the drawer begins with beside the last outputs: the values of
// the run that was asked for, else what this person typed last.
func (s *Server) givenValues(c echo.Context, d *drawing, x drawn) ([]typedValue, error) {
	ctx := c.Request().Context()
	if id := runShown(c); id != "" {
		run, err := s.Store.Run(ctx, id)
		if err == nil && run.FlowID != d.flow.ID {
			err = flows.ErrNotFound
		}
		if err != nil {
			return nil, err
		}
		trigger(c, "fd:focus", map[string]string{"to": "#run-test"})
		return s.valuesOfRun(c, d, x, run)
	}
	kept, err := s.Store.Typed(ctx, d.flow.ID, x.step.ID, s.user(c).ID)
	if err != nil {
		return nil, err
	}
	var list []typedValue
	for ref, t := range kept {
		list = append(list, typedValue{ref: ref, text: t.Text, json: t.JSON, from: "as you typed it last"})
	}
	return list, nil
}

// valuesOfRun takes what the card refers to out of what a run's steps gave.
func (s *Server) valuesOfRun(c echo.Context, d *drawing, x drawn, run flows.Run) ([]typedValue, error) {
	refs := d.references(x)
	var steps []string
	for _, ref := range refs {
		if !slices.Contains(steps, ref.Step) {
			steps = append(steps, ref.Step)
		}
	}
	outputs, err := s.Store.OutputsOf(c.Request().Context(), run.ID, steps)
	if err != nil {
		return nil, err
	}
	outputs[d.flow.Draft.Trigger.ID] = run.Event
	var list []typedValue
	for _, ref := range refs {
		values, ran := outputs[ref.Step]
		if !ran {
			continue
		}
		v := flows.ValueAt(values, ref.PathString())
		_, isText := v.(string)
		if _, size := jsonHead(v, 0); size > mostTyped {
			list = append(list, typedValue{ref: ref.String(), known: true, from: "from the last run or test: that of the run is too long to be taken"})
			continue
		}
		list = append(list, typedValue{ref: ref.String(), text: literal(v), json: v != nil && !isText,
			from: "from the run of " + s.clockOf(run.Created)})
	}
	return list, nil
}

// keptText is how much of what a person typed is kept, in bytes.
const keptText = 64 << 10

// keepTyped keeps what was typed for the next time, but for what goes into secret
// inputs and what is too long.
func (s *Server) keepTyped(c echo.Context, d *drawing, x drawn, typed []typedValue) error {
	secret := map[string]bool{}
	for _, f := range x.card.Inputs.Fields {
		if text, ok := x.step.Inputs[f.Name].(string); ok && f.Secret {
			for _, ref := range mentioned(text) {
				secret[ref.String()] = true
			}
		}
	}
	kept, size := map[string]store.Typed{}, 0
	for _, t := range typed {
		if size += len(t.text); secret[t.ref] || size > keptText || t.known {
			continue
		}
		kept[t.ref] = store.Typed{Text: t.text, JSON: t.json}
	}
	if len(kept) == 0 {
		return nil
	}
	return s.Store.SaveTyped(c.Request().Context(), d.flow.ID, x.step.ID, s.user(c).ID, kept)
}

// runChoices are the runs whose values can be taken.
func (s *Server) runChoices(c echo.Context, flowID string) ([]views.OptionModel, error) {
	rows, _, err := s.Store.Runs(c.Request().Context(), store.RunFilter{FlowID: flowID, Limit: runsOffered})
	var list []views.OptionModel
	for _, r := range rows {
		if r.Outline && r.Status.Done() {
			continue // it has no values
		}
		list = append(list, views.OptionModel{Value: r.ID, Label: join(s.clockOf(r.Created)+" · "+stateWord(r.Status), r.Key)})
	}
	return list, err
}

func stateWord(status flows.Status) string {
	switch status {
	case flows.Succeeded:
		return "Done"
	case flows.Cancelled:
		return "Stopped"
	}
	return upperFirst(string(status))
}

// fromRecording is what the drawer sends for an answer without a call.
const fromRecording = "recording"

// answerFromRecording takes the last answer that the step got as the result of the test.
func (s *Server) answerFromRecording(c echo.Context, d *drawing, x drawn, m views.TestModel) error {
	ctx := c.Request().Context()
	a, err := s.Store.LastAnswer(ctx, d.flow.ID, x.step.ID, pathOf(d.flow.Draft.Chain, x.step.ID))
	if err != nil {
		return err
	}
	t := store.CardTest{FlowID: d.flow.ID, StepID: x.step.ID, Card: x.card.Name, Input: schema.Values{}, Output: a.Output, Trace: a.Trace,
		By: s.user(c).Name, At: s.Now(), Took: a.Took, Recorded: a.At, Recording: a.RunID}
	if err := s.Store.SaveCardTest(ctx, t); err != nil {
		return err
	}
	d.tests[x.step.ID] = t
	m.Result = d.testResult(x, t)
	trigger(c, "fd:refresh", map[string]string{})
	trigger(c, "fd:focus", map[string]string{"to": "#test-status"})
	return render(c, 200, views.TestDrawer(m))
}

// pathOf is the path of a step outside of loops; "" when it is not there.
func pathOf(chain []flows.Step, id string) flows.Path {
	for _, step := range chain {
		if step.ID == id {
			return flows.Path(id)
		}
		for _, b := range step.Blocks {
			if p := pathOf(b.Chain, id); p != "" {
				return flows.Path(step.ID) + "/" + p
			}
		}
	}
	return ""
}
