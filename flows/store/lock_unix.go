//go:build unix

package store

import (
	"errors"
	"os"
	"syscall"
)

// LockFile takes the file for this process, or gives ErrLocked. The system lets go of it when
// the process dies, or the file is closed.
func LockFile(f *os.File) error {
	err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return ErrLocked
	}
	return err
}
