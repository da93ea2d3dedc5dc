package schema

import (
	"cmp"
	"math"
	"math/big"
)

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
	if p, ok := exactFloat(a); ok {
		if q, ok := exactFloat(b); ok {
			return cmp.Compare(p, q), true
		}
	}
	d, okD := decimalOf(a)
	o, okO := decimalOf(b)
	if !okD || !okO {
		return 0, false
	}
	return d.compare(o), true
}

// exactFloat is v as a float64 when it is one, finite, or a whole number that it holds exactly.
func exactFloat(v any) (float64, bool) {
	switch x := v.(type) {
	case float64:
		return x, !math.IsNaN(x) && !math.IsInf(x, 0)
	case int64:
		return float64(x), -1<<53 <= x && x <= 1<<53
	}
	return 0, false
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
