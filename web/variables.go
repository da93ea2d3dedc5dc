package web

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"flowdeck/cards/schema"
	"flowdeck/connectors"
	"flowdeck/flows"
	"flowdeck/flows/store"
	"flowdeck/views"
)

func (s *Server) variablesRoutes(app *echo.Group) {
	app.GET("/variables", s.showVariables)
	app.GET("/variables/edit", s.showVariable)
	app.POST("/variables", s.saveVariable)
	app.POST("/variables/environment", s.chooseEnvironment)
	app.GET("/variables/delete", s.askDeleteVariable)
	app.DELETE("/variables", s.deleteVariable)
}

func (s *Server) showVariables(c echo.Context) error {
	ctx := c.Request().Context()
	list, err := s.Store.Variables(ctx)
	if err != nil {
		return err
	}
	active, err := s.Store.ActiveEnvironment(ctx)
	if err != nil {
		return err
	}
	m := views.VariablesModel{Shell: s.shell(c, "Variables", "variables"), Active: active, Environments: environments(list, active)}
	for _, v := range list {
		row := views.VariableRow{Name: v.Name, Env: v.Env, EnvLabel: envLabel(v.Env), Secret: v.Secret, Description: v.Description, Changed: join(moment(v.Updated, s.Now()), v.UpdatedBy)}
		if !v.Secret {
			row.Value, row.Type = clip(cellText(v.Value), cellShown), string(schema.TypeOf(v.Value))
		}
		m.Rows = append(m.Rows, row)
	}
	return render(c, http.StatusOK, views.VariablesPage(m))
}

func envLabel(env string) string {
	if env == "" {
		return "Default"
	}
	return env
}

// environments are those that have a variable, and the active one.
func environments(list []store.Variable, active string) []views.OptionModel {
	names := []string{""}
	for _, v := range list {
		names = append(names, v.Env)
	}
	names = append(names, active)
	slices.Sort(names)
	var options []views.OptionModel
	for _, n := range slices.Compact(names) {
		options = append(options, views.OptionModel{Value: n, Label: envLabel(n)})
	}
	return options
}

// find returns a variable; a new one is empty.
func (s *Server) findVariable(c echo.Context) (store.Variable, error) {
	name, env := c.QueryParam("name"), c.QueryParam("env")
	if name == "" {
		return store.Variable{Secret: c.QueryParam("secret") != ""}, nil
	}
	list, err := s.Store.Variables(c.Request().Context())
	if err != nil {
		return store.Variable{}, err
	}
	i := slices.IndexFunc(list, func(v store.Variable) bool { return v.Name == name && v.Env == env })
	if i < 0 {
		return store.Variable{}, flows.ErrNotFound
	}
	return list[i], nil
}

func (s *Server) showVariable(c echo.Context) error {
	v, err := s.findVariable(c)
	if err != nil {
		return err
	}
	m := views.VariableModel{Fresh: v.Name == "", Name: v.Name, Env: v.Env, Secret: v.Secret, Description: v.Description}
	if v.Name != "" {
		if m.Uses, err = s.variableUses(c.Request().Context(), v.Secret, v.Name); err != nil {
			return err
		}
	}
	if !v.Secret && v.Name != "" {
		m.Value = cellText(v.Value)
		m.Type = string(schema.TypeOf(v.Value))
	}
	return render(c, http.StatusOK, views.VariableDialog(m))
}

