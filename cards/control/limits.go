package control

import (
	"fmt"
	"strconv"

	"flowdeck/cards"
)

// MaxRounds is how many rounds Repeat takes at most.
const MaxRounds = 100_000

// tooMany is the error of a card whose input is beyond its limit.
func tooMany(what string, n int, of string, most int, advice string) error {
	return &cards.Error{Code: cards.CodeLimit, Message: fmt.Sprintf("%s %s %s, more than the %s that are allowed. %s", what, thousands(n), of, thousands(most), advice)}
}

// thousands writes a number with commas: 100,000.
func thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
