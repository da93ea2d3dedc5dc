package web

import (
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"flowdeck/cards/schema"
	"flowdeck/flows/store"
	"flowdeck/views"
)

// mostName is how long a name may be that somebody gives, in letters.
const mostName = 100

// questions is the form that a page asks to be filled in.
func questions(cb store.Callback) schema.Form {
	form, _ := schema.Declared(cb.Page.Fields) // checked when the flow was published
	for i, f := range form.Fields {
		for _, x := range cb.Page.Fields {
			q, _ := x.(map[string]any)
			if text, _ := q["options"].(string); q["name"] == f.Name && f.Type == schema.Text {
				form.Fields[i].Options = choicesIn(text)
			}
		}
	}
	return form
}

// choicesIn reads texts with commas between them.
func choicesIn(list string) (options []schema.Option) {
	for text := range strings.SplitSeq(list, ",") {
		if text = strings.TrimSpace(text); text != "" {
			options = append(options, schema.Option{Value: text, Label: text})
		}
	}
	return options
}

// askModel is the page before anything is filled in.
func (s *Server) askModel(c echo.Context, cb store.Callback) (views.AskModel, error) {
	p := cb.Page
	m := views.AskModel{Title: p.Title, Expires: fullTime(cb.Expires), Approve: p.Approve, Reject: p.Reject}
	for text := range strings.SplitSeq(strings.ReplaceAll(p.Description, "\r\n", "\n"), "\n\n") {
		if text = strings.TrimSpace(text); text != "" {
			m.Paragraphs = append(m.Paragraphs, text)
		}
	}
	for _, f := range questions(cb).Fields {
		m.Fields = append(m.Fields, askField(f))
	}
	session, err := s.session(c)
	if err != nil {
		return m, err
	}
	if user, ok := session.Values[sessionUser].(*store.User); ok {
		m.SignedIn = user.Name
	} else if p.AskName {
		m.Name = &views.FieldModel{ID: "your-name", Name: "name", Label: "Your name", Required: true, Attrs: map[string]any{"autocomplete": "name", "maxlength": mostName}}
	}
	return m, nil
}

func askField(f schema.Field) views.AskField {
	x := views.AskField{Kind: string(f.Type), Field: views.FieldModel{ID: "q-" + slug(f.Name), Name: "q." + f.Name, Label: f.Help, Required: f.Required}}
	if x.Field.Label == "" {
		x.Field.Label = f.Label
	}
	if !f.Required {
		x.Field.Aux = "optional"
	}
	switch {
	case len(f.Options) > 0:
		x.Kind, x.Options = "choice", []views.OptionModel{{Label: "Choose"}}
		for _, o := range f.Options {
			x.Options = append(x.Options, views.OptionModel{Value: o.Value, Label: o.Label})
		}
	case f.Type == schema.Text:
		x.Field.Rows = 2
	case f.Type == schema.Number:
		x.Field.Attrs = map[string]any{"inputmode": "decimal"}
	case f.Type == schema.Date:
		x.Field.Type = "date"
	}
	return x
}

// readAnswer reads a form that was sent. When something is wrong with it, m shows
// what was filled in and what to put right.
func readAnswer(c echo.Context, cb store.Callback, m *views.AskModel) (schema.Values, bool) {
	form, given := questions(cb), schema.Values{}
	for i, f := range form.Fields {
		text := strings.TrimSpace(c.FormValue("q." + f.Name))
		m.Fields[i].Field.Value, m.Fields[i].Checked = text, text == "true"
		switch {
		case f.Type == schema.Boolean && (text == "true" || !f.Required):
			given[f.Name] = text == "true"
		case text != "":
			given[f.Name] = strings.ReplaceAll(text, "\r\n", "\n")
		}
	}
	values, problems := form.Convert(given)
	for i, f := range form.Fields {
		m.Fields[i].Field.Problem = putRight(problemOf(problems, f.Name))
		if _, ok := values[f.Name]; !ok && values != nil {
			values[f.Name] = nil
		}
	}
	ok := len(problems) == 0
	name := strings.Join(strings.Fields(c.FormValue("name")), " ")
	switch {
	case m.SignedIn != "":
		name = m.SignedIn
	case m.Name == nil:
		name = ""
	case name == "":
		m.Name.Problem, ok = "Say who you are.", false
	case len([]rune(name)) > mostName:
		m.Name.Problem, ok = "That is too long for a name.", false
	}
	if m.Name != nil {
		m.Name.Value = name
	}
	decision := c.FormValue("decision")
	if !slices.Contains([]string{"approve", "reject"}, decision) || decision == "reject" && m.Reject == "" {
		m.Problem, ok = "Choose one of the buttons.", false
	}
	if !ok {
		return nil, false
	}
	values["outcome"], values["approved"] = outcomes(m.Reject != "", decision)
	values["answered_by"], values["signed_in"], values["method"] = name, m.SignedIn != "", c.Request().Method
	return values, true
}

func outcomes(two bool, decision string) (outcome string, approved bool) {
	switch {
	case !two:
		return "answered", false
	case decision == "approve":
		return "approved", true
	}
	return "rejected", false
}

// putRight is a problem as a person reads it beside its field.
func putRight(problem string) string {
	if problem == "" || problem == "is required" {
		return strings.Replace(problem, "is required", "This is needed.", 1)
	}
	return "It " + problem + "."
}

// fullTime is a time as people elsewhere can read it.
func fullTime(t time.Time) string { return t.Local().Format("2 Jan 2006, 15:04 MST") }
