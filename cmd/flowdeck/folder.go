package main

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"flowdeck/flows/store"
)

// openFolder makes sure that the data folder is there and nobody else's business.
func openFolder(dir string, log *slog.Logger) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("make the data folder: %w", err)
	}
	info, err := os.Stat(dir)
	if err != nil {
		return fmt.Errorf("open the data folder: %w", err)
	}
	if info.Mode().Perm()&0o077 == 0 {
		return nil
	}
	if ours, err := isOurs(dir); err != nil {
		return fmt.Errorf("open the data folder: %w", err)
	} else if !ours {
		return fmt.Errorf("the folder %s holds other things and can be read by others: name a folder of its own with --data, or close this one with chmod 700", dir)
	}
	if err := os.Chmod(dir, 0o700); err != nil {
		return fmt.Errorf("the data folder %s can be read by others: %w", dir, err)
	}
	log.Info("closed the data folder to others", "dir", dir)
	return nil
}

// isOurs reports whether a folder holds what Flowdeck keeps, or nothing yet that anybody
// would miss.
func isOurs(dir string) (bool, error) {
	list, err := os.ReadDir(dir)
	other := false
	for _, f := range list {
		switch name := f.Name(); {
		case name == "flowdeck.db" || name == "flowdeck.lock" || name == "master.key" || name == "blobs":
			return true, nil
		case name != "lost+found" && !strings.HasPrefix(name, "."):
			other = true
		}
	}
	return !other, err
}

// lockFolder keeps a second server out of the folder until the returned function is called.
func lockFolder(dir string) (unlock func(), err error) {
	path := filepath.Join(dir, "flowdeck.lock")
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock the data folder: %w", err)
	}
	if err := store.LockFile(f); err != nil {
		_ = f.Close()
		if errors.Is(err, store.ErrLocked) {
			return nil, fmt.Errorf("another Flowdeck is serving from %s; stop it, or use another folder (--data)", dir)
		}
		return nil, fmt.Errorf("lock %s: %w", path, err)
	}
	return func() { _ = f.Close() }, nil // closing lets go of the lock
}
