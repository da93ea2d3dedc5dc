package store

import (
	"errors"
	"os"
	"syscall"
)

// syncData has what was written to f on the disk, and of its inode only what finding that takes:
// the time of the change, which fsync(2) writes too, costs a journaling file system a commit.
func syncData(f *os.File) error {
	for {
		if err := syscall.Fdatasync(int(f.Fd())); !errors.Is(err, syscall.EINTR) {
			return os.NewSyscallError("fdatasync", err)
		}
	}
}
