package bundle

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"flowdeck/cards"
	"flowdeck/connectors"
	"flowdeck/flows"
	"flowdeck/flows/store"
)

// Options say how to import.
type Options struct {
	By      store.User // whose name stands at the changes; an ID lets them be undone
	DryRun  bool       // only say what would be done
	Publish bool       // publish the drafts that were changed, and switch them on
	Copy    bool       // make new flows, whatever ids the files have
	// Allow looks at what would be done before it is; its error refuses all of it. Nil allows.
	Allow func([]Change) error
	// Told is called with how far it has come; nil: nobody is told.
	Told func(Progress)
}

// importing is one import under way.
type importing struct {
	*Bundle
	options     Options
	by          store.User
	connections []connectors.Connection // that are here
	planned     []connectors.Connection // that will be
	bound       map[string]string       // id in the files → id here
	aliases     map[string]string       // alias → file
	tables      []cards.Table           // that are here; nil until a file asks
	names       map[string]string       // kind and name in small letters, of connections and tables → file
	ids         map[string]string       // id in the files → file
	problems    Problems
	written     bool            // it is there: nothing stops it any more
	what        string          // is counted: see Progress
	comes       map[string]bool // ids of the flows in the bundle

	variables     []store.Variable // that are here: see variablesHere
	variablesRead bool
	active        string           // environment
	named         map[string]bool  // names of the variables in the bundle
	come          []store.Variable // values that will be new
	fresh         int              // how many of them are in an environment that has none yet
}

// work is an item on its way.
type work struct {
	item
	change Change
}

// Import reads files and does what they say, or all but that on a dry run. It does all or
// nothing: also after a failure in the middle nothing is done. Problems, when there are
// any, are returned with what would have been done; but those of tests that keep a flow
// from being published come with what was done.
func (b *Bundle) Import(ctx context.Context, files []File, o Options) ([]Change, error) {
	x := &importing{Bundle: b, options: o, by: o.By, bound: map[string]string{}, aliases: map[string]string{}, names: map[string]string{}, ids: map[string]string{}, comes: map[string]bool{}, named: map[string]bool{}}
	items := x.readAll(ctx, files)
	if err := stopped(ctx, ctx.Err()); err != nil {
		return nil, err
	}
	list, err := x.importAll(ctx, items)
	if x.written {
		return list, err
	}
	return list, stopped(ctx, err)
}

func (x *importing) importAll(ctx context.Context, items []work) ([]Change, error) {
	b, o := x.Bundle, x.options
	var err error
	if x.connections, err = b.Store.Connections(ctx); err != nil {
		return nil, err
	}
	list := make([]Change, len(items))
	for n := range items { // flows may refer to each other
		if f, isFlow := items[n].item.(*flowItem); isFlow {
			f.bind(x)
		}
	}
	for n := range items {
		if err := items[n].plan(ctx, x, &items[n].change); err != nil {
			return nil, err
		}
		list[n] = items[n].change
		x.tell(Checked, n+1, items)
	}
	if err := x.checkPublish(ctx, items); err != nil {
		return nil, err
	}
	if len(x.problems) > 0 {
		return list, x.problems
	}
	if o.Allow != nil {
		if err := o.Allow(list); err != nil {
			return nil, err
		}
	}
	if o.DryRun {
		return list, nil
	}
	held, err := x.heldByTests(ctx, items)
	if err != nil {
		return nil, err
	}
	x.tell(Written, 0, items) // it may have to wait for what others write
	err = b.Store.Together(ctx, func(st *store.Store) error {
		within, here := *x, *b
		here.Store, within.Bundle = st, &here
		return within.apply(ctx, items, list)
	})
	if err != nil {
		return nil, err
	}
	if x.written = true; len(held) > 0 {
		return list, held
	}
	return list, nil
}

