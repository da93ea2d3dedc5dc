package bundle

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
	"strconv"
	"strings"

	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/flows/store"
)

const (
	variableKindName = "variable"
	variableFolder   = "variables"
	secretType       = "secret"
)

// variableFile is a variable with its values, or the name of a secret: what a secret is
// stays where it is.
type variableFile struct {
	Flowdeck int             `json:"flowdeck"`
	Kind     string          `json:"kind"`
	Name     string          `json:"name"`
	Type     string          `json:"type" enum:"text,number,boolean,date,object,list,any,secret"`
	Values   []variableValue `json:"values"`
}

// variableValue is the value in one environment.
type variableValue struct {
	Environment string `json:"environment"` // "" is the default one
	Description string `json:"description,omitempty"`
	Value       any    `json:"value,omitempty"` // of no secret
}

var variableKind = kind{name: variableKindName, export: exportVariables, read: readVariable}

func exportVariables(ctx context.Context, x *exporting) error {
	rows, err := x.Store.Variables(ctx)
	if err != nil {
		return err
	}
	var names, sums []string
	var list []variableFile
	for _, v := range rows { // in the order of names
		if n := len(list); n == 0 || list[n-1].Name != v.Name {
			sum := sha256.Sum256([]byte(v.Name)) // names that differ in capitals alone may not be one file
			names, sums, list = append(names, v.Name), append(sums, hex.EncodeToString(sum[:3])), append(list, newVariableFile(v))
		}
		list[len(list)-1].add(v)
	}
	mentioned := x.mentioned()
	for i, name := range fileNames(names, sums) {
		if x.all || mentioned[list[i].Name] {
			if err := x.add(variableFolder, name, list[i]); err != nil {
				return err
			}
		}
	}
	return nil
}

// mentioned are the names of the variables and secrets that the exported flows mention.
func (x *exporting) mentioned() map[string]bool {
	names := map[string]bool{}
	for _, f := range x.flows {
		for _, n := range flows.NamedIn(f.Draft, x.Cards) {
			names[n.Name] = true
		}
	}
	return names
}

func newVariableFile(v store.Variable) variableFile {
	return variableFile{Flowdeck: Format, Kind: variableKindName, Name: v.Name}
}

func (f *variableFile) add(v store.Variable) {
	kind := string(schema.TypeOf(v.Value))
	switch {
	case v.Secret:
		kind = secretType
	case f.Type != "" && f.Type != kind:
		kind = string(schema.Any)
	}
	f.Type = kind
	f.Values = append(f.Values, variableValue{Environment: v.Env, Description: v.Description, Value: v.Value})
}

// variableItem is a variable about to be imported.
type variableItem struct {
	src  *source
	file variableFile
	puts []put
}

// put is one value that is stored; fresh when there is none in its environment yet.
type put struct {
	row   store.Variable
	fresh bool
}

func readVariable(_ *Bundle, src *source) item {
	x := &variableItem{src: src}
	if !src.into(&x.file) {
		return nil
	}
	before := len(*src.problems)
	if len(x.file.Values) == 0 {
		src.fail([]string{"values"}, "must have an entry for each environment; “environment” is empty for the default one")
	}
	seen := map[string]bool{}
	for n, v := range x.file.Values {
		x.check(v, []string{"values", strconv.Itoa(n)})
		if seen[v.Environment] {
			src.fail([]string{"values", strconv.Itoa(n), "environment"}, "has a value before it")
		}
		seen[v.Environment] = true
	}
	if len(*src.problems) > before {
		return nil
	}
	return x
}

func (i *variableItem) secret() bool { return i.file.Type == secretType }

// row is what one entry of the file says.
func (i *variableItem) row(v variableValue) store.Variable {
	return store.Variable{Env: v.Environment, Name: i.file.Name, Secret: i.secret(), Description: v.Description, Value: v.Value}
}

