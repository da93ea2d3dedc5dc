package web

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/flows/flowtest"
	"flowdeck/flows/store"
	"flowdeck/views"
)

func (s *Server) testsRoutes(app *echo.Group) {
	app.GET("/flows/:id/tests", s.showTests)
	app.POST("/flows/:id/tests/run", s.runTests)
	app.POST("/flows/:id/tests/require", s.requireTests)
	app.GET("/flows/:id/tests/:test", s.showTest)
	app.POST("/flows/:id/tests/:test", s.saveTest)
	app.POST("/flows/:id/tests/:test/run", s.runOneTest)
	app.POST("/flows/:id/tests/:test/delete", s.deleteTest)
	app.GET("/runs/:run/test", s.showSaveAsTest)
	app.POST("/runs/:run/test", s.saveAsTest)
}

// showTests lists a flow's tests and how each went last.
func (s *Server) showTests(c echo.Context) error {
	flow, err := s.Store.Flow(c.Request().Context(), c.Param("id"))
	if err != nil {
		return err
	}
	return s.answerTests(c, flow)
}

func (s *Server) answerTests(c echo.Context, flow flows.Flow) error {
	list, err := s.Store.FlowTests(c.Request().Context(), flow.ID)
	if err != nil {
		return err
	}
	m := views.TestsPage{FlowID: flow.ID, Name: flow.Name, Required: flow.Settings.RequireTests, Published: flow.Version > 0}
	m.Shell = s.shell(c, flow.Name+" · Tests", "flows")
	m.Shell.Plain = true
	for _, t := range list {
		m.Tests = append(m.Tests, s.testRow(t))
	}
	return render(c, http.StatusOK, views.Tests(m))
}

func (s *Server) testRow(t store.FlowTest) views.TestRow {
	row := views.TestRow{ID: t.ID, Name: t.Name, Href: "/flows/" + t.FlowID + "/tests/" + t.ID, By: t.By}
	var body flowtest.Test
	if json.Unmarshal([]byte(t.Body), &body) == nil {
		row.Text = count(len(body.Exchanges), "recorded answer", "recorded answers") + ", " + count(len(body.Expect), "expectation", "expectations")
	}
	r, ran := outcomeOf(t)
	switch {
	case !ran:
		row.Status, row.Kind = "Not run yet", "off"
	case r.Passed:
		row.Status, row.Kind = "Passed "+s.clockOf(r.At), "ok"
	default:
		row.Status, row.Kind = "Failed "+s.clockOf(r.At), "err"
		row.Failures = failureRows(r.Failures)
	}
	return row
}

func outcomeOf(t store.FlowTest) (r flowtest.Result, ran bool) {
	return r, t.Outcome != "" && json.Unmarshal([]byte(t.Outcome), &r) == nil
}

func failureRows(list []flowtest.Failure) []views.TestFailure {
	var rows []views.TestFailure
	for _, f := range list {
		rows = append(rows, views.TestFailure{Text: f.Text, Want: f.Want, Got: f.Got})
	}
	return rows
}

// runTests runs all tests of a flow against its draft, or what is live.
func (s *Server) runTests(c echo.Context) error {
	ctx := c.Request().Context()
	flow, err := s.Store.Flow(ctx, c.Param("id"))
	if err != nil {
		return err
	}
	doc, err := s.testedDocument(ctx, flow, c.FormValue("against"))
	if err != nil {
		return err
	}
	passed, all, err := s.testAll(ctx, flow, doc)
	if err != nil {
		return err
	}
	said := map[string]string{"text": literal(int64(passed)) + " of " + count(all, "test", "tests") + " passed"}
	if passed < all {
		said["kind"] = "err"
	}
	trigger(c, "fd:toast", said)
	return s.answerTests(c, flow)
}

func (s *Server) testedDocument(ctx context.Context, flow flows.Flow, against string) (flows.Document, error) {
	if against == "live" && flow.Version > 0 {
		return s.stateOf(ctx, flow, "against", literal(flow.Version))
	}
	return flow.Draft, nil
}

// testAll runs a flow's tests against a document and keeps how they went.
func (s *Server) testAll(ctx context.Context, flow flows.Flow, doc flows.Document) (passed, all int, err error) {
	list, err := s.Store.FlowTests(ctx, flow.ID)
	if err != nil {
		return 0, 0, err
	}
	for _, t := range list {
		r, err := s.test(ctx, flow, doc, t)
		if err != nil {
			return passed, len(list), err
		}
		if r.Passed {
			passed++
		}
	}
	return passed, len(list), nil
}

// test runs one test and keeps how it went. What keeps the document from running is
// a failure of the test.
func (s *Server) test(ctx context.Context, flow flows.Flow, doc flows.Document, kept store.FlowTest) (flowtest.Result, error) {
	r := flowtest.Try(ctx, flow, doc, s.Cards, kept.Body)
	data, err := json.Marshal(r)
	if err != nil {
		return r, err
	}
	return r, s.Store.SetTestOutcome(ctx, flow.ID, kept.ID, string(data))
}

