package store_test

import (
	"path/filepath"
	"slices"
	"testing"
	"time"

	"flowdeck/cards"
	"flowdeck/flows"
	"flowdeck/flows/store"
)

// TestAStoppedCardIsKnownHoweverItsErrorIsWritten: rows stay as they were written.
func TestAStoppedCardIsKnownHoweverItsErrorIsWritten(t *testing.T) {
	path := filepath.Join(t.TempDir(), "flowdeck.db")
	s := open(t, path, store.Options{})
	run := flows.Run{ID: store.NewID("r_"), FlowID: "f_1", Version: 1, Status: flows.Running, Epoch: 1, Created: time.Now()}
	if err := s.Create(t.Context(), run); err != nil {
		t.Fatal(err)
	}
	var entries []flows.Entry
	for _, path := range []flows.Path{"each[0]/get", "each[1]/get", "each[2]/get", "each[3]/get"} {
		entries = append(entries, flows.Entry{Attempt: &flows.Attempt{Path: path, Number: 1, StepID: "get", Card: "http.get", Status: flows.Failed, Started: time.Now(),
			Error: &cards.Error{Code: "dns", Message: "no host"}}})
	}
	if err := s.Append(t.Context(), run.ID, 1, entries); err != nil {
		t.Fatal(err)
	}
	db := sqlite(t, path)
	for path, failure := range map[string]string{
		"each[1]/get": `{"message": "stopped", "code": "cancelled"}`,
		"each[2]/get": `{"code":"own","message":"\"code\":\"cancelled\","}`,
		"each[3]/get": `{"message":"stopped","code":"cancelled"}`,
	} {
		if _, err := db.Exec(`update attempts set failure = ? where path = ?`, failure, path); err != nil {
			t.Fatal(err)
		}
	}
	got, err := s.FailedRounds(t.Context(), run.ID)
	if want := []flows.Path{"each[0]/get", "each[2]/get"}; err != nil || !slices.Equal(got, want) {
		t.Errorf("the rounds that failed are %v, %v; want %v", got, err, want)
	}
}
