package store

import (
	"io/fs"
	"path/filepath"
)

// measure adds up the files that are there.
func (b *blobs) measure() error {
	var size int64
	err := filepath.WalkDir(b.dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return ignoreMissing(err)
		}
		info, err := d.Info()
		if err != nil {
			return ignoreMissing(err)
		}
		size += info.Size()
		return nil
	})
	b.size.Store(size)
	return err
}
