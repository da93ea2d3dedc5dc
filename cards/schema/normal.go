package schema

import (
	"encoding/json"
	"fmt"
)

// shallow returns v as flows carry it, trusting objects and lists to be so already.
func shallow(v any) (any, error) {
	switch v.(type) {
	case nil, string, bool, int64, map[string]any, []any:
		return v, nil
	}
	return Normal(v)
}

// Normal returns v as flows carry it, through and through: what encoding/json or
// Go code made of it becomes the types that Values names.
func Normal(v any) (any, error) {
	switch x := v.(type) {
	case nil, string, bool, int64:
		return v, nil
	case map[string]any:
		m := make(Values, len(x))
		for k, e := range x {
			n, err := Normal(e)
			if err != nil {
				return nil, err
			}
			m[k] = n
		}
		return m, nil
	case []any:
		list := make([]any, len(x))
		for i, e := range x {
			n, err := Normal(e)
			if err != nil {
				return nil, err
			}
			list[i] = n
		}
		return list, nil
	}
	if e, ok := v.(*Expression); ok {
		return e.String(), nil
	}
	if n, ok := normalNumber(v); ok {
		return n, nil
	}
	data, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("a %T cannot be carried: %w", v, err)
	}
	return DecodeJSON(data)
}
