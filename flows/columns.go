package flows

import (
	"slices"
	"strconv"
	"strings"

	"flowdeck/cards"
	"flowdeck/cards/schema"
	"flowdeck/flows/expr"
)

// TableOf returns the id of the table that a step has chosen, "" when it has chosen none
// or an expression says it.
func TableOf(step Step, card cards.Card) string {
	for i := range card.Inputs.Fields {
		f := &card.Inputs.Fields[i]
		if id, _ := step.Inputs[f.Name].(string); f.Format == schema.Table && !strings.Contains(id, "{{") {
			return id
		}
	}
	return ""
}

// WrongColumns says where steps name columns that their tables do not have, leave out
// what a new row needs, or fill in what a column cannot hold. Tables has those that there
// are, by id; steps with another one are left alone.
func WrongColumns(doc Document, reg *cards.Registry, tables map[string]cards.Table) Problems {
	var problems Problems
	for _, step := range doc.All() {
		card, known := reg.Card(step.Card)
		if !known || step.Off {
			continue
		}
		if t, there := tables[TableOf(step, card)]; there {
			c := columnCheck{table: t, step: step.ID}
			c.form("", card.Inputs, step.Inputs)
			problems = append(problems, c.problems...)
		}
	}
	return problems
}

type columnCheck struct {
	table    cards.Table
	step     string
	problems Problems
}

func (c *columnCheck) problem(field, message string) {
	c.problems = append(c.problems, Problem{Step: c.step, Field: field, Message: message})
}

func (c *columnCheck) form(path string, form schema.Form, v schema.Values) {
	for i := range form.Fields {
		f := &form.Fields[i]
		at := expr.Below(path, f.Name)
		value, there := v[f.Name]
		switch {
		case !form.Applies(f, v):
		case f.Format == schema.NewColumns || f.Format == schema.Columns:
			values, _ := value.(map[string]any)
			c.values(at, values, f.Format == schema.NewColumns)
		case !there:
		case f.Format == schema.Column:
			if key, _ := value.(string); key != "" && !strings.Contains(key, "{{") && !c.has(key) {
				c.problem(at, "is no column of "+c.table.Name+" (any more); choose another one")
			}
		case f.Format == schema.KeyColumn:
			c.keyColumn(at, value)
			c.keyed(path, form, v, value)
		case f.Type == schema.List:
			list, _ := value.([]any)
			for n, item := range list {
				if m, ok := item.(map[string]any); ok {
					c.form(expr.Below(at, strconv.Itoa(n)), f.Members, m)
				}
			}
		}
	}
}

// keyColumn checks the name of a column that rows are found by.
func (c *columnCheck) keyColumn(at string, value any) {
	key, _ := value.(string)
	switch column, there := c.table.Column(key); {
	case key == "" || strings.Contains(key, "{{") || there && column.Unique:
	case there || c.has(key):
		c.problem(at, "must be a unique column of "+c.table.Name+", got "+schema.Describe(key)+"; choose another one, or make it unique on the table's page")
	default:
		c.problem(at, "is no column of "+c.table.Name+" (any more); choose another one")
	}
}

// keyed says when the row that is written has no value in the column that it is found by.
func (c *columnCheck) keyed(path string, form schema.Form, v schema.Values, value any) {
	key, _ := value.(string)
	column, there := c.table.Column(key)
	i := slices.IndexFunc(form.Fields, func(f schema.Field) bool { return f.Format == schema.Columns })
	if !there || !column.Unique || i < 0 {
		return
	}
	name := form.Fields[i].Name
	values, isObject := v[name].(map[string]any)
	if isObject && (values[key] == nil || values[key] == "") || v[name] == nil {
		c.problem(expr.Below(expr.Below(path, name), key), "is required, because the row is found by it")
	}
}

func (c *columnCheck) has(key string) bool {
	_, there := c.table.Column(key)
	return there || key == cards.RowID || key == cards.RowCreated || key == cards.RowUpdated
}

// values checks an object of values by column.
func (c *columnCheck) values(at string, values map[string]any, fresh bool) {
	form := c.table.Form()
	keys := sortedKeys(values)
	for _, key := range keys {
		v := values[key]
		text, isText := v.(string)
		i := slices.IndexFunc(form.Fields, func(f schema.Field) bool { return f.Name == key })
		switch {
		case i < 0:
			c.problem(expr.Below(at, key), "is no column of "+c.table.Name+" (any more); remove it")
		case v == nil, isText && (text == "" || strings.Contains(text, "{{")):
		default:
			one := schema.Form{Fields: form.Fields[i : i+1 : i+1]}
			for _, p := range one.Check(schema.Values{key: v}) {
				c.problem(expr.Below(at, key), p.Message)
			}
		}
	}
	for _, col := range c.table.Columns {
		if v := values[col.Key]; fresh && col.Required && col.Default == nil && (v == nil || v == "") {
			c.problem(expr.Below(at, col.Key), "is required")
		}
	}
}
