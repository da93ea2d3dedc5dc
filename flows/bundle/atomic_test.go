package bundle

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"flowdeck/cards"
	"flowdeck/cards/schema"
	"flowdeck/flows"
)

// everything is what an import could have written, as an export shows it.
func everything(t testing.TB, b *Bundle) string {
	t.Helper()
	return paths(export(t, b))
}

// TestAnImportDoesAllOrNothing lets imports fail at every file.
func TestAnImportDoesAllOrNothing(t *testing.T) {
	source := filled(t)
	using(t, source)
	files := export(t, source)
	files = append(files, testFile("t_1", "f_sync", "succeeded"))
	b := newBundle(t)
	must(t, b.Store.CreateFlow(ctx, flows.Flow{ID: "f_none", Name: "Was here", Alias: "none", Draft: flows.Document{Format: flows.Format}}))
	before := everything(t, b)
	stopped := 0
	for n := 1; ; n++ {
		// What is applied asks for the time, so the context ends between two writes.
		within, stop := context.WithCancel(ctx)
		left := n
		b.Now = func() time.Time {
			if left--; left == 0 {
				stop()
			}
			return time.Now()
		}
		_, err := b.Import(within, files, Options{})
		stop()
		if err == nil {
			break
		}
		stopped++
		if got := everything(t, b); got != before {
			t.Fatalf("stopped at %d: %v\ngot  %s\nwant %s", n, err, got, before)
		}
		if f, err := b.Store.Flow(ctx, "f_none"); err != nil || f.Name != "Was here" {
			t.Fatalf("stopped at %d: the flow that was here is %q, %v", n, f.Name, err)
		}
	}
	if stopped < len(files)/2 {
		t.Errorf("it was stopped %d times, with %d files", stopped, len(files))
	}
	b.Now = time.Now
	other := newBundle(t)
	_, err := other.Import(ctx, files, Options{})
	must(t, err)
	if got, want := everything(t, b), everything(t, other); got != want {
		t.Errorf("in the end there is\n%s\nwant\n%s", got, want)
	}
}

func TestAnImportThatTheServerRefusesLeavesNothing(t *testing.T) {
	b := newBundle(t)
	column := []cards.Column{{Key: "a", Name: "A", Type: schema.Text}}
	for n := range cards.MaxTables {
		must(t, b.Store.CreateTable(ctx, cards.Table{ID: fmt.Sprintf("tbl_%d", n), Name: fmt.Sprintf("T%d", n), Columns: column}))
	}
	table, err := json.Marshal(tableFile{Flowdeck: Format, Kind: tableName, ID: "tbl_more", Name: "More", Columns: column})
	must(t, err)
	before := everything(t, b)
	list, err := b.Import(ctx, []File{{Path: "connections/crm.json", Text: []byte(`{"flowdeck": 1, "kind": "connection", "id": "c_new", "name": "New", "type": "none"}`)},
		{Path: "tables/more.json", Text: table}}, Options{})
	var e *cards.Error
	if !errors.As(err, &e) || e.Code != cards.CodeLimit || !strings.Contains(err.Error(), "import tables/more.json (nothing is imported)") || list != nil {
		t.Errorf("one table too many: %v, %v", list, err)
	}
	if got := everything(t, b); got != before {
		t.Errorf("it left something: %s", got)
	}
}

// TestPublishedImportsCallWhatCanBeCalled: what the builder refuses to publish, an import does too.
func TestPublishedImportsCallWhatCanBeCalled(t *testing.T) {
	b := newBundle(t)
	helper := func(id, card string, on bool) flows.Flow {
		return flows.Flow{ID: id, Name: strings.ToUpper(id), Alias: strings.ReplaceAll(id, "_", "-"), On: on, Draft: flows.Document{Format: flows.Format,
			Trigger: flows.Step{ID: "start", Card: card, Inputs: schema.Values{"inputs": []any{map[string]any{"name": "who", "type": "text", "required": true}}}}}}
	}
	must(t, b.Store.CreateFlow(ctx, helper("f_draft", "event.helper", false)))
	must(t, b.Store.CreateFlow(ctx, helper("f_web", "event.endpoint", false)))
	caller := func(called string, with schema.Values, more ...flows.Flow) error {
		files := []File{}
		for _, f := range append(more, flows.Flow{ID: "f_caller", Name: "Caller", Alias: "caller", Draft: flows.Document{Format: flows.Format, Trigger: flows.Step{ID: "start", Card: "event.manual"},
			Chain: []flows.Step{{ID: "call", Card: "control.call", Inputs: schema.Values{"flow": called, "with": with}}}}}) {
			text, err := FileOf(f, nil).Encode()
			must(t, err)
			files = append(files, File{Path: "flows/" + f.Alias + ".json", Text: text})
		}
		_, err := b.Import(ctx, files, Options{Publish: true})
		return err
	}
	for _, c := range []struct {
		what string
		err  error
		want string
	}{
		{"one that was never published", caller("f_draft", schema.Values{"who": "x"}), "F_DRAFT has never been published"},
		{"an endpoint", caller("f_web", nil), "F_WEB cannot be called"},
		{"without its input", caller("f_new", nil, helper("f_new", "event.helper", false)), "with.who is required"},
		{"none that is there", caller("f_gone", nil), "names a flow that is not on this server"},
	} {
		if c.err == nil || !strings.Contains(c.err.Error(), "flows/caller.json: step call: ") || !strings.Contains(c.err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", c.what, c.err, c.want)
		}
	}
	if _, err := b.Store.Flow(ctx, "f_caller"); !errors.Is(err, flows.ErrNotFound) {
		t.Errorf("what was refused is there: %v", err)
	}
	if err := caller("f_new", schema.Values{"who": "x"}, helper("f_new", "event.helper", false)); err != nil {
		t.Errorf("one that comes along: %v", err)
	}
}
