package storetest

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"

	"flowdeck/flows/store"
)

// Postgres is a throw-away PostgreSQL server. It listens on a socket in its own
// directory, syncs nothing to the disk and is gone when the test that started it ends.
type Postgres struct {
	dir       string
	databases atomic.Int64
	template  string // a database with the newest schema and nothing else in it
	migrate   sync.Once
}

// StartPostgres starts a server for as long as t runs.
func StartPostgres(t testing.TB) *Postgres {
	t.Helper()
	dir, err := os.MkdirTemp("", "flowdeck-pg-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	as := serverUser(t, dir)
	data := filepath.Join(dir, "data")
	init := exec.Command(program(t, "initdb"), "-D", data, "-U", "flowdeck", "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C")
	init.SysProcAttr, init.Dir = as, dir
	if out, err := init.CombinedOutput(); err != nil {
		t.Fatalf("initdb: %v\n%s", err, out)
	}
	server := exec.Command(program(t, "postgres"), "-D", data, "-k", dir, "-c", "listen_addresses=", "-c", "fsync=off",
		"-c", "synchronous_commit=off", "-c", "full_page_writes=off", "-c", "max_connections=100", "-c", "shared_buffers=32MB",
		"-c", "deadlock_timeout=20ms")
	server.Dir = dir
	server.SysProcAttr = &syscall.SysProcAttr{Credential: as.Credential, Pdeathsig: syscall.SIGQUIT}
	run(t, server)
	return &Postgres{dir: dir}
}

// run starts the server, returns when it takes connections and stops it when t ends.
func run(t testing.TB, server *exec.Cmd) {
	t.Helper()
	log, err := server.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	ready, ended := make(chan error, 1), make(chan struct{})
	go func() {
		defer close(ended)
		runtime.LockOSThread() // Pdeathsig is about the thread that started the server
		if err := server.Start(); err != nil {
			ready <- err
			return
		}
		var said bytes.Buffer
		for lines := bufio.NewScanner(log); lines.Scan(); {
			fmt.Fprintln(&said, lines.Text())
			if strings.Contains(lines.Text(), "ready to accept connections") {
				ready <- nil
			}
		}
		if err := server.Wait(); err != nil {
			select {
			case ready <- fmt.Errorf("%w\n%s", err, &said):
			default:
			}
		}
	}()
	if err := <-ready; err != nil {
		t.Fatalf("start PostgreSQL: %v", err)
	}
	t.Cleanup(func() {
		server.Process.Signal(syscall.SIGQUIT)
		<-ended
	})
}

// Database makes an empty database, without any schema, and returns its address for store.Open.
func (p *Postgres) Database(t testing.TB) string {
	t.Helper()
	return p.address(p.create(t, "template1"))
}

// Migrated makes a database with the newest schema and nothing else in it, and returns
// its address. The migrations run once on a server; each test gets a copy.
func (p *Postgres) Migrated(t testing.TB) string {
	t.Helper()
	p.migrate.Do(func() {
		name := p.create(t, "template1")
		s, err := store.Open(context.Background(), p.address(name), store.Options{Blobs: t.TempDir()})
		if err == nil {
			err = s.Close() // what others use cannot be copied
		}
		if err != nil {
			t.Fatal(err)
		}
		p.template = name
	})
	return p.address(p.create(t, p.template))
}

func (p *Postgres) create(t testing.TB, template string) (name string) {
	t.Helper()
	db, err := sql.Open("pgx", p.address("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	name = fmt.Sprintf("test%d", p.databases.Add(1))
	if _, err := db.ExecContext(context.Background(), "create database "+name+" template "+template); err != nil {
		t.Fatal(err)
	}
	return name
}

func (p *Postgres) address(database string) string {
	return "postgres:///" + database + "?host=" + p.dir + "&user=flowdeck"
}

// serverUser gives dir to the user that the server runs as: PostgreSQL refuses root.
func serverUser(t testing.TB, dir string) *syscall.SysProcAttr {
	t.Helper()
	if os.Getuid() != 0 {
		return &syscall.SysProcAttr{}
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		t.Fatalf("%v: PostgreSQL does not run as root; install it from the system's packages (apt-get install postgresql)", err)
	}
	uid, err1 := strconv.Atoi(u.Uid)
	gid, err2 := strconv.Atoi(u.Gid)
	if err1 != nil || err2 != nil {
		t.Fatalf("user postgres has ids %q and %q", u.Uid, u.Gid)
	}
	if err := os.Chown(dir, uid, gid); err != nil {
		t.Fatal(err)
	}
	return &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
}

// program finds one of PostgreSQL's programs in PATH or where Debian keeps them.
func program(t testing.TB, name string) string {
	t.Helper()
	if path, err := exec.LookPath(name); err == nil {
		return path
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
	if err != nil || len(found) == 0 {
		t.Fatalf("these tests need PostgreSQL, and %s is neither in PATH nor in /usr/lib/postgresql: apt-get install postgresql", name)
	}
	slices.Sort(found)
	return found[len(found)-1]
}