func (i *variableItem) check(v variableValue, at []string) {
	for _, p := range i.row(v).Check() {
		switch p.Field {
		case "name":
			i.src.fail([]string{"name"}, "%s", p.Message)
		case "env":
			i.src.fail(append(slices.Clone(at), "environment"), "%s", p.Message)
		default:
			i.src.fail(append(slices.Clone(at), p.Field), "%s", p.Message)
		}
	}
	place := append(slices.Clone(at), "value")
	text, err := schema.EncodeJSON(v.Value)
	kind := schema.Type(i.file.Type)
	if kind == schema.Date {
		kind = schema.Text // as JSON has it
	}
	switch {
	case i.secret() && v.Value != nil:
		i.src.fail(place, "is a secret, which no file may hold; take it out, and enter it under Variables")
	case i.secret():
	case err != nil || len(text) > store.MaxVariable+2:
		i.src.fail(place, "may be %d bytes long", store.MaxVariable)
	case kind != schema.Any && schema.TypeOf(v.Value) != kind:
		i.src.fail(place, "must be of the type %s, got %s", i.file.Type, schema.Describe(v.Value))
	}
}

// key has no id: a variable is its name.
func (i *variableItem) key() (kind, id, name string) { return variableKindName, "", i.file.Name }

func (i *variableItem) plan(ctx context.Context, x *importing, c *Change) error {
	rows, err := x.variablesHere(ctx)
	if err != nil {
		return err
	}
	if x.named[i.file.Name] {
		i.src.fail([]string{"name"}, "is the name of another variable in this bundle")
		return nil
	}
	x.named[i.file.Name] = true
	here := map[string]store.Variable{}
	for _, v := range rows {
		if v.Name == i.file.Name {
			here[v.Env] = v
		}
	}
	for _, v := range here {
		if v.Secret != i.secret() {
			i.src.fail([]string{"type"}, "is %s, but the name belongs to %s here: rename one of the two", i.file.Type, sortOf(v.Secret))
			return nil
		}
	}
	c.Action = Unchanged
	if i.secret() {
		i.noteSecret(here, c)
		return nil
	}
	if x.options.Copy && len(here) > 0 {
		return nil // copies read what is here
	}
	if err := i.planValues(here); err != nil {
		return err
	}
	for _, p := range i.puts {
		x.come = append(x.come, p.row)
		if p.fresh {
			x.fresh++
		}
	}
	switch {
	case len(rows)+x.fresh > store.MaxVariables:
		i.src.fail([]string{"name"}, "is one too many: there may be %d variables and secrets", store.MaxVariables)
	case len(i.puts) == 0:
	case len(here) == 0:
		c.Action = Created
	default:
		c.Action = Updated
	}
	return nil
}

func sortOf(secret bool) string {
	if secret {
		return "a secret"
	}
	return "a variable"
}

// noteSecret says where the secret is to be entered.
func (i *variableItem) noteSecret(here map[string]store.Variable, c *Change) {
	var missing []string
	for _, v := range i.file.Values {
		if _, there := here[v.Environment]; !there {
			name := v.Environment
			if name == "" {
				name = "Default"
			}
			missing = append(missing, name)
		}
	}
	if len(missing) > 0 {
		c.Notes = append(c.Notes, "The secret “"+i.file.Name+"” needs its value: enter it under Variables, in the environment "+strings.Join(missing, ", ")+".")
	}
}

// planValues finds the values that are new or differ. Environments that the file does not
// have stay as they are.
func (i *variableItem) planValues(here map[string]store.Variable) error {
	for _, v := range i.file.Values {
		row := i.row(v)
		was, there := here[row.Env]
		before, err := schema.EncodeJSON(was.Value)
		if err != nil {
			return err
		}
		after, err := schema.EncodeJSON(row.Value)
		if err != nil {
			return err
		}
		if !there || string(before) != string(after) || was.Description != row.Description {
			i.puts = append(i.puts, put{row, !there})
		}
	}
	return nil
}

func (i *variableItem) apply(ctx context.Context, x *importing, _ *Change) error {
	for _, p := range i.puts {
		p.row.UpdatedBy = x.by.Name
		err := x.Store.PutVariable(ctx, p.row, p.fresh)
		if errors.Is(err, flows.ErrTaken) || errors.Is(err, flows.ErrNotFound) {
			return flows.ErrConflict // somebody made or deleted it in between
		}
		if err != nil {
			return err
		}
	}
	return nil
}
