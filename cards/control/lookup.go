package control

import (
	"context"
	"strings"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type lookupInput struct {
	Key     any            `json:"key" form:"required" help:"What is looked for: text, a number, or true or false."`
	Table   map[string]any `json:"table" label:"Table" form:"required" help:"Keys, and the value of each."`
	Any     bool           `json:"ignore_case" label:"Large and small letters are the same" form:"fixed,advanced" help:"DE finds de."`
	Missing string         `json:"missing" label:"When it is not there" default:"value" options:"value=Use the value below|fail=Fail" form:"fixed" help:"What happens when the table does not have the key."`
	Default any            `json:"else" label:"Otherwise" when:"missing=value" help:"The value when the table does not have the key."`
}

type lookupOutput struct {
	Value any  `json:"value" help:"The value of the key."`
	Found bool `json:"found" help:"Whether the table has the key."`
}

// Lookup finds a value by its key.
var Lookup = cards.NewFunction(cards.Spec{
	Name:     "control.lookup",
	Title:    "Lookup",
	Category: category,
	Family:   cards.FamilyLogic,
	Icon:     "table",
	Summary:  "Turns one value into another by a table.",
	Doc: "Finds the value that stands beside a key in the table.\n\n" +
		"- A number finds the key that it is written as: 404 finds `404`.\n" +
		"- A key that is not there gives the value under **Otherwise**, or fails the card with `not_found`, as you choose.",
	Keywords: []string{"map", "translate", "table", "switch", "case", "convert", "dictionary", "code"},
	Examples: []cards.Example{{
		Title: "A country",
		In:    schema.Values{"key": "DE", "table": schema.Values{"DE": "Germany", "AT": "Austria"}},
		Out:   schema.Values{"value": "Germany", "found": true},
	}, {
		Title: "A number as a key",
		In:    schema.Values{"key": 404, "table": schema.Values{"404": "missing"}},
		Out:   schema.Values{"value": "missing"},
	}, {
		Title: "Not in the table",
		In:    schema.Values{"key": "FR", "table": schema.Values{"DE": "Germany"}, "else": "elsewhere"},
		Out:   schema.Values{"value": "elsewhere", "found": false},
	}, {
		Title: "A key that must be there",
		In:    schema.Values{"key": "FR", "table": schema.Values{"DE": "Germany"}, "missing": "fail"},
		Err:   codeNotFound,
	}, {
		Title: "What cannot be a key",
		In:    schema.Values{"key": []any{1}, "table": schema.Values{"1": "one"}},
		Err:   cards.CodeInvalidInput,
	}},
}, func(_ context.Context, _ cards.Env, in lookupInput) (lookupOutput, error) {
	key, ok := schema.ToText(in.Key)
	if !ok {
		return lookupOutput{}, schema.Problems{{Field: "key", Message: "must be text, a number, or true or false, got " + schema.Describe(in.Key)}}
	}
	if v, found := in.find(key); found {
		return lookupOutput{v, true}, nil
	}
	if in.Missing == "fail" {
		return lookupOutput{}, &cards.Error{Code: codeNotFound, Message: "the table has no key " + schema.Describe(key)}
	}
	return lookupOutput{Value: in.Default}, nil
})

// codeNotFound is the error of a lookup that must not fail to find.
const codeNotFound = "not_found"

func (in lookupInput) find(key string) (any, bool) {
	if v, found := in.Table[key]; found || !in.Any {
		return v, found
	}
	best, found := "", false
	for k := range in.Table { // of several, always the same
		if strings.EqualFold(k, key) && (!found || k < best) {
			best, found = k, true
		}
	}
	return in.Table[best], found
}
