package httpcard

import (
	"errors"
	"regexp"
	"strconv"
)

// bodyPath says where something stands in a body: data.items, data[0].id,
// data[-1].id for the last one, meta["next-page"]. Empty is the whole body.
type bodyPath struct {
	text string
	keys []any // string or int
}

var pathStep = regexp.MustCompile(`^(?:\.?([^.\[\]"\s]+)|\[(-?\d{1,9})\]|\["([^"]+)"\])`)

// UnmarshalText reads a path as a person writes it.
func (p *bodyPath) UnmarshalText(text []byte) error {
	*p = bodyPath{text: string(text)}
	for rest := p.text; rest != ""; {
		m := pathStep.FindStringSubmatch(rest)
		if m == nil || rest == p.text && rest[0] == '.' {
			return errors.New("must be a path such as data.items, data[0].id or meta[\"next-page\"]")
		}
		rest = rest[len(m[0]):]
		switch {
		case m[2] != "":
			n, err := strconv.Atoi(m[2])
			if err != nil {
				return err
			}
			p.keys = append(p.keys, n)
		default:
			p.keys = append(p.keys, m[1]+m[3])
		}
	}
	return nil
}

// in returns what stands at the path in v; nil when nothing does.
func (p bodyPath) in(v any) any {
	for _, key := range p.keys {
		switch at := v.(type) {
		case map[string]any:
			name, _ := key.(string)
			v = at[name]
		case []any:
			n, isNumber := key.(int)
			if n < 0 {
				n += len(at)
			}
			if !isNumber || n < 0 || n >= len(at) {
				return nil
			}
			v = at[n]
		default:
			return nil
		}
	}
	return v
}
