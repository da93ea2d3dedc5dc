package web

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/flows/flowtest"
	"flowdeck/flows/store"
	"flowdeck/views"
)

// showTest is the page on which a test is looked at and changed.
func (s *Server) showTest(c echo.Context) error {
	flow, kept, err := s.testAsked(c)
	if err != nil {
		return err
	}
	var t flowtest.Test
	t, err = flowtest.Parse([]byte(kept.Body))
	if _, wrong := err.(schema.Problems); err != nil && !wrong {
		return err
	}
	return s.answerTest(c, http.StatusOK, flow, kept, testForm(t), nil)
}

func (s *Server) testAsked(c echo.Context) (flows.Flow, store.FlowTest, error) {
	flow, err := s.Store.Flow(c.Request().Context(), c.Param("id"))
	if err != nil {
		return flow, store.FlowTest{}, err
	}
	kept, err := s.Store.FlowTest(c.Request().Context(), flow.ID, c.Param("test"))
	return flow, kept, err
}

// testForm is a test as its page shows it.
func testForm(t flowtest.Test) views.TestForm {
	m := views.TestForm{InOrder: t.InOrder, Ignore: strings.Join(t.Ignore, ", ")}
	m.Event, _ = pretty(t.Event)
	m.Exchanges, _ = pretty(t.Exchanges)
	m.Given, _ = pretty(t.Given)
	m.Failed, _ = pretty(t.Failed)
	m.Vars, _ = pretty(t.Vars)
	for _, e := range t.Expect {
		m.Expect = append(m.Expect, views.TestExpect{Value: e.Value, Operator: e.Operator, With: withText(e.With)})
	}
	for _, x := range t.Exchanges {
		m.Requests = append(m.Requests, views.TestRequest{Step: x.Step, Method: x.Method, URL: x.URL, Status: recordedStatus(x)})
	}
	return m
}

func recordedStatus(x flowtest.Exchange) string {
	if x.Failure != nil {
		return x.Failure.Code
	}
	return strconv.Itoa(x.Status)
}

func (s *Server) answerTest(c echo.Context, status int, flow flows.Flow, kept store.FlowTest, form views.TestForm, problems schema.Problems) error {
	m := views.TestPage{FlowID: flow.ID, FlowName: flow.Name, ID: kept.ID, Name: kept.Name, Revision: kept.Revision, Form: form, Row: s.testRow(kept), Published: flow.Version > 0}
	m.Shell = s.shell(c, kept.Name+" · Tests", "flows")
	m.Shell.Plain = true
	for _, o := range flowtest.Comparisons() {
		m.Operators = append(m.Operators, views.OptionModel{Value: o.Value, Label: o.Label})
	}
	m.Form.Expect = append(m.Form.Expect, views.TestExpect{Operator: "equals"})
	m.Problems = map[string]string{}
	for _, p := range problems {
		head, _, _ := strings.Cut(p.Field, ".")
		if head == "expect" || head == "" {
			m.Wrong = append(m.Wrong, strings.TrimSpace(p.Field+" "+p.Message))
		} else {
			m.Problems[head] = strings.TrimSpace(strings.TrimPrefix(p.Field, head) + " " + p.Message)
		}
	}
	return render(c, status, views.Test(m))
}

// typedTest reads the form of a test's page.
func typedTest(c echo.Context) (t flowtest.Test, form views.TestForm, problems schema.Problems) {
	form = views.TestForm{Event: c.FormValue("event"), Exchanges: c.FormValue("exchanges"), Given: c.FormValue("given"), Failed: c.FormValue("failed"), Vars: c.FormValue("vars"), Ignore: c.FormValue("ignore"), InOrder: c.FormValue("in_order") == "true"}
	raw := map[string]json.RawMessage{}
	for _, part := range []struct{ name, text, empty string }{{"event", form.Event, "{}"}, {"exchanges", form.Exchanges, "[]"}, {"given", form.Given, "{}"}, {"failed", form.Failed, "{}"}, {"vars", form.Vars, "{}"}} {
		text := strings.TrimSpace(part.text)
		if text == "" {
			text = part.empty
		}
		if _, err := schema.DecodeJSONText(text); err != nil {
			problems = append(problems, schema.Problem{Field: part.name, Message: "is not JSON: " + err.Error()})
			continue
		}
		raw[part.name] = json.RawMessage(text)
	}
	expect := []map[string]any{}
	for i := 0; i < flowtest.MaxAssertions+1 && c.FormValue("expect."+strconv.Itoa(i)+".operator") != ""; i++ {
		at := "expect." + strconv.Itoa(i)
		e := views.TestExpect{Value: strings.TrimSpace(c.FormValue(at + ".value")), Operator: c.FormValue(at + ".operator"), With: c.FormValue(at + ".with")}
		if e.Value == "" && e.With == "" {
			continue
		}
		form.Expect = append(form.Expect, e)
		expect = append(expect, map[string]any{"value": e.Value, "operator": e.Operator, "with": withOf(e.With)})
	}
	if len(problems) > 0 {
		return t, form, problems
	}
	raw["expect"], _ = json.Marshal(expect)
	raw["in_order"], _ = json.Marshal(form.InOrder)
	raw["ignore"], _ = json.Marshal(splitList(form.Ignore))
	whole, err := json.Marshal(raw)
	if err == nil {
		t, err = flowtest.Parse(whole)
	}
	if p, ok := err.(schema.Problems); ok {
		return t, form, p
	} else if err != nil {
		return t, form, schema.Problems{{Message: err.Error()}}
	}
	return t, form, nil
}

