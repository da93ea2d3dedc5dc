package web

import (
	"context"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"flowdeck/cards"
	"flowdeck/cards/schema"
	"flowdeck/cards/trace"
	"flowdeck/flows"
	"flowdeck/flows/store"
	"flowdeck/views"
)

// testTimeout bounds a try of a card whose policy says nothing.
const testTimeout = time.Minute

// showCardTest opens the drawer, with the last try when there was one.
func (s *Server) showCardTest(c echo.Context) error {
	d, x, err := s.stepToTest(c.Request().Context(), c.Param("id"), c.Param("step"))
	if err != nil {
		return err
	}
	given, err := s.givenValues(c, d, x)
	if err != nil {
		return err
	}
	m := d.testModel(x, given)
	if m.Runs, err = s.runChoices(c, d.flow.ID); err != nil {
		return err
	}
	if t, err := s.Store.CardTest(c.Request().Context(), d.flow.ID, x.step.ID); err == nil {
		m.Result = d.testResult(x, t)
	}
	return render(c, http.StatusOK, views.TestDrawer(m))
}

// testCard runs the card, for real, with the values typed in the drawer. A failed
// call is a result like any other. A card that changes something shows first what
// it would send.
func (s *Server) testCard(c echo.Context) error {
	d, x, err := s.stepToTest(c.Request().Context(), c.Param("id"), c.Param("step"))
	if err != nil {
		return err
	}
	typed, problems := typedValues(c)
	d.fromKnown(typed)
	m := d.testModel(x, typed)
	if m.Runs, err = s.runChoices(c, d.flow.ID); err != nil {
		return err
	}
	for _, p := range problems {
		m.Problems = append(m.Problems, p.Field+" "+p.Message)
	}
	lookup, mark, err := s.namedIn(c.Request().Context(), d, lookupIn(nested(typed)))
	if err != nil {
		return err
	}
	in, unresolved := flows.Inputs(d.flow.Draft, x.step.ID, s.Cards, lookup)
	for _, p := range x.problem {
		unresolved = append(unresolved, schema.Problem{Field: p.Field, Message: p.Message})
	}
	for _, p := range unresolved {
		label, _ := inputLabel(x.card, p.Field)
		m.Problems = append(m.Problems, strings.TrimSpace(label+" "+p.Message))
	}
	if len(m.Problems) > 0 {
		return render(c, http.StatusUnprocessableEntity, views.TestDrawer(m))
	}
	if err := s.keepTyped(c, d, x, typed); err != nil {
		return err
	}
	if c.FormValue("send") == fromRecording {
		return s.answerFromRecording(c, d, x, m)
	}
	key := keyOf(c.FormValue("key"))
	if x.card.Connector != "" && x.card.Writes(in) {
		shown, err := s.look(c, x, in, key)
		switch {
		case err != nil:
			m.Problems = []string{upperFirst(cards.ErrorOf(err).Message)}
			return render(c, http.StatusUnprocessableEntity, views.TestDrawer(m))
		case shown != nil && c.FormValue("send") != shown.sum:
			return s.showPreview(c, d, x, m, shown)
		}
	}
	t, err := s.try(c.Request().Context(), d.flow.ID, x, in, key, s.user(c).Name, mark)
	if err != nil {
		return err
	}
	if c.FormValue("send") != "" {
		trigger(c, "fd:focus", map[string]string{"to": "#test-status"})
	}
	d.tests[x.step.ID] = t
	m.Result = d.testResult(x, t)
	trigger(c, "fd:refresh", map[string]string{}) // the canvas shows the outcome and the new sample values
	return render(c, http.StatusOK, views.TestDrawer(m))
}

func (s *Server) stepToTest(ctx context.Context, flowID, stepID string) (*drawing, drawn, error) {
	flow, err := s.Store.Flow(ctx, flowID)
	if err != nil {
		return nil, drawn{}, err
	}
	d, err := s.newDrawing(ctx, flow)
	if err != nil {
		return nil, drawn{}, err
	}
	x, ok := d.steps[stepID]
	if !ok || x.card.Kind != cards.Function {
		return nil, drawn{}, flows.ErrNotFound
	}
	return d, x, nil
}

// try runs one card as a run would, and keeps what happened.
func (s *Server) try(ctx context.Context, flowID string, x drawn, in schema.Values, key, by, mark string) (store.CardTest, error) {
	limit := testTimeout
	if x.step.Policy.Timeout.Duration > 0 {
		limit = x.step.Policy.Timeout.Duration
	}
	wire := &trace.Trace{}
	ctx, cancel := context.WithTimeout(trace.With(ctx, wire), limit)
	defer cancel()
	client, err := s.Clients.Client(ctx, x.step.Connection)
	if err != nil {
		return store.CardTest{}, err
	}
	timeout, err := s.Clients.Timeout(ctx, x.step.Connection)
	if err != nil {
		return store.CardTest{}, err
	}
	start := time.Now()
	var out schema.Values
	revealed, failure := s.reveal(ctx, x.card.Inputs, in, mark)
	if failure == nil {
		out, failure = s.call(ctx, x.card, cards.Env{HTTP: client, Now: s.Now, Key: key, Timeout: timeout, Tables: s.Store, Export: s.bundle().Flow}, revealed)
	}
	t := store.CardTest{FlowID: flowID, StepID: x.step.ID, Card: x.card.Name, Input: x.card.Inputs.Redact(in), Output: out,
		Trace: wire, By: by, At: s.Now(), Took: time.Since(start)}
	if failure != nil {
		t.Output, t.Error = nil, cards.ErrorOf(failure)
	}
	ctx = context.WithoutCancel(ctx)
	s.learnFrom(ctx, flowID, x, t.Output)
	return t, s.Store.SaveCardTest(ctx, t)
}

// call runs a card; a panic is the card's failure and is logged with its stack.
func (s *Server) call(ctx context.Context, card cards.Card, env cards.Env, in schema.Values) (out schema.Values, err error) {
	defer func() {
		if p := recover(); p != nil {
			s.Log.ErrorContext(ctx, "card panicked", "card", card.Name, "panic", p, "stack", string(debug.Stack()))
			err = &cards.Error{Code: cards.CodeBug, Message: "the card has a bug; the server's log has the details"}
		}
	}()
	return card.Call(ctx, env, in)
}
