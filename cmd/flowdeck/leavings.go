package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"flowdeck/flows/store"
)

// copySuffix is what the name of the database's copy has behind that of the backup that it is for.
const copySuffix = ".database"

// holdBackup locks the file of a backup for as long as it is written, so that others leave its
// copy of the database alone. One of them may have the lock for a moment, to see that.
func holdBackup(f *os.File) {
	for range 20 {
		if !errors.Is(store.LockFile(f), store.ErrLocked) {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// sweepCopies removes the copies of databases that backups left beside their files when they
// were killed. A backup that goes on holds a lock of its file; where files cannot be locked
// nothing is removed. Own is the file of this one, which it has locked, and keep the database.
func sweepCopies(own, keep string, to io.Writer) {
	if !held(own) {
		return // there are no locks here
	}
	files, err := os.ReadDir(filepath.Dir(own))
	if err != nil {
		return
	}
	for _, f := range files {
		copied := filepath.Join(filepath.Dir(own), f.Name())
		backup, is := strings.CutSuffix(copied, copySuffix)
		if is && f.Type().IsRegular() && !same(copied, keep) && beginsAsBackup(backup) {
			removeLeft(backup, to)
		}
	}
}

// removeLeft removes the copy of a backup that nobody writes any more.
func removeLeft(backup string, to io.Writer) {
	f, err := os.Open(backup)
	if err != nil {
		return
	}
	defer f.Close()
	if store.LockFile(f) != nil {
		return // it goes on
	}
	copied := backup + copySuffix
	for _, name := range append(store.Files(copied), copied+"-journal") {
		err = errors.Join(err, ignoreGone(os.Remove(name)))
	}
	if err != nil {
		fmt.Fprintf(to, "%s is not whole: the backup was killed. Its copy of the database cannot be removed: %v\n", backup, err)
		return
	}
	fmt.Fprintf(to, "%s is not whole: the backup was killed. Its copy of the database, which lay beside it, is removed.\n", backup)
}

// held reports whether a file is locked, by whoever it may be.
func held(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	return errors.Is(store.LockFile(f), store.ErrLocked)
}

// beginsAsBackup reports whether a file may be a backup that was cut off: it is packed by gzip,
// or has not one byte yet.
func beginsAsBackup(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	head := make([]byte, 2)
	n, err := io.ReadFull(f, head)
	return n == 0 && errors.Is(err, io.EOF) || n == 2 && head[0] == 0x1f && head[1] == 0x8b
}

func same(a, b string) bool {
	x, err := os.Stat(a)
	if err != nil {
		return false
	}
	y, err := os.Stat(b)
	return err == nil && os.SameFile(x, y)
}
