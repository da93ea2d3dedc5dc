package list

import (
	"encoding/json"
	"errors"
	"math/big"
	"strconv"
	"strings"

	"flowdeck/cards/schema"
)

const maxDigits = 400

var errDigits = errors.New("has a number with more than 400 digits, too many to add up")

// total adds numbers up exactly: the sum is digits × 10^-scale.
type total struct {
	whole  int64 // what fits
	digits big.Int
	scale  int
	count  int
	err    error
}

func (t *total) add(n any) {
	t.count++
	if w, ok := n.(int64); ok {
		sum := t.whole + w
		if (sum > t.whole) == (w > 0) { // no overflow
			t.whole = sum
			return
		}
	}
	text, _ := schema.FormatNumber(n)
	digits, scale, ok := parts(text)
	if !ok {
		t.err = errDigits
		return
	}
	t.put(digits, scale)
}

func (t *total) put(digits *big.Int, scale int) {
	switch {
	case scale > t.scale:
		t.digits.Mul(&t.digits, tens(scale-t.scale))
		t.scale = scale
	case scale < t.scale:
		digits.Mul(digits, tens(t.scale-scale))
	}
	t.digits.Add(&t.digits, digits)
}

func tens(n int) *big.Int { return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil) }

// parts reads a number as JSON writes it: digits × 10^-scale, with a scale of 0 or more.
func parts(text string) (digits *big.Int, scale int, ok bool) {
	mantissa, exponent, _ := strings.Cut(strings.ToLower(text), "e")
	shift := 0
	if exponent != "" {
		var err error
		if shift, err = strconv.Atoi(exponent); err != nil {
			return nil, 0, false
		}
	}
	whole, fraction, _ := strings.Cut(mantissa, ".")
	scale = len(fraction) - shift
	if len(mantissa) > maxDigits || scale > maxDigits || scale < -maxDigits {
		return nil, 0, false
	}
	digits, ok = new(big.Int).SetString(whole+fraction, 10)
	if ok && scale < 0 {
		digits.Mul(digits, tens(-scale))
		scale = 0
	}
	return digits, scale, ok
}

// written spells a number out with so many decimal places, without zeros at its end.
func written(r *big.Rat, places int) json.Number {
	text := r.FloatString(places)
	if strings.Contains(text, ".") {
		text = strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
	}
	return json.Number(text)
}

// rat is the sum.
func (t *total) rat() *big.Rat {
	t.put(big.NewInt(t.whole), 0)
	t.whole = 0
	return new(big.Rat).SetFrac(&t.digits, tens(t.scale))
}