// requireTests says whether a version may be published whose tests fail.
func (s *Server) requireTests(c echo.Context) error {
	user, on := s.user(c), c.FormValue("required") == "true"
	if err := s.Store.UpdateFlow(c.Request().Context(), c.Param("id"), func(f *flows.Flow) error {
		f.Settings.RequireTests, f.UpdatedBy = on, user.Name
		return nil
	}); err != nil {
		return err
	}
	return s.showTests(c)
}

// testsRefuse says why a document may not be published when its flow requires that
// its tests pass; "" when it may.
func (s *Server) testsRefuse(ctx context.Context, flow flows.Flow, doc flows.Document) (string, error) {
	if !flow.Settings.RequireTests {
		return "", nil
	}
	passed, all, err := s.testAll(ctx, flow, doc)
	return flowtest.Refusal(flow.Settings, all-passed), err
}

// showSaveAsTest asks for the name of a test that a run becomes.
func (s *Server) showSaveAsTest(c echo.Context) error {
	run, err := s.Store.Run(c.Request().Context(), c.Param("run"))
	if err != nil {
		return err
	}
	return render(c, http.StatusOK, views.SaveTest(views.SaveTestModel{RunID: run.ID, Title: "Run of " + s.clockOf(run.Created)}))
}

func (s *Server) saveAsTest(c echo.Context) error {
	ctx := c.Request().Context()
	run, err := s.Store.Run(ctx, c.Param("run"))
	if err != nil {
		return err
	}
	if run.Outline && run.Status.Done() {
		return echo.NewHTTPError(http.StatusConflict, "This run cannot be saved as a test: an outline of it was kept, and no values.")
	}
	m := views.SaveTestModel{RunID: run.ID, Title: strings.TrimSpace(c.FormValue("name"))}
	if m.Title == "" || len(m.Title) > 200 {
		m.Wrong = "must have between 1 and 200 characters"
		return render(c, http.StatusUnprocessableEntity, views.SaveTest(m))
	}
	id, problems, err := s.record(ctx, run, m.Title, s.user(c).Name)
	if err != nil {
		return err
	}
	if len(problems) > 0 {
		for _, p := range problems {
			m.Problems = append(m.Problems, upperFirst(strings.TrimSpace(p.Field+" "+p.Message)))
		}
		return render(c, http.StatusUnprocessableEntity, views.SaveTest(m))
	}
	return goTo(c, "/flows/"+run.FlowID+"/tests/"+id)
}

// record makes a run a test of its flow. The problems say what cannot be played back.
func (s *Server) record(ctx context.Context, run flows.Run, name, by string) (id string, _ schema.Problems, err error) {
	if !run.Status.Done() {
		return "", schema.Problems{{Message: "the run still goes on; save it when it is over"}}, nil
	}
	var history []flows.Attempt
	size := 0
	if err := s.Store.EachAttempt(ctx, run.ID, func(a flows.Attempt) error {
		history = append(history, a)
		if size++; size > 20*flowtest.MaxExchanges {
			return schema.Problems{{Message: "the run has more steps than a test may play back"}}
		}
		return nil
	}); err != nil {
		if p, ok := err.(schema.Problems); ok {
			return "", p, nil
		}
		return "", nil, err
	}
	titles := map[string]string{}
	var vars schema.Values
	if program, err := s.Programs(ctx, run.Document); err == nil {
		if vars, err = s.variablesOf(ctx, program, run.Created); err != nil {
			return "", nil, err
		}
		for _, i := range program.Steps() {
			titles[i.ID] = i.Title
		}
	}
	t, err := flowtest.Record(run, history, s.Cards, titles)
	if p, ok := err.(schema.Problems); ok {
		return "", p, nil
	}
	t.Vars = vars
	for _, a := range history {
		if a.Card == callbackCard && s.Link != nil {
			link, _ := s.Link(run.ID, a.Path)
			t.Mask(link)
		}
	}
	body, err := json.Marshal(t)
	if err != nil {
		return "", nil, err
	}
	if len(body) > flowtest.MaxBytes {
		return "", schema.Problems{{Message: "its values take " + byteWords(int64(len(body))) + ", and a test may have 4 MB"}}, nil
	}
	now := s.Now().UTC().Truncate(time.Microsecond)
	id = store.NewID("t_")
	return id, nil, s.Store.CreateFlowTest(ctx, store.FlowTest{ID: id, FlowID: run.FlowID, Name: name, By: by, Created: now, Body: string(body)})
}

// variablesOf are the variables that a flow mentions, as they were at a time.
func (s *Server) variablesOf(ctx context.Context, p *flows.Program, at time.Time) (schema.Values, error) {
	if !p.AsksVars() {
		return nil, nil
	}
	all, err := s.Store.VariablesAt(ctx, at)
	if err != nil {
		return nil, err
	}
	vars := schema.Values{}
	for _, n := range flows.NamedIn(p.Document(), s.Cards) {
		if v, is := all[n.Name]; is && !n.Secret {
			vars[n.Name] = v
		}
	}
	return vars, nil
}
