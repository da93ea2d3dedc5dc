package bundle

import (
	"context"
	"errors"
	"slices"
	"strings"

	"flowdeck/connectors"
	"flowdeck/flows"
	"flowdeck/flows/store"
)

// FlowFile is a flow as a file: its draft. Connections are named, never included:
// secrets stay where they are.
type FlowFile struct {
	Flowdeck    int                      `json:"flowdeck" doc:"Format of the file: 1"`
	Kind        string                   `json:"kind,omitempty" enum:"flow"`
	ID          string                   `json:"id,omitempty"`
	Name        string                   `json:"name,omitempty"`
	Description string                   `json:"description,omitempty"`
	Folder      string                   `json:"folder,omitempty" doc:"Levels with slashes between: crm/sync"`
	Labels      []string                 `json:"labels,omitempty"`
	Alias       string                   `json:"alias,omitempty" doc:"Its name in URLs"`
	Settings    flows.Settings           `json:"settings,omitzero"`
	Connections map[string]ConnectionRef `json:"connections,omitempty" doc:"By the ids that steps refer to, so that another server finds its own"`
	Document    flows.Document           `json:"document"`
}

// ConnectionRef says which connection a step means.
type ConnectionRef struct {
	Name string `json:"name"`
	Type string `json:"type"`
}

const (
	flowName   = "flow"
	flowFolder = "flows"
)

var flowKind = kind{name: flowName, export: exportFlows, read: readFlow}

func exportFlows(_ context.Context, x *exporting) error {
	named := namesOf(x.connections)
	for _, f := range x.flows {
		name := f.Alias
		if f.Folder != "" {
			name = f.Folder + "/" + name
		}
		if err := x.add(flowFolder, name, FileOf(f, named)); err != nil {
			return err
		}
	}
	return nil
}

// FileOf is the file of a flow; named are the connections there are, by id.
func FileOf(f flows.Flow, named map[string]ConnectionRef) FlowFile {
	file := FlowFile{Flowdeck: Format, Kind: flowName, ID: f.ID, Name: f.Name, Description: f.Description, Folder: f.Folder, Labels: f.Labels,
		Alias: f.Alias, Settings: f.Settings, Connections: map[string]ConnectionRef{}, Document: f.Draft}
	if file.Document.Chain == nil {
		file.Document.Chain = []flows.Step{}
	}
	for _, step := range f.Draft.All() {
		if c, ok := named[step.Connection]; ok {
			file.Connections[step.Connection] = c
		}
	}
	return file
}

// Encode returns the file's text.
func (f FlowFile) Encode() ([]byte, error) { return encode(f) }

// flowItem is a flow about to be imported.
type flowItem struct {
	src  *source
	file FlowFile
	here *flows.Flow // nil when there is none yet
	next flows.Flow  // what it becomes
	held bool        // its tests keep it from being published
}

func readFlow(b *Bundle, src *source) item {
	x := &flowItem{src: src}
	if !src.into(&x.file) {
		return nil
	}
	return x.checked(b, "document")
}

// readBareDocument reads a document that is a file of its own.
func readBareDocument(b *Bundle, src *source) item {
	x := &flowItem{src: src, file: FlowFile{Name: "Imported flow"}}
	if !src.into(&x.file.Document) {
		return nil
	}
	return x.checked(b)
}

// checked says all that is wrong with the file alone; the document stands at path.
func (i *flowItem) checked(b *Bundle, path ...string) item {
	before := len(*i.src.problems)
	i.src.checkID(i.file.ID, "f_")
	f := &i.file
	d := flows.Details{Name: f.Name, Description: f.Description, Folder: f.Folder, Labels: f.Labels}.Clean()
	if d.Name == "" {
		d.Name = "Imported flow"
	}
	f.Name, f.Description, f.Folder, f.Labels = d.Name, d.Description, d.Folder, d.Labels
	i.src.fields(d.Check())
	f.Settings = f.Settings.Clean()
	i.src.fields(f.Settings.Check(), "settings")
	if f.Alias != "" {
		i.src.fields(flows.CheckAlias(f.Alias))
	}
	i.src.checkSteps(b, f.Document, path)
	if len(*i.src.problems) > before {
		return nil
	}
	return i
}

func (i *flowItem) key() (kind, id, name string) { return flowName, i.file.ID, i.file.Name }

// bind decides which id the flow has here.
func (i *flowItem) bind(x *importing) {
	i.next.ID = i.file.ID
	if i.file.ID == "" || x.options.Copy {
		i.next.ID = store.NewID("f_")
	}
	x.bound[i.file.ID] = i.next.ID
}