// saveVariable stores a variable or a secret. The secret itself is read here, sealed, and
// never shown again.
func (s *Server) saveVariable(c echo.Context) error {
	v := store.Variable{Name: strings.TrimSpace(c.FormValue("name")), Env: strings.TrimSpace(c.FormValue("env")), Secret: c.FormValue("secret") != "",
		Description: strings.TrimSpace(c.FormValue("description")), UpdatedBy: s.user(c).Name}
	fresh := c.FormValue("fresh") != ""
	m := views.VariableModel{Fresh: fresh, Name: v.Name, Env: v.Env, Secret: v.Secret, Description: v.Description, Type: c.FormValue("type")}
	if !v.Secret {
		m.Value = c.FormValue("value")
	}
	problems, err := s.readVariable(c, &v)
	if err != nil {
		return err
	}
	if len(problems) == 0 {
		err := s.Store.PutVariable(c.Request().Context(), v, fresh)
		switch {
		case errors.Is(err, flows.ErrTaken):
			problems = schema.Problems{{Field: "name", Message: "There is a variable or a secret of this name."}}
		case errors.As(err, &problems):
		case err != nil:
			return err
		default:
			return s.variablesAgain(c, "Saved")
		}
	}
	m.Problems = byField(problems)
	return render(c, http.StatusUnprocessableEntity, views.VariableDialog(m))
}

func (s *Server) readVariable(c echo.Context, v *store.Variable) (problems schema.Problems, err error) {
	text := c.FormValue("value")
	problems = v.Check()
	if len(text) > store.MaxVariable {
		return append(problems, schema.Problem{Field: "value", Message: "A value may be 32 KiB long."}), nil
	}
	if v.Secret {
		if text == "" {
			return append(problems, schema.Problem{Field: "value", Message: "Enter the secret."}), nil
		}
		if len(problems) > 0 {
			return problems, nil
		}
		sealed, err := s.Vault.SealSecret(v.Env, v.Name, text)
		v.Sealed, v.Key = sealed.Sealed, sealed.Key
		return nil, err
	}
	kind := schema.Type(c.FormValue("type"))
	if kind == "" || !validType(kind) {
		kind = schema.Text
	}
	if text == "" && kind == schema.Text {
		v.Value = ""
		return problems, nil
	}
	form := schema.Form{Fields: []schema.Field{{Name: "value", Type: kind, Required: true, Members: schema.Form{Open: true}}}}
	values, wrong := form.Convert(schema.Values{"value": text})
	v.Value = values["value"]
	return append(problems, wrong...), nil
}

func (s *Server) variablesAgain(c echo.Context, text string) error {
	if !isHTMX(c) {
		return c.Redirect(http.StatusSeeOther, "/variables")
	}
	trigger(c, "fd:close", struct{}{})
	trigger(c, "fd:toast", map[string]string{"text": text})
	trigger(c, "fd:variables", struct{}{})
	return c.NoContent(http.StatusNoContent)
}

func (s *Server) chooseEnvironment(c echo.Context) error {
	env := c.FormValue("env")
	if err := s.Store.SetActiveEnvironment(c.Request().Context(), clip(env, 40)); err != nil {
		return err
	}
	return s.variablesAgain(c, "Flows that begin now read "+envLabel(env))
}

// variableUses are the flows that mention a variable or a secret.
func (s *Server) variableUses(ctx context.Context, secret bool, name string) ([]views.MenuItemModel, error) {
	var uses []store.FlowUse
	err := s.Store.EachDocument(ctx, name, func(u store.FlowUse, doc flows.Document) error {
		had := slices.ContainsFunc(uses, func(x store.FlowUse) bool { return x.ID == u.ID })
		if !had && slices.ContainsFunc(flows.NamedIn(doc, s.Cards), func(n flows.Named) bool { return n.Secret == secret && n.Name == name }) {
			uses = append(uses, u)
		}
		return nil
	})
	return useLinks(uses), err
}

func (s *Server) askDeleteVariable(c echo.Context) error { return s.variableQuestion(c, http.StatusOK) }

// variableQuestion asks, or lists the flows that need the last value of that name.
func (s *Server) variableQuestion(c echo.Context, status int) error {
	v, err := s.findVariable(c)
	if err != nil || v.Name == "" {
		return errors.Join(err, flows.ErrNotFound)
	}
	uses, err := s.usesOfLast(c.Request().Context(), v)
	if err != nil {
		return err
	}
	what := "variable"
	if v.Secret {
		what = "secret"
	}
	return render(c, status, views.DeleteDialog(views.DeleteModel{What: what, Name: v.Name, URL: "/variables?" + views.VariableQuery(v.Name, v.Env), Uses: uses,
		Text: "Its value in the environment " + envLabel(v.Env) + " is gone then. This cannot be undone."}))
}

