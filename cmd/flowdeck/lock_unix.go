//go:build unix

package main

import (
	"errors"
	"os"
	"syscall"
)

// lock takes the file for this process, or gives errLocked. The system lets go of it when the process dies.
func lock(f *os.File) error {
	err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return errLocked
	}
	return err
}