// withText writes what a value is compared with so that withOf reads the same.
func withText(v any) string {
	text := literal(v)
	if _, isText := v.(string); isText && withOf(text) != v {
		if data, err := schema.EncodeJSON(v); err == nil {
			return string(data)
		}
	}
	return text
}

// withOf reads what a value is compared with: JSON when it is a number, a word of
// JSON, a list or an object, else text.
func withOf(text string) any {
	trimmed := strings.TrimSpace(text)
	if trimmed == "" {
		return nil
	}
	if v, err := schema.DecodeJSONText(trimmed); err == nil {
		return v
	}
	return text
}

func splitList(text string) []string {
	list := []string{}
	for part := range strings.SplitSeq(text, ",") {
		if part = strings.TrimSpace(part); part != "" {
			list = append(list, part)
		}
	}
	return list
}

// saveTest keeps what was changed on a test's page, and with run=1 runs it.
func (s *Server) saveTest(c echo.Context) error {
	flow, kept, err := s.testAsked(c)
	if err != nil {
		return err
	}
	kept.Revision, _ = strconv.ParseInt(c.FormValue("rev"), 10, 64)
	t, form, problems := typedTest(c)
	if kept.Name = strings.TrimSpace(c.FormValue("name")); kept.Name == "" || utf8.RuneCountInString(kept.Name) > 200 {
		problems = append(problems, schema.Problem{Field: "name", Message: "must have between 1 and 200 characters"})
	}
	if len(problems) > 0 {
		return s.answerTest(c, http.StatusUnprocessableEntity, flow, kept, form, problems)
	}
	if t.Started.IsZero() {
		if old, err := flowtest.Parse([]byte(kept.Body)); err == nil {
			t.Started = old.Started // it is not on the page
		}
	}
	body, err := json.Marshal(t)
	if err != nil {
		return err
	}
	kept.Body, kept.By, kept.Updated, kept.Outcome = string(body), s.user(c).Name, s.Now(), ""
	ctx := c.Request().Context()
	if err := s.Store.SaveFlowTest(ctx, kept); err != nil {
		if !errors.Is(err, flows.ErrConflict) {
			return err
		}
		return s.answerTest(c, http.StatusConflict, flow, kept, form, schema.Problems{{Message: "Somebody else changed this test meanwhile. Open it again, then make your change."}})
	}
	if against := c.FormValue("run"); against != "" {
		return s.runKept(c, flow, kept, against)
	}
	trigger(c, "fd:toast", map[string]string{"text": "Saved"})
	return s.showTest(c)
}

// runOneTest runs a test as it is kept.
func (s *Server) runOneTest(c echo.Context) error {
	flow, kept, err := s.testAsked(c)
	if err != nil {
		return err
	}
	return s.runKept(c, flow, kept, c.FormValue("against"))
}

func (s *Server) runKept(c echo.Context, flow flows.Flow, kept store.FlowTest, against string) error {
	ctx := c.Request().Context()
	doc, err := s.testedDocument(ctx, flow, against)
	if err != nil {
		return err
	}
	r, err := s.test(ctx, flow, doc, kept)
	if err != nil {
		return err
	}
	said := map[string]string{"text": "“" + kept.Name + "” passed"}
	if !r.Passed {
		said = map[string]string{"text": "“" + kept.Name + "” failed", "kind": "err"}
	}
	trigger(c, "fd:toast", said)
	return s.showTest(c)
}

func (s *Server) deleteTest(c echo.Context) error {
	if err := s.Store.DeleteFlowTest(c.Request().Context(), c.Param("id"), c.Param("test")); err != nil {
		return err
	}
	return goTo(c, "/flows/"+c.Param("id")+"/tests")
}
