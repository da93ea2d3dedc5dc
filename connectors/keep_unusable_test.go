package connectors_test

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"flowdeck/connectors"
)

// Connections whose network settings cannot be used stand in nobody's way, however
// many they are: the one that is due after them is renewed.
func TestConnectionsThatCannotBeOpenedHoldUpNobody(t *testing.T) {
	s, v, at := newRotating(t), newVault(t), &clock{}
	st := opened(t, filepath.Join(t.TempDir(), "flowdeck.db"), "")
	const broken = 70 // more than are looked at at a time
	long := time.Now().Add(-time.Hour)
	for i := range broken {
		id := fmt.Sprintf("c_broken%d", i)
		signIn(t, st, v, s, id, func(row *connectors.Connection, token *connectors.Token) {
			row.Life.Due, token.Issued = long, time.Now().Add(-48*time.Hour)
		})
		must(t, st.UpdateConnection(context.Background(), id, func(row *connectors.Connection) error {
			secrets, err := v.Open(*row)
			if err != nil {
				return err
			}
			secrets.Network = map[string]any{"ca": "no certificate"}
			return v.Seal(row, secrets)
		}))
	}
	signIn(t, st, v, s, "c_last", func(row *connectors.Connection, token *connectors.Token) {
		row.Life.Due, token.Issued = time.Now().Add(-time.Minute), time.Now().Add(-48*time.Hour)
	})
	c := node(t, st, v, connectors.Options{Now: at.now})
	for range 2 {
		if _, err := c.RenewDue(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	if row := read(t, st, "c_last"); !row.Life.Due.After(time.Now()) {
		t.Errorf("due since %v: it was not renewed", row.Life.Due)
	}
}
