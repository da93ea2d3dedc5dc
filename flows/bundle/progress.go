package bundle

import (
	"context"
	"fmt"
)

// Progress is how far an import has come: 120 of 200 flows are written, say. What is
// written counts for nothing before the import ends: it is undone when it fails.
type Progress struct {
	Did      Stage
	Done, Of int
	What     string // flows when there is nothing else in the bundle, otherwise files
}

// Stage is what an import does with all of its files before the next stage.
type Stage string

// Stages of an import, one after the other.
const (
	Read      Stage = "read"
	Checked   Stage = "checked"
	Ready     Stage = "made sure of" // that they can be published
	Written   Stage = "written"
	Published Stage = "published"
)

func (x *importing) told(p Progress) {
	if x.options.Told != nil {
		x.options.Told(p)
	}
}

func (x *importing) tell(did Stage, done int, items []work) {
	if x.options.Told == nil {
		return
	}
	if x.what == "" {
		x.what = "flows"
		for _, w := range items {
			if _, isFlow := w.item.(*flowItem); !isFlow {
				x.what = "files"
				break
			}
		}
	}
	x.told(Progress{did, done, len(items), x.what})
}

// stopped says of an import that was stopped what that means.
func stopped(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil {
		return fmt.Errorf("the import was stopped, and nothing is imported: %w", context.Cause(ctx))
	}
	return err
}