// usesOfLast are the flows that would find nothing: none as long as the default
// environment has a value.
func (s *Server) usesOfLast(ctx context.Context, v store.Variable) ([]views.MenuItemModel, error) {
	list, err := s.Store.Variables(ctx)
	if err != nil {
		return nil, err
	}
	if v.Env != "" && slices.ContainsFunc(list, func(x store.Variable) bool { return x.Name == v.Name && x.Env == "" }) {
		return nil, nil
	}
	return s.variableUses(ctx, v.Secret, v.Name)
}

func (s *Server) deleteVariable(c echo.Context) error {
	v, err := s.findVariable(c)
	if err != nil || v.Name == "" {
		return errors.Join(err, flows.ErrNotFound)
	}
	uses, err := s.usesOfLast(c.Request().Context(), v)
	if err != nil {
		return err
	}
	if len(uses) > 0 {
		return s.variableQuestion(c, http.StatusConflict)
	}
	if err := s.Store.DeleteVariable(c.Request().Context(), v.Env, v.Name); err != nil {
		return err
	}
	return s.variablesAgain(c, "Deleted “"+v.Name+"”")
}

// loadVariables reads which variables and secrets there are.
func (d *drawing) loadVariables(ctx context.Context) error {
	list, err := d.server.Store.Variables(ctx)
	if err != nil {
		return err
	}
	active, err := d.server.Store.ActiveEnvironment(ctx)
	if err != nil {
		return err
	}
	d.vars, d.secrets = map[string]bool{}, map[string]bool{}
	for _, v := range list {
		switch {
		case v.Env != "" && v.Env != active:
		case v.Secret:
			d.secrets[v.Name] = true
		default:
			d.vars[v.Name] = true
		}
	}
	return nil
}

// checkVariables finds the templates that mention what there is not.
func (d *drawing) checkVariables() {
	for _, p := range flows.UnknownVariables(d.facts.Named, d.vars, d.secrets) {
		d.addProblem(p)
	}
}

// namedOutputs are the variables and secrets as the picker offers them.
func (d *drawing) namedOutputs() []views.CardOutput {
	var list []views.CardOutput
	for _, name := range sortedNames(d.vars) {
		list = append(list, views.CardOutput{Ref: "vars." + name, Label: name, Type: "any"})
	}
	for _, name := range sortedNames(d.secrets) {
		list = append(list, views.CardOutput{Ref: "secrets." + name, Label: name + " (secret)", Type: "text"})
	}
	return list
}

func sortedNames(set map[string]bool) []string {
	var list []string
	for name := range set {
		list = append(list, name)
	}
	slices.Sort(list)
	return list
}

// namedIn returns what a test of a card finds beside what was typed: variables, and marks
// in the place of secrets. Mark is what they begin with.
func (s *Server) namedIn(ctx context.Context, d *drawing, lookup func(string) (schema.Values, bool)) (with func(string) (schema.Values, bool), mark string, err error) {
	vars, err := s.Store.VariablesAt(ctx, s.Now())
	if err != nil {
		return nil, "", err
	}
	mark = rand.Text()
	secrets := flows.Marks(mark, sortedNames(d.secrets))
	return func(step string) (schema.Values, bool) {
		switch step {
		case "vars":
			return vars, true
		case "secrets":
			return secrets, true
		}
		return lookup(step)
	}, mark, nil
}

// reveal gives a card that is tried its secrets.
func (s *Server) reveal(ctx context.Context, form schema.Form, in schema.Values, mark string) (schema.Values, error) {
	return flows.Reveal(form, in, mark, func(name string) (string, error) {
		v, err := s.Store.SecretOf(ctx, name)
		if err != nil {
			return "", err
		}
		return s.Vault.OpenSecret(connectors.NamedSecret{Env: v.Env, Name: v.Name, Sealed: v.Sealed, Key: v.Key})
	})
}
