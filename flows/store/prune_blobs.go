package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
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
		if !d.IsDir() || len(d.Name()) != 2 {
			continue
		}
		ids, halves, err := s.blobs.old(d.Name(), before)
		if err != nil {
			return err
		}
		for _, name := range halves {
			if err := ignoreMissing(os.Remove(name)); err != nil {
				return err
			}
			p.Blobs++
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

// old lists the files of a directory that were last put before a time, and those that
// were not written to their end. Others are not ours.
func (b *blobs) old(dir string, before time.Time) (ids, halves []string, err error) {
	files, err := os.ReadDir(filepath.Join(b.dir, dir))
	if err != nil {
		return nil, nil, err
	}
	for _, f := range files {
		name := f.Name()
		half := strings.HasPrefix(name, halfBlob)
		if !half && (len(name) != hex.EncodedLen(sha256.Size) || !strings.HasPrefix(name, dir)) {
			continue
		}
		info, err := f.Info()
		switch {
		case ignoreMissing(err) != nil:
			return nil, nil, err
		case err != nil || !info.ModTime().Before(before):
		case half:
			halves = append(halves, filepath.Join(b.dir, dir, name))
		default:
			ids = append(ids, name)
		}
	}
	return ids, halves, nil
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
