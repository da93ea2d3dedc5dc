package httpcard

import (
	"errors"
	"slices"
	"strconv"

	"flowdeck/cards/schema"
)

// statuses is a list of HTTP statuses and of classes of them: "404, 5xx".
type statuses struct{ list []int } // a class is its first digit

// UnmarshalText reads the list as a person writes it.
func (s *statuses) UnmarshalText(text []byte) error {
	s.list = nil
	for _, word := range schema.SplitNames(string(text)) {
		n, err := strconv.Atoi(word)
		if len(word) == 3 && (word[1:] == "xx" || word[1:] == "XX") {
			n, err = strconv.Atoi(word[:1])
			n *= 100
		}
		if err != nil || n < 100 || n > 599 || len(word) != 3 {
			return errors.New("must be statuses such as 404 or 5xx, with commas between them")
		}
		if word[1] == 'x' || word[1] == 'X' {
			n /= 100
		}
		s.list = append(s.list, n)
	}
	return nil
}

func (s statuses) include(status int) bool {
	return slices.Contains(s.list, status) || slices.Contains(s.list, status/100)
}
