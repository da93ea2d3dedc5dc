package flows

import (
	"fmt"
	"regexp"

	"flowdeck/cards/schema"
)

var blockKey = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]{0,63}$`)

// lanes checks the blocks that items of a step's inputs declare.
func (c *compiler) lanes(p *placed) {
	seen := map[string]bool{BlockOnError: true}
	for _, spec := range p.Card.Blocks {
		if spec.From == "" {
			seen[spec.Name] = true
		}
	}
	for _, spec := range p.Card.Blocks {
		for i, item := range listOf(p.step.Inputs[spec.From]) {
			key := itemLane(spec, i, item).Name
			at := fmt.Sprintf("%s.%d.key", spec.From, i)
			switch {
			case key == "": // the form says that it is required
			case !blockKey.MatchString(key):
				c.problem(p.ID, at, "%s cannot be the key of a block: it takes letters, digits and _", schema.Describe(key))
			case seen[key]:
				c.problem(p.ID, at, "there is a block %s already; every block needs a key of its own", key)
			}
			seen[key] = true
		}
		if spec.All {
			c.distinct(p, spec.Name)
		}
	}
}

// distinct refuses blocks that all run and result in the same name.
func (c *compiler) distinct(p *placed, kind string) {
	by := map[string]placedBlock{}
	for _, b := range p.blocks {
		if b.spec.Name != kind {
			continue
		}
		for _, name := range b.block.Keys() {
			if first, taken := by[name]; taken {
				c.problem(p.ID, FieldPath(b.name, name), "%s results in %s already, and both run; choose another name", first.title, name)
				continue
			}
			by[name] = b
		}
	}
}

// unknownBlock says what to do about cards in a block that can never run.
func (c *compiler) unknownBlock(p *placed, b placedBlock) {
	if b.name == BlockOnError {
		c.problem(p.ID, b.name, "the cards under %q cannot run: choose under \"If it fails\" that they do, or delete them", b.title)
		return
	}
	c.problem(p.ID, b.name, "%s has no block named %s", p.Title, b.name)
}
