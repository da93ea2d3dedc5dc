package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"flowdeck/flows"
	"flowdeck/flows/store"
)

// snapshot says, of the cards that a journal knew to have finished when the server
// was killed, how often the world had been asked for them by then.
type snapshot map[place]int

// look reads what the killed server has left, from a copy: who opens a database also
// mends it, and that is for the server to do.
func look(ctx context.Context, folder, scratch string, w *world) (snapshot, error) {
	for _, suffix := range []string{"", "-wal"} {
		if err := copyFile(filepath.Join(folder, "flowdeck.db"+suffix), scratch+suffix); err != nil {
			return nil, err
		}
	}
	defer func() {
		for _, suffix := range []string{"", "-wal", "-shm"} {
			os.Remove(scratch + suffix)
		}
	}()
	db, err := store.Open(ctx, scratch, store.Options{Blobs: filepath.Join(folder, "blobs")})
	if err != nil {
		return nil, fmt.Errorf("open what the killed server has left: %w", err)
	}
	defer db.Close()
	pending, err := db.Pending(ctx)
	if err != nil {
		return nil, err
	}
	seen := snapshot{}
	for _, run := range pending {
		attempts, err := db.AttemptHeads(ctx, run.ID)
		if err != nil {
			return nil, err
		}
		for _, a := range attempts {
			p := place{run.ID, string(a.Path)}
			if n := w.asked(p); n > 0 && a.Status == flows.Succeeded {
				seen[p] = n
			}
		}
	}
	return seen, nil
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}

// finish waits until no run is under way any more and returns how many still are.
func finish(ctx context.Context, folder string, most time.Duration) (left int, err error) {
	db, err := store.Open(ctx, filepath.Join(folder, "flowdeck.db"), store.Options{Blobs: filepath.Join(folder, "blobs")})
	if err != nil {
		return 0, err
	}
	defer db.Close()
	for end := time.Now().Add(most); ; time.Sleep(50 * time.Millisecond) {
		pending, err := db.Pending(ctx)
		if err != nil || len(pending) == 0 || time.Now().After(end) {
			return len(pending), err
		}
	}
}
