package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"syscall"

	"flowdeck/flows/store"
)

// moveTo renames a file or a folder. To another file system it is copied beside its place
// first and synced, so that at its place there is all of it or nothing. Moved reports
// whether all of it is there, also when something was left behind.
func moveTo(from, to string) (moved bool, err error) {
	// os.Rename looks for a folder at to first, and does not say then that it is on another file system.
	switch err := syscall.Rename(from, to); {
	case err == nil:
		return true, nil
	case !errors.Is(err, syscall.EXDEV):
		return false, &os.LinkError{Op: "rename", Old: from, New: to, Err: err}
	}
	beside := to + ".moving"
	if err := os.RemoveAll(beside); err != nil {
		return false, err
	}
	if err := copyAll(from, beside); err != nil {
		return false, errors.Join(err, os.RemoveAll(beside))
	}
	if err := os.RemoveAll(to); err != nil { // what was left behind there when it was moved away
		return false, errors.Join(err, os.RemoveAll(beside))
	}
	if err := os.Rename(beside, to); err != nil {
		return false, errors.Join(err, os.RemoveAll(beside))
	}
	if err := store.SyncFolder(filepath.Dir(to)); err != nil {
		return false, errors.Join(err, os.RemoveAll(to))
	}
	return true, os.RemoveAll(from)
}

// copyAll copies a file, or a folder with all that is in it, to the disk.
func copyAll(from, to string) error {
	var folders []string
	err := filepath.WalkDir(from, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rest, err := filepath.Rel(from, name)
		if err != nil {
			return err
		}
		if d.IsDir() {
			folders = append(folders, filepath.Join(to, rest))
			return os.MkdirAll(filepath.Join(to, rest), 0o700)
		}
		f, err := os.Open(name)
		if err != nil {
			return err
		}
		defer f.Close()
		return writeOut(filepath.Join(to, rest), f)
	})
	for _, name := range slices.Backward(folders) {
		if err == nil {
			err = store.SyncFolder(name)
		}
	}
	return err
}
