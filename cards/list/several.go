package list

import (
	"fmt"

	"flowdeck/cards/bounds"
	"flowdeck/cards/path"
	"flowdeck/cards/schema"
)

// severalInput is a list and the lists that go with it.
type severalInput struct {
	listInput
	Other []any     `json:"other" label:"Other list" help:"The list to go with it; left empty, none."`
	More  []any     `json:"more" label:"More lists" form:"advanced" format:"json" help:"A list of further lists."`
	Path  path.Path `json:"path" label:"Compare by" placeholder:"id" form:"advanced" help:"What of an item is compared, such as id; left empty, the whole item."`
}

// lists are all but the first.
func (in severalInput) lists() ([][]any, error) {
	lists, total := [][]any{in.Other}, len(in.List)+len(in.Other)
	for i, v := range in.More {
		list, isList := v.([]any)
		if !isList {
			return nil, schema.Problems{{Field: fmt.Sprintf("more.%d", i), Message: "must be a list, got " + schema.Describe(v)}}
		}
		lists, total = append(lists, list), total+len(list)
	}
	return lists, bounds.CheckItems("more", total)
}
