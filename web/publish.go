package web

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/flows/store"
)

// maxMessage is how much may be said about a version, in characters.
const maxMessage = 300

// publishFlow makes the draft a version and puts it live.
func (s *Server) publishFlow(c echo.Context) error {
	flow, revision, err := s.flowToEdit(c)
	if err != nil {
		return err
	}
	if flow.Revision != revision {
		return s.answerConflict(c, flow, s.saveDraft(c, &flow, revision, flow.Draft, store.Change{}))
	}
	d, err := s.newDrawing(c.Request().Context(), flow)
	if err != nil {
		return err
	}
	if n := len(d.problems); n > 0 {
		return s.refuseEdit(c, flow, schema.Problems{{Message: "Not published: " + strconv.Itoa(n) + plural(n, " thing", " things") + " to fix first. " + d.problems[0].Message}})
	}
	ctx, user := c.Request().Context(), s.user(c)
	version, err := s.Store.Publish(ctx, flow.ID, revision, flow.Draft, inCharacters(strings.TrimSpace(c.FormValue("message")), maxMessage), user.Name)
	if err != nil {
		return s.answerConflict(c, flow, err)
	}
	if err := s.Store.UpdateFlow(ctx, flow.ID, func(f *flows.Flow) error {
		f.On, f.UpdatedBy = true, user.Name
		return nil
	}); err != nil {
		return err
	}
	fresh, err := s.Store.Flow(ctx, flow.ID)
	if err != nil {
		return err
	}
	trigger(c, "fd:close", map[string]string{})
	trigger(c, "fd:toast", map[string]string{"text": "Version " + strconv.FormatInt(version, 10) + " is live"})
	trigger(c, "fd:focus", map[string]string{"to": ".livebtn"})
	return s.answerCanvas(c, http.StatusOK, fresh)
}

// revertDraft makes the draft what a version says, the published one when none is
// named; undo takes that back.
func (s *Server) revertDraft(c echo.Context) error {
	flow, revision, err := s.flowToEdit(c)
	if err != nil {
		return err
	}
	ctx, number := c.Request().Context(), flow.Version
	if text := c.FormValue("version"); text != "" {
		if number, err = strconv.ParseInt(text, 10, 64); err != nil {
			return schema.Problems{{Field: "version", Message: "must be the number of a version"}}
		}
	}
	version, err := s.Store.Version(ctx, flow.ID, number)
	if err != nil {
		return err
	}
	edit := flows.Edit{Op: flows.OpReplace, Value: version.Document}
	next, inverse, _, err := flow.Draft.Apply(edit, s.Cards)
	if err != nil {
		return s.refuseEdit(c, flow, err)
	}
	label := "Go back to version " + strconv.FormatInt(number, 10)
	change, err := s.change(c, label, edit, inverse)
	if err != nil {
		return err
	}
	if err := s.saveDraft(c, &flow, revision, next, change); err != nil {
		return s.answerConflict(c, flow, err)
	}
	trigger(c, "fd:close", map[string]string{})
	trigger(c, "fd:restore", map[string]string{})
	trigger(c, "fd:toast", map[string]string{"text": "The draft is version " + strconv.FormatInt(number, 10) + " again", "undo": "/flows/" + flow.ID + "/undo"})
	return s.answerCanvas(c, http.StatusOK, flow)
}

// switchFlow turns the published version on or off, from the builder.
func (s *Server) switchFlow(c echo.Context) error {
	ctx, user, on := c.Request().Context(), s.user(c), c.FormValue("on") == "true"
	err := s.Store.UpdateFlow(ctx, c.Param("id"), func(f *flows.Flow) error {
		if on && f.Version == 0 {
			return schema.Problems{{Message: "The flow was never published. Publish it, and it is on."}}
		}
		f.On, f.UpdatedBy = on, user.Name
		return nil
	})
	if err != nil {
		return err
	}
	flow, err := s.Store.Flow(ctx, c.Param("id"))
	if err != nil {
		return err
	}
	said := "“" + flow.Name + "” is off: nothing starts it"
	if on {
		said = "“" + flow.Name + "” is live"
	}
	trigger(c, "fd:toast", map[string]string{"text": said})
	return s.answerCanvas(c, http.StatusOK, flow)
}
