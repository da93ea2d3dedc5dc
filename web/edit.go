package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/flows/store"
	"flowdeck/views"
)

// editFlow carries out one edit of the draft and answers with the canvas.
func (s *Server) editFlow(c echo.Context) error {
	flow, revision, err := s.flowToEdit(c)
	if err != nil {
		return err
	}
	if c.FormValue("op") == flows.OpRename && c.FormValue("step") == "" {
		return s.renameInPlace(c, flow)
	}
	if flow.Revision != revision {
		if s.madeBefore(c, flow, revision) {
			return s.answerCanvas(c, http.StatusOK, flow)
		}
		return s.answerConflict(c, flow, s.saveDraft(c, &flow, revision, flow.Draft, store.Change{}))
	}
	edit, err := s.editOf(c, flow.Draft)
	if err != nil {
		return s.refuseEdit(c, flow, err)
	}
	before := flow.Draft
	next, inverse, label, err := before.Apply(edit, s.Cards)
	if err != nil {
		return s.refuseEdit(c, flow, err)
	}
	if broken := s.brokenByMove(c, before, edit); broken != "" {
		trigger(c, "fd:confirm-move", map[string]string{"text": broken})
		return c.NoContent(http.StatusUnprocessableEntity)
	}
	if c.FormValue("op") == opCurl {
		label = "Import cURL"
	}
	change, err := s.change(c, label, edit, inverse)
	if err != nil {
		return err
	}
	if err := s.saveDraft(c, &flow, revision, next, change); err != nil {
		return s.answerConflict(c, flow, err)
	}
	added := firstNew(before, next)
	s.announce(c, flow.ID, edit, label, added)
	s.choose(c, edit, before, next)
	page, err := s.drawChange(c, flow, before, added, edit.Step)
	if err != nil {
		return err
	}
	return render(c, http.StatusOK, views.BuilderUpdate(page))
}

// madeBefore says whether an edit that is sent again, because its answer never
// came, is what the flow's last change was.
func (s *Server) madeBefore(c echo.Context, flow flows.Flow, revision int64) bool {
	if c.FormValue("again") != "1" || flow.Revision != revision+1 {
		return false
	}
	last, err := s.Store.LastEdit(c.Request().Context(), flow.ID, s.user(c).ID, false)
	if err != nil || last.Seq != flow.Revision {
		return false
	}
	edit, err := s.editOf(c, flow.Draft)
	if err != nil {
		return false
	}
	sent, err := json.Marshal(edit)
	return err == nil && bytes.Equal(sent, last.Edit)
}

// flowToEdit reads the flow and the revision that the client has.
func (s *Server) flowToEdit(c echo.Context) (flows.Flow, int64, error) {
	revision, err := strconv.ParseInt(c.FormValue("rev"), 10, 64)
	if err != nil {
		return flows.Flow{}, 0, schema.Problems{{Field: "rev", Message: "must be the revision of the draft, a whole number"}}
	}
	flow, err := s.Store.Flow(c.Request().Context(), c.Param("id"))
	return flow, revision, err
}

func (s *Server) change(c echo.Context, label string, edit, inverse flows.Edit) (store.Change, error) {
	done, err := json.Marshal(edit)
	if err != nil {
		return store.Change{}, err
	}
	back, err := json.Marshal(inverse)
	user := s.user(c)
	return store.Change{UserID: user.ID, By: user.Name, Label: label, Edit: done, Inverse: back}, err
}

func (s *Server) saveDraft(c echo.Context, flow *flows.Flow, revision int64, next flows.Document, change store.Change) error {
	saved, err := s.Store.SaveDraft(c.Request().Context(), flow.ID, revision, next, change)
	if err != nil {
		return err
	}
	fresh, err := s.Store.Flow(c.Request().Context(), flow.ID)
	if err != nil {
		return err
	}
	*flow = fresh
	flow.Revision = saved
	return nil
}

func (s *Server) answerCanvas(c echo.Context, status int, flow flows.Flow) error {
	page, err := s.drawBuilder(c, flow, "")
	if err != nil {
		return err
	}
	return render(c, status, views.BuilderUpdate(page))
}

