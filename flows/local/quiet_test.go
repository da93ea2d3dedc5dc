package local_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/flows/enginetest"
	"flowdeck/flows/store"
	"flowdeck/flows/store/storetest"
)

// fullEngine can keep no run.
type fullEngine struct {
	enginetest.Engine
	asked chan struct{}
}

func (e fullEngine) Start(context.Context, flows.Run, flows.StartOptions) error {
	e.asked <- struct{}{}
	return fmt.Errorf("create run: %w", &store.Trouble{Kind: store.Full})
}

// TestSchedulesSayNothingOfTrouble: the store says that the disk is full, once.
func TestSchedulesSayNothingOfTrouble(t *testing.T) {
	h := handsAt(monday(8, 30))
	db, err := store.Open(t.Context(), storetest.SQLite(t), h.store())
	must(t, err)
	defer db.Close()
	n := newNode(t, db, h)
	must(t, live(t.Context(), db, "f_1", schema.Values{"every": "hours"}))
	n.round(t)
	h.forward(time.Hour)
	var said bytes.Buffer
	n.ticker.Log = slog.New(slog.NewTextHandler(&said, nil))
	full := fullEngine{n.engine, make(chan struct{})}
	n.ticker.Engine = full
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); n.ticker.Serve(ctx) }()
	for range 2 {
		<-full.asked
	}
	cancel()
	<-done
	if said.Len() > 0 {
		t.Errorf("it says:\n%s", &said)
	}
	n.stop(t)
}
