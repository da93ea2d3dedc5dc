package web

import (
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/views"
)

// restore makes the draft what a version says, or one card of it, as one edit
// that can be undone, and leads to the builder.
func (s *Server) restore(c echo.Context) error {
	flow, revision, err := s.flowToEdit(c)
	if err != nil {
		return err
	}
	number, err := strconv.ParseInt(c.FormValue("version"), 10, 64)
	if err != nil {
		return schema.Problems{{Field: "version", Message: "must be the number of a version"}}
	}
	version, err := s.Store.Version(c.Request().Context(), flow.ID, number)
	if err != nil {
		return err
	}
	label, next, to := "Go back to version "+strconv.FormatInt(number, 10), version.Document, ""
	if step := c.FormValue("step"); step != "" {
		if next, err = flow.Draft.Restore(version.Document, step); err != nil {
			return err
		}
		label, to = "Restore "+s.titleIn(step, next, flow.Draft)+" from version "+strconv.FormatInt(number, 10), "#card-"+step
	}
	edit := flows.Edit{Op: flows.OpReplace, Value: next}
	doc, inverse, _, err := flow.Draft.Apply(edit, s.Cards)
	if err != nil {
		return err
	}
	change, err := s.change(c, label, edit, inverse)
	if err != nil {
		return err
	}
	if err := s.saveDraft(c, &flow, revision, doc, change); err != nil {
		conflict, ok := asConflict(err)
		if !ok {
			return err
		}
		fresh, err := s.Store.Flow(c.Request().Context(), flow.ID)
		if err != nil {
			return err
		}
		return s.answerVersions(c, http.StatusConflict, fresh, &views.NoteModel{Kind: "warn", Alert: true, Title: conflict.By + " changed this flow meanwhile.",
			Text: "Nothing was restored. This page now shows the flow as it is; try again."})
	}
	return goTo(c, "/flows/"+flow.ID+to)
}

// titleIn is what people call a step that one of the documents has.
func (s *Server) titleIn(step string, docs ...flows.Document) string {
	for _, doc := range docs {
		for _, info := range flows.Steps(doc, s.Cards) {
			if info.ID == step {
				return info.Title
			}
		}
	}
	return step
}
