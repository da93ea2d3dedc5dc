package views

import (
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"flowdeck/static"
)

// sprite is where the icons are; an icon's name follows it.
var sprite = static.URL("icons.svg") + "#"

// class joins class names and leaves out the empty ones.
func class(names ...string) string {
	kept := names[:0:0]
	for _, n := range names {
		if n != "" {
			kept = append(kept, n)
		}
	}
	return strings.Join(kept, " ")
}

// hue returns the classes that tint an element and what is inside it.
// Category is event, http, logic, data, reply, ok, err or run.
func hue(category string) string {
	if category == "" {
		return "hue"
	}
	return "hue h-" + category
}

// when returns s if yes, else nothing.
func when(yes bool, s string) string {
	if yes {
		return s
	}
	return ""
}

// describedBy names the elements that explain a field: its message, else its hint.
func describedBy(id, hint, problem string) string {
	switch {
	case problem != "":
		return id + "-m"
	case hint != "":
		return id + "-d"
	}
	return ""
}

// optional is an attribute that is left out when it has no value.
func optional(name, value string) templ.Attributes {
	if value == "" {
		return nil
	}
	return templ.Attributes{name: value}
}

// current marks the link or row that is open now; kind is "page" or "true".
func current(yes bool, kind string) templ.Attributes {
	return optional("aria-current", when(yes, kind))
}

// count says how many there are: "1 thing", "3 things".
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}
