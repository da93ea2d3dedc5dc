package web

import (
	"encoding"
	"reflect"
	"strings"
	"time"

	"flowdeck/flows"
	"flowdeck/flows/strict"
)

// schemas makes JSON schemas of the types that bodies have: what is read and written is
// described by what reads and writes it.
type schemas struct {
	named map[string]any
	types map[string]reflect.Type
}

func newSchemas() *schemas { return &schemas{map[string]any{}, map[string]reflect.Type{}} }

var (
	timeType      = reflect.TypeFor[time.Time]()
	textType      = reflect.TypeFor[encoding.TextUnmarshaler]()
	documentType  = reflect.TypeFor[flows.Document]()
	anyValuesType = reflect.TypeFor[map[string]any]()
)

// of returns the schema of a type: a reference, when it is an object with a name.
func (s *schemas) of(t reflect.Type) map[string]any {
	switch {
	case t == timeType:
		return map[string]any{"type": "string", "format": "date-time"}
	case t == anyValuesType:
		return map[string]any{"type": "object"}
	case reflect.PointerTo(t).Implements(textType):
		return map[string]any{"type": "string", "description": "A duration such as 30s or 1h30m0s."}
	}
	switch t.Kind() {
	case reflect.Pointer:
		return s.of(t.Elem())
	case reflect.Interface:
		return map[string]any{}
	case reflect.String:
		return map[string]any{"type": "string"}
	case reflect.Bool:
		return map[string]any{"type": "boolean"}
	case reflect.Int, reflect.Int64:
		return map[string]any{"type": "integer", "format": "int64"}
	case reflect.Float64:
		return map[string]any{"type": "number"}
	case reflect.Slice, reflect.Array:
		list := map[string]any{"type": "array", "items": s.of(t.Elem())}
		if t.Kind() == reflect.Array {
			list["minItems"], list["maxItems"] = t.Len(), t.Len()
		}
		return list
	case reflect.Map:
		return map[string]any{"type": "object", "additionalProperties": s.of(t.Elem())}
	case reflect.Struct:
		return s.reference(t)
	}
	panic("web: no schema for " + t.String()) // a mistake in the program
}

// reference names a struct's schema among the components.
func (s *schemas) reference(t reflect.Type) map[string]any {
	name := schemaName(t)
	if other, taken := s.types[name]; taken && other != t {
		panic("web: " + name + " is the schema of two types") // a mistake in the program
	}
	if s.named[name] == nil {
		s.named[name], s.types[name] = true, t // for those that refer to themselves
		s.named[name] = s.object(t)
	}
	return map[string]any{"$ref": "#/components/schemas/" + name}
}

func (s *schemas) object(t reflect.Type) map[string]any {
	properties, required := map[string]any{}, []string{}
	for _, f := range strict.Fields(t) {
		p := s.of(f.Type)
		if doc := f.Tag.Get("doc"); doc != "" {
			p["description"] = doc
		}
		if enum := f.Tag.Get("enum"); enum != "" {
			at := p
			if items, isList := p["items"].(map[string]any); isList {
				at = items
			}
			at["enum"] = strings.Split(enum, ",")
		}
		properties[f.Name] = p
		if f.Required && t != documentType {
			required = append(required, f.Name)
		}
	}
	o := map[string]any{"type": "object", "properties": properties, "additionalProperties": false}
	if len(required) > 0 {
		o["required"] = required
	}
	return o
}

// schemaName is the name of a type for readers: apiFlow, Flow; apiPage[web.apiRun], RunPage.
func schemaName(t reflect.Type) string {
	name := t.Name()
	if outer, inner, generic := strings.Cut(name, "["); generic {
		inner = strings.TrimSuffix(inner[strings.LastIndexByte(inner, '.')+1:], "]")
		return upperFirst(strings.TrimPrefix(inner, "api")) + strings.TrimPrefix(outer, "api")
	}
	return upperFirst(strings.TrimPrefix(name, "api"))
}
