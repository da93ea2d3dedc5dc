package web

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/labstack/echo/v4"

	"flowdeck/flows"
	"flowdeck/flows/store"
	"flowdeck/views"
)

func (s *Server) undoEdit(c echo.Context) error { return s.travel(c, false) }
func (s *Server) redoEdit(c echo.Context) error { return s.travel(c, true) }

// travel takes the last edit of this person back, or does the last undone one again.
func (s *Server) travel(c echo.Context, redo bool) error {
	flow, revision, err := s.flowToEdit(c)
	if err != nil {
		return err
	}
	if flow.Revision != revision {
		return s.answerConflict(c, flow, s.saveDraft(c, &flow, revision, flow.Draft, store.Change{}))
	}
	listed, err := s.Store.LastEdit(c.Request().Context(), flow.ID, s.user(c).ID, redo)
	if errors.Is(err, flows.ErrNotFound) {
		trigger(c, "fd:say", map[string]string{"text": "Nothing to " + wayWord(redo)})
		return s.answerCanvas(c, http.StatusOK, flow)
	}
	if err != nil {
		return err
	}
	stored := listed.Inverse
	if redo {
		stored = listed.Edit
	}
	var edit flows.Edit
	if err := json.Unmarshal(stored, &edit); err != nil {
		return fmt.Errorf("read edit %d of flow %s: %w", listed.Seq, flow.ID, err)
	}
	before := flow.Draft
	next, back, _, err := before.Apply(edit, s.Cards)
	if err != nil {
		return s.refuseEdit(c, flow, err)
	}
	change, err := s.change(c, listed.Label, edit, back)
	if err != nil {
		return err
	}
	if redo {
		change.Redo = listed.Seq
	} else {
		change.Undo = listed.Seq
		change.Edit, change.Inverse = change.Inverse, nil
	}
	if err := s.saveDraft(c, &flow, revision, next, change); err != nil {
		return s.answerConflict(c, flow, err)
	}
	trigger(c, "fd:restore", map[string]string{})
	trigger(c, "fd:say", map[string]string{"text": doneWord(redo) + ": " + lowerFirst(listed.Label)})
	page, err := s.drawChange(c, flow, before, "", edit.Step)
	if err != nil {
		return err
	}
	return render(c, http.StatusOK, views.BuilderUpdate(page))
}

func wayWord(redo bool) string {
	if redo {
		return "redo"
	}
	return "undo"
}

func doneWord(redo bool) string {
	if redo {
		return "Done again"
	}
	return "Undone"
}
