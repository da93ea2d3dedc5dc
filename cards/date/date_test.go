package date

import (
	"testing"

	"flowdeck/cards"
	"flowdeck/cards/cardtest"
)

var all = []cards.Card{Now, Add, Subtract, AddDuration, ParseDuration, Difference, Convert, ToText, FromText, Unix, Epoch, FromUnix, ToZone,
	Components, DayOfWeek, Construct, StartOf, EndOf, Compare, IsBetween, Earliest, Latest, NextWeekday, AddWorkdays, CountWorkdays}

func TestExamples(t *testing.T) { cardtest.Run(t, cardtest.World(), all...) }
