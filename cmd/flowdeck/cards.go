package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"flowdeck/cards"
	"flowdeck/cards/all"
	"flowdeck/cards/schema"
)

// cardsSettings choose how the catalogue is printed.
type cardsSettings struct {
	JSON bool `name:"json" help:"Print JSON."`
}

// cardEntry is one card of the catalogue.
type cardEntry struct {
	Name       string       `json:"name"`
	Title      string       `json:"title"`
	Kind       cards.Kind   `json:"kind"`
	Category   string       `json:"category"`
	Summary    string       `json:"summary"`
	Connection bool         `json:"connection,omitempty"` // takes one
	Blocks     []string     `json:"blocks,omitempty"`
	Inputs     []fieldEntry `json:"inputs"`
	Outputs    []fieldEntry `json:"outputs"`
}

// fieldEntry is one input or output.
type fieldEntry struct {
	Name     string      `json:"name"`
	Label    string      `json:"label"`
	Type     schema.Type `json:"type"`
	Required bool        `json:"required,omitempty"`
	Default  string      `json:"default,omitempty"`
	Options  []string    `json:"options,omitempty"`
	Help     string      `json:"help,omitempty"`
}

func (c cardsSettings) run(_ context.Context, to streams) error {
	var list []cardEntry
	for _, card := range all.Registry().All() {
		list = append(list, entryOf(card))
	}
	if !c.JSON {
		return printCards(to.out, list)
	}
	e := json.NewEncoder(to.out)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(list)
}

func entryOf(c cards.Card) cardEntry {
	e := cardEntry{Name: c.Name, Title: c.Title, Kind: c.Kind, Category: c.Category, Summary: c.Summary, Connection: c.Connector != "",
		Inputs: fieldEntries(c.Inputs), Outputs: fieldEntries(c.Outputs)}
	for _, b := range c.Blocks {
		e.Blocks = append(e.Blocks, b.Name)
	}
	if c.OutputsFrom != "" {
		e.Outputs = append(e.Outputs, fieldEntry{Name: "*", Label: "One for each of " + c.OutputsFrom, Type: schema.Any})
	}
	return e
}

func fieldEntries(form schema.Form) []fieldEntry {
	list := []fieldEntry{}
	for _, f := range form.Fields {
		e := fieldEntry{Name: f.Name, Label: f.Label, Type: f.Type, Required: f.Required, Default: f.Default, Help: f.Help}
		for _, o := range f.Options {
			e.Options = append(e.Options, o.Value)
		}
		list = append(list, e)
	}
	return list
}

// printCards writes the catalogue for people: by category, a line per card and one each for its inputs and outputs.
func printCards(w io.Writer, list []cardEntry) error {
	var b strings.Builder
	category := ""
	for _, c := range list {
		if c.Category != category {
			category = c.Category
			fmt.Fprintf(&b, "\n%s\n", strings.ToUpper(category))
		}
		fmt.Fprintf(&b, "\n  %-18s %s. %s\n", c.Name, c.Title, c.Summary)
		fmt.Fprintf(&b, "    in   %s\n    out  %s\n", fieldLine(c.Inputs), fieldLine(c.Outputs))
	}
	_, err := io.WriteString(w, strings.TrimPrefix(b.String(), "\n"))
	return err
}

func fieldLine(fields []fieldEntry) string {
	if len(fields) == 0 {
		return "nothing"
	}
	words := make([]string, len(fields))
	for i, f := range fields {
		words[i] = f.Name + " " + string(f.Type)
		if f.Required {
			words[i] += " (required)"
		}
	}
	return strings.Join(words, ", ")
}
