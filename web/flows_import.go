package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"flowdeck/flows/bundle"
	"flowdeck/views"
)

// showImport opens the dialog, with the import in it that the person began and left, but
// for one that is done: of that the list of flows tells.
func (s *Server) showImport(c echo.Context) error {
	if !isHTMX(c) {
		return c.Redirect(http.StatusSeeOther, "/flows") // the dialog stands over a page
	}
	if i := s.importBy(s.user(c).ID); i != nil && !i.worked() {
		return s.showImporting(c, i)
	}
	return render(c, http.StatusOK, views.ImportDialog(views.ImportModel{}))
}

// importFlow makes drafts of files, or says all that is wrong with them. What would change
// something that is there is shown first. A bundle that takes its time is gone on with
// when the page is left.
func (s *Server) importFlow(c echo.Context) error {
	data, name, err := importedText(c)
	if err != nil {
		return err
	}
	if looked, ok := s.lookedAt(s.user(c).ID, c.FormValue("seen")); ok && len(data) == 0 {
		data, name = looked.data, looked.name
	}
	if len(data) == 0 {
		return render(c, http.StatusUnprocessableEntity, views.ImportDialog(views.ImportModel{Problems: []string{"Choose a file, or paste the text of one."}}))
	}
	m := views.ImportModel{Seen: hashToken(string(data))}
	if c.FormValue("text") != "" {
		m.Text = string(data)
	}
	as := c.FormValue("as")
	i, err := s.beginImport(*s.user(c), m, importOf{data: data, name: name, as: as, seen: as != "" && c.FormValue("seen") == m.Seen})
	if err != nil {
		return err
	}
	var patience <-chan time.Time
	if isHTMX(c) && bundle.IsZip(data) {
		patience = time.After(importPatience)
	}
	select {
	case <-i.done:
	case <-patience:
	case <-c.Request().Context().Done():
		i.stop(nil) // nobody was shown that it goes on
		<-i.done
		return nil
	}
	var wrong bundle.Problems
	if i.isDone() && i.err != nil && !errors.As(i.err, &wrong) {
		s.seenImport(i)
		return i.err
	}
	return s.showImporting(c, i)
}

// showImporting shows how far an import is, or its end.
func (s *Server) showImporting(c echo.Context, i *importing) error {
	m := i.model
	if !i.isDone() {
		m.Going = i.draw(time.Now())
		return render(c, http.StatusOK, views.ImportDialog(m))
	}
	s.seenImport(i)
	var wrong bundle.Problems
	switch {
	case errors.As(i.err, &wrong):
		return refuseImport(c, m, wrong)
	case i.err != nil:
		m.Seen, m.Problems = "", []string{s.endOf(c, i)}
		return render(c, http.StatusOK, views.ImportDialog(m))
	case i.planned:
		return showImportPlan(c, m, i.changes)
	case len(i.changes) == 1 && i.changes[0].Kind == "flow":
		return goTo(c, "/flows/"+i.changes[0].ID)
	}
	return goTo(c, "/flows")
}

// worked reports whether something was imported.
func (i *importing) worked() bool { return i.isDone() && i.err == nil && !i.planned }

// importNote is what the list of flows says of an import that its person left.
func (s *Server) importNote(i *importing) (text string, more bool) {
	switch {
	case !i.isDone():
		return "Your import goes on.", true
	case i.err != nil:
		return "Your import has failed: nothing was imported.", true
	case i.planned:
		return "Your import waits for you: look at what it would do.", true
	}
	s.seenImport(i)
	count := map[bundle.Action]int{}
	for _, x := range i.changes {
		count[x.Action]++
	}
	var parts []string
	for _, x := range []struct {
		n    int
		what string
	}{{count[bundle.Created], "new"}, {count[bundle.Updated], "changed"}, {len(i.changes) - count[bundle.Created] - count[bundle.Updated], "the same as before"}} {
		if x.n > 0 {
			parts = append(parts, thousands(int64(x.n))+" "+x.what)
		}
	}
	return "Your import has ended: " + strings.Join(parts, ", ") + ".", false
}

// endOf says why an import ended that the page did not wait for.
func (s *Server) endOf(c echo.Context, i *importing) string {
	if errors.Is(i.err, context.Canceled) {
		return "It was stopped. What is here is as it was before."
	}
	f := explain(i.err)
	if f.status == http.StatusInternalServerError {
		s.Log.ErrorContext(c.Request().Context(), "an import failed", "request", requestID(c), "err", i.err)
		f.text = "The server's log says more, at the number " + requestID(c) + "."
	}
	return f.title + ". " + f.text
}

