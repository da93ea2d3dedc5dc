package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// ahead has runs that are over on the disk before they are rows of a SQLite database. What
// a transaction writes is dozens of pages however few its rows are; here a group of runs is
// one write and one sync. The rows follow, many with one transaction: see later. Whoever
// asks about runs waits for those that are on their way, so nobody sees the difference; what
// a process has left that died, the next one takes up: see recover.
//
// There are two files, written over in turn: one when all of the other one are rows. A
// transaction that makes rows notes how far it got, so that none is taken up twice, or when
// it was deleted since. One process at a time has them; another one does without.
type ahead struct {
	store   *Store
	files   [2]*os.File // the first is locked; nil: another process has them, or they cannot be written
	in      chan *keeping
	short   chan struct{} // something in it: the files may be too long
	done    sync.WaitGroup
	group   []byte
	besides string // where runs are that cannot become rows; "" while there are none

	at      int             // which file is written
	end     [2]atomic.Int64 // of what it has, in bytes
	last    [2]atomic.Int64 // the last run in it
	size    [2]int64        // what it takes of the disk at most, in bytes
	next    int64           // number of the next run
	applied atomic.Int64    // the last run that is a row
	mu      sync.RWMutex    // held for reading while sending to in
	closed  bool
}

const (
	// aheadSwitch is from which size on the other file is written, in bytes.
	aheadSwitch = 4 << 20
	// aheadGroup is from which size on a group waits for nobody else, in bytes.
	aheadGroup = 4 << 20
	// aheadCalm is after which time without runs files that are too long are shortened.
	aheadCalm = time.Second
	// aheadSetting says which was the last run that became a row.
	aheadSetting = "runs_ahead"
	putApplied   = `insert into settings (name, content, updated) values ('` + aheadSetting + `', ?, ?)
		on conflict (name) do update set content = excluded.content, updated = excluded.updated`
)

func aheadNames(path string) [2]string { return [2]string{path + "-runs1", path + "-runs2"} }

// Files are the names of all that a SQLite database at path may consist of.
func Files(path string) []string {
	ahead := aheadNames(path)
	return append([]string{path, path + "-wal", path + "-shm"}, ahead[:]...)
}

func newAhead(s *Store) *ahead {
	return &ahead{store: s, in: make(chan *keeping, most), short: make(chan struct{}, 1)}
}

// start opens the files and takes up what is in them. Without them everything works, more
// slowly.
func (a *ahead) start(ctx context.Context) error {
	if a.store.file == "" {
		return nil
	}
	if err := a.open(); err != nil {
		level := slog.LevelInfo
		if errors.Is(err, ErrLocked) { // as a command does that works beside a server
			level = slog.LevelDebug
		}
		a.store.log.Log(ctx, level, "runs are written as rows at once", "because", err)
		return nil
	}
	if err := a.recover(ctx); err != nil {
		return errors.Join(fmt.Errorf("take up runs that were not rows yet: %w", err), a.closeFiles())
	}
	for i, f := range a.files {
		if size, err := fileSize(f.Name()); err == nil {
			a.size[i] = size
		}
	}
	a.done.Go(a.work)
	return nil
}

func (a *ahead) open() (err error) {
	for i, name := range aheadNames(a.store.file) {
		if a.files[i], err = os.OpenFile(name, os.O_CREATE|os.O_RDWR, 0o600); err == nil && i == 0 {
			err = LockFile(a.files[0])
		}
		if err != nil {
			return errors.Join(err, a.closeFiles())
		}
	}
	// A file that a sync has written is lost all the same when its folder does not know it.
	if err := SyncFolder(filepath.Dir(a.store.file)); err != nil {
		return errors.Join(err, a.closeFiles())
	}
	return nil
}

