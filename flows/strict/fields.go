package strict

import (
	"reflect"
	"strings"
)

// Field is a key that a struct has in JSON.
type Field struct {
	reflect.StructField
	Name     string // of the key
	Required bool   // it is always there
}

// Fields lists the keys of a struct in the order of its fields; those of a struct that
// is embedded without a name of its own are among them.
func Fields(t reflect.Type) []Field {
	var list []Field
	for i := range t.NumField() {
		f := t.Field(i)
		tag, tagged := f.Tag.Lookup("json")
		name, options, _ := strings.Cut(tag, ",")
		switch {
		case f.Anonymous && !tagged:
			for _, x := range Fields(f.Type) {
				x.Index = append([]int{i}, x.Index...)
				list = append(list, x)
			}
			continue
		case !f.IsExported() || name == "-":
			continue
		case name == "":
			name = f.Name
		}
		f.Index = []int{i}
		list = append(list, Field{StructField: f, Name: name, Required: !strings.HasPrefix(options, "omit")})
	}
	return list
}
