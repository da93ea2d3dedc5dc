package expr

import (
	"cmp"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"time"

	"github.com/expr-lang/expr/builtin"

	"flowdeck/cards/schema"
)

// lists are functions that take lists and objects apart. Those of expr-lang give the keys
// of an object in another order each time, compare every item with every other one, know
// not all numbers, and go through what a value shares with itself without an end.
func lists() []*builtin.Function {
	return []*builtin.Function{
		typed("uniq", func(p ...any) (any, error) { return uniq(p[0]) }),
		typed("flatten", func(p ...any) (any, error) { return flattened("flatten", p[0]) }),
		typed("keys", func(p ...any) (any, error) { return parts("keys", p[0], func(k, _ any) any { return k }) }),
		typed("values", func(p ...any) (any, error) { return parts("values", p[0], func(_, v any) any { return v }) }),
		typed("toPairs", func(p ...any) (any, error) { return parts("toPairs", p[0], func(k, v any) any { return []any{k, v} }) }),
		typed("take", func(p ...any) (any, error) { return take(p[0], p[1]) }),
		typed("sort", func(p ...any) (any, error) { return sorted("sort", p[0], p[0], p[1:]) }),
		{Name: sortedName, Func: func(p ...any) (any, error) { return sorted("sortBy", p[0], p[1], p[2:]) }},
	}
}

// listIn is v as a list, for the function of that name.
func listIn(name string, v any) ([]any, error) {
	if list, ok := shallow(v).([]any); ok {
		return list, nil
	}
	return nil, &Error{Message: name + " takes a list, not " + kindOf(v)}
}

// uniq is a list with each item once.
func uniq(v any) (any, error) {
	list, err := listIn("uniq", v)
	if err != nil {
		return nil, err
	}
	once, seen, size := []any{}, make(map[any]bool, len(list)), 0
	for _, item := range list {
		id, err := identity(item)
		if err != nil {
			return nil, err
		}
		if text, ok := id.(written); ok {
			if size += len(text); size > maxMade {
				return nil, &Error{Message: "uniq looks at more than 256 MiB"}
			}
		}
		if !seen[id] {
			seen[id], once = true, append(once, item)
		}
	}
	return once, nil
}

// written is JSON text that stands for a value.
type written string

// identity is the same for values that are equal.
func identity(v any) (any, error) {
	switch v := v.(type) {
	case nil, bool, string, int64:
		return v, nil
	case int:
		return int64(v), nil
	case float64:
		return whole(v), nil
	case json.Number:
		return Number(string(v)), nil
	case time.Time:
		return v.UTC(), nil
	}
	b, err := appendJSON(nil, shallow(v))
	return written(b), err
}

// flattened is a list without lists in it, for the function of that name.
func flattened(name string, v any) (any, error) {
	list, err := listIn(name, v)
	if err != nil {
		return nil, err
	}
	return unnested(make([]any, 0, len(list)), list)
}

var errItems = &Error{Message: "the expression makes lists and objects of more than 1,000,000 items in all"}

// unnested appends to all what list holds, and what lists in it hold.
func unnested(all, list []any) ([]any, error) {
	for _, v := range list {
		if inner, ok := shallow(v).([]any); ok {
			var err error
			if all, err = unnested(all, inner); err != nil {
				return nil, err
			}
			continue
		}
		if len(all) >= memoryBudget {
			return nil, errItems
		}
		all = append(all, v)
	}
	return all, nil
}

// parts are what f makes of the keys and values of an object, in the order of the keys.
func parts(name string, v any, f func(k, v any) any) (any, error) {
	object := reflect.ValueOf(v)
	if object.Kind() != reflect.Map {
		return nil, &Error{Message: name + " takes an object, not " + kindOf(v)}
	}
	type part struct {
		name string
		k, v any
	}
	all := make([]part, 0, object.Len())
	for it := object.MapRange(); it.Next(); {
		k := it.Key().Interface()
		all = append(all, part{Text(shallow(k)), k, it.Value().Interface()})
	}
	slices.SortFunc(all, func(a, b part) int {
		return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(fmt.Sprintf("%T", a.k), fmt.Sprintf("%T", b.k)))
	})
	list := make([]any, len(all))
	for i, x := range all {
		list[i] = f(x.k, x.v)
	}
	return list, nil
}

// take is the first n items of a list.
func take(v, n any) (any, error) {
	list, err := listIn("take", v)
	if err != nil {
		return nil, err
	}
	count, ok := place(n)
	if !ok || count < 0 {
		return nil, &Error{Message: "take takes a list and how many items, not " + schema.Describe(n)}
	}
	return list[:min(count, len(list))], nil
}
