package storetest

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"

	"flowdeck/flows"
	"flowdeck/flows/store"
)

func testDrafts(t *testing.T, open Opener) {
	c := &clock{start}
	s := open(t, store.Options{Now: c.Now})
	newFlow(t, s, "f_1")
	next := document("https://b.example", "")
	n, err := s.SaveDraft(ctx, "f_1", 1, next, store.Change{UserID: "u_1", By: "Maya"})
	must(t, err)
	want(t, "revision", n, int64(2))
	got, err := s.Flow(ctx, "f_1")
	must(t, err)
	want(t, "draft", got.Draft, next)

	_, err = s.SaveDraft(ctx, "f_1", 1, document("https://c.example", ""), store.Change{UserID: "u_2", By: "Jo"})
	wantErr(t, "SaveDraft of an old revision", err, flows.ErrConflict)
	var conflict *store.Conflict
	if !errors.As(err, &conflict) {
		t.Fatalf("SaveDraft of an old revision = %v, want a *Conflict", err)
	}
	want(t, "conflict", *conflict, store.Conflict{Revision: 2, By: "Maya", At: start})
	got, err = s.Flow(ctx, "f_1")
	must(t, err)
	want(t, "draft after a conflict", got.Draft, next)
	_, err = s.SaveDraft(ctx, "f_9", 1, next, store.Change{})
	wantErr(t, "SaveDraft of an unknown flow", err, flows.ErrNotFound)
}

func testUndo(t *testing.T, open Opener) {
	s := open(t, store.Options{})
	newFlow(t, s, "f_1")
	revision := int64(1)
	save := func(c store.Change) {
		t.Helper()
		n, err := s.SaveDraft(ctx, "f_1", revision, document(fmt.Sprint(revision), ""), c)
		must(t, err)
		revision = n
	}
	last := func(user string, undone bool) string {
		t.Helper()
		e, err := s.LastEdit(ctx, "f_1", user, undone)
		if errors.Is(err, flows.ErrNotFound) {
			return "none"
		}
		must(t, err)
		return fmt.Sprintf("%d %s %s %s", e.Seq, e.Label, e.Edit, e.Inverse)
	}
	raw := func(s string) json.RawMessage { return json.RawMessage(s) }
	want(t, "undo of nothing", last("u_1", false), "none")
	save(store.Change{UserID: "u_1", Label: "one", Edit: raw(`1`), Inverse: raw(`-1`)})
	save(store.Change{UserID: "u_2", Label: "two", Edit: raw(`2`), Inverse: raw(`-2`)})
	save(store.Change{UserID: "u_1", Label: "three", Edit: raw(`3`), Inverse: raw(`-3`)})
	save(store.Change{UserID: "u_1", Label: "not listed"})
	want(t, "undo of u_1", last("u_1", false), "4 three 3 -3")
	want(t, "undo of u_2", last("u_2", false), "3 two 2 -2")

	save(store.Change{UserID: "u_1", Undo: 4, Edit: raw(`33`)})
	want(t, "undo after an undo", last("u_1", false), "2 one 1 -1")
	want(t, "redo after an undo", last("u_1", true), "4 three 33 -3")
	save(store.Change{UserID: "u_1", Undo: 2})
	want(t, "redo after two undos", last("u_1", true), "2 one 1 -1")
	_, err := s.SaveDraft(ctx, "f_1", revision, document("x", ""), store.Change{UserID: "u_1", Undo: 2})
	wantErr(t, "the same undo twice", err, flows.ErrNotFound)
	save(store.Change{UserID: "u_1", Redo: 2, Inverse: raw(`-11`)})
	want(t, "undo after a redo", last("u_1", false), "2 one 1 -11")
	want(t, "redo after a redo", last("u_1", true), "4 three 33 -3")
	save(store.Change{UserID: "u_1", Label: "new", Edit: raw(`5`), Inverse: raw(`-5`)})
	want(t, "redo after a new edit", last("u_1", true), "none")
	want(t, "undo of somebody else", last("u_2", false), "3 two 2 -2")

	first := revision
	for range 201 {
		save(store.Change{UserID: "u_1", Label: "many", Edit: raw(`0`), Inverse: raw(`0`)})
	}
	undone := 0
	for last("u_1", false) != "none" {
		e, err := s.LastEdit(ctx, "f_1", "u_1", false)
		must(t, err)
		save(store.Change{UserID: "u_1", Undo: e.Seq})
		undone++
	}
	want(t, fmt.Sprintf("undos after 201 edits from revision %d", first), undone, 200)
}
