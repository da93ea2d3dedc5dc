package web

import (
	"maps"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/flows/schedule"
	"flowdeck/flows/webhook"
	"flowdeck/views"
)

// showRunDialog asks for the values of the trigger, starting from the last run's.
func (s *Server) showRunDialog(c echo.Context) error {
	flow, err := s.Store.Flow(c.Request().Context(), c.Param("id"))
	if err != nil {
		return err
	}
	samples, err := s.Store.SampleOutputs(c.Request().Context(), flow.ID)
	if err != nil {
		return err
	}
	pins, err := s.Store.Pins(c.Request().Context(), flow.ID)
	if err != nil {
		return err
	}
	m := runModel(flow, samples[flow.Draft.Trigger.ID], nil)
	m.Pins = pinWords(pins)
	return render(c, http.StatusOK, views.RunDialog(m))
}

func runModel(flow flows.Flow, values schema.Values, problems schema.Problems) views.RunModel {
	trigger := flow.Draft.Trigger
	m := views.RunModel{FlowID: flow.ID, Title: "Run " + flow.Name, Text: "With the values below, as if the trigger had received them"}
	for i, f := range askedFor(trigger.Inputs).form.Fields {
		in := views.RunInput{Kind: string(f.Type), Checked: values[f.Name] == true, Field: views.FieldModel{
			ID: "run-" + slug(f.Name), Name: "input." + f.Name, Label: f.Label, Aux: string(f.Type), Value: literal(values[f.Name]), Hint: f.Help,
			Problem: problemOf(problems, f.Name), Required: f.Required, Focus: i == 0}}
		if f.Type == schema.Object || f.Type == schema.List {
			in.Field.Rows, in.Field.Mono = 3, true
		}
		m.Inputs = append(m.Inputs, in)
	}
	if trigger.Card == endpointCard || trigger.Card == webhook.Card {
		m.Body = &views.FieldModel{ID: "run-body", Name: "body", Label: "Body", Aux: "JSON", Value: literal(values["body"]), Rows: 5, Mono: true,
			Problem: problemOf(problems, "body"), Placeholder: `{ "customer_id": "C-10482" }`}
	}
	return m
}

// runEvent makes the trigger's outputs of what was typed. Typed is what to show
// again when there are problems.
func runEvent(c echo.Context, step flows.Step, now time.Time) (event, typed schema.Values, problems schema.Problems) {
	asked := askedFor(step.Inputs)
	typed, given := schema.Values{}, schema.Values{}
	for _, f := range asked.form.Fields {
		text := c.FormValue("input." + f.Name)
		typed[f.Name] = text
		if f.Type == schema.Boolean {
			given[f.Name] = text == "true"
			typed[f.Name] = given[f.Name]
		} else if text != "" {
			given[f.Name] = text
		}
	}
	body, err := bodyTyped(c.FormValue("body"))
	typed["body"] = c.FormValue("body")
	if err != nil {
		problems = append(problems, schema.Problem{Field: "body", Message: err.Error()})
	}
	event, wrong := triggerEvent(step, given, body, now)
	if problems = append(problems, wrong...); len(problems) > 0 {
		return nil, typed, problems
	}
	return event, typed, nil
}

// triggerEvent makes the trigger's outputs of the inputs that were given and the body that
// a caller would have sent.
func triggerEvent(step flows.Step, given schema.Values, body any, now time.Time) (schema.Values, schema.Problems) {
	if step.Card == schedule.Card {
		return scheduleByHand(step, now)
	}
	asked := askedFor(step.Inputs)
	fromBody, _ := body.(map[string]any)
	for i, f := range asked.form.Fields {
		if _, ok := given[f.Name]; !ok && asked.sources[i].from == "body" && fromBody[f.Name] != nil {
			given[f.Name] = fromBody[f.Name]
		}
	}
	event, problems := asked.form.Convert(given)
	if len(problems) > 0 {
		return nil, problems
	}
	for _, f := range asked.form.Fields {
		if _, ok := event[f.Name]; !ok {
			event[f.Name] = nil
		}
	}
	switch step.Card {
	case endpointCard:
		asRequest(event, asked, body)
	case webhook.Card:
		event = asDelivery(step, body, now)
	}
	return event, nil
}

// bodyTyped reads the body of a call as a person wrote it.
func bodyTyped(text string) (any, error) {
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	v, err := schema.DecodeJSON([]byte(text))
	if err != nil {
		return nil, schema.Problems{{Field: "body", Message: "is not JSON: " + err.Error()}}
	}
	return v, nil
}

// asRequest adds what a call of the endpoint with these values would have had.
func asRequest(event schema.Values, asked *asked, body any) {
	query, headers := schema.Values{}, schema.Values{}
	object, isObject := body.(map[string]any)
	if isObject || body == nil {
		object = maps.Clone(object)
	}
	for i, f := range asked.form.Fields {
		v := event[f.Name]
		if v == nil {
			continue
		}
		switch asked.sources[i].from {
		case "query":
			query[f.Name] = literal(v)
		case "header":
			headers[strings.ToLower(asked.sources[i].headers[0])] = literal(v)
		default:
			if object == nil && body == nil {
				object = schema.Values{}
			}
			if object != nil {
				object[f.Name] = v
			}
		}
	}
	if object != nil {
		body = object
	}
	event["method"], event["headers"], event["query"], event["body"], event["raw_body"] = "POST", headers, query, body, literal(body)
	event["caller"] = caller{level: levelPublic}.values()
}
