package list

import (
	"flowdeck/cards"
	"flowdeck/cards/path"
	"flowdeck/cards/schema"
)

type groupInput struct {
	listInput
	Path path.Path `json:"path" form:"required" placeholder:"department" help:"What of an item it is grouped by, such as department."`
}

type groupOutput struct {
	Groups []any          `json:"groups" help:"An object with key, items and count for each group."`
	Object map[string]any `json:"object" help:"The items of each group, by its key as text."`
	Count  int            `json:"count" help:"How many groups there are."`
}

// GroupBy groups the items of a list.
var GroupBy = declare(cards.Spec{
	Name:    "list.group_by",
	Title:   "Group By",
	Icon:    "layers",
	Summary: "Groups the items of a list by a value that they share.",
	Doc: "Puts out the groups in the order in which their first items came; items keep their order too.\n\n" +
		"- **groups** keeps the type of the key; in **object** the keys are text.\n" +
		"- Items where nothing stands at the path are a group with the key null, which is empty text in **object**. A key must not be a list or an object.",
	Keywords: []string{"list", "group", "bucket", "category", "split", "aggregate", "index"},
	Examples: []cards.Example{{
		Title: "By department",
		In:    schema.Values{"list": []any{schema.Values{"n": 1, "d": "IT"}, schema.Values{"n": 2, "d": "HR"}, schema.Values{"n": 3, "d": "IT"}}, "path": "d"},
		Out: schema.Values{"count": 2, "object": schema.Values{"IT": []any{schema.Values{"n": 1, "d": "IT"}, schema.Values{"n": 3, "d": "IT"}}, "HR": []any{schema.Values{"n": 2, "d": "HR"}}},
			"groups": []any{schema.Values{"key": "IT", "count": 2, "items": []any{schema.Values{"n": 1, "d": "IT"}, schema.Values{"n": 3, "d": "IT"}}},
				schema.Values{"key": "HR", "count": 1, "items": []any{schema.Values{"n": 2, "d": "HR"}}}}},
	}, {
		Title: "Items without the value",
		In:    schema.Values{"list": []any{"x"}, "path": "d"},
		Out:   schema.Values{"groups": []any{schema.Values{"key": nil, "count": 1, "items": []any{"x"}}}, "object": schema.Values{"": []any{"x"}}},
	}, {
		Title: "An object is no key",
		In:    schema.Values{"list": []any{schema.Values{"d": schema.Values{}}}, "path": "d"},
		Err:   cards.CodeInvalidInput,
	}},
}, func(in groupInput) (groupOutput, error) {
	return grouped(in.List, func(i int, item any) (any, error) {
		key, _ := in.Path.Get(item)
		if _, ok := schema.ToText(key); !ok && key != nil {
			return nil, schema.Problems{{Field: at(i, in.Path), Message: "must be text, a number or true/false to group by, got " + schema.Describe(key)}}
		}
		return key, nil
	})
})

// grouped puts items together that have the same key.
func grouped(items []any, keyOf func(i int, item any) (any, error)) (groupOutput, error) {
	type group struct {
		key   any
		items []any
	}
	var groups []group
	index := map[string]int{}
	for i, item := range items {
		key, err := keyOf(i, item)
		if err != nil {
			return groupOutput{}, err
		}
		text, _ := schema.ToText(key)
		kind := string(schema.TypeOf(key)) + ":" + text
		g, there := index[kind]
		if !there {
			g = len(groups)
			index[kind] = g
			groups = append(groups, group{key: key})
		}
		groups[g].items = append(groups[g].items, item)
	}
	out := groupOutput{Object: make(schema.Values, len(groups)), Count: len(groups)}
	for _, g := range groups {
		text, _ := schema.ToText(g.key)
		out.Groups = append(out.Groups, schema.Values{"key": g.key, "items": g.items, "count": int64(len(g.items))})
		before, _ := out.Object[text].([]any)
		out.Object[text] = append(before, g.items...)
	}
	return out, nil
}
