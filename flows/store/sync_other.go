//go:build !linux

package store

import "os"

// syncData has what was written to f on the disk.
func syncData(f *os.File) error { return f.Sync() }
