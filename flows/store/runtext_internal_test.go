package store

import (
	"testing"

	"flowdeck/cards/schema"
)

func TestSummaryNamesAValueOnce(t *testing.T) {
	body := schema.Values{"customer_id": "C-1001", "plan": "gold"}
	event := schema.Values{"customer_id": "C-1001", "method": "POST", "body": body}
	if got, want := summary(event), "customer_id C-1001, plan gold"; got != want {
		t.Errorf("summary(%v) = %q, want %q", event, got, want)
	}
}
