package number

import (
	"encoding/json"
	"math"
	"math/big"
	"strconv"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type powerInput struct {
	Number   json.Number `json:"number" label:"Base" form:"required" help:"The number to raise."`
	Exponent json.Number `json:"exponent" form:"required" help:"The power to raise it to."`
}

// Power raises a number to a power.
var Power = declare(cards.Spec{
	Name:    "number.power",
	Title:   "Exponent",
	Icon:    "chevron-up",
	Summary: "Raises a number to a power.",
	Doc: "Puts out the number multiplied by itself so many times.\n\n" +
		"- Whole exponents are exact; others have 16 digits. A negative exponent divides 1 by the power.\n" +
		"- A negative number has no power with decimals, and 0 none below 0.",
	Keywords: []string{"number", "power", "square", "cube", "math", "exponentiation"},
	Examples: []cards.Example{{
		Title: "A kibibyte",
		In:    schema.Values{"number": 2, "exponent": 10},
		Out:   schema.Values{"number": 1024},
	}, {
		Title: "Interest",
		In:    schema.Values{"number": 1.05, "exponent": 3},
		Out:   schema.Values{"number": 1.157625},
	}, {
		Title: "A negative exponent",
		In:    schema.Values{"number": 2, "exponent": -2},
		Out:   schema.Values{"number": 0.25},
	}, {
		Title: "Not a number that there is",
		In:    schema.Values{"number": -2, "exponent": 0.5},
		Err:   cards.CodeInvalidInput,
	}},
}, func(in powerInput) (output, error) {
	base, exponent, err := pair("number", in.Number, "exponent", in.Exponent)
	if err != nil {
		return output{}, err
	}
	r, err := power(base, exponent)
	if err != nil {
		return output{}, err
	}
	return result(r)
})

var maxExponent = big.NewInt(10_000)

// power returns base raised to exponent, exactly when that is whole.
func power(base, exponent *big.Rat) (*big.Rat, error) {
	switch {
	case base.Sign() == 0 && exponent.Sign() < 0:
		return nil, wrong("number", "is 0, which has no power below 0")
	case !exponent.IsInt():
		if base.Sign() < 0 {
			return nil, wrong("number", "is negative, and has no power with decimals")
		}
		b, _ := base.Float64()
		e, _ := exponent.Float64()
		return approximate(math.Pow(b, e))
	case base.Sign() == 0, base.IsInt() && new(big.Int).Abs(base.Num()).Cmp(big.NewInt(1)) == 0:
		if exponent.Sign() == 0 || base.Sign() < 0 && exponent.Num().Bit(0) == 0 {
			return big.NewRat(1, 1), nil
		}
		return base, nil
	}
	e := new(big.Int).Abs(exponent.Num())
	bits := max(base.Num().BitLen(), base.Denom().BitLen())
	if e.Cmp(maxExponent) > 0 || int64(bits-1)*e.Int64() > 8*maxDigits {
		return nil, errDigits
	}
	r := new(big.Rat).SetFrac(new(big.Int).Exp(base.Num(), e, nil), new(big.Int).Exp(base.Denom(), e, nil))
	if exponent.Sign() < 0 {
		r.Inv(r)
	}
	return r, nil
}

// approximate reads the result of a calculation that was not exact: 16 digits count.
func approximate(f float64) (*big.Rat, error) {
	if math.IsInf(f, 0) || math.IsNaN(f) {
		return nil, errDigits
	}
	r, _ := new(big.Rat).SetString(strconv.FormatFloat(f, 'g', 16, 64))
	return r, nil
}