// refuseEdit answers an edit that cannot be made: the flow as it is, and why.
func (s *Server) refuseEdit(c echo.Context, flow flows.Flow, err error) error {
	var problems schema.Problems
	switch {
	case errors.As(err, &problems):
	case errors.Is(err, flows.ErrNotFound):
		problems = schema.Problems{{Message: "That card or field is not there any more, so nothing was changed."}}
	default:
		return err
	}
	trigger(c, "fd:toast", map[string]string{"kind": "err", "text": sentence(problems)})
	return s.answerCanvas(c, http.StatusUnprocessableEntity, flow)
}

func sentence(p schema.Problems) string {
	var parts []string
	for _, x := range p {
		parts = append(parts, strings.TrimSpace(x.Field+" "+x.Message))
	}
	return strings.Join(parts, "; ")
}

// answerConflict answers a save that came second: the flow as it is now, and who was first.
func (s *Server) answerConflict(c echo.Context, flow flows.Flow, err error) error {
	conflict, ok := asConflict(err)
	if !ok {
		return err
	}
	fresh, err := s.Store.Flow(c.Request().Context(), flow.ID)
	if err != nil {
		return err
	}
	page, err := s.drawBuilder(c, fresh, "")
	if err != nil {
		return err
	}
	who := conflict.By
	if who == s.user(c).Name {
		who = "You, in another tab,"
	}
	return render(c, http.StatusConflict, views.BuilderConflict(page, views.Conflict{Who: who, When: ago(s.Now().Sub(conflict.At))}))
}

// announce tells the client what the edit made, so that it can go there.
func (s *Server) announce(c echo.Context, flowID string, e flows.Edit, label, added string) {
	switch e.Op {
	case flows.OpInsert, flows.OpDuplicate, flows.OpWrap, flows.OpTrigger:
		if added != "" {
			trigger(c, "fd:added", map[string]string{"step": added})
		}
	case flows.OpRemove, flows.OpRemoveAll:
		trigger(c, "fd:toast", map[string]string{"text": "“" + strings.TrimPrefix(label, "Delete ") + "” deleted", "undo": "/flows/" + flowID + "/undo"})
	}
}

// firstNew is the first step that one document has and another has not.
func firstNew(before, next flows.Document) string {
	had := map[string]bool{}
	for _, s := range before.All() {
		had[s.ID] = true
	}
	for _, s := range next.All() {
		if !had[s.ID] {
			return s.ID
		}
	}
	return ""
}

// brokenByMove lists what a move would break, until the person says to move anyway.
func (s *Server) brokenByMove(c echo.Context, doc flows.Document, e flows.Edit) string {
	if e.Op != flows.OpMove && e.Op != flows.OpMoveAll || c.FormValue("force") == "1" {
		return ""
	}
	broken, err := flows.BrokenBy(doc, e, s.Cards)
	if err != nil || len(broken) == 0 {
		return "" // Apply says what is wrong with the edit itself
	}
	var parts []string
	for _, b := range broken {
		parts = append(parts, b.String()+" ("+b.Why+")")
	}
	return strconv.Itoa(len(parts)) + plural(len(parts), " reference", " references") + " would break: " + strings.Join(parts, ", ") + "."
}

func (s *Server) renameInPlace(c echo.Context, flow flows.Flow) error {
	name := strings.TrimSpace(c.FormValue("title"))
	if name == "" || utf8.RuneCountInString(name) > 200 {
		return s.refuseEdit(c, flow, schema.Problems{{Field: "A flow's name", Message: "must have between 1 and 200 characters."}})
	}
	alias := flow.Alias
	if flow.Version == 0 && strings.HasPrefix(alias, flows.AliasFrom(flow.Name)) {
		alias = flows.AliasFrom(name) // nobody calls it yet, so its address may follow the name
	}
	user := s.user(c)
	err := store.WithAlias(alias, func(free string) error {
		return s.Store.UpdateFlow(c.Request().Context(), flow.ID, func(f *flows.Flow) error {
			f.Name, f.Alias, f.UpdatedBy = name, free, user.Name
			return nil
		})
	})
	if err != nil {
		return err
	}
	if flow, err = s.Store.Flow(c.Request().Context(), flow.ID); err != nil {
		return err
	}
	return s.answerCanvas(c, http.StatusOK, flow)
}
