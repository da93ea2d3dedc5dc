package since

import (
	"strconv"
	"strings"

	"flowdeck/cards/schema"
)

// Bounds of a comparison: a page shows so much.
const (
	maxChanges = 200
	maxDepth   = 60
	maxLines   = 2000
)

// comparison is two values while they are compared.
type comparison struct {
	found []Change
	left  int
}

// values compares two JSON values and names what differs by its path.
func values(before, now any) []Change {
	c := &comparison{}
	switch {
	case before == nil && now == nil:
	case before == nil:
		c.add(Change{Added, "", "", written(now)})
	case now == nil:
		c.add(Change{Removed, "", written(before), ""})
	default:
		a, aText := before.(string)
		b, bText := now.(string)
		if aText && bText {
			return lines(a, b)
		}
		c.walk("", before, now, 0)
	}
	return c.end()
}

func (c *comparison) add(x Change) {
	if len(c.found) < maxChanges {
		x.Path = short(x.Path)
		c.found = append(c.found, x)
		return
	}
	c.left++
}

func (c *comparison) end() []Change {
	if c.left > 0 {
		c.found = append(c.found, Change{Kind: Changed, Path: "…", After: strconv.Itoa(c.left) + " more differences"})
	}
	return c.found
}

func (c *comparison) walk(path string, a, b any, depth int) {
	switch x := a.(type) {
	case map[string]any:
		if y, ok := b.(map[string]any); ok && depth < maxDepth {
			c.object(path, x, y, depth)
			return
		}
	case []any:
		if y, ok := b.([]any); ok && depth < maxDepth {
			c.list(path, x, y, depth)
			return
		}
	}
	if !schema.Equal(a, b) {
		c.add(Change{Changed, path, written(a), written(b)})
	}
}

func (c *comparison) object(path string, a, b map[string]any, depth int) {
	for _, key := range union(a, b) {
		x, was := a[key]
		y, is := b[key]
		at := key
		if path != "" {
			at = path + "." + key
		}
		switch {
		case !was:
			c.add(Change{Added, at, "", written(y)})
		case !is:
			c.add(Change{Removed, at, written(x), ""})
		default:
			c.walk(at, x, y, depth+1)
		}
	}
}

func (c *comparison) list(path string, a, b []any, depth int) {
	for i := range max(len(a), len(b)) {
		at := path + "[" + strconv.Itoa(i) + "]"
		switch {
		case i >= len(a):
			c.add(Change{Added, at, "", written(b[i])})
		case i >= len(b):
			c.add(Change{Removed, at, written(a[i]), ""})
		default:
			c.walk(at, a[i], b[i], depth+1)
		}
	}
}

// written is a value as JSON, in short.
func written(v any) string {
	switch x := v.(type) {
	case map[string]any:
		if len(x) > 20 {
			return "an object of " + strconv.Itoa(len(x)) + " keys"
		}
	case []any:
		if len(x) > 20 {
			return "a list of " + strconv.Itoa(len(x)) + " items"
		}
	case string:
		if len(x) > 4*maxShort {
			v = strings.ToValidUTF8(x[:4*maxShort], "")
		}
	}
	text, err := schema.EncodeJSON(v)
	if err != nil {
		return schema.Describe(v)
	}
	return short(string(text))
}

// lines compares texts line by line: the lines at the beginning and at the end that
// are the same are left out.
func lines(before, now string) []Change {
	if before == now {
		return nil
	}
	a, b := strings.SplitN(before, "\n", maxLines), strings.SplitN(now, "\n", maxLines)
	start := 0
	for start < len(a) && start < len(b) && a[start] == b[start] {
		start++
	}
	endA, endB := len(a), len(b)
	for endA > start && endB > start && a[endA-1] == b[endB-1] {
		endA, endB = endA-1, endB-1
	}
	c := &comparison{}
	for i := 0; start+i < endA || start+i < endB; i++ {
		path, x, y := "line "+strconv.Itoa(start+i+1), "", ""
		hasA, hasB := start+i < endA, start+i < endB
		if hasA {
			x = short(strings.TrimSuffix(a[start+i], "\r"))
		}
		if hasB {
			y = short(strings.TrimSuffix(b[start+i], "\r"))
		}
		switch {
		case !hasA:
			c.add(Change{Added, path, "", y})
		case !hasB:
			c.add(Change{Removed, path, x, ""})
		case a[start+i] != b[start+i]:
			c.add(Change{Changed, path, x, y})
		}
	}
	return c.end()
}
