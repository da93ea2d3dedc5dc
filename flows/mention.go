package flows

import (
	"fmt"
	"slices"
	"strings"

	"flowdeck/cards/schema"
	"flowdeck/flows/expr"
)

// reserved are the outputs of what every flow can mention.
var reserved = map[string][]string{
	reservedRun:  {"id", "started"},
	reservedFlow: {"id", "name", "alias"},
}

// wrong says why a reference cannot stand at a place; "" when it can.
func (o *outline) wrong(r expr.Reference, at spot) string {
	text := "{{ " + r.String() + " }}"
	if names, ok := reserved[r.Step]; ok {
		if len(r.Path) > 0 && !slices.Contains(names, r.Path[0].Name) {
			return fmt.Sprintf("%s leads nowhere: %s has %s", text, r.Step, strings.Join(names, ", "))
		}
		return ""
	}
	if r.Step == reservedVars || r.Step == reservedSecrets {
		if len(r.Path) == 0 || r.Path[0].List {
			return fmt.Sprintf("%s leads nowhere: say which one, such as {{ %s.name }}", text, r.Step)
		}
		return ""
	}
	p, ok := o.byID[r.Step]
	if !ok {
		return fmt.Sprintf("%s leads nowhere: there is no card with the id %s; was it removed?", text, r.Step)
	}
	if why, _ := at.sees(p); why != "" {
		return fmt.Sprintf("%s cannot be used here: %s", text, why)
	}
	if len(r.Path) == 0 {
		return ""
	}
	if block, inside := at.blockOf(p); inside {
		return p.lacksOf(text, r.Path[0], p.inside(block), false)
	}
	return p.lacks(text, r.Path[0])
}

// lacks says that p has no output of that name, and which ones it has.
func (p *placed) lacks(text string, k expr.Key) string {
	top, open := p.offers()
	return p.lacksOf(text, k, top, open)
}

// lacksOf is lacks for given outputs; open says that other names are fine too.
func (p *placed) lacksOf(text string, k expr.Key, top []schema.Field, open bool) string {
	names := make([]string, len(top))
	for i, f := range top {
		names[i] = f.Name
	}
	for _, x := range p.step.Outputs {
		if path, err := expr.ParsePath(x.Path); err == nil && len(path) == 1 && open {
			names = append(names, path[0].Name)
		}
	}
	switch {
	case k.List:
		return fmt.Sprintf("%s leads nowhere: the outputs of %s have names, not numbers", text, p.name())
	case open || slices.Contains(names, k.Name):
		return ""
	case len(names) == 0:
		return fmt.Sprintf("%s leads nowhere: %s has no outputs", text, p.name())
	}
	return fmt.Sprintf("%s leads nowhere: %s has no output %q, it has %s", text, p.name(), k.Name, strings.Join(names, ", "))
}