// apply does what was planned, and publishes the flows once everything is here.
func (x *importing) apply(ctx context.Context, items []work, list []Change) error {
	for n := range items {
		if c := &list[n]; c.Action != Unchanged {
			if err := items[n].apply(ctx, x, c); err != nil {
				return fmt.Errorf("import %s (nothing is imported): %w", c.File, err)
			}
		}
		x.tell(Written, n+1, items)
	}
	if !x.options.Publish {
		return nil
	}
	for n := range items {
		if f, isFlow := items[n].item.(*flowItem); isFlow && !f.held {
			if err := f.publish(ctx, x, &list[n]); err != nil {
				return fmt.Errorf("publish %s (nothing is imported): %w", list[n].File, err)
			}
		}
		x.tell(Published, n+1, items)
	}
	return nil
}

// readAll reads every file, those first that others refer to.
func (x *importing) readAll(ctx context.Context, files []File) []work {
	sortFiles(files)
	read := map[string][]work{}
	if len(files) > MostFiles {
		x.problems = append(x.problems, Problem{Problem: flows.Problem{Message: fmt.Sprintf("There are %d files; %d are the most.", len(files), MostFiles)}})
		return nil
	}
	if len(files) == 0 {
		x.problems = append(x.problems, Problem{Problem: flows.Problem{Message: "There is no .json file in it."}})
	}
	for n, f := range files {
		if ctx.Err() != nil {
			return nil
		}
		x.told(Progress{Did: Read, Done: n, Of: len(files), What: "files"})
		src := &source{File: f, problems: &x.problems}
		it := x.read(src)
		if it == nil {
			continue
		}
		kind, id, name := it.key()
		if other, twice := x.ids[id]; twice && id != "" {
			src.fail([]string{"id"}, "is the id of %s too", other)
			continue
		}
		x.ids[id] = f.Path
		x.comes[id] = x.comes[id] || kind == flowName
		read[kind] = append(read[kind], work{it, Change{File: f.Path, Kind: kind, ID: id, Name: name}})
	}
	var items []work
	for _, k := range kinds() {
		items = append(items, read[k.name]...)
	}
	return items
}

// createFlow stores a new flow; one whose alias is not fixed gets one that is free.
func (x *importing) createFlow(ctx context.Context, f flows.Flow, fixed bool) error {
	if fixed {
		return x.Store.CreateFlow(ctx, f)
	}
	return store.WithAlias(f.Alias, func(alias string) error {
		if _, claimed := x.aliases[alias]; claimed {
			return flows.ErrTaken // by a file whose flow may not be here yet
		}
		f.Alias = alias
		return x.Store.CreateFlow(ctx, f)
	})
}

// Replacement is the change of a draft to another, as undo lists it, and whether they differ.
func (b *Bundle) Replacement(from, to flows.Document, by store.User) (c store.Change, differs bool, err error) {
	before, err := from.Encode()
	if err != nil {
		return c, false, err
	}
	after, err := to.Encode()
	if err != nil || string(before) == string(after) {
		return c, false, err
	}
	edit := flows.Edit{Op: flows.OpReplace, Value: to}
	_, inverse, _, err := from.Apply(edit, b.Cards)
	if err != nil {
		return c, false, err
	}
	c = store.Change{UserID: by.ID, By: by.Name, Label: "Replace the draft"}
	if c.Edit, err = json.Marshal(edit); err == nil && by.ID != "" {
		c.Inverse, err = json.Marshal(inverse)
	}
	return c, true, err
}

// takeName reports whether the thing of a file may have its name: no other file has it, nor
// does another one come for the thing of that name here, whose id is here.
func (x *importing) takeName(src *source, kind, id, name, here string) bool {
	key := kind + " " + strings.ToLower(name)
	if other, twice := x.names[key]; twice {
		src.fail([]string{"name"}, "is the name of the %s in %s too", kind, other)
		return false
	}
	x.names[key] = src.Path
	if other, comes := x.ids[here]; comes && here != "" && here != id {
		src.fail([]string{"name"}, "belongs to a %s here that comes with %s: import that file first, or rename one of the two", kind, other)
		return false
	}
	return true
}