// showImportProgress is the part of the dialog that asks for itself; at the end it is all
// of the dialog.
func (s *Server) showImportProgress(c echo.Context) error {
	i := s.importByID(c.Param("import"), s.user(c).ID)
	if i != nil && !i.isDone() {
		return render(c, http.StatusOK, views.ImportGoing(*i.draw(time.Now())))
	}
	c.Response().Header().Set("HX-Retarget", "#import")
	c.Response().Header().Set("HX-Reswap", "outerMorph")
	if i == nil {
		m := views.ImportModel{Lost: true, Problems: []string{"The server was started anew, or the import ended long ago. It was written as a whole or not at all: the list of flows says which."}}
		return render(c, http.StatusOK, views.ImportDialog(m))
	}
	return s.showImporting(c, i)
}

// stopImport ends an import. It may have been written just before; so its end says.
func (s *Server) stopImport(c echo.Context) error {
	if i := s.importByID(c.Param("import"), s.user(c).ID); i != nil {
		i.stopped.Store(true)
		i.stop(nil)
		select {
		case <-i.done:
		case <-time.After(importPatience): // it waits for what others write
		}
	}
	return s.showImportProgress(c)
}

// draw says how far an import has come.
func (i *importing) draw(now time.Time) *views.ImportGoingModel {
	p, since := i.progress()
	m := &views.ImportGoingModel{ID: i.id, Doing: "Unpacking", Done: p.Done, Of: p.Of, Stopping: i.stopped.Load()}
	if m.Stopping {
		m.Doing = "Stopping"
	}
	if p.Of == 0 || m.Stopping {
		return m
	}
	m.Doing = map[bundle.Stage]string{bundle.Read: "Reading", bundle.Checked: "Checking", bundle.Written: "Writing"}[p.Did]
	m.Count = thousands(int64(p.Done)) + " of " + thousands(int64(p.Of)) + " " + p.What
	if took := now.Sub(since).Seconds(); took >= 1 && p.Done > 0 {
		m.Count += " · " + thousands(int64(float64(p.Done)/took+.5)) + " a second"
	}
	return m
}

// importFiles imports and lets connections that were changed begin anew.
func (s *Server) importFiles(ctx context.Context, files []bundle.File, o bundle.Options) ([]bundle.Change, error) {
	done, err := s.bundle().Import(ctx, files, o)
	for _, x := range done {
		if x.Kind == "connection" && x.Action == bundle.Updated && !o.DryRun {
			s.Clients.Forget(x.ID)
		}
	}
	return done, err
}

// wantsLook reports whether an import does more than to add one flow.
func wantsLook(list []bundle.Change) bool {
	return len(list) != 1 || list[0].Action != bundle.Created
}

func showImportPlan(c echo.Context, m views.ImportModel, list []bundle.Change) error {
	for _, x := range list {
		row := views.ImportChange{Name: x.Name, Kind: x.Kind, Icon: "workflow", Notes: strings.Join(x.Notes, " ")}
		if icon := map[string]string{"connection": "plug", "table": "table", "variable": "variable"}[x.Kind]; icon != "" {
			row.Icon = icon
		}
		switch x.Action {
		case bundle.Created:
			row.State = views.TagModel{Text: "New", Kind: "ok"}
		case bundle.Updated:
			row.State = views.TagModel{Text: "Changed", Kind: "warn"}
			m.Updates = m.Updates || x.Kind == "flow"
		default:
			row.State = views.TagModel{Text: "The same"}
			m.Updates = m.Updates || x.Kind == "flow"
		}
		m.Changes = append(m.Changes, row)
	}
	return render(c, http.StatusOK, views.ImportDialog(m))
}

// refuseImport shows what is wrong with the files.
func refuseImport(c echo.Context, m views.ImportModel, wrong bundle.Problems) error {
	for i, p := range wrong {
		if i == 20 {
			m.Problems = append(m.Problems, fmt.Sprintf("And %d more.", len(wrong)-20))
			break
		}
		m.Problems = append(m.Problems, problemSentence(p))
	}
	m.Seen = ""
	return render(c, http.StatusUnprocessableEntity, views.ImportDialog(m))
}

// problemSentence says a problem with its place first: "crm.json, line 3, column 7: …".
func problemSentence(p bundle.Problem) string {
	var place []string
	if p.File != "" {
		place = append(place, p.File)
	}
	if p.Line > 0 {
		place = append(place, fmt.Sprintf("line %d, column %d", p.Line, p.Column))
	}
	text := strings.TrimSpace(p.Field + " " + p.Message)
	if len(place) == 0 {
		return ended(upperFirst(text))
	}
	where := strings.Join(place, ", ")
	if p.File == "" {
		where = upperFirst(where)
	}
	return ended(where + ": " + text)
}

func importedText(c echo.Context) (data []byte, name string, err error) {
	file, err := c.FormFile("file")
	if err != nil && !errors.Is(err, http.ErrMissingFile) && !errors.Is(err, http.ErrNotMultipart) {
		return nil, "", err
	}
	if file == nil || file.Size == 0 {
		return []byte(c.FormValue("text")), "", nil
	}
	r, err := file.Open()
	if err != nil {
		return nil, "", fmt.Errorf("read the imported file: %w", err)
	}
	defer r.Close()
	data, err = io.ReadAll(r)
	return data, file.Filename, err
}
