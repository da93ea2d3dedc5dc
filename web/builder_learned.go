package web

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/flows/shape"
	"flowdeck/flows/store"
	"flowdeck/views"
)

// mostLearned bounds the values that a card offers beside its outputs.
const mostLearned = 80

// shape is what is known of a step's answers, nil when it asked something else then.
func (d *drawing) shape(id string) *store.StepShape {
	x, known := d.shapes[id]
	if step, ok := d.steps[id]; !known || !ok || flows.Asks(step.step, step.card) != x.Asks {
		return nil
	}
	return x
}

// doubt marks a pill when earlier answers speak against it. A fallback settles
// what may be empty, but not a value that is another one now.
func (d *drawing) doubt(p *views.PillModel, step, path string, fallback bool) {
	x := d.shape(step)
	if x == nil {
		return
	}
	why, maybe := doubtOf(x.Of(path), lastKey(path, step), d.title(d.steps[step]))
	if why == "" || maybe && fallback {
		return
	}
	p.Maybe, p.Drift, p.Why = true, !maybe, why
}

// doubtOf puts a verdict in words; maybe says that a fallback would settle it.
func doubtOf(v shape.Verdict, name, from string) (doubt string, maybe bool) {
	switch v.Drift {
	case shape.Vanished:
		return fmt.Sprintf("%s is missing in the %s of %s; before, it was always there", name, newest(v.Without), from), false
	case shape.Changed:
		return fmt.Sprintf("%s was %s, in the %s of %s it is %s", name, some(v.Was), newest(v.Since), from, some(v.Is)), false
	case shape.Unseen:
		return fmt.Sprintf("no answer of %s had %s so far (%s)", from, name, count(int(v.Answers), "answer", "answers")), false
	case shape.Mixed:
		return fmt.Sprintf("%s is sometimes %s, sometimes %s", name, some(v.Was), some(v.Is)), true
	case shape.Seldom:
		return fmt.Sprintf("%s was missing in %d of %s of %s", name, v.Without, count(int(v.Answers), "answer", "answers"), from), true
	}
	return "", false
}

func newest(n int64) string {
	if n == 1 {
		return "newest answer"
	}
	return "newest " + strconv.FormatInt(n, 10) + " answers"
}

// some names a type in the middle of a sentence.
func some(t schema.Type) string {
	switch t {
	case schema.Number:
		return "a number"
	case schema.Boolean:
		return "true or false"
	case schema.Object:
		return "an object"
	case schema.List:
		return "a list"
	}
	return string(t)
}

// learned lists what answers of a step had beside its outputs, for the data
// picker: reference, label, type and a sample of each, as JSON; "" when nothing.
func (d *drawing) learned(x drawn) string {
	known := d.shape(x.step.ID)
	if known == nil {
		return ""
	}
	outputs := map[string]bool{}
	for _, o := range d.outputs[x.step.ID] {
		outputs[o.Path] = true
	}
	var list, headers [][4]string
	for _, f := range known.Fields(4 * mostLearned) {
		if outputs[f.Path] {
			continue
		}
		row := [4]string{reference(x.step.ID, f.Path), lastKey(f.Path, x.step.ID), string(f.Type), sample(d.sampleAt(x.step.ID, f.Path))}
		if strings.HasPrefix(f.Path, "headers") {
			headers = append(headers, row)
		} else {
			list = append(list, row)
		}
	}
	list = append(list, headers...)
	if len(list) == 0 {
		return ""
	}
	raw, _ := json.Marshal(list[:min(len(list), mostLearned)]) // strings always marshal
	return string(raw)
}

// warnings are the doubts about the pills of a field.
func warnings(segments []views.Segment) []string {
	var list []string
	for _, s := range segments {
		if s.Pill != nil && s.Pill.Drift {
			list = append(list, upperFirst(s.Pill.Why)+".")
		}
	}
	return list
}

// learnFrom takes the outcome of a test into what is known of a step's answers.
// That it could not is no reason to fail the test.
func (s *Server) learnFrom(ctx context.Context, flowID string, x drawn, out schema.Values) {
	asks := flows.Asks(x.step, x.card)
	if asks == "" || out == nil {
		return
	}
	err := s.Store.Learn(ctx, flowID, []store.Lesson{{Step: x.step.ID, Asks: asks, Answer: out}})
	if err != nil {
		s.Log.WarnContext(ctx, "learn from a test", "flow", flowID, "step", x.step.ID, "err", err)
	}
}
