package web

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"flowdeck/flows"
)

// found is a place in a flow that has the text that was looked for.
type found struct {
	Step   string `json:"step"`
	Target string `json:"target"` // id of the element that shows it
	Where  string `json:"where"`  // "URL of Get"
}

const mostFound = 500

// findInFlow looks for text in titles, ids, notes and values, in the order of the cards.
func (s *Server) findInFlow(c echo.Context) error {
	ctx := c.Request().Context()
	flow, err := s.Store.Flow(ctx, c.Param("id"))
	if err != nil {
		return err
	}
	list := []found{}
	if q := strings.ToLower(strings.TrimSpace(c.QueryParam("q"))); q != "" {
		d, err := s.newDrawing(ctx, flow)
		if err != nil {
			return err
		}
		for _, step := range flows.Steps(flow.Draft, s.Cards) {
			list = append(list, d.find(d.steps[step.ID], q)...)
			if len(list) >= mostFound {
				list = list[:mostFound]
				break
			}
		}
	}
	return c.JSON(http.StatusOK, list)
}

// find looks in one step.
func (d *drawing) find(x drawn, q string) []found {
	var list []found
	title := d.title(x)
	has := func(text, target, where string) {
		if strings.Contains(strings.ToLower(text), q) {
			list = append(list, found{x.step.ID, target, where + " of " + title})
		}
	}
	card := "card-" + x.step.ID
	for _, part := range []struct{ text, where string }{{title, "Title"}, {x.step.ID, "Id"}, {x.card.Title, "Kind"}} {
		if n := len(list); n == 0 {
			has(part.text, card, part.where)
		}
	}
	has(x.step.Note, "note-"+x.step.ID, "Note")
	leaves(map[string]any(x.step.Inputs), nil, func(path []string, text string) {
		field := flows.FieldPath(path...)
		label, _ := inputLabel(x.card, field)
		has(text, d.target(x, field), label)
	})
	for name, b := range x.step.Blocks {
		leaves(map[string]any(b.Result), nil, func(path []string, text string) {
			has(path[0]+" "+text, fieldID(x.step.ID, name)+"-"+slug(path[0]), "Result "+path[0])
		})
	}
	return list
}

// leaves calls f with every text, number and switch in a value, and where it is.
func leaves(v any, path []string, f func(path []string, text string)) {
	switch v := v.(type) {
	case nil:
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			leaves(v[key], append(slices.Clip(path), key), f)
		}
	case []any:
		for i, x := range v {
			leaves(x, append(slices.Clip(path), strconv.Itoa(i)), f)
		}
	default:
		f(path, literal(v))
	}
}
