package condition

import (
	"fmt"

	"flowdeck/cards/pattern"
	"flowdeck/cards/schema"
)

// Joined says how conditions are joined.
type Joined struct {
	Match string `json:"match" label:"Joined by" default:"all" options:"all=All of these|any=Any of these" form:"fixed" help:"Whether every condition and group must hold, or one is enough."`
}

// Group is conditions that count as one, joined in their own way.
type Group struct {
	Joined
	Conditions []Condition `json:"conditions" form:"required" help:"The conditions of this group."`
}

// Groups are the groups beside the conditions of a card.
type Groups struct {
	Groups []Group `json:"groups" form:"advanced" help:"Conditions in brackets: each group counts as one condition, joined in its own way."`
}

// Hold reports whether conditions and groups hold together. Those that cannot change
// the answer any more are not looked at. The error is schema.Problems.
func Hold(compiled *pattern.Cache, match string, list []Condition, groups []Group) (bool, error) {
	any := match == "any"
	for i := range list {
		holds, err := list[i].Holds(compiled)
		if err != nil {
			return false, schema.Problems{{Field: fmt.Sprintf("conditions.%d", i), Message: err.Error()}}
		}
		if holds == any {
			return holds, nil
		}
	}
	for i, g := range groups {
		holds, err := Hold(compiled, g.Match, g.Conditions, nil)
		if err != nil {
			return false, Below(fmt.Sprintf("groups.%d", i), err)
		}
		if holds == any {
			return holds, nil
		}
	}
	return !any, nil
}

// Below puts the fields of problems below path.
func Below(path string, err error) error {
	problems, ok := err.(schema.Problems)
	if !ok {
		return err
	}
	below := make(schema.Problems, len(problems))
	for i, p := range problems {
		below[i] = schema.Problem{Field: path + "." + p.Field, Message: p.Message}
	}
	return below
}
