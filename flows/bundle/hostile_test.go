package bundle

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"flowdeck/flows"
	"flowdeck/flows/store"
)

// A file with many wrong steps is refused as soon as one with few: only what is told is
// looked for in the text.
func TestManyWrongStepsAreRefusedSoon(t *testing.T) {
	b := newBundle(t)
	var steps []string
	for i := range 20_000 {
		steps = append(steps, fmt.Sprintf(`{"id":"s%d","card":"no.such"}`, i))
	}
	text := `{"flowdeck":1,"name":"x","document":{"format":1,"trigger":{"id":"endpoint","card":"event.endpoint"},"chain":[` + strings.Join(steps, ",") + `]}}`
	began := time.Now()
	_, err := b.Import(ctx, []File{{Path: "a.json", Text: []byte(text)}}, Options{DryRun: true})
	var wrong Problems
	if !errors.As(err, &wrong) || len(wrong) > mostSaid {
		t.Fatalf("the error is %.200v", err)
	}
	if took := time.Since(began); took > 20*time.Second {
		t.Errorf("it took %s", took)
	}
}

// testFile is a test of a flow as a file.
func testFile(id, flow, want string) File {
	return File{Path: "tests/" + id + ".json", Text: []byte(`{"flowdeck":1,"kind":"flow test","id":"` + id + `","flow":"` + flow + `","name":"T",
		"test":{"event":{},"started":"2026-01-02T15:04:05Z","expect":[{"value":"status","operator":"equals","with":"` + want + `"}]}}`)}
}

func TestTestsHaveIDsOfTheirOwn(t *testing.T) {
	b := filled(t)
	for what, files := range map[string][]File{
		"no id":               {testFile("", "f_sync", "succeeded")},
		"no flow":             {testFile("t_1", "", "succeeded"), {Path: "a.json", Text: []byte(`{"flowdeck":1,"name":"x","document":{"format":1,"trigger":{"id":"endpoint","card":"event.endpoint"},"chain":[]}}`)}},
		"the id of another's": {testFile("t_taken", "f_sync", "succeeded")},
	} {
		if what == "the id of another's" {
			must(t, b.Store.CreateFlowTest(ctx, store.FlowTest{ID: "t_taken", FlowID: "f_none", Name: "Theirs", Body: "{}"}))
		}
		_, err := b.Import(ctx, files, Options{})
		var wrong Problems
		if !errors.As(err, &wrong) {
			t.Errorf("a test with %s: %v, want problems", what, err)
		}
	}
}

func TestImportsDoNotPublishWhatFailsItsTests(t *testing.T) {
	b := newBundle(t)
	doc := flows.Document{Format: flows.Format, Trigger: flows.Step{ID: "endpoint", Card: "event.endpoint"}}
	f := flows.Flow{ID: "f_guarded", Name: "Guarded", Alias: "guarded", Settings: flows.Settings{RequireTests: true}, Draft: doc}
	text, err := FileOf(f, nil).Encode()
	must(t, err)
	files := []File{{Path: "flows/guarded.json", Text: text}, testFile("t_1", "f_guarded", "failed")}
	_, err = b.Import(ctx, files, Options{Publish: true})
	var wrong Problems
	if !errors.As(err, &wrong) {
		t.Errorf("it was published: %v", err)
	}
	if got, err := b.Store.Flow(ctx, "f_guarded"); err == nil && (got.Version != 0 || got.On) {
		t.Errorf("version %d, on %v", got.Version, got.On)
	}
	files[1] = testFile("t_1", "f_guarded", "succeeded")
	if _, err = b.Import(ctx, files, Options{Publish: true}); err != nil {
		t.Errorf("with a test that passes: %v", err)
	}
	if got, err := b.Store.Flow(ctx, "f_guarded"); err != nil || got.Version != 1 || !got.On {
		t.Errorf("version %d, on %v: %v", got.Version, got.On, err)
	}
}

func TestEveryExportedFileIsInOneOfTheFolders(t *testing.T) {
	b := filled(t)
	_, err := b.Import(ctx, []File{testFile("t_1", "f_sync", "succeeded")}, Options{})
	must(t, err)
	for _, f := range export(t, b) {
		head, _, _ := strings.Cut(f.Path, "/")
		if !strings.Contains(" "+strings.Join(Folders(), " ")+" ", " "+head+" ") {
			t.Errorf("%s is in none of %v, so nobody reads it from a folder", f.Path, Folders())
		}
	}
}

// Which of two steps is said to have the id of the other one is no matter of luck.
func TestProblemsStandInTheSameOrder(t *testing.T) {
	text := []byte(`{"flowdeck":1,"name":"x","document":{"format":1,"trigger":{"id":"endpoint","card":"event.endpoint"},"chain":[
{"id":"if","card":"control.if","blocks":{"else":{"chain":[
{"id":"a","card":"none"}]},"then":{"chain":[
{"id":"a","card":"none"}]}}}]}}`)
	b := newBundle(t)
	_, first := b.Import(ctx, []File{{Path: "a.json", Text: text}}, Options{})
	for range 20 {
		if _, again := b.Import(ctx, []File{{Path: "a.json", Text: text}}, Options{}); again.Error() != first.Error() {
			t.Fatalf("the problems are\n%v\nand then\n%v", first, again)
		}
	}
}

// A flow whose file has no id takes whatever name in URLs is free, and none that another
// file claims.
func TestAFlowWithoutAnIDLeavesOthersTheirAlias(t *testing.T) {
	text := func(id string) []byte {
		return []byte(`{"flowdeck":1,` + id + `"name":"x","alias":"x","document":{"format":1,"trigger":{"id":"endpoint","card":"event.endpoint"},"chain":[]}}`)
	}
	b := newBundle(t)
	done, err := b.Import(ctx, []File{{Path: "a.json", Text: text("")}, {Path: "b.json", Text: text(`"id":"f_x",`)}}, Options{})
	must(t, err)
	if f, err := b.Store.Flow(ctx, done[0].ID); err != nil || f.Alias == "x" {
		t.Errorf("the flow without an id has the alias %q, %v", f.Alias, err)
	}
}
