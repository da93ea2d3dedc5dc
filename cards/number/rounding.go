package number

import (
	"encoding/json"
	"math/big"
	"strconv"
)

// The ways to round, as fields offer them.
const (
	halfAway = "half_away" // 2.5 is 3, −2.5 is −3
	halfEven = "half_even" // 2.5 is 2, 3.5 is 4
	up       = "up"        // toward +∞
	down     = "down"      // toward −∞
	toZero   = "to_zero"
)

// rounded returns r with so many decimals; with fewer than 0, zeros before the point.
func rounded(r *big.Rat, decimals int, way string) *big.Rat {
	scale := new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(abs(decimals))), nil))
	if decimals < 0 {
		scale.Inv(scale)
	}
	scaled := new(big.Rat).Mul(r, scale)
	floor := new(big.Int).Div(scaled.Num(), scaled.Denom()) // Euclidean: the denominator is positive
	rest := new(big.Rat).Sub(scaled, new(big.Rat).SetInt(floor))
	if rest.Sign() != 0 && upward(rest, floor, way) {
		floor.Add(floor, big.NewInt(1))
	}
	return new(big.Rat).Quo(new(big.Rat).SetInt(floor), scale)
}

// upward reports whether a number that is rest above floor goes to floor+1.
func upward(rest *big.Rat, floor *big.Int, way string) bool {
	half := rest.Cmp(big.NewRat(1, 2))
	switch way {
	case up:
		return true
	case down:
		return false
	case toZero:
		return floor.Sign() < 0
	case halfEven:
		return half > 0 || half == 0 && floor.Bit(0) == 1
	}
	return half > 0 || half == 0 && floor.Sign() >= 0
}

func abs(n int) int {
	if n < 0 {
		return -n
	}
	return n
}

// decimals reads how many decimals were asked for; otherwise when it was left blank.
func decimals(n json.Number, otherwise int) (int, error) {
	if n == "" {
		return otherwise, nil
	}
	d, err := strconv.Atoi(string(n))
	if err != nil || d > 100 || d < -100 {
		return 0, wrong("decimals", "must be a whole number from −100 to 100, got %s", n)
	}
	return d, nil
}
