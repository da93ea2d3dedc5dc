package web

import (
	"context"
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
	ctx := c.Request().Context()
	version, err := s.publishDraft(ctx, flow, c.FormValue("message"), s.user(c).Name)
	if wrong, ok := err.(flows.Problems); ok {
		return s.refusePublish(c, flow, wrong)
	}
	if err != nil {
		return s.answerConflict(c, flow, err)
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

// refusePublish says how much there is to fix first, and where the first of it is.
func (s *Server) refusePublish(c echo.Context, flow flows.Flow, wrong flows.Problems) error {
	d, err := s.newDrawing(c.Request().Context(), flow)
	if err != nil {
		return err
	}
	n, first := len(wrong), d.problemLink(wrong[0])
	text := "Not published: " + strconv.Itoa(n) + plural(n, " thing", " things") + " to fix first. "
	if first.Step != "" {
		text += first.Number + " " + first.Title + ": "
	}
	return s.refuseEdit(c, flow, schema.Problems{{Message: text + first.Text}})
}

// publishDraft makes the draft of flow, as it was read, its next version, and switches the flow
// on. What is to be fixed first comes back as flows.Problems.
func (s *Server) publishDraft(ctx context.Context, flow flows.Flow, message, by string) (version int64, err error) {
	if err := s.ready(ctx, flow); err != nil {
		return 0, err
	}
	if refusal, err := s.testsRefuse(ctx, flow, flow.Draft); err != nil || refusal != "" {
		if err == nil {
			err = flows.Problems{{Message: refusal}}
		}
		return 0, err
	}
	version, err = s.Store.Publish(ctx, flow.ID, flow.Revision, flow.Draft, inCharacters(strings.TrimSpace(message), maxMessage), by)
	if err != nil {
		return 0, err
	}
	_, err = s.switchTo(ctx, flow.ID, true, by)
	return version, err
}

// ready gives what is to be fixed before the draft of a flow can run, as flows.Problems:
// in the draft, and in what it names of this server.
func (s *Server) ready(ctx context.Context, flow flows.Flow) error {
	d, err := s.newDrawing(ctx, flow)
	if err != nil {
		return err
	}
	return d.problems.Err()
}

// switchTo turns the published version of a flow on or off, and returns the flow's name.
func (s *Server) switchTo(ctx context.Context, id string, on bool, by string) (name string, err error) {
	err = s.Store.UpdateFlow(ctx, id, func(f *flows.Flow) error {
		if on && f.Version == 0 {
			return schema.Problems{{Message: "“" + f.Name + "” was never published. Publish it, and it is on."}}
		}
		name, f.On, f.UpdatedBy = f.Name, on, by
		return nil
	})
	return name, err
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
	ctx, on := c.Request().Context(), c.FormValue("on") == "true"
	if _, err := s.switchTo(ctx, c.Param("id"), on, s.user(c).Name); err != nil {
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
