package all

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"flowdeck/cards"
	"flowdeck/cards/schema"
	"flowdeck/flows"
)

var update = flag.Bool("update", false, "write docs/cards.md anew")

const docs = "../../docs/cards.md"

func TestTheTableOfCardsIsCurrent(t *testing.T) {
	want := tableOf(Registry())
	if *update {
		if err := os.WriteFile(docs, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(docs)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("docs/cards.md is not what the cards declare, from line %d on; run: go test ./cards/all -run Table -update", firstDifference(string(got), want))
	}
}

// tableOf is docs/cards.md: a table for each category, in the order of the palette.
func tableOf(r *cards.Registry) string {
	var categories []string
	byCategory := map[string][]cards.Card{}
	for _, c := range r.All() {
		if byCategory[c.Category] == nil {
			categories = append(categories, c.Category)
		}
		byCategory[c.Category] = append(byCategory[c.Category], c)
	}
	var b strings.Builder
	b.WriteString("# Cards\n\nEvery card with its fields, as they are declared: this page is generated.\n" +
		"**Bold** fields are required, *secret* ones are blanked in the history of runs, and fields with *…* are\n" +
		"folded away until they are asked for. What a card does in detail, with examples, stands at the card itself (**?**).\n" +
		"Where a card says how it is called in an expression, a `?` marks what may be left out: see [expressions](expressions.md).\n\n" +
		"What all data cards share: a text may be 10 MiB long, a list may have 1,000,000 items, and values may be nested\n" +
		"1,000 levels deep, unless a card says less. What does not fit is the error `invalid_input`, which names the field\n" +
		"and the value; what is too large is the error `limit`.\n\n")
	fmt.Fprintf(&b, "%d cards in %d categories: ", len(r.All()), len(categories))
	for i, category := range categories {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "[%s](#%s) (%d)", category, anchor(category), len(byCategory[category]))
	}
	b.WriteString(".\n")
	for _, category := range categories {
		fmt.Fprintf(&b, "\n## %s\n\n| Card | | Inputs | Outputs |\n|---|---|---|---|\n", category)
		for _, c := range byCategory[category] {
			fmt.Fprintf(&b, "| **%s**<br>`%s` | %s%s | %s | %s |\n", c.Title, c.Name, cell(c.Summary), called(c), fields(c.Inputs), outputs(c))
		}
	}
	return b.String()
}

// anchor is how Markdown names a heading's place.
func anchor(heading string) string {
	keep := func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case r >= 'a' && r <= 'z':
			return r
		}
		return -1
	}
	return strings.Map(keep, strings.ToLower(heading))
}

// called says how an expression calls the card.
func called(c cards.Card) string {
	if !flows.Callable(c) {
		return ""
	}
	return "<br>In an expression: `" + cell(flows.Signature(c)) + "`"
}

func cell(s string) string { return strings.ReplaceAll(s, "|", "\\|") }

// outputs also says which names a card makes of its inputs or blocks.
func outputs(c cards.Card) string {
	list := fields(c.Outputs)
	if c.OutputsFrom != "" {
		list = joined(list, "one for each of `"+c.OutputsFrom+"`")
	}
	if c.BlockOutputs {
		list = joined(list, "what the block that ran results in")
	}
	if list == "" {
		return "none"
	}
	return list
}

func joined(list, more string) string {
	if list == "" {
		return more
	}
	return list + "<br>" + more
}

func fields(f schema.Form) string {
	var list string
	for _, x := range f.Fields {
		list = joined(list, field(x))
	}
	return list
}

// field is one field: its name, its type, what it may be and what it is without being filled in.
func field(x schema.Field) string {
	name := "`" + x.Name + "`"
	if x.Required {
		name = "**" + name + "**"
	}
	s := name + " " + string(x.Type)
	if len(x.Members.Fields) > 0 {
		var inside []string
		for _, m := range x.Members.Fields {
			inside = append(inside, m.Name)
		}
		s += " of " + strings.Join(inside, ", ")
	}
	var notes []string
	if len(x.Options) > 0 {
		var values []string
		for _, o := range x.Options {
			values = append(values, o.Value)
		}
		notes = append(notes, strings.Join(values, ", "))
	}
	if x.Default != "" {
		notes = append(notes, "default "+x.Default)
	}
	if x.Format == schema.Inline {
		notes = append(notes, "an expression over "+strings.Join(x.Vars, ", "))
	}
	if x.Secret {
		notes = append(notes, "*secret*")
	}
	if x.When.Field != "" {
		notes = append(notes, "when "+x.When.String())
	}
	if x.Advanced {
		notes = append(notes, "*…*")
	}
	if len(notes) > 0 {
		s += " (" + strings.Join(notes, "; ") + ")"
	}
	return cell(s)
}

func firstDifference(got, want string) int {
	a, b := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return i + 1
		}
	}
	return min(len(a), len(b)) + 1
}
