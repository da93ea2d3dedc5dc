package store

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"flowdeck/flows"
)

const (
	// nodeLook is how often a server looks whether another one is gone.
	nodeLook = time.Second
	// nodeGrace is how long a server may be unseen until others take up its runs, in µs: one that
	// has only lost its connection is back before.
	nodeGrace = int64(3 * time.Second / time.Microsecond)
	// nodeFrozen is how long a server may hold its lock and say nothing, in µs: it, or its machine,
	// stands still, and somebody else has to go on with its runs.
	nodeFrozen = int64(time.Minute / time.Microsecond)
	// nodeKept is how long a server that is gone is looked at again, in µs: what it was about to
	// commit may come after the others have noticed.
	nodeKept = int64(10 * time.Minute / time.Microsecond)
	// nodeName ends the name of the connection that holds the lock.
	nodeName = " node"
	// nodeLocks is the class of the advisory locks that servers hold on their numbers.
	nodeLocks = 0x666c6f77
	// nodeChannel is where a server listens, with its number behind it.
	nodeChannel = "flowdeck_node_"
	// mostNudge bounds what one server tells another, in bytes: PostgreSQL takes no 8000.
	mostNudge = 7900
)

// What one server tells another of a run, in the first letter.
const (
	toCancel = "c"
	toSignal = "s" // the path of the step comes behind it
	toLook   = "l" // it is too long to be told
)

// Peer is told what happens to the runs that this server drives, by other servers. Each is
// called in turn, and may not wait.
type Peer struct {
	Cancelled func(runID string)
	Arrived   func(runID string, p flows.Path)
	// Took means that runs of a server that is gone are this one's now, or that something
	// may not have been told: what Pending gives has changed. When it fails it is called again.
	Took func(ctx context.Context) error
}

// Shared reports whether other servers may have the database too.
func (s *Store) Shared() bool { return s.dialect.writers > 1 }

// Servers is how many servers were at work on the database when this one last looked, a second
// ago at most. It is 1 on a SQLite file, and before Join.
func (s *Store) Servers() int { return max(int(s.servers.Load()), 1) }

