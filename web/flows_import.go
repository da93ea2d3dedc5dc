package web

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/views"
)

// maxImportSteps bounds a flow that comes as a file.
const maxImportSteps = 2000

func (s *Server) showImport(c echo.Context) error {
	if !isHTMX(c) {
		return c.Redirect(http.StatusSeeOther, "/flows") // the dialog stands over a page
	}
	return render(c, http.StatusOK, views.ImportDialog(views.ImportModel{}))
}

// importFlow makes a new draft from a file, or says all that is wrong with it.
func (s *Server) importFlow(c echo.Context) error {
	text, err := importedText(c)
	if err != nil {
		return err
	}
	f, left, problems, err := s.readFlowFile(c.Request().Context(), text)
	if err != nil {
		return err
	}
	if len(problems) > 0 {
		m := views.ImportModel{Problems: problems}
		if c.FormValue("text") != "" {
			m.Text = string(text)
		}
		return render(c, http.StatusUnprocessableEntity, views.ImportDialog(m))
	}
	f.UpdatedBy = s.user(c).Name
	id, err := s.storeNewFlow(c, f)
	if err != nil {
		return err
	}
	if len(left) > 0 {
		s.Log.InfoContext(c.Request().Context(), "flow imported without connections", "flow", id, "missing", left)
	}
	return goTo(c, "/flows/"+id)
}

func importedText(c echo.Context) ([]byte, error) {
	file, err := c.FormFile("file")
	if err != nil && !errors.Is(err, http.ErrMissingFile) && !errors.Is(err, http.ErrNotMultipart) {
		return nil, err
	}
	if file == nil || file.Size == 0 {
		return []byte(c.FormValue("text")), nil
	}
	r, err := file.Open()
	if err != nil {
		return nil, fmt.Errorf("read the imported file: %w", err)
	}
	defer r.Close()
	return io.ReadAll(r)
}

// readFlowFile reads a flow file, or a bare document. It returns the names of the
// connections that this server does not have, and what is wrong, in sentences.
func (s *Server) readFlowFile(ctx context.Context, text []byte) (f flows.Flow, missing, problems []string, err error) {
	file, problem := parseFlowFile(text)
	if problem != "" {
		return f, nil, []string{problem}, nil
	}
	doc, err := flows.DecodeDocument(inPlace(text, file.Document))
	if err != nil {
		var wrong flows.Problems
		if !errors.As(err, &wrong) {
			return f, nil, []string{"The document cannot be read: " + err.Error()}, nil
		}
		for _, p := range wrong {
			problems = append(problems, p.String())
		}
		return f, nil, problems, nil
	}
	if problems = s.checkSteps(doc); len(problems) > 0 {
		return f, nil, problems, nil
	}
	missing, err = s.mapConnections(ctx, &doc, file.Connections)
	f = flows.Flow{Name: strings.TrimSpace(file.Name), Description: file.Description, Labels: file.Labels, Alias: file.Alias, Settings: file.Settings, Draft: doc}
	if f.Name == "" {
		f.Name = "Imported flow"
	}
	m := views.FlowDetailsModel{Name: f.Name, Description: f.Description}
	for _, p := range checkFlowDetails(m, f.Labels) {
		problems = append(problems, p.Field+": "+p.Message)
	}
	for _, p := range checkSettings(f) {
		problems = append(problems, "settings: "+p.Field+" "+p.Message)
	}
	return f, missing, problems, err
}

// checkSettings holds the settings of a file to what the form of an endpoint takes.
func checkSettings(f flows.Flow) schema.Problems {
	f.Alias = aliasFrom(f.Alias, f.Name)
	_, problems := formOf(f).settings()
	set := f.Settings
	for name, n := range map[string]int64{"keep_days": int64(set.KeepDays), "max_body": set.MaxBody,
		"response_timeout": int64(set.ResponseTimeout.Duration), "run_timeout": int64(set.RunTimeout.Duration)} {
		if n < 0 {
			problems = append(problems, schema.Problem{Field: name, Message: "cannot be below 0"})
		}
	}
	for _, m := range set.Methods {
		if !slices.Contains(endpointMethods, m) {
			problems = append(problems, schema.Problem{Field: "methods", Message: "cannot hold " + quoteShort(m)})
		}
	}
	return problems
}

