// Package bundle writes what people made as files and reads it back: flows and their
// tests, variables, and the shapes of connections and tables, one JSON file each, the same byte for byte for the same thing.
// Every thing keeps its id, so that what is read again is updated and not there twice.
// Files never hold a secret.
package bundle

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"flowdeck/cards"
	"flowdeck/connectors"
	"flowdeck/flows"
	"flowdeck/flows/store"
)

// Format is the version of the files that this program writes, and the newest that it reads.
const Format = 1

// Bundle exports and imports.
type Bundle struct {
	Store *store.Store
	Vault *connectors.Vault
	Types *connectors.Types
	Cards *cards.Registry
	Now   func() time.Time
}

// File is one file of a bundle.
type File struct {
	Path string // slashes, below the folder of the bundle
	Text []byte
}

// kind is one sort of thing that is kept as files. A further kind is one more element
// of kinds, after those that its things refer to.
type kind struct {
	name   string // what "kind" says in its files
	export func(ctx context.Context, x *exporting) error
	read   func(b *Bundle, src *source) item
}

func kinds() []kind { return []kind{connectionKind, tableKind, variableKind, flowKind, testKind} }

// Folders returns the folders that the files of a bundle are in.
func Folders() []string {
	return []string{connectionFolder, tableFolder, variableFolder, flowFolder, testFolder}
}

func kindNames() string {
	var names []string
	for _, k := range kinds() {
		names = append(names, k.name)
	}
	return strings.Join(names, ", ")
}

// item is a thing that was read from a file and is about to be imported.
type item interface {
	// key is its kind, its id, "" when it has none, and its name.
	key() (kind, id, name string)
	// plan compares it with what is here and notes what would be done, and what is wrong.
	plan(ctx context.Context, x *importing, c *Change) error
	// apply does what plan noted.
	apply(ctx context.Context, x *importing, c *Change) error
}

// Problem is something that keeps a file from being imported.
type Problem struct {
	File string
	flows.Problem
}

func (p Problem) String() string {
	if p.File == "" {
		return p.Problem.String()
	}
	where := p.File
	if p.Line > 0 {
		where = fmt.Sprintf("%s:%d:%d", where, p.Line, p.Column)
	}
	if p.Step != "" {
		where += ": step " + p.Step
	}
	return strings.TrimSpace(where + ": " + strings.TrimSpace(p.Field+" "+p.Message))
}

// Problems are all problems of a bundle; they are an error.
type Problems []Problem

func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i, x := range p {
		lines[i] = x.String()
	}
	return strings.Join(lines, "\n")
}

// Action is what an import does with a file.
type Action string

// The actions.
const (
	Created   Action = "created"
	Updated   Action = "updated"
	Unchanged Action = "unchanged"
)

// Change is what an import does, or would do, with one file.
type Change struct {
	File   string
	Kind   string
	ID     string // "" of a thing that is not there yet and whose file names none
	Name   string
	Action Action
	// Live says that what answers calls now would change: settings and the alias of a flow
	// that is on take effect at once, without being published.
	Live bool
	// Notes say what a person has to do afterwards, in sentences.
	Notes []string
	// Version is the one that was published, 0 when none was.
	Version int64
}

// sortFiles puts files in the order of their paths.
func sortFiles(files []File) {
	slices.SortFunc(files, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
}
