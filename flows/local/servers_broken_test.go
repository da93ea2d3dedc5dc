package local_test

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"flowdeck/cards"
	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/flows/enginetest"
	"flowdeck/flows/store"
	"flowdeck/flows/store/storetest"
)

// serverEnv is the address of the database, in the process of a server that is killed.
const serverEnv = "FLOWDECK_TEST_SERVER"

// TestKilledServer kills one of two servers: the other one takes up what it drove, without
// being started.
func TestKilledServer(t *testing.T) {
	t.Parallel()
	dsn, world := storetest.StartPostgres(t).Database(t), enginetest.NewWorld(t)
	two := joins(t, dsn)
	for range 3 {
		var accepted []string
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), serverEnv+"="+dsn, worldEnv+"="+world.URL)
		cmd.Stderr = os.Stderr
		out, err := cmd.StdoutPipe()
		must(t, err)
		must(t, cmd.Start())
		for lines := bufio.NewScanner(out); lines.Scan(); {
			accepted = append(accepted, lines.Text())
			if len(accepted) == 50 {
				must(t, cmd.Process.Kill())
			}
		}
		var exit *exec.ExitError
		if err := cmd.Wait(); !errors.As(err, &exit) || exit.Exited() {
			t.Fatalf("the server was not killed: %v", err)
		}
		for _, id := range accepted {
			run := two.becomes(t, id, "over", 20*time.Second, isOver)
			asked := world.Asked("POST /ok/" + id)
			switch {
			case run.Status == flows.Succeeded && asked == 1:
			case run.Status == flows.Failed && run.Error.Code == cards.CodeUnknownOutcome && asked <= 1:
			default:
				t.Errorf("run %s ended %s, %v; it was sent %d times", id, run.Status, run.Error, asked)
			}
		}
	}
}

// TestKilledOrFrozenServer has a server stand still that holds its connection to the database:
// after a while the other one goes on with its runs, and when it wakes up it leaves them alone.
func TestKilledOrFrozenServer(t *testing.T) {
	t.Parallel()
	dsn, world := storetest.StartPostgres(t).Database(t), enginetest.NewWorld(t)
	two := joins(t, dsn)
	admin, err := sql.Open("pgx", dsn)
	must(t, err)
	defer admin.Close()
	var me int64
	must(t, admin.QueryRowContext(t.Context(), `select id from nodes where seen > 0`).Scan(&me))
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), serverEnv+"="+dsn, worldEnv+"="+world.URL)
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	defer func() { _ = cmd.Process.Kill(); _ = cmd.Wait() }()
	var accepted []string
	for lines := bufio.NewScanner(out); len(accepted) < 50 && lines.Scan(); {
		accepted = append(accepted, lines.Text())
	}
	must(t, cmd.Process.Signal(syscall.SIGSTOP))
	// what it would say by now, had it stood still for a minute
	done, err := admin.ExecContext(t.Context(), `update nodes set seen = seen - 61000000 where seen > 0 and id <> $1`, me)
	must(t, err)
	if n, _ := done.RowsAffected(); n != 1 {
		t.Fatalf("%d servers are set back, want the one that stands still", n)
	}
	for _, id := range accepted {
		run := two.becomes(t, id, "over", 30*time.Second, isOver)
		if run.Status != flows.Succeeded && (run.Error == nil || run.Error.Code != cards.CodeUnknownOutcome) {
			t.Errorf("run %s ended %s, %v", id, run.Status, run.Error)
		}
	}
	must(t, cmd.Process.Signal(syscall.SIGCONT))
	for back, end := false, time.Now().Add(20*time.Second); !back; time.Sleep(20 * time.Millisecond) {
		must(t, admin.QueryRowContext(t.Context(), `select exists (select 1 from nodes where id not in (0, $1) and gone = 0
			and seen > (extract(epoch from clock_timestamp()) - 2) * 1000000)`, me).Scan(&back))
		if !back && time.Now().After(end) {
			t.Fatal("the server that woke up is not seen again")
		}
	}
	for _, id := range accepted {
		if asked := world.Asked("POST /ok/" + id); asked > 1 {
			t.Errorf("run %s was sent %d times", id, asked)
		}
	}
}

