package web

import (
	"context"
	"net/http"
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
)

// imports are those of this process that go on, and that ended a short while ago.
type imports struct {
	mu   sync.Mutex
	byID map[string]*importing
	all  sync.WaitGroup
	over bool
}

// importing is an import on its way. It does not end with the page that began it.
type importing struct {
	id    string
	user  store.User
	began time.Time
	stop  context.CancelFunc
	model views.ImportModel // of the dialog that began it
	done  chan struct{}

	// good once done is closed
	ended   time.Time
	changes []bundle.Change
	planned bool // changes are what would be done
	err     error

	stopped atomic.Bool // somebody wants it to end
	seen    bool        // its end was shown; under the lock of imports

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

// beginImport imports in the background.
func (s *Server) beginImport(u store.User, m views.ImportModel, of importOf) (*importing, error) {
	s.imports.mu.Lock()
	defer s.imports.mu.Unlock()
	if s.imports.over {
		return nil, echo.NewHTTPError(http.StatusServiceUnavailable, "The server is about to stop. Nothing was imported: import it when the server is back.")
	}
	ctx, cancel := context.WithCancel(context.Background())
	i := &importing{id: store.NewID("im_"), user: u, began: time.Now(), stop: cancel, model: m, done: make(chan struct{})}
	if s.imports.byID == nil {
		s.imports.byID = map[string]*importing{}
	}
	s.imports.forget()
	s.imports.byID[i.id] = i
	s.imports.all.Go(func() {
		defer cancel()
		i.changes, i.planned, i.err = s.importNow(ctx, i, of)
		i.ended = time.Now()
		close(i.done)
	})
	return i, nil
}

func (s *Server) importNow(ctx context.Context, i *importing, of importOf) (list []bundle.Change, planned bool, err error) {
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

// importBy is the import of a person that they come back to: one that goes on, else the
// last one whose end they have not seen; nil when there is none.
func (s *Server) importBy(user string) (last *importing) {
	s.imports.mu.Lock()
	defer s.imports.mu.Unlock()
	s.imports.forget()
	for _, i := range s.imports.byID {
		if i.user.ID != user || i.seen {
			continue
		}
		if last == nil || last.isDone() && !i.isDone() || last.isDone() == i.isDone() && i.began.After(last.began) {
			last = i
		}
	}
	return last
}

func (s *Server) importByID(id, user string) *importing {
	s.imports.mu.Lock()
	defer s.imports.mu.Unlock()
	if i := s.imports.byID[id]; i != nil && i.user.ID == user {
		return i
	}
	return nil
}

// seenImport notes that the end of an import was shown: nobody has to come back to it.
func (s *Server) seenImport(i *importing) {
	s.imports.mu.Lock()
	defer s.imports.mu.Unlock()
	i.seen = true
}

// forget drops those that ended long ago.
func (i *imports) forget() {
	for id, x := range i.byID {
		if x.isDone() && time.Since(x.ended) > importKept {
			delete(i.byID, id)
		}
	}
}

// leave stops those that go on. They are all or nothing.
func (i *imports) leave() {
	i.mu.Lock()
	i.over = true
	for _, x := range i.byID {
		x.stop()
	}
	i.mu.Unlock()
	i.all.Wait()
}
