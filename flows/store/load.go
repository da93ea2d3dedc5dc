package store

import (
	"errors"
	"io/fs"
	"os"

	"flowdeck/meter"
)

// Load is what the store has done since it was opened, and what it takes now.
type Load struct {
	Commits meter.Spread // how long transactions took
	Changes int64        // committed with them: by this over the commits, so many share a sync of the disk
	Size    Size
}

// Size is what the store takes of the disk, in bytes; Ahead is of runs that are not rows yet. Of PostgreSQL only Bodies is known.
type Size struct{ Database, Log, Ahead, Bodies int64 }

// All is what the store takes of the disk altogether.
func (s Size) All() int64 { return s.Database + s.Log + s.Ahead + s.Bodies }

// Load returns what the store has done.
func (s *Store) Load() (Load, error) {
	size, err := s.Size()
	return Load{Commits: s.writer.commits.Read(), Changes: s.writer.members.Load(), Size: size}, err
}

// Size asks the file system what the store takes.
func (s *Store) Size() (size Size, err error) {
	size.Bodies = s.blobs.size.Load()
	if s.file == "" {
		return size, nil
	}
	if size.Database, err = fileSize(s.file); err != nil {
		return size, err
	}
	if size.Log, err = fileSize(s.file + "-wal"); err != nil {
		return size, err
	}
	size.Ahead, err = s.aheadSize()
	return size, err
}

func fileSize(name string) (int64, error) {
	info, err := os.Stat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}
