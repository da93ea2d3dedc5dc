package httpcard

import (
	"testing"

	"flowdeck/cards/cardtest"
)

func TestExamples(t *testing.T) {
	cardtest.Run(t, cardtest.World(), Get, Post, Put, Patch, Delete, Raw, Close)
}
