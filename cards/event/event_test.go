package event

import (
	"testing"

	"flowdeck/cards/cardtest"
)

func TestExamples(t *testing.T) {
	cardtest.Run(t, cardtest.World(), Endpoint, Webhook, Schedule, Manual, Helper)
}
