package web

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/labstack/echo/v4"

	"flowdeck/cards/schema"
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
	edit, done, err := stored(listed, redo)
	if err != nil {
		return err
	}
	before := flow.Draft
	if edit, err = s.asOthersLeft(before, edit, done); errors.Is(err, flows.ErrNotFound) {
		return s.leaveEdit(c, flow, listed, redo)
	} else if err != nil {
		return err
	}
	next, back, _, err := before.Apply(edit, s.Cards)
	if errors.Is(err, flows.ErrNotFound) {
		return s.leaveEdit(c, flow, listed, redo)
	}
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
		if edit.Op == flows.OpReplace { // not what it was: others may have changed other cards
			if change.Inverse, err = json.Marshal(edit); err != nil {
				return err
			}
		}
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

// stored reads what is to be done, and what it takes back.
func stored(listed store.Edit, redo bool) (edit, done flows.Edit, err error) {
	way, other := listed.Inverse, listed.Edit
	if redo {
		way, other = other, way
	}
	if err = json.Unmarshal(way, &edit); err == nil {
		err = json.Unmarshal(other, &done)
	}
	if err != nil {
		err = fmt.Errorf("read edit %d of flow %s: %w", listed.Seq, listed.FlowID, err)
	}
	return edit, done, err
}

// asOthersLeft is the edit that takes done back and leaves what others did since. It is
// flows.ErrNotFound when what was done is not there any more.
func (s *Server) asOthersLeft(doc flows.Document, edit, done flows.Edit) (flows.Edit, error) {
	stands, err := doc.Stands(done, s.Cards)
	var refused schema.Problems
	if stands || errors.As(err, &refused) { // the edit itself is refused too, and says why
		return edit, nil
	}
	if err != nil || edit.Op != flows.OpReplace || done.Op != flows.OpReplace {
		return edit, errors.Join(flows.ErrNotFound, err)
	}
	made, _, _, err := doc.Apply(done, s.Cards)
	if err != nil {
		return edit, err
	}
	was, _, _, err := doc.Apply(edit, s.Cards)
	if err != nil {
		return edit, err
	}
	next, ok := doc.TakeBack(made, was)
	if !ok {
		return edit, flows.ErrNotFound
	}
	return flows.Edit{Op: flows.OpReplace, Value: next}, nil
}

// leaveEdit passes an edit over that somebody else has edited since, and says so.
func (s *Server) leaveEdit(c echo.Context, flow flows.Flow, listed store.Edit, redo bool) error {
	change := store.Change{UserID: listed.UserID, By: flow.UpdatedBy, Undo: listed.Seq}
	if redo {
		change.Undo, change.Redo = 0, listed.Seq
	}
	if err := s.saveDraft(c, &flow, flow.Revision, flow.Draft, change); err != nil {
		return s.answerConflict(c, flow, err)
	}
	trigger(c, "fd:toast", map[string]string{"kind": "err", "text": "“" + listed.Label + "” was left as it is: somebody else has changed the same since."})
	return s.answerCanvas(c, http.StatusOK, flow)
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
