package control

import (
	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// Note says something to whoever reads the flow. No run has it.
var Note = cards.NewControl(cards.Spec{
	Name:     "flow.note",
	Title:    "Note",
	Category: "Notes",
	Family:   cards.FamilyEvent,
	Icon:     "sticky-note",
	Summary:  "Says something to whoever reads the flow.",
	Doc: "Text between the cards, in Markdown: headings, lists, links, code, tables.\n\n" +
		"It does nothing: runs pass it over, it has no number and no outputs. Every other card can have a note of its own too.",
	Keywords: []string{"comment", "remark", "text", "markdown", "explain", "documentation"},
	Comment:  true,
	Examples: []cards.Example{
		{Title: "It does nothing", In: schema.Values{}, Out: schema.Values{}},
		{Title: "Its words are in the flow, not in a run", In: schema.Values{}, Out: schema.Values{}},
	},
}, func(cards.Flow, struct{}) (struct{}, error) { return struct{}{}, nil })
