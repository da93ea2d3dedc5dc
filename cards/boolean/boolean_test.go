package boolean

import (
	"testing"

	"flowdeck/cards/cardtest"
)

func TestExamples(t *testing.T) {
	cardtest.Run(t, cardtest.World(), Compare, And, Or, Xor, Xnor, Not, Parse)
}
