package flows

import (
	"context"
	"slices"
	"strings"

	"flowdeck/cards"
	"flowdeck/cards/schema"
	"flowdeck/flows/expr"
)

// Callable reports whether expressions may call the card: it touches nothing, and
// answers the same whenever it is asked.
func Callable(c cards.Card) bool {
	return c.Kind == cards.Function && !c.World && !c.Varies && c.Connector == ""
}

// functions offers the cards of a registry to expressions, each by its name, and each
// of several outputs by its name behind that.
func functions(reg *cards.Registry) expr.Library {
	return expr.Library{
		Find: func(name string) (expr.Function, bool) {
			card, ok := reg.Card(name)
			output := ""
			if !ok {
				dot := strings.LastIndexByte(name, '.')
				if dot < 0 {
					return expr.Function{}, false
				}
				if card, ok = reg.Card(name[:dot]); !ok {
					return expr.Function{}, false
				}
				output = name[dot+1:]
				if _, has := card.Outputs.Field(output); !has {
					return expr.Function{}, false
				}
			}
			if !Callable(card) {
				return expr.Function{}, false
			}
			if output == "" {
				output = ResultOf(card)
			}
			return expr.Function{Name: name, Inputs: card.Inputs, Result: output, Call: calling(card)}, true
		},
		Names: func() []string {
			var names []string
			for _, c := range reg.All() {
				if Callable(c) {
					names = append(names, c.Name)
				}
			}
			return names
		},
	}
}

// ResultOf is the output that a card is in an expression; "" for an object of all.
func ResultOf(c cards.Card) string {
	if c.Whole || len(c.Outputs.Fields) == 0 {
		return ""
	}
	return c.Outputs.Fields[0].Name
}

// calling calls the card; its failure is what its author would read.
func calling(card cards.Card) func(schema.Values) (schema.Values, error) {
	return func(in schema.Values) (schema.Values, error) {
		out, err := card.Call(context.Background(), cards.Env{}, in)
		if err != nil {
			return nil, failed{cards.ErrorOf(err)}
		}
		return out, nil
	}
}

// failed says what went wrong without the code, which an expression has none of.
type failed struct{ cause *cards.Error }

func (f failed) Error() string { return f.cause.Message }

// Signature is how an expression calls the card, with what it gives:
// "text.pad(text, length, fill?, {side?}) → text". What may be left out has a ?, what
// goes by name only stands in braces.
func Signature(c cards.Card) string {
	var args, named []string
	for _, f := range expr.Places(c.Inputs) {
		args = append(args, argument(c, f))
	}
	for _, f := range c.Inputs.Fields {
		if arg := argument(c, f); !slices.Contains(args, arg) {
			named = append(named, arg)
		}
	}
	if len(named) > 0 {
		args = append(args, "{"+strings.Join(named, ", ")+"}")
	}
	return c.Name + "(" + strings.Join(args, ", ") + ") → " + string(TypeOf(c))
}

func argument(c cards.Card, f schema.Field) string {
	switch {
	case f.Format == schema.Inline:
		return f.Name + " of " + strings.Join(f.Vars, ", ")
	case expr.Gathers(f):
		return "…"
	case f.Default != "" || !f.Required && f.Name != c.Inputs.Fields[0].Name:
		return f.Name + "?"
	}
	return f.Name
}

// TypeOf is the type that a card has in an expression.
func TypeOf(c cards.Card) schema.Type {
	f, ok := c.Outputs.Field(ResultOf(c))
	if !ok {
		return schema.Object
	}
	return f.Type
}
