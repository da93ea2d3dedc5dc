package number

import (
	"encoding/json"
	"strconv"
	"strings"
)

// short is a number of few digits: units, of which 10 to the power of places make one.
type short struct {
	units  int64
	places int
}

var powers = [...]int64{1, 10, 100, 1000, 10_000, 100_000, 1_000_000}

// shortOf reads a number that has so few digits that two of them can be added and
// multiplied within an int64.
func shortOf(n json.Number) (short, bool) {
	s := string(n)
	if len(s) > 9 {
		return short{}, false
	}
	before, after, _ := strings.Cut(s, ".")
	if len(after) >= len(powers) {
		return short{}, false
	}
	units, err := strconv.ParseInt(before+after, 10, 64)
	return short{units, len(after)}, err == nil
}

// number writes s without zeros at its end.
func (s short) number() json.Number {
	for s.places > 0 && s.units%10 == 0 {
		s.units, s.places = s.units/10, s.places-1
	}
	digits := strconv.FormatInt(s.units, 10)
	if s.places == 0 {
		return json.Number(digits)
	}
	sign := ""
	if s.units < 0 {
		sign, digits = "-", digits[1:]
	}
	if missing := s.places + 1 - len(digits); missing > 0 {
		digits = strings.Repeat("0", missing) + digits
	}
	at := len(digits) - s.places
	return json.Number(sign + digits[:at] + "." + digits[at:])
}

func (s short) plus(o short) short {
	if s.places < o.places {
		s, o = o, s
	}
	return short{s.units + o.units*powers[s.places-o.places], s.places}
}

func (s short) times(o short) short { return short{s.units * o.units, s.places + o.places} }

// quick returns the two numbers that a card was given, when there are just two and both are short.
func (in severalInput) quick() (a, b short, ok bool) {
	if len(in.More) > 0 {
		return a, b, false
	}
	a, okA := shortOf(in.Number)
	b, okB := shortOf(in.Number2)
	return a, b, okA && okB
}
