package bundle

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"flowdeck/connectors"
	"flowdeck/flows"
)

// Selection says what to export. Its zero value is everything.
type Selection struct {
	Flows []string // ids or aliases; the connections, tables and variables that they use come with them
}

// exporting is one export under way.
type exporting struct {
	*Bundle
	flows       []flows.Flow // those that are exported
	all         bool
	connections []connectors.Connection // all there are
	chosen      map[string]bool         // ids of what the cards of the flows have chosen
	files       []File
}

// Export writes what sel chooses as files, sorted by path. A flow that is not there is
// flows.ErrNotFound.
func (b *Bundle) Export(ctx context.Context, sel Selection) ([]File, error) {
	x := &exporting{Bundle: b, all: len(sel.Flows) == 0}
	wanted := map[string]bool{}
	for _, name := range sel.Flows {
		wanted[name] = true
	}
	err := b.Store.EachFlow(ctx, func(f flows.Flow) error {
		if x.all || wanted[f.ID] || wanted[f.Alias] {
			x.flows = append(x.flows, f)
			delete(wanted, f.ID)
			delete(wanted, f.Alias)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, name := range sel.Flows {
		if wanted[name] {
			return nil, fmt.Errorf("export flow %q: %w", name, flows.ErrNotFound)
		}
	}
	if x.connections, err = b.Store.Connections(ctx); err != nil {
		return nil, err
	}
	x.chosen = map[string]bool{}
	for _, f := range x.flows {
		for _, c := range flows.Choices(f.Draft, b.Cards) {
			x.chosen[c.ID] = true
		}
	}
	for _, k := range kinds() {
		if err := k.export(ctx, x); err != nil {
			return nil, err
		}
	}
	sortFiles(x.files)
	return x.files, nil
}

// add writes one thing to a folder; name is without ending.
func (x *exporting) add(folder, name string, thing any) error {
	text, err := encode(thing)
	if err != nil {
		return fmt.Errorf("export %s/%s: %w", folder, name, err)
	}
	x.files = append(x.files, File{Path: folder + "/" + name + ".json", Text: text})
	return nil
}

// encode writes a file's text: indented, keys in a fixed order, those of maps sorted.
func encode(thing any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	err := enc.Encode(thing)
	return b.Bytes(), err
}

// fileNames gives each of the names one that files may have. Where two would be the
// same, both get the end of their id, and all of it where that is the same too.
func fileNames(names, ids []string) []string {
	list := make([]string, len(names))
	for i, name := range names {
		list[i] = flows.AliasFrom(name)
	}
	tellApart(list, func(i int) string { return ids[i][max(len(ids[i])-6, 0):] })
	tellApart(list, func(i int) string { return ids[i] })
	return list
}

// tellApart adds to the names that are there twice.
func tellApart(list []string, add func(i int) string) {
	count := map[string]int{}
	for _, name := range list {
		count[name]++
	}
	for i, name := range list {
		if count[name] > 1 {
			list[i] += "-" + strings.ToLower(add(i))
		}
	}
}

// uses reports whether an exported flow refers to the connection.
func (x *exporting) uses(id string) bool {
	return slices.ContainsFunc(x.flows, func(f flows.Flow) bool {
		return slices.ContainsFunc(f.Draft.All(), func(s flows.Step) bool { return s.Connection == id })
	})
}
