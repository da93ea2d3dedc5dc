package cards

import "fmt"

// Registry is the cards a server offers, by name and in the order of the palette.
type Registry struct {
	byName map[string]Card
	list   []Card
}

// NewRegistry panics when two cards share a name: the list is written in the program.
func NewRegistry(list ...Card) *Registry {
	r := &Registry{byName: make(map[string]Card, len(list)), list: list}
	for _, c := range list {
		if _, dup := r.byName[c.Name]; dup || c.Name == "" || c.Title == "" || c.Summary == "" {
			panic(fmt.Sprintf("cards: %q is unnamed, undescribed or declared twice", c.Name))
		}
		r.byName[c.Name] = c
	}
	return r
}

// Card returns the card of that name.
func (r *Registry) Card(name string) (Card, bool) { c, ok := r.byName[name]; return c, ok }

// All returns every card in the order of the palette. The caller may not change it.
func (r *Registry) All() []Card { return r.list }