// TestServersOfTwoRolesOnPostgreSQL: one may not end the connections of the other, and goes on as well
// as it can when that stands still.
func TestServersOfTwoRolesOnPostgreSQL(t *testing.T) {
	t.Parallel()
	dsn := storetest.StartPostgres(t).Migrated(t)
	admin, err := sql.Open("pgx", dsn)
	must(t, err)
	defer admin.Close()
	admin.SetMaxOpenConns(1) // the one that holds the lock of a server that says nothing
	for _, x := range []string{`create role app login`, `grant all on schema public to app`, `grant all on all tables in schema public to app`,
		`insert into nodes (id, gone, seen) values (7, 0, 1)`, `select pg_advisory_lock(1718382455, 7)`} {
		_, err := admin.ExecContext(t.Context(), x)
		must(t, err)
	}
	joins(t, strings.Replace(dsn, "user=flowdeck", "user=app", 1))
	holder := func() (pid int) {
		must(t, admin.QueryRowContext(t.Context(), `select pid from pg_locks where locktype = 'advisory' and classid = 1718382455 and objid <> 7 and granted`).Scan(&pid))
		return pid
	}
	first := holder()
	time.Sleep(2500 * time.Millisecond) // it has looked twice
	if now := holder(); now != first {
		t.Errorf("it gave up its own connection: %d, then %d", first, now)
	}
}

// serverVictim is a server that begins runs until it is killed.
func serverVictim(dsn string) {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "flowdeck-victim-")
	if err != nil {
		panic(err)
	}
	s, err := shares(ctx, dsn, dir)
	if err != nil {
		panic(err)
	}
	world := os.Getenv(worldEnv)
	doc, err := s.db.PutDocument(ctx, enginetest.Document(fetches("get", world+"/ok/get"), sends("send", world+"/ok/{{ start.what }}")))
	if err != nil {
		panic(err)
	}
	for {
		id := store.NewID("r_")
		err := s.Start(ctx, flows.Run{ID: id, FlowID: "f_1", Document: doc, Trigger: "event.endpoint", Event: schema.Values{"what": id}}, flows.StartOptions{})
		if store.Passes(err) { // its connections were ended while it stood still: it was refused
			continue
		}
		if err != nil {
			panic(err)
		}
		fmt.Println(id)
	}
}

// TestConnectionsThatBreak ends every connection to the database again and again while runs
// write: none of them is in doubt, as its process lives.
func TestConnectionsThatBreak(t *testing.T) {
	t.Parallel()
	dsn, world := storetest.StartPostgres(t).Database(t), enginetest.NewWorld(t)
	one := joins(t, dsn)
	admin, err := sql.Open("pgx", dsn)
	must(t, err)
	defer admin.Close()
	admin.SetMaxOpenConns(1)
	stop := make(chan struct{})
	var all sync.WaitGroup
	all.Go(func() {
		for {
			select {
			case <-stop:
				return
			case <-time.After(40 * time.Millisecond):
				if _, err := admin.Exec(`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`); err != nil {
					t.Error(err)
				}
			}
		}
	})
	doc, err := one.db.PutDocument(t.Context(), enginetest.Document(sends("one", world.URL+"/ok/{{ start.what }}/one"), sends("two", world.URL+"/ok/{{ start.what }}/two")))
	must(t, err)
	var ids, refused []string
	for len(ids) < 150 {
		run := flows.Run{ID: store.NewID("r_"), FlowID: "f_1", Document: doc, Trigger: "event.endpoint"}
		run.Event = schema.Values{"what": run.ID}
		if err := one.Start(t.Context(), run, flows.StartOptions{}); err != nil {
			refused = append(refused, run.ID)
			continue
		}
		ids = append(ids, run.ID)
	}
	time.Sleep(time.Second)
	close(stop)
	all.Wait()
	for _, id := range ids {
		run := one.becomes(t, id, "over", 20*time.Second, isOver)
		if a, b := world.Asked("POST /ok/"+id+"/one"), world.Asked("POST /ok/"+id+"/two"); run.Status != flows.Succeeded || a != 1 || b != 1 {
			t.Errorf("run %s ended %s, %v, claimed %d times; its cards were sent %d and %d times", id, run.Status, run.Error, run.Epoch, a, b)
		}
	}
	for _, id := range refused {
		if run, err := one.db.Run(t.Context(), id); err == nil {
			t.Errorf("run %s was refused and is there: %s", id, run.Status)
		}
	}
	t.Logf("%d runs were refused", len(refused))
}
