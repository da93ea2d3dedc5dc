package web

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"flowdeck/cards"
	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/views"
)

// fields draws the inputs of a step as the card declares them.
func (d *drawing) fields(x drawn) []views.StepField {
	var list []views.StepField
	for _, f := range x.card.Inputs.Fields {
		if !x.card.Inputs.Applies(&f, x.step.Inputs) || x.declares(f.Name) {
			continue
		}
		if asked, ok := d.calledFields(x, f); ok {
			list = append(list, asked...)
			continue
		}
		list = append(list, d.field(x, f))
	}
	return list
}

func (d *drawing) field(x drawn, f schema.Field) views.StepField {
	value := x.step.Inputs[f.Name]
	path := x.prefix + f.Name
	m := views.StepField{ID: fieldID(x.step.ID, path), Path: path, Label: f.Label, Help: f.Help, Type: string(f.Type),
		Vars: strings.Join(f.Vars, " "), Placeholder: placeholder(f), Required: f.Required, Advanced: f.Advanced, Group: f.Group, Problem: problemAt(x.problem, path)}
	m.Kind = fieldKind(x, f, value)
	m.Chosen = value != nil && literal(value) != f.Default
	switch m.Kind {
	case views.FieldKeyValue:
		m.Rows = d.pairRows(x, f, value)
		if x.table != nil && (f.Format == schema.Columns || f.Format == schema.NewColumns) {
			m.Rows, m.Inline, m.Open, m.Closed = d.columnRows(x, f, value), true, true, true
			m.ID += "-columns" // another section than the one that people may have closed
			return m
		}
		m.Inline = inline(f)
		m.Open = m.Inline || len(m.Rows) > 0 && problemBelow(x.problem, f.Name)
	case views.FieldGroups:
		m.Rows = d.groupRows(x, f, value)
	case views.FieldRows, views.FieldConditions:
		m.Rows = d.itemRows(x, f, value)
		m.Inline = m.Kind == views.FieldRows && inline(f)
		m.Open = m.Inline
	default:
		d.fill(&m, x, f, value)
	}
	return m
}

// inline reports whether a section is what the card is about: it is asked for by a
// choice that was made, and is not folded away.
func inline(f schema.Field) bool { return f.When.Field != "" && !f.Advanced }

// fill gives a field of one value what it holds.
func (d *drawing) fill(m *views.StepField, x drawn, f schema.Field, value any) {
	m.Value = literal(value)
	switch m.Kind {
	case views.FieldSelect:
		if isColumn(f) && x.table != nil {
			m.Options = columnOptions(*x.table, f, m.Value)
			return
		}
		if chosenSecret(x, f) {
			m.Options, m.NewURL = d.secretOptions(m.Value), "/variables/edit?secret=1"
			return
		}
		for _, o := range f.Options {
			m.Options = append(m.Options, views.OptionModel{Value: o.Value, Label: o.Label})
		}
		if m.Value == "" {
			m.Value = f.Default
		}
	case views.FieldSwitch:
		if value == nil {
			m.Value = f.Default
		}
	case views.FieldPlain:
		m.Placeholder = cmp.Or(f.Default, m.Placeholder) // what counts while it is empty
		if f.Format == schema.Zone {
			m.List = "zones"
		}
	case views.FieldChoice:
		m.Choice = d.choice(f, m.Value)
		if m.Choice == nil {
			m.Kind = views.FieldText
		}
		m.Segments = d.segments(x, m.Value)
		m.Warnings = warnings(m.Segments)
	default:
		m.Segments = d.segments(x, m.Value)
		m.Warnings = warnings(m.Segments)
	}
}

func fieldKind(x drawn, f schema.Field, value any) views.FieldKind {
	text, isText := value.(string)
	template := isText && strings.Contains(text, "{{")
	switch {
	case f.Type == schema.List && len(f.Members.Fields) > 0:
		if _, ok := f.Members.Field("operator"); ok {
			return views.FieldConditions
		}
		if inner, ok := f.Members.Field("conditions"); ok && len(inner.Members.Fields) > 0 {
			return views.FieldGroups
		}
		return views.FieldRows
	case f.Type == schema.Object && f.Members.Open && !isText && f.Format != schema.JSON:
		return views.FieldKeyValue
	case f.Chooses():
		return views.FieldChoice
	case isColumn(f) && x.table != nil && !template:
		return views.FieldSelect
	case len(f.Options) > 0 && !template, chosenSecret(x, f):
		return views.FieldSelect
	case f.Type == schema.Boolean && !template:
		return views.FieldSwitch
	case f.Fixed:
		return views.FieldPlain
	case f.Type == schema.Number:
		return views.FieldNumber
	}
	switch format(x, f) {
	case schema.URL:
		return views.FieldURL
	case schema.JSON:
		return views.FieldJSON
	case schema.Inline:
		return views.FieldInline
	case schema.Multiline:
		return views.FieldMultiline
	}
	return views.FieldText
}

