package store

import (
	"net"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
)

// TestADatabaseThatIsGoneWithoutAWordIsNoticed looks at what the system is told: it would else
// send again and again for a quarter of an hour.
func TestADatabaseThatIsGoneWithoutAWordIsNoticed(t *testing.T) {
	s := &Store{dsn: "postgres://u@127.0.0.1:1/db"}
	config, err := s.postgres("")
	if err != nil {
		t.Fatal(err)
	}
	dial := func(network, address string) net.Conn {
		t.Helper()
		l, err := net.Listen(network, address)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { l.Close() })
		var call pgconn.DialFunc = config.DialFunc
		c, err := call(t.Context(), network, l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
		return c
	}
	raw, err := dial("tcp", "127.0.0.1:0").(syscall.Conn).SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	if err := raw.Control(func(fd uintptr) {
		if ms, err := syscall.GetsockoptInt(int(fd), syscall.IPPROTO_TCP, 18); err != nil || ms <= 0 || ms > 30_000 {
			t.Errorf("a connection that nobody hears breaks after %d ms, %v; want half a minute at most", ms, err)
		}
	}); err != nil {
		t.Error(err)
	}
	dial("unix", filepath.Join(t.TempDir(), "socket"))
}
