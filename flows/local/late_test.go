package local_test

import (
	"net/http"
	"testing"
	"time"

	"flowdeck/cards"
	"flowdeck/flows"
	"flowdeck/flows/enginetest"
	"flowdeck/flows/store"
)

// A run whose time was up while no server ran ends when one takes it up, also when
// nothing of its flow is in memory yet.
func TestARunThatIsTakenUpTooLateEnds(t *testing.T) {
	db := openSQLite(t)
	document, err := db.PutDocument(t.Context(), enginetest.Document())
	must(t, err)
	run := flows.Run{ID: store.NewID("r_"), FlowID: "f_1", Document: document, Status: flows.Running, Epoch: 1,
		Created: time.Now().Add(-2 * time.Hour), Started: time.Now().Add(-2 * time.Hour), Deadline: time.Now().Add(-time.Hour)}
	must(t, db.Create(t.Context(), run))
	e := engine(processSetup(db, &http.Client{}))
	must(t, e.Recover(t.Context()))
	ended := over(t, e, db, run.ID)
	if ended.Status != flows.Failed || ended.Error.Code != cards.CodeTimeout {
		t.Errorf("the run ended %s, %v; want a timeout", ended.Status, ended.Error)
	}
	must(t, e.Shutdown(t.Context()))
}
