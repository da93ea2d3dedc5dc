package web

import (
	"context"
	"maps"
	"slices"

	"flowdeck/cards"
	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/views"
)

// columnsShown is how many columns of a table are outputs on a card.
const columnsShown = 30

// loadTables reads the tables that the steps of the draft have chosen.
func (d *drawing) loadTables(ctx context.Context) (err error) {
	ids := flows.ChosenIDs(d.facts.Choices, schema.Table)
	d.tables, err = d.server.Store.TablesByID(ctx, ids)
	return err
}

// useTables gives every step that has chosen a table its columns: as outputs, as options,
// and for its problems.
func (d *drawing) useTables() {
	if len(d.tables) == 0 {
		return
	}
	d.outputs = maps.Clone(d.outputs)
	for id, x := range d.steps {
		t, there := d.tables[flows.TableOf(x.step, x.card)]
		if !there {
			continue
		}
		x.table = &t
		d.steps[id] = x
		d.outputs[id] = rowOutputs(d.outputs[id], t)
	}
	for _, p := range flows.WrongColumns(d.flow.Draft, d.server.Cards, d.tables) {
		d.addProblem(p)
	}
}

// rowOutputs puts the columns of a table below the output that is a row of it.
func rowOutputs(list []flows.OutputInfo, t cards.Table) []flows.OutputInfo {
	at := slices.IndexFunc(list, func(o flows.OutputInfo) bool { return o.Path == "row" && o.Type == schema.Object })
	if at < 0 {
		return list
	}
	var columns []flows.OutputInfo
	for _, c := range t.Columns[:min(len(t.Columns), columnsShown)] {
		columns = append(columns, flows.OutputInfo{Path: "row." + c.Key, Label: c.Name, Type: c.Type, Depth: 1})
	}
	columns = append(columns, flows.OutputInfo{Path: "row." + cards.RowID, Label: "Row ID", Type: schema.Text, Depth: 1})
	columns = slices.DeleteFunc(columns, func(o flows.OutputInfo) bool {
		return slices.ContainsFunc(list, func(x flows.OutputInfo) bool { return x.Path == o.Path })
	})
	return slices.Insert(slices.Clone(list), at+1, columns...)
}

func isColumn(f schema.Field) bool { return f.Format == schema.Column || f.Format == schema.KeyColumn }

// columnOptions are the columns that a field may name, and the one that it names.
func columnOptions(t cards.Table, f schema.Field, chosen string) []views.OptionModel {
	var list []views.OptionModel
	if !f.Required || chosen == "" {
		list = append(list, views.OptionModel{Label: "Choose a column"})
	}
	known := chosen == ""
	for _, c := range t.Columns {
		switch {
		case f.Format == schema.Column || c.Unique:
			list = append(list, views.OptionModel{Value: c.Key, Label: c.Name})
		case c.Key == chosen:
			list = append(list, views.OptionModel{Value: c.Key, Label: c.Name + " (not unique)"})
		}
		known = known || c.Key == chosen
	}
	for _, x := range [][2]string{{cards.RowID, "Row ID"}, {cards.RowCreated, "Created"}, {cards.RowUpdated, "Updated"}} {
		if f.Format == schema.Column {
			list = append(list, views.OptionModel{Value: x[0], Label: x[1]})
			known = known || x[0] == chosen
		}
	}
	if !known {
		list = append(list, views.OptionModel{Value: chosen, Label: chosen + " (gone)"})
	}
	return list
}

// columnRows are the columns of the chosen table as rows of a field, and what else was
// filled in.
func (d *drawing) columnRows(x drawn, f schema.Field, value any) []views.FieldRow {
	values, _ := value.(map[string]any)
	var rows []views.FieldRow
	add := func(key, label string, kind schema.Type, required bool) {
		id := fieldID(x.step.ID, f.Name) + "-" + slug(key)
		field := schema.Field{Name: key, Label: label, Type: kind}
		cell := views.StepField{ID: id, Path: f.Name, Key: key, Label: label, Type: string(kind), Required: required,
			Problem: problemAt(x.problem, flows.FieldPath(f.Name, key)), Kind: views.FieldText}
		if kind == schema.Number {
			cell.Kind = views.FieldNumber
		}
		d.fill(&cell, x, field, values[key])
		rows = append(rows, views.FieldRow{ID: id + "-row", Key: key, Column: true, Cells: []views.StepField{cell}})
	}
	for _, c := range x.table.Columns {
		add(c.Key, c.Name, c.Type, c.Required)
	}
	for _, key := range x.step.Keys(f.Name) {
		if _, there := x.table.Column(key); there {
			continue
		}
		add(key, key, schema.Any, false)
		rows[len(rows)-1].Column = false
	}
	return rows
}