// Join makes this server one of those that drive runs of a PostgreSQL database, until leave is
// called: what it creates is its own, others leave that alone while it lives, and runs of those
// that do not live become its own, the first of them before Join returns. On a SQLite file,
// which one server has, it does nothing.
//
// A server is gone when it says so, or when for three seconds nothing holds its lock, which is
// taken from one that says nothing for a minute. One that is not gone after all, only unseen, can write nothing more of a run that another one has claimed.
func (s *Store) Join(ctx context.Context, p Peer) (leave func(), err error) {
	if s.dialect.writers == 1 {
		return func() {}, nil
	}
	n := &node{store: s, peer: p}
	for range 10 {
		n.id = rand.Int32N(1<<31-2) + 1
		if err = n.connect(ctx); !errors.Is(err, flows.ErrTaken) {
			break
		}
	}
	if err != nil {
		return nil, failed("join the other servers", err)
	}
	s.node.Store(int64(n.id))
	if _, err := n.takeUp(ctx, true); err != nil {
		n.close()
		return nil, failed("take up runs of servers that are gone", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		n.serve(ctx)
	}()
	return func() { cancel(); <-done }, nil
}

// node is this server among others. While it lives it holds the lock on its number, by a
// connection of its own, over which the others reach it.
type node struct {
	store *Store
	peer  Peer
	id    int32
	conn  *pgx.Conn
	owed  bool // Took is to be called
}

// connect takes the node's number, or gives flows.ErrTaken.
func (n *node) connect(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	config, err := n.store.postgres(nodeName)
	if err != nil {
		return err
	}
	if n.conn, err = pgx.ConnectConfig(ctx, config); err != nil {
		return err
	}
	// A machine that is off says nothing: its lock is let go of when it does not answer.
	_, err = n.conn.Exec(ctx, fmt.Sprint("set tcp_keepalives_idle = 5; set tcp_keepalives_interval = 2; set tcp_keepalives_count = 3; listen ", nodeChannel, n.id))
	var mine bool
	if err == nil {
		err = n.conn.QueryRow(ctx, `select pg_try_advisory_lock($1, $2)`, nodeLocks, n.id).Scan(&mine)
	}
	if err == nil && !mine {
		err = flows.ErrTaken
	}
	if err == nil {
		_, err = n.conn.Exec(ctx, `insert into nodes (id, gone, seen) values ($1, 0, `+dbMicros+`) on conflict (id) do update set gone = 0, seen = excluded.seen`, n.id)
	}
	if err != nil {
		n.close()
	}
	return err
}

func (n *node) close() {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	_ = n.conn.Close(ctx)
}

// serve looks after runs of servers that are gone, and hears what others tell, until ctx ends.
func (n *node) serve(ctx context.Context) {
	for {
		err := n.session(ctx)
		if ctx.Err() != nil {
			n.leave()
			return
		}
		n.close()
		n.store.log.Warn("the connection is lost by which other servers see that this one lives; they take up its runs unless it is back soon", "error", err)
		for n.connect(ctx) != nil {
			select {
			case <-ctx.Done():
				return
			case <-time.After(nodeLook / 4):
			}
		}
		n.store.log.Info("the other servers see this one again")
		n.owed = true
	}
}

// leave lets others take up at once what this server has left.
func (n *node) leave() {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	_, _ = n.conn.Exec(ctx, `update nodes set gone = 1 where id = $1`, n.id)
	_ = n.conn.Close(ctx)
}

// session is serve over one connection.
func (n *node) session(ctx context.Context) error {
	for next := time.Now().Add(nodeLook); ; {
		if n.owed {
			err := n.peer.Took(ctx)
			if n.owed = err != nil; n.owed {
				n.store.log.Warn("runs that have come to this server could not be taken up, which is tried again", "error", err)
			}
		}
		look, cancel := context.WithDeadline(ctx, next)
		told, err := n.conn.WaitForNotification(look)
		cancel()
		switch {
		case err == nil:
			n.hear(told.Payload)
			continue
		case ctx.Err() != nil || !errors.Is(err, context.DeadlineExceeded):
			return err
		}
		took, err := n.takeUp(ctx, false)
		if err != nil {
			return err
		}
		if took > 0 {
			n.store.log.Info("took over the runs of a server that is gone", "runs", took)
			n.owed = true
		}
		next = time.Now().Add(nodeLook)
	}
}

func (n *node) hear(told string) {
	run, what, _ := strings.Cut(told, " ")
	switch {
	case what == toCancel:
		n.peer.Cancelled(run)
	case strings.HasPrefix(what, toSignal):
		n.peer.Arrived(run, flows.Path(what[len(toSignal):]))
	default:
		n.owed = true
	}
}

// dbMicros is the time by the clock of the database, which all servers share.
const dbMicros = `cast(extract(epoch from clock_timestamp()) * 1000000 as bigint)`

// wake says that this server lives, and ends the connections of those that do not say so: with
// them goes what they hold, the lock on their number and those on rows.
func (n *node) wake(ctx context.Context) error {
	if _, err := n.conn.Exec(ctx, `update nodes set seen = `+dbMicros+` where id = $1`, n.id); err != nil {
		return err
	}
	var servers int64
	if err := n.conn.QueryRow(ctx, `select count(*) from nodes where id <> 0 and gone = 0`).Scan(&servers); err != nil {
		return err
	}
	n.store.servers.Store(servers)
	done, err := n.conn.Exec(ctx, `with frozen as materialized (select id from nodes where id <> $1 and seen > 0 and seen < `+dbMicros+` - $2)
		select pg_terminate_backend(a.pid) from frozen f join pg_locks l on l.locktype = 'advisory' and l.classid = $3 and l.objid = f.id and l.granted
		join pg_stat_activity holder on holder.pid = l.pid and holder.datname = current_database()
		join pg_stat_activity a on a.datname = current_database() and a.application_name || $4 in (holder.application_name, holder.application_name || $4)`,
		n.id, nodeFrozen, nodeLocks, nodeName)
	if refused := (*pgconn.PgError)(nil); errors.As(err, &refused) && n.conn.Ping(ctx) == nil {
		n.store.log.Warn("a server has said nothing for a minute, and its connections cannot be ended: use one role of the database for all servers, or end that one", "error", err)
		return nil // this one goes on as it would without
	}
	if err == nil && done.RowsAffected() > 0 {
		n.store.log.Warn("a server has said nothing for a minute: its connections are ended, and its runs taken over", "connections", done.RowsAffected())
	}
	return err
}

// takeUp makes runs of servers that are gone this one's, at the beginning also those that are
// nobody's.
func (n *node) takeUp(ctx context.Context, first bool) (took int64, err error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	if err := n.wake(ctx); err != nil {
		return 0, err
	}
	rows, err := n.conn.Query(ctx, `with others as materialized (select id::int as id, gone from nodes where id <> $1 and (id <> 0 or $2))
		select id, gone, `+dbMicros+` from others where pg_try_advisory_lock($3, id)`, n.id, first, nodeLocks)
	if err != nil {
		return 0, err
	}
	type other struct {
		ID        int32
		Gone, Now int64
	}
	gone, err := pgx.CollectRows(rows, pgx.RowToStructByPos[other])
	for _, o := range gone {
		switch {
		case o.ID != 0 && o.Gone == 0:
			_, err = n.conn.Exec(ctx, `update nodes set gone = $1 where id = $2`, o.Now, o.ID)
		case o.ID == 0 || o.Now-o.Gone >= nodeGrace:
			var done pgconn.CommandTag
			done, err = n.conn.Exec(ctx, `update runs set node = $1 where finished = 0 and node = $2`, n.id, o.ID)
			took += done.RowsAffected()
		}
		if err == nil && o.Gone > 0 && o.Now-o.Gone > nodeKept {
			_, err = n.conn.Exec(ctx, `delete from nodes where id = $1`, o.ID)
		}
		if err == nil {
			_, err = n.conn.Exec(ctx, `select pg_advisory_unlock($1, $2)`, nodeLocks, o.ID)
		}
		if err != nil {
			break
		}
	}
	return took, err
}

// nudge tells the server that drives a run what has been committed of it, when that is another
// one, and with that commit.
func (s *Store) nudge(t *tx, runID, what string) error {
	me := s.node.Load()
	if me == 0 {
		return nil
	}
	told := runID + " " + what
	if len(told) > mostNudge {
		told = runID + " " + toLook
	}
	_, err := t.exec(`select pg_notify('`+nodeChannel+`' || node, cast(? as text)) from runs where id = ? and finished = 0 and node not in (0, ?)`, told, runID, me)
	return err
}