// lockAhead keeps every other process out of the files, and so from serving from the
// database at path, until the returned function is called.
func lockAhead(path string) (unlock func(), err error) {
	f, err := os.OpenFile(aheadNames(path)[0], os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := LockFile(f); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return func() { _ = f.Close() }, nil
}

func (a *ahead) closeFiles() (err error) {
	for i, f := range a.files {
		if f != nil {
			err = errors.Join(err, f.Close())
		}
		a.files[i] = nil
	}
	return err
}

// aheadSize is what the files take, in bytes.
func (s *Store) aheadSize() (n int64, err error) {
	for _, name := range aheadNames(s.file) {
		size, wrong := fileSize(name)
		n, err = n+size, errors.Join(err, wrong)
	}
	return n, err
}

// record keeps a run that is over, and returns when it is on the disk. What is more than
// a row, and what cannot be written here, is committed with whatever else is.
func (s *Store) record(ctx context.Context, x *wholeRun) error {
	if s.within != nil || !x.plain() {
		return s.writer.do(ctx, x.insert)
	}
	if s.ahead.keep(x) {
		return nil
	}
	return s.writer.record(ctx, x)
}

// keep reports whether the run is on the disk. It takes none while the database is in
// trouble: whoever calls is to know.
func (a *ahead) keep(x *wholeRun) bool {
	if a.store.condition.database.Load() != nil {
		return false
	}
	k := &keeping{run: x, size: x.texts(), done: make(chan error, 1)}
	if !a.send(k) {
		return false
	}
	return <-k.done == nil
}

// keeping is a run that is to be kept.
type keeping struct {
	run  *wholeRun
	size int64
	done chan error
}

func (a *ahead) send(k *keeping) bool {
	a.mu.RLock()
	defer a.mu.RUnlock()
	if a.files[0] == nil || a.closed {
		return false
	}
	a.in <- k
	return true
}

// close makes rows of all that is there. later is closed after it.
func (a *ahead) close() {
	a.mu.Lock()
	if !a.closed {
		a.closed = true
		close(a.in)
	}
	a.mu.Unlock()
	a.done.Wait()
}

// clear empties the files once all of it is rows, so that another version of the program
// can open the database.
func (a *ahead) clear() (err error) {
	for _, f := range a.files {
		if f != nil && a.applied.Load() == a.next-1 {
			err = errors.Join(err, f.Truncate(0))
		}
	}
	return errors.Join(err, a.closeFiles())
}

func (a *ahead) work() {
	batch := make([]*keeping, 0, most)
	calm := time.NewTimer(aheadCalm)
	defer calm.Stop()
	for {
		select {
		case <-calm.C:
			a.shorten(calm)
		case <-a.short:
			a.shorten(calm)
		case k, ok := <-a.in:
			if !ok {
				return
			}
			batch = a.fill(append(batch[:0], k))
			a.keepAll(batch)
			clear(batch)
			if a.long() {
				calm.Reset(aheadCalm)
			}
		}
	}
}

// keepAll has a batch on the disk, hands it over, and lets those go who wait for it.
func (a *ahead) keepAll(batch []*keeping) {
	from := a.next
	err := a.write(batch)
	for i, k := range batch {
		if err == nil {
			err = a.store.later.take(leaving{wholeRun: *k.run, size: k.size, ahead: from + int64(i)})
		}
		k.done <- err
	}
}

// fill adds those that wait, and lets those who are on their way get here.
func (a *ahead) fill(batch []*keeping) []*keeping {
	size, enough := batch[0].size, a.store.atMost(aheadGroup)
	for seen := 0; len(batch) < most && size < enough; {
		select {
		case k, ok := <-a.in:
			if !ok {
				return batch
			}
			batch, size = append(batch, k), size+k.size
		default:
			if seen == len(batch) {
				return batch
			}
			seen = len(batch)
			runtime.Gosched()
		}
	}
	return batch
}

// write has a group on the disk. One that fails leaves what the next one writes over.
func (a *ahead) write(batch []*keeping) error {
	if at := a.at; a.end[at].Load() > a.store.atMost(aheadSwitch) && a.last[1-at].Load() <= a.applied.Load() {
		a.at = 1 - at
		a.end[a.at].Store(0)
		if a.size[a.at] > a.mostLong() && a.files[a.at].Truncate(0) == nil {
			a.size[a.at] = 0
		}
	}
	group := beginGroup(a.group[:0])
	for _, k := range batch {
		group = appendRow(group, k.run.row.columns)
	}
	endGroup(group, a.next, len(batch))
	if a.group = group; cap(group) > 1<<20 {
		a.group = nil
	}
	f, end := a.files[a.at], a.end[a.at].Load()
	_, err := f.WriteAt(group, end)
	if err == nil {
		err = syncData(f)
	}
	end += int64(len(group))
	a.size[a.at] = max(a.size[a.at], end)
	if err != nil {
		return err
	}
	a.next += int64(len(batch))
	a.last[a.at].Store(a.next - 1)
	a.end[a.at].Store(end)
	return nil
}

// mostLong is what a file may take for long, in bytes.
func (a *ahead) mostLong() int64 { return 2 * a.store.atMost(aheadSwitch) }

func (a *ahead) long() bool { return max(a.size[0], a.size[1]) > a.mostLong() }

// look has files that are too long shortened: the space for history may be less now.
func (a *ahead) look() {
	select {
	case a.short <- struct{}{}:
	default:
	}
}

// shorten gives the space of files that are too long back to the disk when all that is in
// them are rows; else it is to be tried again when calm rings.
func (a *ahead) shorten(calm *time.Timer) {
	switch {
	case !a.long():
	case a.applied.Load() < a.next-1:
		calm.Reset(aheadCalm)
	default:
		for i, f := range a.files {
			if f.Truncate(0) == nil {
				a.size[i] = 0
				a.end[i].Store(0)
			}
		}
	}
}

// noteApplied notes in the transaction that makes rows how far they come.
func noteApplied(t *tx, last int64, now time.Time) error {
	_, err := t.exec(putApplied, strconv.FormatInt(last, 10), micros(now))
	return err
}
