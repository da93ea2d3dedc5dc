package number

import (
	"math/big"
	"slices"
)

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isLetter(c byte) bool { return c == '_' || c|0x20 >= 'a' && c|0x20 <= 'z' }

// operand reads a number, a name, a call, or something in parentheses.
func (p *formula) operand() (*big.Rat, error) {
	if p.space() >= len(p.src) {
		return nil, p.fail("a number is due, but there is the end")
	}
	switch c := p.src[p.at]; {
	case c == '(':
		p.at++
		n, err := p.deeper(p.sum)
		if err == nil && p.operator(")") == 0 {
			err = p.fail("a ) is due, but there is %s", p.here())
		}
		return n, err
	case isDigit(c) || c == '.':
		return p.literal()
	case isLetter(c):
		return p.name()
	}
	return nil, p.fail("a number is due, but there is %s", p.here())
}

func (p *formula) literal() (*big.Rat, error) {
	start := p.at
	for p.at < len(p.src) && (isDigit(p.src[p.at]) || p.src[p.at] == '.') {
		p.at++
	}
	if end := p.at; end < len(p.src) && p.src[end]|0x20 == 'e' {
		next := end + 1
		if next < len(p.src) && (p.src[next] == '-' || p.src[next] == '+') {
			next++
		}
		for from := next; next < len(p.src) && isDigit(p.src[next]); next++ {
			if p.at = next + 1; next-from > 6 {
				break
			}
		}
	}
	text := p.src[start:p.at]
	n, ok := new(big.Rat), small(text)
	if ok {
		_, ok = n.SetString(text)
	}
	if !ok {
		p.at = start
		return nil, p.fail("%s is not a number that there can be", text)
	}
	return n, nil
}

func (p *formula) name() (*big.Rat, error) {
	start := p.at
	for p.at < len(p.src) && (isLetter(p.src[p.at]) || isDigit(p.src[p.at])) {
		p.at++
	}
	name := p.src[start:p.at]
	if n, known := p.values[name]; known {
		return exact("values."+name, n)
	}
	if p.operator("(") != 0 {
		return p.call(name, start)
	}
	switch name {
	case "pi":
		return constant("3.141592653589793"), nil
	case "e":
		return constant("2.718281828459045"), nil
	}
	p.at = start
	return nil, p.fail("%s is not a name in Values, nor a function", name)
}

func constant(s string) *big.Rat { n, _ := new(big.Rat).SetString(s); return n }

// call reads the arguments of a function and calls it.
func (p *formula) call(name string, start int) (*big.Rat, error) {
	f, known := functions[name]
	if !known {
		p.at = start
		return nil, p.fail("there is no function %s", name)
	}
	var list []*big.Rat
	for p.operator(")") == 0 {
		if len(list) > 0 && p.operator(",") == 0 {
			return nil, p.fail("a , or ) is due, but there is %s", p.here())
		}
		n, err := p.deeper(p.sum)
		if err != nil {
			return nil, err
		}
		list = append(list, n)
	}
	if len(list) < f.least || f.most > 0 && len(list) > f.most {
		p.at = start
		return nil, p.fail("%s cannot take %d numbers", name, len(list))
	}
	n, err := f.of(list)
	return p.checked(n, err, start)
}

// function is one that formulas may call, with so many numbers at least and at most.
type function struct {
	least, most int
	of          func([]*big.Rat) (*big.Rat, error)
}

var functions = map[string]function{
	"abs":   {1, 1, func(n []*big.Rat) (*big.Rat, error) { return n[0].Abs(n[0]), nil }},
	"round": {1, 2, func(n []*big.Rat) (*big.Rat, error) { return roundedTo(n, halfAway) }},
	"floor": {1, 2, func(n []*big.Rat) (*big.Rat, error) { return roundedTo(n, down) }},
	"ceil":  {1, 2, func(n []*big.Rat) (*big.Rat, error) { return roundedTo(n, up) }},
	"trunc": {1, 2, func(n []*big.Rat) (*big.Rat, error) { return roundedTo(n, toZero) }},
	"sqrt":  {1, 1, func(n []*big.Rat) (*big.Rat, error) { return root(n[0], 2) }},
	"root": {2, 2, func(n []*big.Rat) (*big.Rat, error) {
		degree, ok := within(n[1], 1, 100)
		if !ok {
			return nil, wrong("", "of a degree must be whole and from 1 to 100")
		}
		return root(n[0], degree)
	}},
	"min": {1, 0, func(n []*big.Rat) (*big.Rat, error) { return slices.MinFunc(n, (*big.Rat).Cmp), nil }},
	"max": {1, 0, func(n []*big.Rat) (*big.Rat, error) { return slices.MaxFunc(n, (*big.Rat).Cmp), nil }},
	"sum": {1, 0, func(n []*big.Rat) (*big.Rat, error) { return total(n), nil }},
	"avg": {1, 0, func(n []*big.Rat) (*big.Rat, error) { return total(n).Quo(total(n), big.NewRat(int64(len(n)), 1)), nil }},
}

func roundedTo(n []*big.Rat, way string) (*big.Rat, error) {
	places := 0
	if len(n) == 2 {
		var ok bool
		if places, ok = within(n[1], -100, 100); !ok {
			return nil, wrong("", "of decimals must be whole and from −100 to 100")
		}
	}
	return rounded(n[0], places, way), nil
}

// within returns a whole number that is between two others.
func within(n *big.Rat, least, most int64) (int, bool) {
	if !n.IsInt() || !n.Num().IsInt64() || n.Num().Int64() < least || n.Num().Int64() > most {
		return 0, false
	}
	return int(n.Num().Int64()), true
}

func total(list []*big.Rat) *big.Rat {
	sum := new(big.Rat)
	for _, n := range list {
		sum.Add(sum, n)
	}
	return sum
}
