package web

import (
	"cmp"
	"context"
	"maps"
	"net/http"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"flowdeck/flows"
	"flowdeck/views"
)

// showRedo opens the dialog that takes a failed run up again at the step that failed.
func (s *Server) showRedo(c echo.Context) error {
	ctx := c.Request().Context()
	old, err := s.Store.Run(ctx, c.Param("run"))
	if err == nil {
		err = repeatable(old)
	}
	if err != nil {
		return err
	}
	flow, err := s.Store.Flow(ctx, old.FlowID)
	if err != nil {
		return err
	}
	version := cmp.Or(c.QueryParam("version"), sameVersion)
	plan, err := s.planRedo(ctx, flow, old, version)
	if err != nil {
		return err
	}
	repeats, cut, err := s.repeats(ctx, old, plan)
	if err != nil {
		return err
	}
	m := views.RedoModel{RunID: old.ID, Version: version, Kept: len(plan.run.Trial.Past), Repeats: repeats, Cut: cut, Choices: []views.OptionModel{{Value: sameVersion, Label: "The same again: " + ranWords(old.Version)}}}
	if old.Version > 0 && flow.Version > 0 && flow.Version != old.Version {
		m.Choices = append(m.Choices, views.OptionModel{Value: "live", Label: "v" + strconv.FormatInt(flow.Version, 10) + ", which is live now"})
	}
	m.Choices = append(m.Choices, views.OptionModel{Value: draftKey, Label: "The draft as it is now"})
	return render(c, http.StatusOK, views.RedoDialog(m))
}

const sameVersion = "same"

// redoPlan is a run that goes on where another one failed.
type redoPlan struct {
	run   flows.Run                 // its Trial has what is taken over
	steps map[string]flows.StepInfo // of the version that goes on
}

// planRedo takes over all that succeeded. What succeeded is not done again even
// when a newer version would do it differently: it has happened.
func (s *Server) planRedo(ctx context.Context, flow flows.Flow, old flows.Run, with string) (redoPlan, error) {
	p := redoPlan{run: flows.Run{FlowID: flow.ID, FlowName: flow.Name, FlowAlias: flow.Alias, Version: old.Version, Document: old.Document,
		Trigger: old.Trigger, Event: old.Event, RerunOf: old.ID}}
	var err error
	switch with {
	case "live":
		p.run, err = s.withVersion(ctx, p.run, flow)
	case draftKey:
		if flow.Draft.Trigger.Card != old.Trigger {
			return p, echo.NewHTTPError(http.StatusUnprocessableEntity, "The draft begins with another card, so it cannot take this event. Take the version that ran.")
		}
		p.run.Version = 0
		p.run.Document, err = s.Store.PutDocument(ctx, flow.Draft)
	}
	if err != nil {
		return p, err
	}
	program, err := s.Programs(ctx, p.run.Document)
	if err != nil {
		return p, err
	}
	done, err := s.Store.Done(ctx, old.ID)
	if err != nil {
		return p, err
	}
	p.steps = map[string]flows.StepInfo{}
	for _, i := range program.Steps() {
		p.steps[i.ID] = i
	}
	p.run.Trial = &flows.Trial{Past: flows.PastOf(done, program.Steps(), func(string) bool { return true })}
	return p, nil
}

// repeats lists the steps that wrote, or may have, and are run again: those of the run,
// and those of flows that it called and calls anew. Cut says that there may be more.
func (s *Server) repeats(ctx context.Context, old flows.Run, p redoPlan) (list []string, cut bool, err error) {
	if list, err = s.ownRepeats(ctx, old, p); err != nil {
		return nil, false, err
	}
	b, err := s.begunBy(ctx, []string{old.ID})
	if err != nil {
		return nil, false, err
	}
	w, err := s.weighRuns(ctx, slices.Sorted(maps.Keys(b.anew)), b)
	for _, x := range w.failed {
		list = append(list, placed(x.title, x.number, w.flows[x.flowID])+": "+x.words())
	}
	return list, w.cut, err
}

func (s *Server) ownRepeats(ctx context.Context, old flows.Run, p redoPlan) ([]string, error) {
	attempts, err := s.Store.AttemptSketches(ctx, old.ID)
	if err != nil {
		return nil, err
	}
	last := map[flows.Path]flows.Attempt{}
	var order []flows.Path
	for _, a := range attempts {
		if _, seen := last[a.Path]; !seen {
			order = append(order, a.Path)
		}
		last[a.Path] = a
	}
	var list []string
	for _, path := range order {
		a := last[path]
		card, known := s.Cards.Card(a.Card)
		now, is := p.steps[a.StepID]
		if _, kept := p.run.Trial.Past[path]; kept || a.Status == flows.Skipped || !known || !is || !card.Writes(a.Input) {
			continue
		}
		said := "it was begun and not finished"
		switch {
		case a.Error != nil:
			said = "it failed with " + a.Error.Code
		case a.Status == flows.Succeeded && now.Path == path.Place():
			said = "it took effect, and is another card in this version, which runs as well"
		case a.Status == flows.Succeeded:
			said = "it took effect, and stands elsewhere in this version, where it runs again"
		}
		list = append(list, placed(now.Title, now.Number, "")+": "+said)
	}
	return list, nil
}

// goOn takes a run up again at the step that failed, with the version that ran or the
// one that is live. It may be for something that begins one run.
func (s *Server) goOn(ctx context.Context, id string, same bool, by string, once *flows.Once) (flows.Run, error) {
	version := liveVersion
	if same {
		version = sameVersion
	}
	return s.goOnFrom(ctx, id, version, by, once)
}

func (s *Server) goOnFrom(ctx context.Context, id, version, by string, once *flows.Once) (flows.Run, error) {
	old, err := s.Store.Run(ctx, id)
	if err != nil {
		return flows.Run{}, err
	}
	if !old.Status.Done() {
		return flows.Run{}, echo.NewHTTPError(http.StatusConflict, "This run still goes on. Stop it first, then take it up again.")
	}
	if err := repeatable(old); err != nil {
		return flows.Run{}, err
	}
	flow, err := s.Store.Flow(ctx, old.FlowID)
	if err != nil {
		return flows.Run{}, err
	}
	p, err := s.planRedo(ctx, flow, old, version)
	if err != nil {
		return flows.Run{}, err
	}
	p.run.Source, p.run.Once = by+" (re-run)", once
	return s.startInstead(ctx, old, p.run, flow.Settings, by)
}

// redo begins the run.
func (s *Server) redo(c echo.Context) error {
	run, err := s.goOnFrom(c.Request().Context(), c.Param("run"), c.FormValue("version"), s.user(c).Name, nil)
	if err != nil {
		return busyOr(err)
	}
	return goTo(c, "/runs/"+run.ID)
}
