package number

import (
	"encoding/json"
	"math/big"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type rootInput struct {
	Number json.Number `json:"number" form:"required" help:"The number to take the root of."`
	Degree int         `json:"degree" label:"Root" default:"2" min:"1" max:"100" help:"2 is the square root, 3 the cube root."`
}

// Root takes a root of a number.
var Root = declare(cards.Spec{
	Name:    "number.root",
	Title:   "Root",
	Icon:    "chevron-down",
	Summary: "Takes the square root, or another, of a number.",
	Doc: "Puts out the number that raised to the degree is the one given.\n\n" +
		"- A root that comes out even is exact; others have 16 digits.\n" +
		"- A negative number has roots of odd degree only.",
	Keywords: []string{"number", "square root", "sqrt", "cube root", "math"},
	Examples: []cards.Example{{
		Title: "A square root",
		In:    schema.Values{"number": 2.25},
		Out:   schema.Values{"number": 1.5},
	}, {
		Title: "The cube root below zero",
		In:    schema.Values{"number": -27, "degree": 3},
		Out:   schema.Values{"number": -3},
	}, {
		Title: "Without an end",
		In:    schema.Values{"number": 2},
		Out:   schema.Values{"number": 1.414213562373095},
	}, {
		Title: "Not a number that there is",
		In:    schema.Values{"number": -4},
		Err:   cards.CodeInvalidInput,
	}},
}, func(in rootInput) (output, error) {
	n, err := exact("number", in.Number)
	if err != nil {
		return output{}, err
	}
	r, err := root(n, in.Degree)
	if err != nil {
		return output{}, err
	}
	return result(r)
})

// root returns the root of n of a degree that is at least 1.
func root(n *big.Rat, degree int) (*big.Rat, error) {
	if n.Sign() < 0 {
		if degree%2 == 0 {
			return nil, wrong("number", "is negative, and has no root of an even degree")
		}
		r, err := root(new(big.Rat).Neg(n), degree)
		if err != nil {
			return nil, err
		}
		return r.Neg(r), nil
	}
	if n.Sign() == 0 || degree == 1 {
		return n, nil
	}
	// The root of n·10^(degree·places), whole, has as many decimals as places.
	f := new(big.Float).SetPrec(64).SetRat(n)
	places := max(0, 20-f.MantExp(nil)*3/(10*degree))
	scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(places)), nil)
	scaled := new(big.Rat).Mul(n, new(big.Rat).SetInt(new(big.Int).Exp(scale, big.NewInt(int64(degree)), nil)))
	whole := wholeRoot(new(big.Int).Quo(scaled.Num(), scaled.Denom()), degree)
	r := new(big.Rat).SetFrac(whole, scale)
	if again, err := power(r, big.NewRat(int64(degree), 1)); err == nil && again.Cmp(n) == 0 {
		return r, nil
	}
	rounded, _ := new(big.Rat).SetString(new(big.Float).SetPrec(256).SetRat(r).Text('g', 16))
	return rounded, nil
}

// wholeRoot returns the greatest whole number whose power is not more than n.
func wholeRoot(n *big.Int, degree int) *big.Int {
	low, high := new(big.Int), new(big.Int).Lsh(big.NewInt(1), uint(n.BitLen()/degree+1))
	d := big.NewInt(int64(degree))
	for one := big.NewInt(1); new(big.Int).Sub(high, low).Cmp(one) > 0; {
		middle := new(big.Int).Rsh(new(big.Int).Add(low, high), 1)
		if new(big.Int).Exp(middle, d, nil).Cmp(n) <= 0 {
			low = middle
		} else {
			high = middle
		}
	}
	return low
}
