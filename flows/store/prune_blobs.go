package store

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// blobsAtOnce is how many files one query asks about.
const blobsAtOnce = 200

// pruneBlobs removes the files that no row refers to, also those that a crash left
// before their row was written.
func (s *Store) pruneBlobs(ctx context.Context, now time.Time, p *Pruned) error {
	before := now.Add(-young)
	dirs, err := os.ReadDir(s.blobs.dir)
	if err != nil {
		return err
	}
	for _, d := range dirs {
		if !d.IsDir() {
			continue
		}
		ids, err := s.blobs.old(d.Name(), before)
		if err != nil {
			return err
		}
		for len(ids) > 0 {
			n := min(len(ids), blobsAtOnce)
			if err := s.removeUnused(ctx, ids[:n], before, p); err != nil {
				return err
			}
			ids = ids[n:]
		}
	}
	s.blobs.forgetFresh(before)
	return s.blobs.measure()
}

// old lists the files of a directory that were last put before a time.
func (b *blobs) old(dir string, before time.Time) (ids []string, err error) {
	files, err := os.ReadDir(filepath.Join(b.dir, dir))
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		info, err := f.Info()
		if err == nil && info.ModTime().Before(before) {
			ids = append(ids, f.Name())
		} else if ignoreMissing(err) != nil {
			return nil, err
		}
	}
	return ids, nil
}

// removeUnused removes those of the files that no row refers to, and none is about to.
// With before, files that were put since stay. Nobody puts a file meanwhile: one whose
// row is committed is seen by the query, one whose row is not is fresh.
func (s *Store) removeUnused(ctx context.Context, ids []string, before time.Time, p *Pruned) error {
	args := make([]any, len(ids))
	for i, id := range ids {
		args[i] = id
	}
	s.blobs.mu.Lock()
	defer s.blobs.mu.Unlock()
	used := map[string]bool{}
	err := s.each(ctx, `select distinct blob from blob_uses where blob in (`+strings.Repeat("?, ", len(args)-1)+`?)`, args, func(scan scan) error {
		var id string
		err := scan(&id)
		used[id] = true
		return err
	})
	if err != nil {
		return err
	}
	for _, id := range ids {
		if used[id] {
			continue
		}
		gone, err := s.blobs.remove(id, before)
		if err != nil {
			return err
		}
		if gone {
			p.Blobs++
		}
	}
	return nil
}
