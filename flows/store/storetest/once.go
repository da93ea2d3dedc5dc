package storetest

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"flowdeck/flows"
	"flowdeck/flows/store"
)

func testOnce(t *testing.T, open Opener) {
	c := &clock{start}
	s := open(t, store.Options{Now: c.Now})
	begin := func(id, flow, name string) error {
		return s.Create(ctx, flows.Run{ID: id, FlowID: flow, Document: "d", Created: c.Now(),
			Once: &flows.Once{Kind: flows.OnceDelivery, Name: name, Request: "x" + name, Expires: c.Now().Add(time.Hour)}})
	}
	must(t, begin("r_1", "f_1", "a"))
	wantErr(t, "Create for the same", begin("r_2", "f_1", "a"), flows.ErrTaken)
	if _, err := s.Run(ctx, "r_2"); !errors.Is(err, flows.ErrNotFound) {
		t.Errorf("the run that was not begun is there: %v", err)
	}
	must(t, begin("r_3", "f_2", "a"))
	must(t, begin("r_4", "f_1", "b"))
	id, request, err := s.Begun(ctx, "f_1", flows.OnceDelivery, "a")
	must(t, err)
	want(t, "Begun", []string{id, request}, []string{"r_1", "xa"})
	_, _, err = s.Begun(ctx, "f_1", flows.OnceKey, "a")
	wantErr(t, "Begun of another kind", err, flows.ErrNotFound)
	// a run that cannot be kept takes nothing
	if err := s.Create(ctx, flows.Run{ID: "r_1", FlowID: "f_1", Document: "d", Once: &flows.Once{Kind: flows.OnceDelivery, Name: "c", Expires: c.Now().Add(time.Hour)}}); err == nil {
		t.Error("a run was created twice")
	}
	must(t, begin("r_5", "f_1", "c"))

	c.now = start.Add(2 * time.Hour)
	_, _, err = s.Begun(ctx, "f_1", flows.OnceDelivery, "a")
	wantErr(t, "Begun, when its time is over", err, flows.ErrNotFound)
	must(t, begin("r_6", "f_1", "a"))
	_, err = s.Prune(ctx, c.now)
	must(t, err)
	id, _, err = s.Begun(ctx, "f_1", flows.OnceDelivery, "a")
	must(t, err)
	want(t, "Begun again", id, "r_6")

	var begun atomic.Int64
	var all sync.WaitGroup
	for range 64 {
		all.Go(func() {
			switch err := begin(store.NewID("r_"), "f_1", "many"); {
			case err == nil:
				begun.Add(1)
			case !errors.Is(err, flows.ErrTaken):
				t.Errorf("Create: %v", err)
			}
		})
	}
	all.Wait()
	want(t, "runs begun by many at once", begun.Load(), int64(1))
}
