package connectors

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"flowdeck/cards/schema"
)

// renewOn is after which statuses a token is renewed and the call made once more.
func (u tokenUse) renewOn() []int {
	var list []int
	for _, word := range strings.FieldsFunc(u.RenewOn, between) {
		if n, err := strconv.Atoi(word); err == nil {
			list = append(list, n)
		}
	}
	if len(list) == 0 {
		list = []int{http.StatusUnauthorized}
	}
	return list
}

func (u tokenUse) checkRenewOn() (p schema.Problems) {
	words := strings.FieldsFunc(u.RenewOn, between)
	wrong := func(word string) bool { n, err := strconv.Atoi(word); return err != nil || n < 400 || n > 599 }
	if slices.ContainsFunc(words, wrong) {
		p = append(p, schema.Problem{Field: "renew_on", Message: "must be statuses from 400 to 599, such as 401 407"})
	}
	return p
}

func between(c rune) bool { return strings.ContainsRune(", \t\r\n;", c) }
