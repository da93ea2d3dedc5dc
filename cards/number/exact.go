package number

import (
	"encoding/json"
	"fmt"
	"math/big"
	"strconv"
	"strings"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// maxDigits is how many digits a number may have, before and after its point together.
const maxDigits = 400

// exact reads a number of a field. A field that was left blank is nil.
func exact(field string, n json.Number) (*big.Rat, error) {
	if n == "" {
		return nil, nil
	}
	if !small(string(n)) {
		return nil, wrong(field, "has more than %d digits", maxDigits)
	}
	r, ok := new(big.Rat).SetString(string(n))
	if !ok {
		return nil, wrong(field, "must be a number, got %s", schema.Describe(n))
	}
	return r, nil
}

// small guards big arithmetic from numbers such as 1e999999999.
func small(n string) bool {
	at := strings.IndexAny(n, "eE")
	if at < 0 {
		return len(n) <= maxDigits
	}
	exponent, err := strconv.Atoi(n[at+1:])
	return err == nil && at <= maxDigits && exponent < maxDigits && exponent > -maxDigits
}

// several reads the numbers of a card that takes two or more. Those left blank are left out.
func (in severalInput) several() ([]*big.Rat, error) {
	first, err := exact("number", in.Number)
	if err != nil {
		return nil, err
	}
	list := []*big.Rat{first}
	second, err := exact("number_2", in.Number2)
	if err != nil {
		return nil, err
	}
	if second != nil {
		list = append(list, second)
	}
	for i, n := range in.More {
		r, err := exact(fmt.Sprint("more.", i), n)
		if err != nil {
			return nil, err
		}
		list = append(list, r)
	}
	return list, nil
}

type severalInput struct {
	Number  json.Number   `json:"number" label:"Number 1" form:"required" help:"The first number."`
	Number2 json.Number   `json:"number_2" label:"Number 2" help:"The second number."`
	More    []json.Number `json:"more" label:"More numbers" help:"A list of more numbers."`
}

// result writes a number with all of its digits, or with 16 of those that have no end.
func result(r *big.Rat) (output, error) {
	n, err := written(r)
	return output{n}, err
}

func written(r *big.Rat) (json.Number, error) {
	if r.IsInt() {
		if r.Num().BitLen() <= 63 {
			return json.Number(r.Num().String()), nil
		}
		return fitting(r.Num().String())
	}
	if places, ends := r.FloatPrec(); ends {
		if places > maxDigits {
			return "", errDigits
		}
		return fitting(r.FloatString(places))
	}
	return json.Number(new(big.Float).SetPrec(256).SetRat(r).Text('g', 16)), nil
}

func fitting(digits string) (json.Number, error) {
	if len(digits) > maxDigits+2 { // a sign and a point
		return "", errDigits
	}
	return json.Number(digits), nil
}

var errDigits = &cards.Error{Code: cards.CodeLimit, Message: fmt.Sprintf("the result has more than %d digits", maxDigits)}
