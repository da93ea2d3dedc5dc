package httpcard

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"flowdeck/cards/schema"
)

// The ways to write a list in a query or a form. Stored, so never renamed.
const (
	repeatKey = "repeat"   // a=1&a=2
	brackets  = "brackets" // a[]=1&a[]=2
	commas    = "commas"   // a=1,2
	indices   = "indices"  // a[0]=1&a[1]=2
)

// maxNested is how deep an object in a query or a form may be nested.
const maxNested = 16

// pairs writes an object as application/x-www-form-urlencoded, its keys in order.
type pairs struct {
	strings.Builder
	style string
}

// encodePairs writes an object as a query or a form; field names it in problems.
func encodePairs(field, style string, object map[string]any) (string, error) {
	if len(object) == 0 {
		return "", nil
	}
	p := pairs{style: style}
	if err := p.object(field, "", object, 0); err != nil {
		return "", err
	}
	return p.String(), nil
}

func (p *pairs) object(field, prefix string, object map[string]any, depth int) error {
	if depth > maxNested {
		return schema.Problems{{Field: field, Message: "is nested more than 16 deep, which no query or form can say; send it as JSON"}}
	}
	keys := make([]string, 0, len(object))
	for k := range object {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	for _, k := range keys {
		name := k
		if prefix != "" {
			name = prefix + "[" + k + "]"
		}
		if err := p.value(field+"."+k, name, object[k], depth); err != nil {
			return err
		}
	}
	return nil
}

func (p *pairs) value(field, name string, v any, depth int) error {
	if v == nil {
		return nil
	}
	if s, ok := schema.ToText(v); ok {
		p.add(name, url.QueryEscape(s))
		return nil
	}
	switch v := v.(type) {
	case map[string]any:
		return p.object(field, name, v, depth+1)
	case []any:
		return p.list(field, name, v, depth+1)
	}
	return schema.Problems{{Field: field, Message: "must be text, a list or an object, got " + schema.Describe(v)}}
}

// list leaves out what is empty, and numbers the rest without gaps.
func (p *pairs) list(field, name string, list []any, depth int) error {
	if depth > maxNested {
		return p.object(field, name, nil, depth)
	}
	var joined []string
	n := 0
	for i, e := range list {
		if e == nil {
			continue
		}
		at := field + "." + strconv.Itoa(i)
		s, plain := schema.ToText(e)
		switch {
		case p.style == indices:
			if err := p.value(at, name+"["+strconv.Itoa(n)+"]", e, depth); err != nil {
				return err
			}
		case !plain:
			return schema.Problems{{Field: at, Message: "must be text, got " + schema.Describe(e) + "; only lists written with indices can hold it"}}
		case p.style == commas:
			joined = append(joined, url.QueryEscape(s))
		case p.style == brackets:
			p.add(name+"[]", url.QueryEscape(s))
		default:
			p.add(name, url.QueryEscape(s))
		}
		n++
	}
	if len(joined) > 0 {
		p.add(name, strings.Join(joined, ","))
	}
	return nil
}

// add writes one pair; value is escaped already.
func (p *pairs) add(name, value string) {
	if p.Len() > 0 {
		p.WriteByte('&')
	}
	p.WriteString(url.QueryEscape(name))
	p.WriteByte('=')
	p.WriteString(value)
}
