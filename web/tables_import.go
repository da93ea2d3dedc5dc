package web

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"flowdeck/cards"
	"flowdeck/cards/csv"
	"flowdeck/cards/table"
	"flowdeck/flows"
	"flowdeck/views"
)

const (
	previewRows     = 5
	problemsInLines = 20 // that are shown
)

func (s *Server) showTableImport(c echo.Context) error {
	t, err := s.Store.Table(c.Request().Context(), c.Param("id"))
	if err != nil {
		return err
	}
	return render(c, http.StatusOK, views.TableImport(importModel(t)))
}

func importModel(t cards.Table) views.TableImportModel {
	m := views.TableImportModel{Table: t.ID, Name: t.Name, Match: []views.OptionModel{{Label: "Every line is a new row"}}}
	for _, c := range t.Columns {
		if c.Unique {
			m.Match = append(m.Match, views.OptionModel{Value: c.Key, Label: "Change the row with the same " + c.Name})
		}
	}
	return m
}

// importTable shows what a file would do, and does it when it is asked to.
func (s *Server) importTable(c echo.Context) error {
	ctx := c.Request().Context()
	t, err := s.Store.Table(ctx, c.Param("id"))
	if err != nil {
		return err
	}
	m := importModel(t)
	refuse := func(text string) error {
		m.Problem = text
		return render(c, http.StatusUnprocessableEntity, views.ImportPreview(m))
	}
	text, err := sheetText(c)
	if err != nil {
		return err
	}
	if text == "" {
		return refuse("Choose a CSV file, or paste its text.")
	}
	sheet, err := table.ReadSheet(text, c.FormValue("delimiter"))
	if err != nil {
		return refuse(upperFirst(strings.TrimPrefix(cards.ErrorOf(err).Message, "text: ")))
	}
	if sheet.Rows() == 0 {
		return refuse("There is no row in it: the first line has the names of the columns.")
	}
	keys := postedKeys(c, sheet, t)
	m.MatchBy, m.Skip = c.FormValue("match_by"), c.FormValue("skip") != ""
	if m.MatchBy != "" && !slices.Contains(keys, m.MatchBy) {
		return s.previewImport(c, m, t, sheet, keys, "No column of the file goes to the column that rows are matched by.")
	}
	if problem := sameColumn(t, sheet, keys); problem != "" {
		return s.previewImport(c, m, t, sheet, keys, problem)
	}
	writes, lines, wrong := sheet.Writes(t, keys, m.MatchBy, problemsInLines)
	for _, p := range wrong {
		m.Lines = append(m.Lines, upperFirst(p.String()))
	}
	m.Bad = sheet.Rows() - len(writes)
	if c.FormValue("do") != "import" || m.Bad > 0 && !m.Skip || len(writes) == 0 {
		return s.previewImport(c, m, t, sheet, keys, "")
	}
	done, err := table.Import(ctx, s.Store, t.ID, "", writes, lines)
	if err != nil {
		var e *cards.Error
		if errors.As(err, &e) {
			return s.previewImport(c, m, t, sheet, keys, upperFirst(e.Message))
		}
		return err
	}
	said := rowWords(done.Added) + " added"
	if done.Changed > 0 {
		said += ", " + thousands(done.Changed) + " changed"
	}
	if m.Bad > 0 {
		said += ", " + count(m.Bad, "line", "lines") + " left out"
	}
	return s.tableAgain(c, said)
}

// sheetText is the file that was posted, or the text.
func sheetText(c echo.Context) (string, error) {
	file, err := c.FormFile("file")
	if err != nil || file.Size == 0 {
		if err == nil || errors.Is(err, http.ErrMissingFile) || errors.Is(err, http.ErrNotMultipart) {
			return c.FormValue("text"), nil
		}
		return "", err
	}
	r, err := file.Open()
	if err != nil {
		return "", fmt.Errorf("read the imported file: %w", err)
	}
	defer r.Close()
	data, err := io.ReadAll(io.LimitReader(r, table.MaxSheet+1))
	return string(data), err
}

// postedKeys are the columns that the values go to: as chosen, else as the names say.
func postedKeys(c echo.Context, sheet table.Sheet, t cards.Table) []string {
	keys := sheet.Guess(t)
	if c.FormValue("names") != strings.Join(sheet.Names, "\x1f") {
		return keys // another file than the one that the choices were made for
	}
	for i := range keys {
		key := c.FormValue("to." + strconv.Itoa(i))
		if _, there := t.Column(key); there || key == "" {
			keys[i] = key
		}
	}
	return keys
}

// sameColumn says which columns of a file go to one column of the table; "" when none do.
func sameColumn(t cards.Table, sheet table.Sheet, keys []string) string {
	from := map[string]string{}
	for i, key := range keys {
		other, twice := from[key]
		if key == "" || !twice {
			from[key] = sheet.Names[i]
			continue
		}
		col, _ := t.Column(key)
		return fmt.Sprintf("The columns %s and %s of the file both go to %s: leave one of them out.", clip(other, 40), clip(sheet.Names[i], 40), col.Name)
	}
	return ""
}

func (s *Server) previewImport(c echo.Context, m views.TableImportModel, t cards.Table, sheet table.Sheet, keys []string, problem string) error {
	m.Problem, m.Names, m.Count = problem, strings.Join(sheet.Names, "\x1f"), sheet.Rows()
	options := []views.OptionModel{{Label: "Leave out"}}
	for _, col := range t.Columns {
		options = append(options, views.OptionModel{Value: col.Key, Label: col.Name})
	}
	for i, name := range sheet.Names {
		f := views.ImportColumn{Name: name, To: keys[i], Options: options}
		for r := range min(previewRows, sheet.Rows()) {
			if row := sheet.Row(r); i < len(row) {
				f.Samples = append(f.Samples, clip(row[i], 60))
			}
		}
		m.Columns = append(m.Columns, f)
	}
	status := http.StatusOK
	if problem != "" {
		status = http.StatusUnprocessableEntity
	}
	return render(c, status, views.ImportPreview(m))
}

// exportTable sends the rows that the view shows, on all its pages, as they are read.
func (s *Server) exportTable(c echo.Context) error {
	ctx := c.Request().Context()
	t, err := s.Store.Table(ctx, c.Param("id"))
	if err != nil {
		return err
	}
	q, err := tableViewOf(c.QueryParams()).query(t)
	if err != nil {
		return err
	}
	keys, names := make([]string, len(t.Columns)), make([]any, len(t.Columns))
	for i, col := range t.Columns {
		keys[i], names[i] = col.Key, col.Name
	}
	h := c.Response().Header()
	h.Set(echo.HeaderContentType, "text/csv; charset=utf-8")
	h.Set(echo.HeaderContentDisposition, `attachment; filename="`+flows.AliasFrom(t.Name, "table")+`.csv"`)
	h.Set(echo.HeaderCacheControl, "no-store")
	w := csv.NewWriter("comma", true)
	if err := w.Row(names); err != nil {
		return err
	}
	flush := func() error {
		_ = http.NewResponseController(c.Response()).SetWriteDeadline(time.Now().Add(time.Minute))
		_, err := io.WriteString(c.Response(), w.Take())
		return err
	}
	err = s.Store.EachRow(ctx, t.ID, q, func(r cards.Row) error {
		if err := w.Row(table.Cells(t, r, keys)); err != nil || w.Len() < 64<<10 {
			return err
		}
		return flush()
	})
	if err == nil {
		err = flush()
	}
	if err != nil && c.Response().Committed {
		panic(http.ErrAbortHandler) // half a file must not look like a whole one
	}
	return tableProblem(err)
}
