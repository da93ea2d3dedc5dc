package number

import (
	"encoding/json"
	"fmt"
	"math/big"
	"testing"
)

// What is calculated quickly is what is calculated exactly.
func TestQuickIsExact(t *testing.T) {
	var list []json.Number
	for _, s := range []string{"0", "7", "-7", "0.5", "-0.5", "19.90", "0.000001", "-0.00001", "123456789", "-12345678", "99999.999", "1234.5", "1e3", "1E-2", "0.0000001", "1234567890"} {
		list = append(list, json.Number(s))
	}
	for _, a := range list {
		for _, b := range list {
			x, y, ok := severalInput{Number: a, Number2: b}.quick()
			if !ok {
				continue
			}
			p, _ := new(big.Rat).SetString(string(a))
			q, _ := new(big.Rat).SetString(string(b))
			sum, _ := written(new(big.Rat).Add(p, q))
			product, _ := written(new(big.Rat).Mul(p, q))
			if got := fmt.Sprint(x.plus(y).number(), x.times(y).number()); got != fmt.Sprint(sum, product) {
				t.Errorf("%s and %s make %s, want %s %s", a, b, got, sum, product)
			}
		}
	}
	if _, _, ok := (severalInput{Number: "19.90", Number2: "3"}).quick(); !ok {
		t.Error("two short numbers are not calculated quickly")
	}
}
