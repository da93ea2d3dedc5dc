package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"flowdeck/flows/bundle"
	"flowdeck/views"
)

func (s *Server) showImport(c echo.Context) error {
	if !isHTMX(c) {
		return c.Redirect(http.StatusSeeOther, "/flows") // the dialog stands over a page
	}
	return render(c, http.StatusOK, views.ImportDialog(views.ImportModel{}))
}

// importFlow makes drafts of files, or says all that is wrong with them. What would change
// something that is there is shown first.
func (s *Server) importFlow(c echo.Context) error {
	data, name, err := importedText(c)
	if err != nil {
		return err
	}
	if len(data) == 0 {
		return render(c, http.StatusUnprocessableEntity, views.ImportDialog(views.ImportModel{Problems: []string{"Choose a file, or paste the text of one."}}))
	}
	m := views.ImportModel{Seen: hashToken(string(data))}
	if c.FormValue("text") != "" {
		m.Text = string(data)
	}
	files := []bundle.File{{Path: name, Text: data}}
	if bundle.IsZip(data) {
		if files, err = bundle.Unzip(data); err != nil {
			return s.refuseImport(c, m, err)
		}
	}
	o := bundle.Options{By: *s.user(c), Copy: c.FormValue("as") == "copy"}
	preview := o
	preview.DryRun = true
	planned, err := s.bundle().Import(c.Request().Context(), files, preview)
	if err != nil {
		return s.refuseImport(c, m, err)
	}
	if wantsLook(planned) && (c.FormValue("as") == "" || c.FormValue("seen") != m.Seen) {
		return showImportPlan(c, m, planned)
	}
	done, err := s.importFiles(c.Request().Context(), files, o)
	if err != nil {
		return s.refuseImport(c, m, err)
	}
	if len(done) == 1 && done[0].Kind == "flow" {
		return goTo(c, "/flows/"+done[0].ID)
	}
	return goTo(c, "/flows")
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
func (s *Server) refuseImport(c echo.Context, m views.ImportModel, err error) error {
	var wrong bundle.Problems
	if !errors.As(err, &wrong) {
		return err
	}
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