func parseFlowFile(text []byte) (file flowFile, problem string) {
	if len(bytes.TrimSpace(text)) == 0 {
		return file, "Choose a file, or paste the text of one."
	}
	if !utf8.Valid(text) {
		return file, "This is not a text file. Choose a .json file that “Export” made."
	}
	var wrong *json.UnmarshalTypeError
	var syntax *json.SyntaxError
	switch err := json.Unmarshal(text, &file); {
	case errors.As(err, &syntax):
		line, column := place(text, int(syntax.Offset))
		return file, fmt.Sprintf("Line %d, column %d: this is not JSON: %s.", line, column, syntax)
	case errors.As(err, &wrong):
		line, column := place(text, int(wrong.Offset))
		return file, fmt.Sprintf("Line %d, column %d: %q cannot be a %s.", line, column, wrong.Field, wrong.Value)
	case err != nil:
		return file, "This cannot be read: " + err.Error()
	}
	if file.Document == nil { // perhaps somebody pasted a document alone
		var bare struct{ Trigger json.RawMessage }
		if err := json.Unmarshal(text, &bare); err != nil || bare.Trigger == nil {
			return file, "This is JSON, but not a flow: it has no “document”. Choose a file that “Export” made."
		}
		return flowFile{Document: bytes.TrimSpace(text)}, ""
	}
	if file.Flowdeck != exportFormat {
		return file, fmt.Sprintf("This file has format %d; this Flowdeck reads format %d. Update Flowdeck, or export the flow again.", file.Flowdeck, exportFormat)
	}
	return file, ""
}

// inPlace returns part, which stands somewhere in whole, behind as much white
// space as stood before it, so that its lines and columns are those of the file.
func inPlace(whole, part []byte) []byte {
	at := bytes.Index(whole, part)
	if at <= 0 {
		return part
	}
	var b bytes.Buffer
	for _, r := range string(whole[:at]) {
		if r != '\n' {
			r = ' '
		}
		b.WriteRune(r)
	}
	b.Write(part)
	return b.Bytes()
}

func place(text []byte, offset int) (line, column int) {
	before := text[:min(max(offset-1, 0), len(text))]
	start := bytes.LastIndexByte(before, '\n') + 1
	return bytes.Count(before, []byte{'\n'}) + 1, utf8.RuneCount(before[start:]) + 1
}

// checkSteps says why a document could not even be shown: everything less is for
// its author to fix in the builder.
func (s *Server) checkSteps(doc flows.Document) []string {
	var problems []string
	count, seen := 0, map[string]bool{}
	eachStep(&doc, func(step *flows.Step) {
		if count++; step == &doc.Trigger && step.Card == "" {
			return // a draft that nothing starts yet
		}
		name := step.ID
		if step.Title != "" {
			name = step.Title
		}
		if _, ok := s.Cards.Card(step.Card); !ok {
			problems = append(problems, fmt.Sprintf("Step “%s” is a card that this Flowdeck does not have: %q.", name, step.Card))
		}
		if step.ID == "" {
			problems = append(problems, fmt.Sprintf("A step with the card %q has no id.", step.Card))
		} else if seen[step.ID] {
			problems = append(problems, fmt.Sprintf("Two steps have the id %q.", step.ID))
		}
		seen[step.ID] = true
	})
	for _, p := range flows.TypedSecrets(doc, s.Cards) {
		problems = append(problems, p.String())
	}
	if count > maxImportSteps {
		return []string{fmt.Sprintf("This flow has %d steps; %d are possible.", count, maxImportSteps)}
	}
	if len(problems) > 20 {
		problems = append(problems[:20], fmt.Sprintf("And %d more.", len(problems)-20))
	}
	return problems
}

// mapConnections makes the steps refer to this server's connections: those with
// the same id, else those of the same name and type. Others stay as they are: the
// builder says at the step that another one is to be chosen.
func (s *Server) mapConnections(ctx context.Context, doc *flows.Document, named map[string]fileConnection) (missing []string, err error) {
	known, err := s.Store.Connections(ctx)
	if err != nil {
		return nil, err
	}
	ours, byName := map[string]bool{}, map[fileConnection]string{}
	for _, x := range known {
		ours[x.ID], byName[fileConnection{x.Name, x.Type}] = true, x.ID
	}
	eachStep(doc, func(step *flows.Step) {
		if step.Connection == "" || ours[step.Connection] {
			return
		}
		was := named[step.Connection]
		if here, ok := byName[was]; ok {
			step.Connection = here
		} else {
			missing = append(missing, was.Name)
		}
	})
	return missing, nil
}
