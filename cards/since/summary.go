package since

import (
	"fmt"
	"strings"
)

// maxNamed is how many differences of one part a summary names.
const maxNamed = 2

// Summary says in one clause after another what matters most: what was sent
// differently, and how much slower the answer was.
func (d Diff) Summary() string {
	var said []string
	for _, c := range d.Part(Flow) {
		if c.Path == "connection" {
			said = append(said, "the connection is "+orNone(c.After)+" instead of "+orNone(c.Before))
		} else {
			said = append(said, "the flow is "+orNone(c.After)+" instead of "+orNone(c.Before))
		}
	}
	said = append(said, named("the address", d.Part(Address))...)
	said = append(said, named("the headers", d.Part(RequestHeaders))...)
	said = append(said, named("the body", d.Part(RequestBody))...)
	sent := len(said) > 0
	if len(d.Part(Times)) > 0 && far(d.before.Took, d.now.Took) {
		said = append(said, "the answer took "+Duration(d.now.Took)+" instead of "+Duration(d.before.Took))
	}
	if !sent {
		same := "the same request was sent"
		if d.now.Status != d.before.Status {
			same += ", and got " + status(d.now) + " instead of " + status(d.before)
		}
		said = append([]string{same}, said...)
	}
	return strings.Join(said, "; ")
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

var verbs = map[Kind]string{Added: "gained", Removed: "lost", Changed: "changed"}

// named says what a part lost, gained and changed.
func named(what string, list []Change) []string {
	var said []string
	for _, kind := range []Kind{Removed, Added, Changed} {
		var names []string
		more := 0
		for _, c := range list {
			switch {
			case c.Kind != kind:
			case len(names) < maxNamed:
				names = append(names, "“"+c.Path+"”")
			default:
				more++
			}
		}
		switch {
		case len(names) == 0:
		case names[0] == "“”":
			said = append(said, map[Kind]string{Removed: what + " is gone", Added: what + " is new", Changed: what + " changed"}[kind])
		case more > 0:
			said = append(said, fmt.Sprintf("%s %s %s and %d more", what, verbs[kind], strings.Join(names, ", "), more))
		default:
			said = append(said, what+" "+verbs[kind]+" "+strings.Join(names, " and "))
		}
	}
	return said
}
