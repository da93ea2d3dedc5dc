package object

import (
	"context"
	"maps"
	"slices"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// inlineInput is an object and an expression that is evaluated for each value of it.
type inlineInput struct {
	objectInput
	Expression *schema.Expression `json:"expression" form:"required" vars:"key value" placeholder:"value * 2" help:"Evaluated for each value; what it is called in the object is key."`
}

const inlineDoc = "\n- The expression names **key** and **value**; outputs of earlier cards stand in it as they do between braces.\n" +
	"- Values come in the order of their keys in the alphabet. When the expression fails for one, the card fails, and the message says for which."

// each calls f with every key, its value and what the expression makes of them.
func (in inlineInput) each(f func(key string, value, made any) error) error {
	for _, k := range slices.Sorted(maps.Keys(in.Object)) {
		made, err := in.Expression.Eval(k, in.Object[k])
		if err != nil {
			return failed(k, err.Error())
		}
		if err := f(k, in.Object[k], made); err != nil {
			return err
		}
	}
	return nil
}

func failed(key, why string) error {
	return schema.Problems{{Field: "expression", Message: "fails for object." + key + ": " + why}}
}

// MapToList makes an item of each value.
var MapToList = cards.NewFunction(cards.Spec{
	Name:     "object.map_to_list",
	Title:    "Map to List",
	Category: category,
	Family:   cards.FamilyData,
	Icon:     "list",
	Summary:  "Makes a list of what an expression makes of each value of an object.",
	Doc: "Puts out a list with an item for each value of the object.\n\n" +
		"- For pairs of key and value as they are there is **To List**." + inlineDoc,
	Keywords: []string{"object", "transform", "convert", "each", "expression", "list"},
	Examples: []cards.Example{{
		Title: "A line for each",
		In:    schema.Values{"object": schema.Values{"b": 2, "a": 1}, "expression": `key + " = " + string(value)`},
		Out:   schema.Values{"list": []any{"a = 1", "b = 2"}},
	}, {
		Title: "Objects",
		In:    schema.Values{"object": schema.Values{"maya": schema.Values{"age": 40}}, "expression": `{"name": key, "age": value.age}`},
		Out:   schema.Values{"list": []any{schema.Values{"name": "maya", "age": 40}}},
	}, {
		Title: "Nothing is no object",
		In:    schema.Values{"expression": "value"},
		Err:   cards.CodeInvalidInput,
	}},
}, func(_ context.Context, _ cards.Env, in inlineInput) (listOutput, error) {
	list := make([]any, 0, len(in.Object))
	err := in.each(func(_ string, _, made any) error {
		list = append(list, made)
		return nil
	})
	return listOutput{list}, err
})

// Map makes a new value of each.
var Map = cards.NewFunction(cards.Spec{
	Name:     "object.map",
	Title:    "Map Values",
	Category: category,
	Family:   cards.FamilyData,
	Icon:     "shuffle",
	Summary:  "Makes an object with the same keys and what an expression makes of each value.",
	Doc:      "Puts out an object with the keys of the one that came in." + inlineDoc,
	Keywords: []string{"object", "map", "transform", "convert", "each", "expression", "values"},
	Examples: []cards.Example{{
		Title: "Every price with tax",
		In:    schema.Values{"object": schema.Values{"tea": 10, "cup": 20}, "expression": "value * 1.5"},
		Out:   schema.Values{"object": schema.Values{"tea": 15, "cup": 30}},
	}, {
		Title: "A value that the expression cannot deal with",
		In:    schema.Values{"object": schema.Values{"a": "x"}, "expression": "value * 2"},
		Err:   cards.CodeInvalidInput,
	}},
}, func(_ context.Context, _ cards.Env, in inlineInput) (objectOutput, error) {
	object := make(map[string]any, len(in.Object))
	err := in.each(func(key string, _, made any) error {
		object[key] = made
		return nil
	})
	return objectOutput{object}, err
})

// Filter keeps the values for which an expression is true.
var Filter = cards.NewFunction(cards.Spec{
	Name:     "object.filter",
	Title:    "Filter Values",
	Category: category,
	Family:   cards.FamilyData,
	Icon:     "filter",
	Summary:  "Keeps the values of an object for which an expression is true.",
	Doc: "Puts out an object of the keys and values that fit.\n\n" +
		"- Nothing counts as false; anything but true and false fails the card." + inlineDoc,
	Keywords: []string{"object", "filter", "where", "keep", "reject", "condition", "expression"},
	Examples: []cards.Example{{
		Title: "What is in stock",
		In:    schema.Values{"object": schema.Values{"tea": 3, "cup": 0}, "expression": "value > 0"},
		Out:   schema.Values{"object": schema.Values{"tea": 3}},
	}, {
		Title: "By the key",
		In:    schema.Values{"object": schema.Values{"x_id": 1, "name": "a"}, "expression": `not (key startsWith "x_")`},
		Out:   schema.Values{"object": schema.Values{"name": "a"}},
	}, {
		Title: "An expression that is no condition",
		In:    schema.Values{"object": schema.Values{"a": 1}, "expression": "value"},
		Err:   cards.CodeInvalidInput,
	}},
}, func(_ context.Context, _ cards.Env, in inlineInput) (objectOutput, error) {
	object := map[string]any{}
	err := in.each(func(key string, value, made any) error {
		switch made {
		case true:
			object[key] = value
		case false, nil:
		default:
			return failed(key, "must be true or false, got "+schema.Describe(made))
		}
		return nil
	})
	return objectOutput{object}, err
})
