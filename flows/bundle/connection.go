package bundle

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"

	"flowdeck/cards/schema"
	"flowdeck/connectors"
	"flowdeck/flows"
	"flowdeck/flows/store"
)

const (
	connectionName   = "connection"
	connectionFolder = "connections"
)

// connectionFile is a connection without its secrets.
type connectionFile struct {
	Flowdeck    int           `json:"flowdeck"`
	Kind        string        `json:"kind"`
	ID          string        `json:"id,omitempty"`
	Name        string        `json:"name"`
	Description string        `json:"description,omitempty"`
	Type        string        `json:"type"`
	Hosts       []string      `json:"hosts,omitempty"`
	TestURL     string        `json:"test_url,omitempty"`
	Settings    schema.Values `json:"settings,omitempty"`
	Network     schema.Values `json:"network,omitempty"`
}

var connectionKind = kind{name: connectionName, export: exportConnections, read: readConnection}

func exportConnections(_ context.Context, x *exporting) error {
	var names, ids []string
	for _, c := range x.connections {
		names, ids = append(names, c.Name), append(ids, c.ID)
	}
	for i, name := range fileNames(names, ids) { // of all, so that a part has the same names as the whole
		if c := x.connections[i]; x.all || x.uses(c.ID) {
			if err := x.add(connectionFolder, name, shapeOf(c)); err != nil {
				return err
			}
		}
	}
	return nil
}

func shapeOf(c connectors.Connection) connectionFile {
	return connectionFile{Flowdeck: Format, Kind: connectionName, ID: c.ID, Name: c.Name, Description: c.Description, Type: c.Type,
		Hosts: c.Hosts, TestURL: c.TestURL, Settings: c.Settings, Network: c.Network}
}

// connectionItem is a connection about to be imported.
type connectionItem struct {
	src  *source
	file connectionFile
	kind connectors.AuthType
	here *connectors.Connection // nil when there is none yet
	row  connectors.Connection  // what it becomes
}

func readConnection(b *Bundle, src *source) item {
	x := &connectionItem{src: src}
	if !src.into(&x.file) {
		return nil
	}
	before := len(*src.problems)
	src.checkID(x.file.ID, "c_")
	x.file.Name = strings.TrimSpace(x.file.Name)
	src.fields(connectors.CheckNames(x.file.Name, x.file.Description))
	var known bool
	if x.kind, known = b.Types.Type(x.file.Type); !known {
		src.fail([]string{"type"}, "is not a kind of sign-in that this Flowdeck has: %s", schema.Describe(x.file.Type))
	}
	if len(*src.problems) > before {
		return nil
	}
	return x
}

func (i *connectionItem) key() (kind, id, name string) { return connectionName, i.file.ID, i.file.Name }

func (i *connectionItem) plan(_ context.Context, x *importing, c *Change) error {
	for n := range x.connections {
		if have := &x.connections[n]; have.ID == i.file.ID {
			i.here = have
		}
	}
	for n := range x.connections {
		if have := &x.connections[n]; strings.EqualFold(have.Name, i.file.Name) {
			if i.here != nil && i.here != have {
				i.src.fail([]string{"name"}, "belongs to another connection here")
				return nil
			}
			i.here = have
		}
	}
	here := ""
	if i.here != nil {
		here = i.here.ID
	}
	if !x.takeName(i.src, connectionName, i.file.ID, i.file.Name, here) {
		return nil
	}
	i.row = connectors.Connection{ID: i.file.ID, Type: i.file.Type, Created: x.Now()}
	if i.here != nil {
		i.row = *i.here
	} else if i.row.ID == "" {
		i.row.ID = store.NewID("c_")
	}
	x.bound[i.file.ID], c.ID = i.row.ID, i.row.ID
	if i.row.Type != i.file.Type {
		i.src.fail([]string{"type"}, "is %s, but the connection here is %s: rename one of the two", i.file.Type, i.row.Type)
		return nil
	}
	before, err := encode(shapeOf(i.row))
	if err != nil {
		return err
	}
	if err := i.fill(x.Bundle, &i.row); err != nil {
		var wrong schema.Problems
		if errors.As(err, &wrong) {
			i.refuse(wrong)
			return nil
		}
		return err
	}
	after, err := encode(shapeOf(i.row))
	switch {
	case err != nil:
		return err
	case i.here == nil:
		c.Action = Created
		x.planned = append(x.planned, i.row)
	case bytes.Equal(before, after):
		c.Action = Unchanged
	default:
		c.Action = Updated
	}
	if i.row.State == connectors.NeedsSignIn {
		c.Notes = append(c.Notes, "It needs its secrets, or a sign-in, before flows can use it.")
	}
	return nil
}

// refuse notes problems at their places in the file.
func (i *connectionItem) refuse(p schema.Problems) {
	for _, x := range p {
		if x.Field != "hosts" && x.Field != "test_url" && !strings.HasPrefix(x.Field, "network.") {
			x.Field = "settings." + x.Field
		}
		i.src.fields(schema.Problems{x})
	}
}

// fill gives a row what the file says.
func (i *connectionItem) fill(b *Bundle, row *connectors.Connection) error {
	if len(row.Key) > 0 {
		if err := b.Vault.Bind(row); err != nil {
			return err
		}
	}
	f := i.file
	row.Name, row.Description, row.TestURL, row.Hosts = f.Name, f.Description, f.TestURL, slices.Clone(f.Hosts)
	settings := f.Settings
	if settings == nil {
		settings = schema.Values{}
	}
	return b.Vault.Shape(i.kind, row, settings, f.Network)
}

func (i *connectionItem) apply(ctx context.Context, x *importing, c *Change) error {
	if c.Action == Created {
		i.row.Updated, i.row.UpdatedBy = x.Now(), x.by.Name
		return x.Store.CreateConnection(ctx, i.row)
	}
	err := x.Store.UpdateConnection(ctx, i.row.ID, func(row *connectors.Connection) error {
		row.Updated, row.UpdatedBy = x.Now(), x.by.Name
		return i.fill(x.Bundle, row)
	})
	if errors.Is(err, flows.ErrNotFound) {
		return flows.ErrConflict // it was deleted in between
	}
	return err
}
