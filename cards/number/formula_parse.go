package number

import (
	"encoding/json"
	"fmt"
	"math/big"
	"strings"
	"unicode/utf8"

	"flowdeck/cards/schema"
)

// maxNested is how deep parentheses and signs may be nested.
const maxNested = 200

// formula works out a text by recursive descent: a value is known as soon as it was read.
type formula struct {
	src    string
	at     int
	nested int
	values map[string]json.Number
}

func (p *formula) all() (*big.Rat, error) {
	n, err := p.sum()
	if err == nil && p.space() < len(p.src) {
		return nil, p.fail("cannot stand here: %s", p.here())
	}
	return n, err
}

func (p *formula) fail(format string, args ...any) error {
	column := 1 + utf8.RuneCountInString(p.src[:p.at])
	return wrong("formula", "column %d: %s", column, fmt.Sprintf(format, args...))
}

// space skips blanks and returns where it got to.
func (p *formula) space() int {
	for p.at < len(p.src) && strings.IndexByte(" \t\r\n", p.src[p.at]) >= 0 {
		p.at++
	}
	return p.at
}

func (p *formula) here() string {
	if p.at >= len(p.src) {
		return "the end"
	}
	r, _ := utf8.DecodeRuneInString(p.src[p.at:])
	return string(r)
}

// operator takes one of these, or returns 0. × ÷ and − are understood too.
func (p *formula) operator(list string) byte {
	if p.space() >= len(p.src) {
		return 0
	}
	r, size := utf8.DecodeRuneInString(p.src[p.at:])
	switch r {
	case '×':
		r = '*'
	case '÷':
		r = '/'
	case '−':
		r = '-'
	}
	if r >= utf8.RuneSelf || strings.IndexByte(list, byte(r)) < 0 {
		return 0
	}
	p.at += size
	return byte(r)
}

func (p *formula) sum() (*big.Rat, error) {
	n, err := p.product()
	for err == nil {
		op := p.operator("+-")
		if op == 0 {
			break
		}
		var m *big.Rat
		if m, err = p.product(); err == nil {
			if op == '-' {
				m.Neg(m)
			}
			n, err = p.bounded(n.Add(n, m))
		}
	}
	return n, err
}

func (p *formula) product() (*big.Rat, error) {
	n, err := p.signed()
	for err == nil {
		op := p.operator("*/%")
		if op == 0 {
			break
		}
		at := p.at
		var m *big.Rat
		if m, err = p.signed(); err != nil {
			break
		}
		if op != '*' && m.Sign() == 0 {
			p.at = at
			return nil, p.fail("nothing can be divided by 0")
		}
		switch op {
		case '*':
			n.Mul(n, m)
		case '/':
			n.Quo(n, m)
		default:
			times := rounded(new(big.Rat).Quo(n, m), 0, toZero)
			n.Sub(n, times.Mul(times, m))
		}
		n, err = p.bounded(n)
	}
	return n, err
}

// signed reads a number with its signs. A power goes before them: -2^2 is -4.
func (p *formula) signed() (*big.Rat, error) {
	switch p.operator("+-") {
	case 0:
		return p.raised()
	case '+':
		return p.deeper(p.signed)
	default:
		n, err := p.deeper(p.signed)
		if err != nil {
			return nil, err
		}
		return n.Neg(n), nil
	}
}

func (p *formula) raised() (*big.Rat, error) {
	n, err := p.operand()
	if err != nil || p.operator("^") == 0 {
		return n, err
	}
	at := p.at
	m, err := p.deeper(p.signed)
	if err != nil {
		return nil, err
	}
	n, err = power(n, m)
	return p.checked(n, err, at)
}

// deeper guards the stack.
func (p *formula) deeper(read func() (*big.Rat, error)) (*big.Rat, error) {
	if p.nested++; p.nested > maxNested {
		return nil, p.fail("nested more than %d deep", maxNested)
	}
	defer func() { p.nested-- }()
	return read()
}

// bounded refuses numbers that grow without end.
func (p *formula) bounded(n *big.Rat) (*big.Rat, error) {
	if n.Num().BitLen() > 8*maxDigits || n.Denom().BitLen() > 8*maxDigits {
		return nil, errDigits
	}
	return n, nil
}

// checked puts the place into an error of a calculation that began at byte at.
func (p *formula) checked(n *big.Rat, err error, at int) (*big.Rat, error) {
	if problems, ok := err.(schema.Problems); ok {
		p.at = at
		return nil, p.fail("the number %s", problems[0].Message)
	}
	if err != nil {
		return nil, err
	}
	return p.bounded(n)
}
