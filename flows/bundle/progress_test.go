package bundle

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"flowdeck/flows"
)

func flowFiles(t *testing.T, n int) (files []File) {
	t.Helper()
	for n := range n {
		f := flows.Flow{ID: fmt.Sprintf("f_%d", n), Name: fmt.Sprintf("Flow %d", n), Alias: fmt.Sprintf("flow-%d", n), Draft: calling("")}
		text, err := FileOf(f, nil).Encode()
		must(t, err)
		files = append(files, File{Path: "flows/" + f.Alias + ".json", Text: text})
	}
	return files
}

func TestAnImportTellsHowFarItIs(t *testing.T) {
	b := newBundle(t)
	last := map[Stage]Progress{}
	var order []Stage
	told := func(p Progress) {
		if len(order) == 0 || order[len(order)-1] != p.Did {
			order = append(order, p.Did)
		} else if p.Done != last[p.Did].Done+1 {
			t.Errorf("after %d of %d files %s come %d", last[p.Did].Done, p.Of, p.Did, p.Done)
		}
		last[p.Did] = p
	}
	_, err := b.Import(ctx, flowFiles(t, 30), Options{DryRun: true, Told: told})
	must(t, err)
	if want := []Stage{Read, Checked}; !slices.Equal(order, want) {
		t.Errorf("a dry run tells of %v, want %v", order, want)
	}
	order = nil
	_, err = b.Import(ctx, flowFiles(t, 30), Options{Publish: true, Told: told})
	must(t, err)
	if want := []Stage{Read, Checked, Ready, Written, Published}; !slices.Equal(order, want) {
		t.Errorf("it tells of %v, want %v", order, want)
	}
	for _, did := range order[1:] {
		if want := (Progress{did, 30, 30, "flows"}); last[did] != want {
			t.Errorf("the last that is told is %v, want %v", last[did], want)
		}
	}
	mixed := append(flowFiles(t, 1), File{Path: "t.json", Text: []byte(`{"flowdeck": 1, "kind": "table", "id": "tbl_1", "name": "T", "columns": [{"key": "a", "name": "A", "type": "text"}]}`)})
	_, err = b.Import(ctx, mixed, Options{Told: told})
	if got := last[Checked]; got != (Progress{Checked, 2, 2, "files"}) {
		t.Errorf("with a table it tells %v (%v)", got, err)
	}
}

// TestAStoppedImportSaysSo stops it at every stage.
func TestAStoppedImportSaysSo(t *testing.T) {
	for _, at := range []Stage{Read, Checked, Ready, Written, Published} {
		b := newBundle(t)
		before := everything(t, b)
		within, stop := context.WithCancel(ctx)
		_, err := b.Import(within, flowFiles(t, 10), Options{Publish: true, Told: func(p Progress) {
			if p.Did == at && p.Done == 5 {
				stop()
			}
		}})
		stop()
		if !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "the import was stopped, and nothing is imported") {
			t.Errorf("stopped while files are %s it says %v", at, err)
		}
		if got := everything(t, b); got != before {
			t.Errorf("stopped while files are %s there is\n%s\nwant\n%s", at, got, before)
		}
	}
}
