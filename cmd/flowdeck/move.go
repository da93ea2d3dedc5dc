package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// moveTo renames a file or a folder. To another file system it is copied beside its place
// first and synced, so that at its place there is all of it or nothing.
func moveTo(from, to string) error {
	err := os.Rename(from, to)
	if !errors.Is(err, syscall.EXDEV) {
		return err
	}
	beside := to + ".moving"
	if err := os.RemoveAll(beside); err != nil {
		return err
	}
	if err := copyAll(from, beside); err != nil {
		return errors.Join(err, os.RemoveAll(beside))
	}
	if err := os.Rename(beside, to); err != nil {
		return errors.Join(err, os.RemoveAll(beside))
	}
	if err := syncFolder(filepath.Dir(to)); err != nil {
		return err
	}
	return os.RemoveAll(from)
}

// copyAll copies a file, or a folder with all that is in it, to the disk.
func copyAll(from, to string) error {
	return filepath.WalkDir(from, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rest, err := filepath.Rel(from, name)
		if err != nil {
			return err
		}
		if d.IsDir() {
			return os.MkdirAll(filepath.Join(to, rest), 0o700)
		}
		f, err := os.Open(name)
		if err != nil {
			return err
		}
		defer f.Close()
		return writeOut(filepath.Join(to, rest), f)
	})
}

// syncFolder has the disk know the names in a folder, where that can be asked for.
func syncFolder(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := f.Sync(); err != nil && !errors.Is(err, syscall.EINVAL) {
		return err
	}
	return nil
}
