package storetest

import (
	"os"
	"syscall"
	"testing"
)

// memory is where Linux keeps files in memory.
const memory = "/dev/shm"

// Dir is t.TempDir in memory, where there is room for that: a test that is not about
// what outlives a crash need not wait for the disk.
func Dir(t testing.TB) string {
	t.Helper()
	var fs syscall.Statfs_t
	if err := syscall.Statfs(memory, &fs); err != nil || uint64(fs.Bavail)*uint64(fs.Bsize) < 1<<30 {
		return t.TempDir()
	}
	dir, err := os.MkdirTemp(memory, "flowdeck-test-")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Errorf("remove %s: %v", dir, err)
		}
	})
	return dir
}
