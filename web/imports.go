package web

import (
	"context"
	"fmt"
	"net/http"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"github.com/labstack/echo/v4"

	"flowdeck/flows/bundle"
	"flowdeck/flows/store"
	"flowdeck/views"
)

const (
	// importPatience is how long a page waits for an import before it shows how far it is.
	importPatience = 300 * time.Millisecond
	// importKept is for how long an import that has ended can be asked for.
	importKept = 10 * time.Minute
	// mostImports is how many may go on at the same time: each holds its file.
	mostImports = 8
)

// imports are those of this process: of each person the one that goes on, or that ended
// a short while ago.
type imports struct {
	mu   sync.Mutex
	of   map[string]*importing // by the id of the person
	all  sync.WaitGroup
	over bool
}

var errStopping = echo.NewHTTPError(http.StatusServiceUnavailable, "The server is about to stop. Nothing was imported: import it when the server is back.")

// importing is an import on its way. It does not end with the page that began it.
type importing struct {
	id    string
	user  store.User
	stop  context.CancelCauseFunc
	model views.ImportModel // of the dialog that began it
	done  chan struct{}

	// good once done is closed
	changes []bundle.Change
	planned bool // changes are what would be done
	err     error

	stopped atomic.Bool // somebody wants it to end

	// under the lock of imports
	seen bool     // its end was shown
	file importOf // what was looked at, to be carried out when it is still wanted

	mu    sync.Mutex
	now   bundle.Progress
	since time.Time // when its stage began
}

// told is called with how far it has come.
func (i *importing) told(p bundle.Progress) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if p.Did != i.now.Did || p.Done < i.now.Done {
		i.since = time.Now()
	}
	i.now = p
}

// progress is how far it has come, and since when it is at that.
func (i *importing) progress() (bundle.Progress, time.Time) {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.now, i.since
}

func (i *importing) isDone() bool {
	select {
	case <-i.done:
		return true
	default:
		return false
	}
}

// importOf is what a person asked to import.
type importOf struct {
	data []byte
	name string
	as   string // copy, update; "" shows first what would change
	seen bool   // they saw what would change
}

// beginImport imports in the background. A person has one import at a time.
func (s *Server) beginImport(u store.User, m views.ImportModel, of importOf) (*importing, error) {
	s.imports.mu.Lock()
	defer s.imports.mu.Unlock()
	switch last := s.imports.of[u.ID]; {
	case s.imports.over:
		return nil, errStopping
	case last != nil && !last.isDone():
		return nil, echo.NewHTTPError(http.StatusConflict, "An import of yours goes on, so this one was not begun. Import shows how far the other one is.")
	case s.imports.going() >= mostImports:
		return nil, echo.NewHTTPError(http.StatusServiceUnavailable, "Too many imports go on at the same time. Nothing was imported: try again when one of them has ended.")
	}
	ctx, cancel := context.WithCancelCause(context.Background())
	i := &importing{id: store.NewID("im_"), user: u, stop: cancel, model: m, done: make(chan struct{})}
	if s.imports.of == nil {
		s.imports.of = map[string]*importing{}
	}
	s.imports.of[u.ID] = i
	s.imports.all.Go(func() {
		defer cancel(nil)
		i.changes, i.planned, i.err = s.importNow(ctx, i, of)
		s.imports.end(i, of)
	})
	return i, nil
}

// end keeps an import that has ended for a while, with its file when that was only looked at.
func (i *imports) end(x *importing, of importOf) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if x.planned && x.err == nil {
		x.file = of
	}
	close(x.done)
	time.AfterFunc(importKept, func() {
		i.mu.Lock()
		defer i.mu.Unlock()
		if i.of[x.user.ID] == x {
			delete(i.of, x.user.ID)
		}
	})
}

// going is how many have not ended.
func (i *imports) going() (n int) {
	for _, x := range i.of {
		if !x.isDone() {
			n++
		}
	}
	return n
}

func (s *Server) importNow(ctx context.Context, i *importing, of importOf) (list []bundle.Change, planned bool, err error) {
	defer func() {
		if p := recover(); p != nil { // there is no request whose failure it would be
			list, planned, err = nil, false, fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	files := []bundle.File{{Path: of.name, Text: of.data}}
	if bundle.IsZip(of.data) {
		if files, err = bundle.Unzip(of.data); err != nil {
			return nil, false, err
		}
	}
	o := bundle.Options{By: i.user, Copy: of.as == "copy", Told: i.told}
	if !of.seen {
		preview := o
		preview.DryRun = true
		if list, err = s.bundle().Import(ctx, files, preview); err != nil || wantsLook(list) {
			return list, true, err
		}
	}
	list, err = s.importFiles(ctx, files, o)
	return list, false, err
}

// importBy is the import of a person, when it goes on or they have not seen its end; nil
// when there is none.
func (s *Server) importBy(user string) *importing {
	s.imports.mu.Lock()
	defer s.imports.mu.Unlock()
	if i := s.imports.of[user]; i != nil && !i.seen {
		return i
	}
	return nil
}

func (s *Server) importByID(id, user string) *importing {
	s.imports.mu.Lock()
	defer s.imports.mu.Unlock()
	if i := s.imports.of[user]; i != nil && i.id == id {
		return i
	}
	return nil
}

// lookedAt is the file that a person was shown the changes of; false when it is not kept
// any longer.
func (s *Server) lookedAt(user, seen string) (importOf, bool) {
	s.imports.mu.Lock()
	defer s.imports.mu.Unlock()
	if i := s.imports.of[user]; i != nil && i.file.data != nil && seen != "" && i.model.Seen == seen {
		return i.file, true
	}
	return importOf{}, false
}

// seenImport notes that the end of an import was shown: nobody has to come back to it.
func (s *Server) seenImport(i *importing) {
	s.imports.mu.Lock()
	defer s.imports.mu.Unlock()
	i.seen = true
}

// leave stops those that go on. They are all or nothing.
func (i *imports) leave() {
	i.mu.Lock()
	i.over = true
	for _, x := range i.of {
		x.stop(errStopping)
	}
	i.mu.Unlock()
	i.all.Wait()
}
