//go:build !unix

package store

import "os"

// LockFile does nothing where the system has no such lock.
func LockFile(*os.File) error { return nil }
