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
		names, err := s.blobs.old(d.Name(), before)
		if err != nil {
			return err
		}
		for len(names) > 0 {
			n := min(len(names), blobsAtOnce)
			if err := s.removeUnused(ctx, names[:n], before, p); err != nil {
				return err
			}
			names = names[n:]
		}
	}
	return s.blobs.measure()
}

// old lists the files of a directory that were last put before a time.
func (b *blobs) old(dir string, before time.Time) (names []string, err error) {
	files, err := os.ReadDir(filepath.Join(b.dir, dir))
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		info, err := f.Info()
		if err == nil && info.ModTime().Before(before) {
			names = append(names, filepath.Join(b.dir, dir, f.Name()))
		} else if ignoreMissing(err) != nil {
			return nil, err
		}
	}
	return names, nil
}

func (s *Store) removeUnused(ctx context.Context, names []string, before time.Time, p *Pruned) error {
	args := make([]any, len(names))
	for i, name := range names {
		args[i] = filepath.Base(name)
	}
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
	for _, name := range names {
		if used[filepath.Base(name)] {
			continue
		}
		gone, err := s.blobs.remove(name, before)
		if err != nil {
			return err
		}
		if gone {
			p.Blobs++
		}
	}
	return nil
}
