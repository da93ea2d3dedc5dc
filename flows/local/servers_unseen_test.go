package local_test

import (
	"fmt"
	"io"
	"net"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"flowdeck/flows"
	"flowdeck/flows/enginetest"
	"flowdeck/flows/local"
	"flowdeck/flows/store/storetest"
)

// TestServerThatIsNotSeen loses the connection by which the others see a server, while it works
// on. When it is back soon, nothing changes; when not, the other one drives its runs on. Nothing
// is done twice.
func TestServerThatIsNotSeen(t *testing.T) {
	t.Parallel()
	dsn, world := storetest.StartPostgres(t).Database(t), enginetest.NewWorld(t)
	wall := newWall(t, dsn)
	one, two := joins(t, wall.dsn), joins(t, dsn)
	const many = 20
	var parked, busy []string
	for i := range many {
		ok := fmt.Sprint(world.URL, "/ok/", i)
		parked = append(parked, one.start(t, sends("before", ok+"/before"), asks("ask"), sends("after", ok+"/after")))
		busy = append(busy, one.start(t, fetches("hang", fmt.Sprint(world.URL, "/hang/", i)), sends("send", ok+"/send")))
		<-world.Arrived(fmt.Sprint("GET /hang/", i))
	}
	for _, id := range parked {
		one.becomes(t, id, "waiting", time.Minute, waits)
	}
	wall.cut(0)
	time.Sleep(3 * time.Second)
	for _, id := range append(parked, busy...) {
		if run, err := two.db.Run(t.Context(), id); err != nil || run.Epoch != 1 {
			t.Fatalf("run %s was claimed %d times, %v, though its server was back at once", id, run.Epoch, err)
		}
	}
	wall.cut(6 * time.Second)
	for _, id := range busy {
		two.becomes(t, id, "taken up", 10*time.Second, func(r flows.Run) bool { return r.Epoch > 1 })
	}
	for i := range many {
		world.Release(fmt.Sprint("GET /hang/", i))
		two.answer(t, parked[i], "ask")
	}
	for _, id := range append(parked, busy...) {
		if run := two.becomes(t, id, "over", 20*time.Second, isOver); run.Status != flows.Succeeded {
			t.Errorf("run %s ended %s, %v", id, run.Status, run.Error)
		}
	}
	for i := range many {
		for _, what := range []string{"before", "after", "send"} {
			if n := world.Asked(fmt.Sprint("POST /ok/", i, "/", what)); n != 1 {
				t.Errorf("run %d: %s was sent %d times, want once", i, what, n)
			}
		}
	}
	for end := time.Now().Add(20 * time.Second); one.Load() != (local.Load{}) || two.Load() != (local.Load{}); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("the servers still drive %+v and %+v, and every run is over", one.Load(), two.Load())
		}
	}
	id := one.start(t, asks("ask")) // the one is seen again
	one.becomes(t, id, "waiting", time.Minute, waits)
	two.answer(t, id, "ask")
	two.becomes(t, id, "over", 2*time.Second, isOver)
}

// wall is a way to the database that can be cut off for the connection by which servers see
// each other.
type wall struct {
	dsn   string
	mu    sync.Mutex
	until time.Time
	seen  []net.Conn
}

func newWall(t *testing.T, dsn string) *wall {
	address, err := url.Parse(dsn)
	must(t, err)
	const socket = "/.s.PGSQL.5432"
	query, dir := address.Query(), t.TempDir()
	behind := query.Get("host") + socket
	query.Set("host", dir)
	address.RawQuery = query.Encode()
	w := &wall{dsn: address.String()}
	listener, err := net.Listen("unix", dir+socket)
	must(t, err)
	var all sync.WaitGroup
	t.Cleanup(func() { listener.Close(); all.Wait() })
	all.Go(func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			all.Go(func() { w.pass(c, behind) })
		}
	})
	return w
}

func (w *wall) pass(c net.Conn, behind string) {
	defer c.Close()
	hello := make([]byte, 4096)
	n, err := c.Read(hello)
	if err != nil {
		return
	}
	if strings.Contains(string(hello[:n]), " node\x00") {
		w.mu.Lock()
		shut := time.Now().Before(w.until)
		w.seen = append(w.seen, c)
		w.mu.Unlock()
		if shut {
			return
		}
	}
	db, err := net.Dial("unix", behind)
	if err != nil {
		return
	}
	defer db.Close()
	if _, err := db.Write(hello[:n]); err != nil {
		return
	}
	go func() {
		_, _ = io.Copy(db, c)
		db.Close()
	}()
	_, _ = io.Copy(c, db)
}

// cut ends the connection, and lets no other one pass for a while.
func (w *wall) cut(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.until = time.Now().Add(d)
	for _, c := range w.seen {
		c.Close()
	}
	w.seen = nil
}
