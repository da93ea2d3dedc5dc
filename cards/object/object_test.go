package object

import (
	"testing"

	"flowdeck/cards/cardtest"
)

func TestExamples(t *testing.T) { cardtest.Run(t, cardtest.World(), Set) }
