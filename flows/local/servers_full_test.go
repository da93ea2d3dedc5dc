package local_test

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/flows/enginetest"
	"flowdeck/flows/store"
	"flowdeck/flows/store/storetest"
)

// TestSoManyRunsAreUnderWayOnAllServersTogether: of the runs of a flow that are called from
// outside. Those that two servers begin at the same moment are counted too.
func TestSoManyRunsAreUnderWayOnAllServersTogether(t *testing.T) {
	t.Parallel()
	dsn := storetest.StartPostgres(t).Database(t)
	one, two := joins(t, dsn), joins(t, dsn)
	for began := time.Now(); one.db.Servers() != 2 || two.db.Servers() != 2; time.Sleep(20 * time.Millisecond) {
		if time.Since(began) > 10*time.Second {
			t.Fatalf("they count %d and %d servers, want 2", one.db.Servers(), two.db.Servers())
		}
	}
	flow := flows.Flow{ID: store.NewID("f_"), Name: "Few", Alias: "few"}
	must(t, one.db.CreateFlow(t.Context(), flow))
	document, err := one.db.PutDocument(t.Context(), enginetest.Document(nap("nap")))
	must(t, err)
	const most = 3
	begin := func(s *sharing) (string, error) {
		run := flows.Run{ID: store.NewID("r_"), FlowID: flow.ID, Version: 1, Document: document, Trigger: "event.endpoint", Event: schema.Values{"what": "x"}, Most: most}
		return run.ID, s.Start(t.Context(), run, flows.StartOptions{})
	}
	var all sync.WaitGroup
	var in, full atomic.Int64
	var last atomic.Value
	for i := range 40 {
		all.Go(func() {
			switch id, err := begin([]*sharing{one, two}[i%2]); {
			case err == nil:
				in.Add(1)
				last.Store(id)
			case errors.Is(err, flows.ErrFull):
				full.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	all.Wait()
	if in.Load() != most || full.Load() != 40-most {
		t.Fatalf("%d of 40 runs were begun and %d refused, want %d and %d", in.Load(), full.Load(), most, 40-most)
	}
	id := last.Load().(string)
	one.becomes(t, id, "waiting", 10*time.Second, waits)
	must(t, two.Cancel(t.Context(), id))
	one.becomes(t, id, "over", 10*time.Second, isOver)
	for _, want := range []error{nil, flows.ErrFull} {
		if _, err := begin(one); !errors.Is(err, want) {
			t.Errorf("when one has ended, the next gives %v, want %v", err, want)
		}
	}
}
