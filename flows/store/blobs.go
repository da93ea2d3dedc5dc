package store

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

const (
	// inline is the longest text that stays in its row, in bytes.
	inline = 64 << 10
	// young is how long a file without a row is left alone: its row may be on the way.
	young = time.Hour
	// blobMark begins a reference to a file. JSON never begins with it.
	blobMark = "@sha256:"
	// halfBlob begins the name of a file that is being written.
	halfBlob = "new-"
)

// blobs is a directory of files that are named after what they hold.
type blobs struct {
	dir  string
	mu   sync.RWMutex // held for writing while a file is removed
	size atomic.Int64 // of all files
	room room

	freshMu sync.Mutex
	fresh   map[string]fresh // files whose rows are not committed yet
}

// fresh says how many rows are about to refer to a file, and since when.
type fresh struct {
	rows int
	at   time.Time
}

func openBlobs(dir string) (*blobs, error) {
	return &blobs{dir: dir, fresh: map[string]fresh{}, room: newRoom()}, os.MkdirAll(dir, 0o700)
}

func (b *blobs) path(id string) string { return filepath.Join(b.dir, id[:2], id) }

// put keeps s and returns what the row holds instead: s itself, or a reference to a
// file that is on the disk by then, and that file's id.
func (b *blobs) put(s string) (stored, id string, err error) {
	if len(s) <= inline {
		return s, "", nil
	}
	sum := sha256.Sum256([]byte(s))
	id = hex.EncodeToString(sum[:])
	b.room.take(int64(len(s)))
	if err := b.write(id, s); err != nil {
		return "", "", fmt.Errorf("keep a large body: %w", err)
	}
	return blobMark + id, id, nil
}

func (b *blobs) write(id, s string) error {
	b.mu.RLock()
	defer b.mu.RUnlock()
	name, now := b.path(id), time.Now()
	b.freshMu.Lock()
	b.fresh[id] = fresh{b.fresh[id].rows + 1, now}
	b.freshMu.Unlock()
	if err := os.Chtimes(name, now, now); err == nil {
		return nil
	}
	dir := filepath.Dir(name)
	if err := os.Mkdir(dir, 0o700); err == nil {
		if err := SyncFolder(b.dir); err != nil {
			return err
		}
	} else if !errors.Is(err, fs.ErrExist) {
		return err
	}
	f, err := os.CreateTemp(dir, halfBlob+"*")
	if err != nil {
		return err
	}
	_, err = f.WriteString(s)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	b.size.Add(int64(len(s)))
	return SyncFolder(dir)
}

// SyncFolder has the disk know the names in a folder, where that can be asked for.
func SyncFolder(name string) error {
	d, err := os.Open(name)
	if err != nil {
		return err
	}
	err = d.Sync()
	if errors.Is(err, syscall.EINVAL) { // this file system does it by itself, or cannot
		err = nil
	}
	return errors.Join(err, d.Close())
}

// get returns what put was given.
func (b *blobs) get(stored string) (string, error) {
	id, ok := strings.CutPrefix(stored, blobMark)
	if !ok {
		return stored, nil
	}
	data, err := os.ReadFile(b.path(id))
	if err != nil {
		return "", fmt.Errorf("read a large body: %w", err)
	}
	return string(data), nil
}

// settled takes note that rows which refer to files are committed.
func (b *blobs) settled(ids []string) {
	if len(ids) == 0 {
		return
	}
	b.freshMu.Lock()
	defer b.freshMu.Unlock()
	for _, id := range ids {
		if f := b.fresh[id]; f.rows > 1 {
			b.fresh[id] = fresh{f.rows - 1, f.at}
		} else {
			delete(b.fresh, id)
		}
	}
}

// forgetFresh gives files up whose rows were never committed.
func (b *blobs) forgetFresh(before time.Time) {
	b.freshMu.Lock()
	defer b.freshMu.Unlock()
	for id, f := range b.fresh {
		if f.at.Before(before) {
			delete(b.fresh, id)
		}
	}
}

// remove deletes a file unless a row is about to refer to it, or somebody has put it
// since before, when that is not zero. It reports whether it is gone. The caller holds mu.
func (b *blobs) remove(id string, before time.Time) (bool, error) {
	b.freshMu.Lock()
	f, isFresh := b.fresh[id]
	b.freshMu.Unlock()
	if isFresh && (before.IsZero() || !f.at.Before(before)) {
		return false, nil
	}
	name := b.path(id)
	info, err := os.Stat(name)
	if err != nil || !before.IsZero() && !info.ModTime().Before(before) {
		return false, ignoreMissing(err)
	}
	if err := os.Remove(name); err != nil {
		return false, err
	}
	b.size.Add(-info.Size())
	return true, nil
}

func ignoreMissing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
