package expr

import (
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"math/bits"
	"time"

	"github.com/expr-lang/expr/vm/runtime"

	"flowdeck/cards/schema"
)

// maxDigits is how many digits a whole number that an expression makes may have.
const maxDigits = 400

var errDigits = &Error{Message: fmt.Sprintf("the result has more than %d digits", maxDigits)}

// operation is an operator of the language on numbers. Whole numbers give the exact
// result, with as many digits as it needs; decimals give a float64.
type operation struct {
	sign   string
	whole  func(a, b int64) (int64, bool)           // false when the result does not fit
	large  func(z, a, b *big.Int) (*big.Int, error) // nil when the result is not a whole number
	others func(a, b any) any                       // everything else: decimals, dates
}

var (
	plus = operation{"+", func(a, b int64) (int64, bool) {
		sum := a + b
		return sum, (sum > a) == (b > 0)
	}, func(z, a, b *big.Int) (*big.Int, error) { return z.Add(a, b), nil }, runtime.Add}

	minus = operation{"-", func(a, b int64) (int64, bool) {
		rest := a - b
		return rest, (rest < a) == (b > 0)
	}, func(z, a, b *big.Int) (*big.Int, error) { return z.Sub(a, b), nil }, runtime.Subtract}

	times = operation{"*", multiply, func(z, a, b *big.Int) (*big.Int, error) {
		return z.Mul(a, b), nil
	}, runtime.Multiply}

	over = operation{"/", func(a, b int64) (int64, bool) { return 0, false }, nil,
		func(a, b any) any { return runtime.Divide(a, b) }}

	remainder = operation{"%", func(a, b int64) (int64, bool) {
		if b == 0 {
			return 0, false
		}
		return a % b, true
	}, func(z, a, b *big.Int) (*big.Int, error) {
		if b.Sign() == 0 {
			return nil, errZero
		}
		return z.Rem(a, b), nil
	}, func(a, b any) any { return runtime.Modulo(a, b) }}

	power = operation{"**", func(a, b int64) (int64, bool) { return 0, false }, raise,
		func(a, b any) any { return runtime.Exponent(a, b) }}
)

var operations = map[string]*operation{"-": &minus, "*": &times, "/": &over, "%": &remainder, "**": &power, "^": &power}

var errZero = &Error{Message: "something is divided by zero"}

func multiply(a, b int64) (int64, bool) {
	high, low := bits.Mul64(magnitude(a), magnitude(b))
	negative := (a < 0) != (b < 0)
	if high != 0 || low > math.MaxInt64 && (!negative || low > 1<<63) {
		return 0, false
	}
	return a * b, true
}

func magnitude(n int64) uint64 {
	if n < 0 {
		return -uint64(n)
	}
	return uint64(n)
}

// raise gives nil for an exponent below zero, whose result is no whole number.
func raise(z, a, b *big.Int) (*big.Int, error) {
	if b.Sign() < 0 {
		return nil, nil
	}
	const maxBits = maxDigits*10/3 + 1
	if a.BitLen() > 1 && (!b.IsInt64() || b.Int64() > maxBits || int64(a.BitLen()-1)*b.Int64() > maxBits) {
		return nil, errDigits
	}
	if a.BitLen() <= 1 && !b.IsInt64() {
		b = big.NewInt(int64(b.Bit(0))) // 0, 1 and -1 only ask whether it is even
		if a.Sign() == 0 {
			b.SetInt64(1)
		}
	}
	return z.Exp(a, b, nil), nil
}

// of applies the operation.
func (o *operation) of(a, b any) (any, error) {
	if o == &remainder { // 10 / 2 is whole, and a float64
		a, b = settled(a), settled(b)
	}
	m, isWhole := small(a)
	n, areWhole := small(b)
	if isWhole && areWhole {
		if v, ok := o.whole(m, n); ok {
			return v, nil
		}
	}
	_, isFloat := a.(float64)
	_, areFloats := b.(float64)
	if o.large != nil && (!isFloat || inFull(a)) && (!areFloats || inFull(b)) {
		if v, err := o.exact(a, b); v != nil || err != nil {
			if n, long := v.(json.Number); long && (isFloat || areFloats) {
				return Number(string(n)), nil
			}
			return v, err
		}
	}
	return o.rough(calculable(a), calculable(b))
}