// format is how the text of a field is written; "@name" leaves that to a sibling.
func format(x drawn, f schema.Field) string {
	sibling, ok := strings.CutPrefix(f.Format, "@")
	if !ok {
		return f.Format
	}
	choice := literal(x.step.Inputs[sibling])
	if choice == "" {
		by, _ := x.card.Inputs.Field(sibling)
		choice = by.Default
	}
	if choice == schema.JSON {
		return schema.JSON
	}
	return schema.Multiline
}

func placeholder(f schema.Field) string {
	if f.Placeholder == "" {
		return f.Default
	}
	return f.Placeholder
}

func (d *drawing) pairRows(x drawn, f schema.Field, value any) []views.FieldRow {
	object, _ := value.(map[string]any)
	var rows []views.FieldRow
	for _, key := range x.step.Keys(f.Name) {
		id := fieldID(x.step.ID, f.Name) + "-" + slug(key)
		cell := views.StepField{ID: id, Path: f.Name, Key: key, Label: key, Kind: views.FieldText, Type: string(schema.Any),
			Problem: problemAt(x.problem, flows.FieldPath(f.Name, key))}
		d.fill(&cell, x, schema.Field{Type: schema.Any}, object[key])
		rows = append(rows, views.FieldRow{ID: id + "-row", Key: key, Cells: []views.StepField{cell}})
	}
	return rows
}

func (d *drawing) itemRows(x drawn, f schema.Field, value any) []views.FieldRow {
	items, _ := value.([]any)
	var rows []views.FieldRow
	for i, item := range items {
		values, _ := item.(map[string]any)
		row := strconv.Itoa(i)
		id := fieldID(x.step.ID, x.prefix+f.Name) + "-" + row
		at := x.prefix + flows.FieldPath(f.Name, row)
		r := views.FieldRow{ID: id, Index: i, Problem: problemAt(x.problem, at), Warning: problemAt(x.doubts, at)}
		for _, member := range f.Members.Fields {
			if member.Name == "right" && unary(values["operator"]) || !f.Members.Applies(&member, values) {
				continue
			}
			cell := views.StepField{ID: id + "-" + member.Name, Path: x.prefix + f.Name, Row: row, Col: member.Name, Label: member.Label,
				Type: string(member.Type), Placeholder: placeholder(member), Required: member.Required,
				Problem: problemAt(x.problem, at+"."+member.Name), Kind: fieldKind(x, member, values[member.Name])}
			d.fill(&cell, x, member, values[member.Name])
			r.Cells = append(r.Cells, cell)
		}
		rows = append(rows, r)
	}
	return rows
}

// unary reports whether a comparison looks at one value only.
func unary(operator any) bool {
	switch operator {
	case "is_empty", "is_not_empty", "is_true", "is_false":
		return true
	}
	return false
}

func (d *drawing) resultRows(x drawn, name string, block flows.Block) []views.FieldRow {
	var rows []views.FieldRow
	for _, key := range block.Keys() {
		id := fieldID(x.step.ID, name) + "-" + slug(key)
		cell := views.StepField{ID: id, Path: name, Key: key, Label: key, Kind: views.FieldText, Type: string(schema.Any),
			Problem: problemAt(x.problem, flows.FieldPath(name, key))}
		d.fill(&cell, x, schema.Field{Type: schema.Any}, block.Result[key])
		rows = append(rows, views.FieldRow{ID: id + "-row", Key: key, Cells: []views.StepField{cell}})
	}
	return rows
}

func fieldID(step, path string) string { return "f-" + step + "-" + strings.ReplaceAll(path, ".", "-") }

// slug is a key as part of an element's id.
func slug(key string) string {
	var b strings.Builder
	for _, c := range []byte(key) {
		switch {
		case c == '_' || c == '-' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z':
			b.WriteByte(c)
		default:
			b.WriteString("." + strconv.FormatInt(int64(c), 16))
		}
	}
	return b.String()
}

func problemAt(list flows.Problems, field string) string {
	for _, p := range list {
		if p.Field == field {
			return p.Message
		}
	}
	return ""
}

func problemBelow(list flows.Problems, field string) bool {
	return slices.ContainsFunc(list, func(p flows.Problem) bool { return strings.HasPrefix(p.Field, field+".") })
}

// target is the id of the element that a problem of a step is about.
func (d *drawing) target(x drawn, field string) string {
	head, _, _ := strings.Cut(field, ".")
	if field == "connection" {
		return "conn-" + x.step.ID
	}
	if _, ok := x.card.Inputs.Field(head); !ok {
		return "card-" + x.step.ID
	}
	f, _ := x.card.Inputs.Field(head)
	if f.Type == schema.Object && f.Members.Open && head != field {
		return fieldID(x.step.ID, head) + "-" + slug(field[len(head)+1:])
	}
	return fieldID(x.step.ID, field)
}

// inputLabel is the label of the input that a problem's field path begins with.
func inputLabel(c cards.Card, field string) (string, bool) {
	head, _, _ := strings.Cut(field, ".")
	f, ok := c.Inputs.Field(head)
	return f.Label, ok
}
