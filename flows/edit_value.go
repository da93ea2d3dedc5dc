package flows

import (
	"encoding/json"
	"fmt"
	"slices"

	"flowdeck/cards/schema"
)

// The values of edits come from Go code, or as JSON from a browser or a log.

func stepOf(v any) (Step, error) {
	switch v := v.(type) {
	case Step:
		return v, nil
	case *Step:
		return *v, nil
	}
	var s Step
	return s, readValue(v, &s)
}

func policyOf(v any) (Policy, error) {
	switch v := v.(type) {
	case nil:
		return Policy{}, nil
	case Policy:
		return v, nil
	case *Policy:
		return *v, nil
	}
	var p Policy
	return p, readValue(v, &p)
}

func documentOf(v any) (Document, error) {
	switch v := v.(type) {
	case Document:
		return v, nil
	case *Document:
		return *v, nil
	}
	var d Document
	return d, readValue(v, &d)
}

type outputList []Output

func (l *outputList) read(r *reader, v any) {
	if v != nil {
		r.list(v, func(v any) { *l = append(*l, r.output(v)) })
	}
}

func outputsOf(v any) ([]Output, error) {
	if list, ok := v.([]Output); ok {
		return slices.Clone(list), nil
	}
	var l outputList
	return l, readValue(v, &l)
}

// readValue fills into with a decoded JSON value.
func readValue(v any, into shape) error {
	if _, isMap := v.(map[string]any); !isMap && v != nil {
		if _, isList := v.([]any); !isList {
			data, err := json.Marshal(v)
			if err != nil {
				return fmt.Errorf("read the value of an edit: %w", err)
			}
			if v, err = schema.DecodeJSON(data); err != nil {
				return fmt.Errorf("read the value of an edit: %w", err)
			}
		}
	}
	r := reader{path: []string{"value"}}
	into.read(&r, v)
	if r.problem != "" {
		return schema.Problems{{Field: FieldPath(r.path...), Message: r.problem}}
	}
	return nil
}