func (i *flowItem) plan(ctx context.Context, x *importing, c *Change) error {
	f, id := i.file, i.next.ID
	i.next.Created = x.Now()
	if id == f.ID {
		here, err := x.Store.Flow(ctx, id)
		switch {
		case err == nil:
			i.here, i.next = &here, here
		case !errors.Is(err, flows.ErrNotFound):
			return err
		}
	}
	i.next.Name, i.next.Description, i.next.Folder, i.next.Labels, i.next.Settings = f.Name, f.Description, f.Folder, f.Labels, f.Settings
	i.next.Draft = x.rebind(f, c)
	if err := i.planOnFailure(ctx, x, c); err != nil {
		return err
	}
	if err := i.planAlias(ctx, x); err != nil {
		return err
	}
	c.ID, c.Action = i.next.ID, Created
	if i.here != nil {
		same, err := x.same(*i.here, i.next)
		if err != nil {
			return err
		}
		if c.Action = Updated; same {
			c.Action = Unchanged
		}
		if c.Live, err = i.here.LiveChange(i.next); err != nil {
			return err
		}
	}
	return nil
}

// planOnFailure finds the flow that is called when a run fails: the one that comes along
// as a copy, else the one that is here.
func (i *flowItem) planOnFailure(ctx context.Context, x *importing, c *Change) error {
	id := i.next.Settings.OnFailure
	if id == "" {
		return nil
	}
	if here, ok := x.bound[id]; ok {
		i.next.Settings.OnFailure = here
		return nil
	}
	_, err := x.Store.Flow(ctx, id)
	if errors.Is(err, flows.ErrNotFound) {
		c.Notes = append(c.Notes, "The flow that is called when a run fails is not here: import it too, or choose another one.")
		return nil
	}
	return err
}

// planAlias chooses the flow's name in URLs. One that a file with an id claims must be
// free; others only prefer theirs.
func (i *flowItem) planAlias(ctx context.Context, x *importing) error {
	want := i.file.Alias
	if want == "" && i.here != nil {
		return nil // it keeps the one it has
	}
	if want == "" {
		want = flows.AliasFrom(i.file.Name)
	}
	i.next.Alias = want
	if i.file.ID == "" || x.options.Copy {
		return nil
	}
	other, err := x.Store.FlowByAlias(ctx, want)
	switch {
	case errors.Is(err, flows.ErrNotFound):
	case err != nil:
		return err
	case other.FlowID != i.next.ID:
		i.src.fail([]string{"alias"}, "“%s” belongs to another flow here, “%s”", want, other.Name)
	}
	if by, taken := x.aliases[want]; taken {
		i.src.fail([]string{"alias"}, "“%s” is the alias of %s too", want, by)
	}
	x.aliases[want] = i.src.Path
	return nil
}

// same reports whether two flows make the same file.
func (x *importing) same(a, b flows.Flow) (bool, error) {
	before, err := encode(FileOf(a, nil))
	if err != nil {
		return false, err
	}
	after, err := encode(FileOf(b, nil))
	return string(before) == string(after), err
}

// rebind makes the steps refer to the flows, tables and connections that are here or come
// with the bundle:
// those with the same id, else those of the same name and type. Others stay as they are:
// the builder says at the step that another one is to be chosen.
func (x *importing) rebind(f FlowFile, c *Change) flows.Document {
	missing := map[string]bool{}
	doc := f.Document.EachStep(func(step *flows.Step) {
		if step.Connection == "" || x.hasConnection(step.Connection) {
			return
		}
		was := f.Connections[step.Connection]
		if here, ok := x.bound[step.Connection]; ok {
			step.Connection = here
		} else if here := x.connectionNamed(was); here != "" {
			step.Connection = here
		} else if name := strings.TrimSpace(was.Name); !missing[name+step.Connection] {
			missing[name+step.Connection] = true
			if name == "" {
				name = step.Connection
			}
			c.Notes = append(c.Notes, "The connection “"+name+"” is not here: choose another one in the builder.")
		}
	})
	return flows.Rechoose(doc, x.Cards, func(_, id string) string {
		if here, ok := x.bound[id]; ok {
			return here
		}
		return id
	})
}

func (x *importing) hasConnection(id string) bool {
	for _, c := range x.connections {
		if c.ID == id {
			return true
		}
	}
	return slices.ContainsFunc(x.planned, func(c connectors.Connection) bool { return c.ID == id })
}

func (x *importing) connectionNamed(was ConnectionRef) string {
	for _, list := range [][]connectors.Connection{x.connections, x.planned} {
		for _, c := range list {
			if strings.EqualFold(c.Name, was.Name) && c.Type == was.Type {
				return c.ID
			}
		}
	}
	return ""
}

func (i *flowItem) apply(ctx context.Context, x *importing, c *Change) error {
	if c.Action == Created {
		i.next.UpdatedBy, i.next.Updated = x.by.Name, x.Now()
		return x.createFlow(ctx, i.next, i.file.ID != "" && !x.options.Copy)
	}
	before := *i.here
	err := x.Store.UpdateFlow(ctx, before.ID, func(f *flows.Flow) error {
		n := i.next
		f.Name, f.Description, f.Folder, f.Labels, f.Alias, f.Settings, f.UpdatedBy = n.Name, n.Description, n.Folder, n.Labels, n.Alias, n.Settings, x.by.Name
		return nil
	})
	if err != nil {
		return err
	}
	change, differs, err := x.Replacement(before.Draft, i.next.Draft, x.by)
	if err != nil || !differs {
		return err
	}
	_, err = x.Store.SaveDraft(ctx, before.ID, before.Revision, i.next.Draft, change)
	return err
}