// settled makes a whole number of a float64 that is one.
func settled(v any) any {
	if f, ok := v.(float64); ok {
		return whole(f)
	}
	return v
}

// inFull reports whether v is a whole number that is carried as a float64 because that has
// the same digits, such as 10000000000000000000: one that is written without an exponent.
func inFull(v any) bool {
	f, ok := v.(float64)
	return ok && math.Abs(f) >= 1<<53 && math.Abs(f) < 1e21
}

// exact is the result of whole numbers, nil when there is none.
func (o *operation) exact(a, b any) (any, error) {
	x, ok := large(a)
	if !ok {
		return nil, nil
	}
	y, ok := large(b)
	if !ok {
		return nil, nil
	}
	z, err := o.large(new(big.Int), x, y)
	if z == nil || err != nil {
		return nil, err
	}
	return integer(z)
}

// rough is the result of other values, which must be one.
func (o *operation) rough(a, b any) (any, error) {
	if d, ok := o.duration(a, b); ok {
		if d == nil {
			return nil, &Error{Message: "the duration is longer than 292 years"}
		}
		return *d, nil
	}
	if o == &remainder && schema.TypeOf(a) == schema.Number && schema.TypeOf(b) == schema.Number {
		return nil, &Error{Message: fmt.Sprintf("%% takes whole numbers, not %s and %s", Text(a), Text(b))}
	}
	v := o.others(a, b)
	if f, ok := v.(float64); ok && (math.IsInf(f, 0) || math.IsNaN(f)) {
		y, _ := decimal(b)
		switch x, _ := decimal(a); {
		case o == &over && y == 0, o == &power && x == 0:
			return nil, errZero
		case math.IsNaN(f):
			return nil, &Error{Message: fmt.Sprintf("%v %s %v is not a number", x, o.sign, y)}
		}
		return nil, &Error{Message: "the result is too large for a number"}
	}
	return v, nil
}

// duration checks what is calculated with lengths of time, which count whole
// nanoseconds; nil when the result is too long.
func (o *operation) duration(a, b any) (*time.Duration, bool) {
	d, isDuration := a.(time.Duration)
	e, areDurations := b.(time.Duration)
	m, isWhole := small(a)
	n, areWhole := small(b)
	switch {
	case isDuration && areDurations && (o == &plus || o == &minus):
		m, n = int64(d), int64(e)
	case isDuration && areWhole && o == &times:
		m = int64(d)
	case areDurations && isWhole && o == &times:
		n = int64(e)
	default:
		return nil, false
	}
	v, ok := o.whole(m, n)
	if !ok {
		return nil, true
	}
	length := time.Duration(v)
	return &length, true
}

// negate is -v.
func negate(v any) (any, error) {
	if n, ok := small(v); ok && n != math.MinInt64 {
		return -n, nil
	}
	if n, ok := large(v); ok {
		return integer(n.Neg(n))
	}
	return runtime.Negate(calculable(v)), nil
}

// small is v as a whole number that fits.
func small(v any) (int64, bool) {
	switch v := v.(type) {
	case int64:
		return v, true
	case int:
		return int64(v), true
	}
	return 0, false
}

// large is v as a whole number of any size.
func large(v any) (*big.Int, bool) {
	if n, ok := small(v); ok {
		return big.NewInt(n), true
	}
	if inFull(v) {
		return new(big.Int).SetString(string(appendFloat(nil, v.(float64))), 10)
	}
	n, ok := v.(json.Number)
	if !ok || len(n) > maxDigits+1 {
		return nil, false
	}
	return new(big.Int).SetString(string(n), 10)
}

// integer is n as values carry it.
func integer(n *big.Int) (any, error) {
	if n.IsInt64() {
		return n.Int64(), nil
	}
	text := n.String()
	if len(text) > maxDigits+1 {
		return nil, errDigits
	}
	return json.Number(text), nil
}

func decimal(v any) (float64, bool) {
	switch v := v.(type) {
	case float64:
		return v, true
	case int:
		return float64(v), true
	case int64:
		return float64(v), true
	}
	return 0, false
}
