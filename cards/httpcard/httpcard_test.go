package httpcard

import (
	"testing"

	"go.uber.org/goleak"

	"flowdeck/cards/cardtest"
)

func TestExamples(t *testing.T) {
	cardtest.Run(t, cardtest.World(), Get, Post, Put, Patch, Delete, Raw, Download, Upload, Close)
}

// TestMain sees to it that no call leaves a goroutine behind.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }
