package number

import (
	"testing"

	"flowdeck/cards"
	"flowdeck/cards/cardtest"
)

var all = []cards.Card{Add, Subtract, Multiply, Divide, Formula, Round, RoundUp, RoundDown, Truncate, RandomInteger, Remainder, Power, Root,
	Minimum, Maximum, Absolute, Clamp, Format, Parse, ToBase, FromBase}

func TestExamples(t *testing.T) { cardtest.Run(t, cardtest.World(), all...) }
