package storetest

import (
	"testing"
	"time"

	"flowdeck/flows"
	"flowdeck/flows/store"
)

func testVariables(t *testing.T, open Opener) {
	c := &clock{now: start}
	s := open(t, store.Options{Blobs: Dir(t), Now: c.Now})
	put := func(env, name string, v any) error {
		return s.PutVariable(ctx, store.Variable{Env: env, Name: name, Value: v}, true)
	}
	at := func(at time.Time) map[string]any {
		v, err := s.VariablesAt(ctx, at)
		must(t, err)
		return v
	}
	want(t, "no variables", at(start), map[string]any{})
	must(t, put("", "size", int64(5)))
	wantErr(t, "a name twice", put("", "size", int64(6)), flows.ErrTaken)
	must(t, put("live", "size", int64(7)))
	must(t, s.PutVariable(ctx, store.Variable{Name: "key", Secret: true, Sealed: []byte("s"), Key: []byte("k")}, true))
	wantErr(t, "a secret's name", put("live", "key", "x"), flows.ErrTaken)
	wantErr(t, "changing what there is not", s.PutVariable(ctx, store.Variable{Name: "none", Value: 1}, false), flows.ErrNotFound)
	c.now = start.Add(time.Hour)
	want(t, "the default", at(c.now), map[string]any{"size": int64(5)})
	must(t, s.SetActiveEnvironment(ctx, "live"))
	want(t, "the active one", at(c.now.Add(time.Minute)), map[string]any{"size": int64(7)})
	want(t, "as it was", at(start.Add(time.Minute)), map[string]any{"size": int64(5)})
	secret, err := s.SecretOf(ctx, "key")
	must(t, err)
	want(t, "a secret", string(secret.Sealed), "s")
	must(t, s.RewrapVariable(ctx, secret, []byte("k2")))
	secret, err = s.SecretOf(ctx, "key")
	must(t, err)
	want(t, "rewrapped", string(secret.Key), "k2")
	must(t, s.DeleteVariable(ctx, "", "key"))
	_, err = s.SecretOf(ctx, "key")
	wantErr(t, "a deleted secret", err, flows.ErrNotFound)

	c.now = c.now.AddDate(1, 0, 0) // for a while the clock is a year ahead
	must(t, s.PutVariable(ctx, store.Variable{Env: "live", Name: "size", Value: int64(8)}, false))
	c.now = start.Add(2 * time.Hour)
	want(t, "what was changed while the clock was ahead", at(c.now), map[string]any{"size": int64(8)})
	must(t, s.PutVariable(ctx, store.Variable{Env: "live", Name: "size", Value: int64(9)}, false))
	want(t, "what is changed after that", at(c.now), map[string]any{"size": int64(9)})
	c.now = start.Add(3 * time.Hour)
	want(t, "as it was before", at(start.Add(90*time.Minute)), map[string]any{"size": int64(7)})
}
