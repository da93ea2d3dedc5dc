package web

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"flowdeck/cards"
	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/views"
)

const (
	boxLines  = 300       // of a value, until more are asked for
	moreLines = 400       // that are added at a time
	boxCopy   = 256 << 10 // bytes that a copy button carries
)

// boxed is a value of an attempt that the page shows; part names it in addresses.
type boxed struct {
	part, title, root string
	value             any
	tag               *views.TagModel
}

// boxedOf are the values of an attempt: what it got, and what it gave or what came back.
func boxedOf(step flows.StepInfo, a flows.Attempt) []boxed {
	list := []boxed{{part: "input", title: "Input", value: shownInput(step.Card, a.Input)}}
	switch {
	case a.Error != nil && len(a.Error.Details) > 0:
		list = append(list, boxed{"output", "Response", "body", responseOf(a.Error.Details), statusTag(a.Error.Details, "err")})
	case a.Error != nil && a.Output == nil:
	case a.Status == flows.Succeeded && a.Output["status_code"] != nil:
		list = append(list, boxed{"output", "Response", "body", responseOf(a.Output), statusTag(a.Output, "ok")})
	case a.Status == flows.Succeeded:
		list = append(list, boxed{part: "output", title: "Output", value: anyOf(a.Output)})
	}
	return list
}

func (d *runDrawing) boxes(step flows.StepInfo, a flows.Attempt) []views.RunBox {
	var boxes []views.RunBox
	for _, b := range boxedOf(step, a) {
		boxes = append(boxes, d.box(step, b, a.Number))
	}
	return boxes
}

// shownInput leaves out what nobody filled in.
func shownInput(card cards.Card, in schema.Values) any {
	out := schema.Values{}
	for k, v := range in {
		if f, ok := card.Inputs.Field(k); ok && f.Advanced && literal(v) == f.Default || v == nil || v == "" {
			continue
		}
		out[k] = v
	}
	return anyOf(out)
}

func anyOf(v schema.Values) any {
	if len(v) == 0 {
		return nil
	}
	return v
}

// responseOf is the body, which is what people look for; headers have their own place.
func responseOf(v schema.Values) any {
	if body, ok := v["body"]; ok {
		return body
	}
	return anyOf(v)
}

func statusTag(v schema.Values, kind string) *views.TagModel {
	status, ok := v["status_code"]
	if !ok {
		return nil
	}
	return &views.TagModel{Text: statusWords(literal(status)), Kind: kind}
}

// box lays a value out.
func (d *runDrawing) box(step flows.StepInfo, x boxed, number int) views.RunBox {
	b := views.RunBox{ID: "box-" + x.part, Title: x.title, Tag: x.tag, Empty: "Nothing"}
	object, isObject := x.value.(schema.Values)
	if x.value == nil || isObject && len(object) == 0 {
		return b
	}
	if isObject {
		b.Rows = views.JSONMembers(object, x.root, boxLines)
	} else {
		b.Rows = views.JSONRows(x.value, x.root, boxLines)
	}
	more := []string{"part", x.part}
	if number > 0 {
		more = append(more, "try", strconv.Itoa(number))
	}
	b.Raw = history{}.at("/runs/"+d.run.ID+"/raw/"+escapePath(step.Path), more...)
	b.More = func(r views.JSONRest) string {
		return history{}.at("/runs/"+d.run.ID+"/more/"+escapePath(step.Path), append(slices.Clone(more), restQuery(r)...)...)
	}
	if text, size := jsonHead(x.value, boxCopy); size <= boxCopy {
		b.Copy = text
	}
	return b
}

// moreOfValue answers with lines of a value that the page left out.
func (s *Server) moreOfValue(c echo.Context) error {
	step, run, a, err := s.attemptAsked(c)
	if err != nil {
		return err
	}
	rest, err := restAsked(c)
	if err != nil {
		return err
	}
	list := []boxed{eventBox(run)}
	if a != nil {
		list = boxedOf(step, *a)
	}
	for _, x := range list {
		if x.part != c.QueryParam("part") {
			continue
		}
		d := &runDrawing{run: run}
		m := views.JSONTreeModel{Label: x.title, Rows: views.JSONMore(underRoot(x.value, x.root, rest.Path), rest, moreLines), More: d.box(step, boxed{part: x.part, value: true}, tryOf(a)).More}
		return renderMore(c, m)
	}
	return flows.ErrNotFound
}

func tryOf(a *flows.Attempt) int {
	if a == nil {
		return 0
	}
	return a.Number
}

func eventBox(run flows.Run) boxed {
	return boxed{part: "output", title: "Event", root: "event", value: run.Event}
}

// attemptAsked reads the attempt of a step that an address names: nil of the trigger,
// whose value is the run's event.
func (s *Server) attemptAsked(c echo.Context) (flows.StepInfo, flows.Run, *flows.Attempt, error) {
	ctx := c.Request().Context()
	run, err := s.Store.Run(ctx, c.Param("run"))
	if err != nil {
		return flows.StepInfo{}, run, nil, err
	}
	path := flows.Path(c.Param("*"))
	d, err := s.drawRun(ctx, history{try: c.QueryParam("try")}, flows.Flow{}, run, path)
	if err != nil {
		return flows.StepInfo{}, run, nil, err
	}
	step, ok := d.stepAt(path)
	if !ok {
		return step, run, nil, flows.ErrNotFound
	}
	if step.Card.Kind == cards.Event {
		return step, run, nil, nil
	}
	tries, err := s.Store.AttemptsAt(ctx, run.ID, step.Path)
	if err == nil && len(tries) == 0 {
		err = flows.ErrNotFound
	}
	if err != nil {
		return step, run, nil, err
	}
	return step, run, &tries[d.shown(tries)], nil
}

// downloadValue sends a whole value as a file: part=input or output, of the attempt try.
func (s *Server) downloadValue(c echo.Context) error {
	step, run, a, err := s.attemptAsked(c)
	if err != nil {
		return err
	}
	var v any = run.Event
	if a != nil {
		v = partOf(*a, c.QueryParam("part"))
	}
	body, err := schema.EncodeJSON(v)
	if err != nil {
		return err
	}
	h := c.Response().Header()
	h.Set(echo.HeaderContentDisposition, `attachment; filename="`+step.ID+"-"+c.QueryParam("part")+`.json"`)
	if c.QueryParam("part") != "input" && c.QueryParam("part") != "output" {
		h.Set(echo.HeaderContentDisposition, `attachment; filename="value.json"`)
	}
	h.Set(echo.HeaderCacheControl, "no-store")
	return c.Blob(http.StatusOK, echo.MIMEApplicationJSON, body)
}

func partOf(a flows.Attempt, part string) any {
	switch {
	case part == "input":
		return a.Input
	case a.Error != nil && len(a.Error.Details) > 0:
		return a.Error.Details
	}
	return a.Output
}
