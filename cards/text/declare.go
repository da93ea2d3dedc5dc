package text

import (
	"context"
	"fmt"
	"reflect"
	"strings"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// maxText is how long each text may be that a card takes or puts out, in bytes.
const maxText = 10 << 20

// declare makes a card of texts that are not too long.
func declare[In, Out any](s cards.Spec, f func(In) (Out, error)) cards.Card {
	s.Category, s.Family = "Text", cards.FamilyData
	s.Doc += "\n- A text may be 10 MiB long."
	takes, gives := textsOf[In](), textsOf[Out]()
	return cards.NewFunction(s, func(_ context.Context, _ cards.Env, in In) (Out, error) {
		var none Out
		if name := tooLong(takes, reflect.ValueOf(&in).Elem()); name != "" {
			return none, schema.Problems{{Field: name, Message: "is too long; a text may be 10 MiB long"}}
		}
		out, err := f(in)
		if err != nil {
			return none, err
		}
		if name := tooLong(gives, reflect.ValueOf(&out).Elem()); name != "" {
			return none, errTooLong(name)
		}
		return out, nil
	})
}

func errTooLong(what string) error {
	return &cards.Error{Code: cards.CodeLimit, Message: "the " + what + " would be too long; a text may be 10 MiB long"}
}

// place is a text or a list of texts in a struct, and its name.
type place struct {
	field int
	name  string
	list  bool
}

func textsOf[T any]() (list []place) {
	t := reflect.TypeFor[T]()
	for i := range t.NumField() {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		switch t.Field(i).Type {
		case reflect.TypeFor[string]():
			list = append(list, place{i, name, false})
		case reflect.TypeFor[[]string]():
			list = append(list, place{i, name, true})
		}
	}
	return list
}

// tooLong returns the name of a text that is, or "". The texts of a list count together.
func tooLong(list []place, v reflect.Value) string {
	for _, p := range list {
		length := 0
		if f := v.Field(p.field); p.list {
			for i := range f.Len() {
				length += f.Index(i).Len()
			}
		} else {
			length = f.Len()
		}
		if length > maxText {
			return p.name
		}
	}
	return ""
}

// wrong is a mistake in one field.
func wrong(field, format string, args ...any) error {
	return schema.Problems{{Field: field, Message: fmt.Sprintf(format, args...)}}
}
