package schema

import (
	"encoding/json"
	"math/big"
	"strings"
)

// decimal is the number 0.digits × 10^exp, in its only form: no zero leads or
// trails the digits, and zero has none. Two equal numbers are equal decimals.
type decimal struct {
	neg    bool
	digits string
	exp    int
}

const maxExponent = 1 << 30 // keeps sums of exponents within an int

// parseDecimal reads a number by JSON's grammar.
func parseDecimal(s string) (decimal, bool) {
	var d decimal
	i := 0
	if i < len(s) && s[i] == '-' {
		d.neg, i = true, 1
	}
	start := i
	for i < len(s) && isDigit(s[i]) {
		i++
	}
	whole := s[start:i]
	if whole == "" || whole[0] == '0' && len(whole) > 1 {
		return d, false
	}
	fraction := ""
	if i < len(s) && s[i] == '.' {
		start = i + 1
		for i++; i < len(s) && isDigit(s[i]); i++ {
		}
		if fraction = s[start:i]; fraction == "" {
			return d, false
		}
	}
	exp, i, ok := parseExponent(s, i)
	if !ok || i != len(s) {
		return d, false
	}
	digits := whole
	if strings.Trim(fraction, "0") != "" {
		digits = whole + fraction
	}
	trimmed := strings.TrimLeft(digits, "0")
	d.exp = exp + len(whole) - (len(digits) - len(trimmed))
	d.digits = strings.TrimRight(trimmed, "0")
	if d.digits == "" {
		return decimal{}, true
	}
	return d, true
}

func parseExponent(s string, i int) (exp, next int, ok bool) {
	if i >= len(s) || s[i] != 'e' && s[i] != 'E' {
		return 0, i, true
	}
	i++
	neg := false
	if i < len(s) && (s[i] == '+' || s[i] == '-') {
		neg = s[i] == '-'
		i++
	}
	start := i
	for ; i < len(s) && isDigit(s[i]); i++ {
		exp = min(exp*10+int(s[i]-'0'), maxExponent)
	}
	if neg {
		exp = -exp
	}
	return exp, i, i > start
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// whole spells out a whole number.
func (d decimal) whole() string {
	s := d.digits + strings.Repeat("0", d.exp-len(d.digits))
	if d.neg {
		return "-" + s
	}
	return s
}

func (d decimal) compare(o decimal) int {
	switch {
	case d == o:
		return 0
	case d.sign() != o.sign():
		return d.sign() - o.sign()
	}
	r := d.exp - o.exp
	if r == 0 {
		r = strings.Compare(d.digits, o.digits)
	}
	if d.neg {
		return -r
	}
	return r
}

func (d decimal) sign() int {
	switch {
	case d.digits == "":
		return 0
	case d.neg:
		return -1
	}
	return 1
}

func decimalOf(v any) (decimal, bool) {
	s, ok := FormatNumber(v)
	if !ok {
		return decimal{}, false
	}
	return parseDecimal(s)
}

// CompareNumbers orders two numbers by value: negative when a is less, 0 when
// they are equal, positive when a is more; false when one of them is no number.
func CompareNumbers(a, b any) (int, bool) {
	x, okX := a.(int64)
	y, okY := b.(int64)
	if okX && okY {
		switch {
		case x < y:
			return -1, true
		case x > y:
			return 1, true
		}
		return 0, true
	}
	d, okD := decimalOf(a)
	o, okO := decimalOf(b)
	if !okD || !okO {
		return 0, false
	}
	return d.compare(o), true
}

// MultipleOf reports whether a is a whole multiple of b, exactly: 0.3 is one of
// 0.1. The second result is false when one of them is no number, b is zero, or a
// number has more than 400 digits.
func MultipleOf(a, b any) (multiple, ok bool) {
	d, okD := decimalOf(a)
	o, okO := decimalOf(b)
	if !okD || !okO || o.sign() == 0 || !d.small() || !o.small() {
		return false, false
	}
	var q big.Rat
	return q.Quo(d.rat(), o.rat()).IsInt(), true
}

// small guards big arithmetic from numbers such as 1e999999999.
func (d decimal) small() bool { return len(d.digits) <= 400 && d.exp > -400 && d.exp < 400 }

func (d decimal) rat() *big.Rat {
	var n, p big.Int
	n.SetString("0"+d.digits, 10)
	shift := d.exp - len(d.digits)
	if d.neg {
		n.Neg(&n)
	}
	if shift >= 0 {
		p.Exp(big.NewInt(10), big.NewInt(int64(shift)), nil)
		return new(big.Rat).SetInt(n.Mul(&n, &p))
	}
	p.Exp(big.NewInt(10), big.NewInt(int64(-shift)), nil)
	return new(big.Rat).SetFrac(&n, &p)
}

// Equal reports whether two values are the same: numbers by value, text exactly,
// lists and objects by what they hold. Values of different types are never equal.
func Equal(a, b any) bool {
	switch x := a.(type) {
	case nil:
		return b == nil
	case string:
		y, ok := b.(string)
		return ok && x == y
	case bool:
		y, ok := b.(bool)
		return ok && x == y
	case int64, float64, json.Number:
		c, ok := CompareNumbers(a, b)
		return ok && c == 0
	case []any:
		y, ok := b.([]any)
		if !ok || len(x) != len(y) {
			return false
		}
		for i := range x {
			if !Equal(x[i], y[i]) {
				return false
			}
		}
		return true
	case map[string]any:
		y, ok := b.(map[string]any)
		if !ok || len(x) != len(y) {
			return false
		}
		for k, v := range x {
			w, there := y[k]
			if !there || !Equal(v, w) {
				return false
			}
		}
		return true
	}
	c, ok := CompareNumbers(a, b)
	return ok && c == 0
}
