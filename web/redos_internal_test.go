package web

import (
	"testing"

	"flowdeck/flows"
)

func TestARunThatIsNotTakenUpSaysWhichCardKeepsIt(t *testing.T) {
	got := refusalWords(flows.Problems{{Step: "get", Field: "url", Message: "is required"}})
	if want := "That version has things to fix first: get.url: is required"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
