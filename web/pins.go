package web

import (
	"encoding/json"
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"flowdeck/cards"
	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/flows/store"
	"flowdeck/views"
)

// maxPin is how long a pinned output may be, as JSON.
const maxPin = 1 << 20

func (s *Server) pinRoutes(app *echo.Group) {
	app.GET("/flows/:id/steps/:step/pin", s.showPin)
	app.POST("/flows/:id/steps/:step/pin", s.savePin)
	app.POST("/flows/:id/steps/:step/unpin", s.dropPin)
}

// showPin opens the dialog in which an output is pinned, with the one that is
// pinned now, or the newest that the card gave.
func (s *Server) showPin(c echo.Context) error {
	d, x, err := s.stepToPin(c)
	if err != nil {
		return err
	}
	m := d.pinModel(x)
	if v, ok := d.samples[x.step.ID]; ok {
		if m.Value, err = pretty(v); err != nil {
			return err
		}
		m.Source = "the newest run or test of this card"
	}
	if p, ok := d.pins[x.step.ID]; ok {
		m.Pinned, m.Source = true, p.Source+", pinned by "+p.By+" "+s.clockOf(p.At)
	}
	if m.Runs, err = s.runChoices(c, d.flow.ID); err != nil {
		return err
	}
	if id := c.QueryParam("run"); id != "" {
		run, err := s.runOfFlow(c, d.flow.ID, id)
		if err != nil {
			return err
		}
		outputs, err := s.Store.OutputsOf(c.Request().Context(), run.ID, []string{x.step.ID})
		if err != nil {
			return err
		}
		if v, ok := outputs[x.step.ID]; !ok {
			m.Problem = "The card gave nothing in that run. Choose another one, or type the output."
		} else if m.Value, err = pretty(v); err != nil {
			return err
		} else {
			m.Source = "the run of " + s.clockOf(run.Created)
		}
		m.Run = id
	}
	return render(c, http.StatusOK, views.PinDialog(m))
}

func (d *drawing) pinModel(x drawn) views.PinModel {
	return views.PinModel{FlowID: d.flow.ID, StepID: x.step.ID, Title: d.title(x), Number: d.numbers[x.step.ID]}
}

func (s *Server) stepToPin(c echo.Context) (*drawing, drawn, error) {
	flow, err := s.Store.Flow(c.Request().Context(), c.Param("id"))
	if err != nil {
		return nil, drawn{}, err
	}
	d, err := s.newDrawing(c.Request().Context(), flow)
	if err != nil {
		return nil, drawn{}, err
	}
	x, ok := d.steps[c.Param("step")]
	if !ok || x.card.Kind == cards.Event || !x.known {
		return nil, drawn{}, flows.ErrNotFound
	}
	return d, x, nil
}

// runOfFlow reads a run, which must be of that flow.
func (s *Server) runOfFlow(c echo.Context, flowID, id string) (flows.Run, error) {
	run, err := s.Store.Run(c.Request().Context(), id)
	if err == nil && run.FlowID != flowID {
		err = flows.ErrNotFound
	}
	if err == nil && run.Outline && run.Status.Done() {
		err = echo.NewHTTPError(http.StatusConflict, "This run has no values to take: an outline of it was kept. Choose a run that failed, or a test run.")
	}
	return run, err
}

// savePin pins what was typed, or what the dialog began with.
func (s *Server) savePin(c echo.Context) error {
	d, x, err := s.stepToPin(c)
	if err != nil {
		return err
	}
	text := c.FormValue("output")
	output, problem := pinOf(text)
	if problem != "" {
		m := d.pinModel(x)
		m.Value, m.Wrong, m.Source = text, problem, c.FormValue("source")
		_, m.Pinned = d.pins[x.step.ID]
		if m.Runs, err = s.runChoices(c, d.flow.ID); err != nil {
			return err
		}
		return render(c, http.StatusUnprocessableEntity, views.PinDialog(m))
	}
	pin := store.Pin{StepID: x.step.ID, Output: output, Source: "typed", By: s.user(c).Name, At: s.Now()}
	if from := c.FormValue("source"); from != "" && text == c.FormValue("was") {
		pin.Source = "from " + inCharacters(from, 80)
	}
	if err := s.Store.SavePin(c.Request().Context(), d.flow.ID, pin); err != nil {
		return err
	}
	return s.pinned(c, d.flow, "The output of “"+d.title(x)+"” is pinned for runs of the draft")
}

// dropPin has the card called again.
func (s *Server) dropPin(c echo.Context) error {
	d, x, err := s.stepToPin(c)
	if err != nil {
		return err
	}
	if err := s.Store.DropPin(c.Request().Context(), d.flow.ID, x.step.ID); err != nil {
		return err
	}
	return s.pinned(c, d.flow, "“"+d.title(x)+"” is called again")
}

func (s *Server) pinned(c echo.Context, flow flows.Flow, said string) error {
	trigger(c, "fd:close", map[string]string{})
	trigger(c, "fd:toast", map[string]string{"text": said})
	return s.answerCanvas(c, http.StatusOK, flow)
}

// pinOf reads an output as a person wrote it.
func pinOf(text string) (output schema.Values, problem string) {
	if len(text) > maxPin {
		return nil, "may have 1 MB; this has " + byteWords(int64(len(text)))
	}
	v, err := schema.DecodeJSON([]byte(text))
	var at *schema.JSONError
	if errors.As(err, &at) || err != nil {
		return nil, "is not JSON: " + err.Error()
	}
	output, ok := v.(map[string]any)
	if !ok {
		return nil, "must be an object of the card's outputs, such as {\"status_code\": 200, \"body\": {}}"
	}
	return output, ""
}

// pretty is a value as JSON that people can edit.
func pretty(v any) (string, error) {
	data, err := json.MarshalIndent(v, "", "  ")
	return string(data), err
}
