package connectors_test

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"flowdeck/connectors"
	"flowdeck/flows/store"
)

// callOnce names a database, a connection and an address: the test binary then makes
// that one call, as a server would, and says what came of it.
const callOnce = "FLOWDECK_CONNECTORS_CALL_ONCE"

func TestMain(m *testing.M) {
	if what := strings.Fields(os.Getenv(callOnce)); len(what) == 3 {
		callInChild(what[0], what[1], what[2])
	}
	os.Exit(m.Run())
}

func callInChild(path, id, at string) {
	st, err := store.Open(context.Background(), path, store.Options{})
	if err != nil {
		panic(err)
	}
	v, err := connectors.NewVault(make([]byte, connectors.KeySize))
	if err != nil {
		panic(err)
	}
	guard, err := connectors.NewGuard([]string{"127.0.0.0/8"})
	if err != nil {
		panic(err)
	}
	c := connectors.NewClients(&slow{Store: st}, v, connectors.AllTypes(), guard, connectors.Options{Alone: true})
	status, err := call(c, id, at)
	fmt.Println("answered", status, err)
	os.Exit(0)
}

// slow tells its parent of each commit, before and after, and goes on when that says so.
type slow struct{ *store.Store }

var orders = bufio.NewReader(os.Stdin)

func (s *slow) UpdateConnection(ctx context.Context, id string, change func(*connectors.Connection) error) error {
	fmt.Println("before the commit")
	orders.ReadString('\n')
	err := s.Store.UpdateConnection(ctx, id, change)
	fmt.Println("after the commit")
	orders.ReadString('\n')
	return err
}

// TestKilled kills a process that renews a token, at each step of it, and looks at what
// the next process finds.
func TestKilled(t *testing.T) {
	for _, tt := range []struct {
		name  string
		at    string // what the process or the service has just come to when it is killed
		grace bool   // the service takes the token before the newest, until the newest is used
		state connectors.State
		says  string
	}{
		{"before it is written down", "before the commit 1", false, connectors.Ready, ""},
		{"before the service is asked", "after the commit 1", false, connectors.Ready, ""},
		{"when the question has arrived", "asked", false, connectors.Ready, ""},
		{"when the new token is given, at a service with a grace", "issued", true, connectors.Ready, ""},
		{"when the new token has come and is not committed, at a service with a grace", "before the commit 2", true, connectors.Ready, ""},
		{"when the new token is given, at a service without", "issued", false, connectors.NeedsSignIn, "Flowdeck stopped while the token was being renewed"},
		{"when the new token has come and is not committed, at a service without", "before the commit 2", false, connectors.NeedsSignIn, "Flowdeck stopped while the token was being renewed"},
		{"when it is committed", "after the commit 2", false, connectors.Ready, ""},
		{"when it is used", "answered", false, connectors.Ready, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			ctx := context.Background()
			s, v := newRotating(t), newVault(t)
			s.grace = tt.grace
			path := filepath.Join(t.TempDir(), "flowdeck.db")
			before := opened(t, path, "")
			signIn(t, before, v, s, "c_1", nil)
			must(t, before.Close())

			child := exec.Command(os.Args[0])
			child.Env = append(os.Environ(), callOnce+"="+path+" c_1 "+s.URL+"/api")
			child.Stderr = os.Stderr
			in, err := child.StdinPipe()
			must(t, err)
			out, err := child.StdoutPipe()
			must(t, err)
			dead := make(chan struct{})
			come := func(at string) bool {
				if at == tt.at {
					child.Process.Kill()
				}
				return at == tt.at
			}
			s.before = func(int) {
				if come("asked") {
					<-dead
					panic(http.ErrAbortHandler) // nothing is decided for a caller who is gone
				}
			}
			s.after = func(int) {
				if come("issued") {
					<-dead
				}
			}
			must(t, child.Start())
			commits := 0
			for said := bufio.NewScanner(out); said.Scan(); {
				line := said.Text()
				switch {
				case line == "before the commit":
					commits++
					line = fmt.Sprintf("%s %d", line, commits)
				case line == "after the commit":
					line = fmt.Sprintf("%s %d", line, commits)
				case strings.HasPrefix(line, "answered"):
					line = "answered"
				}
				if come(line) {
					break
				}
				fmt.Fprintln(in, "go on")
			}
			child.Wait()
			close(dead)
			s.mu.Lock()
			s.before, s.after = nil, nil
			s.mu.Unlock()

			st := opened(t, path, "")
			c := node(t, st, v, connectors.Options{Alone: true})
			status, err := call(c, "c_1", s.URL+"/api")
			row, e := st.Connection(ctx, "c_1")
			must(t, e)
			_, _, revoked := s.count()
			if tt.says == "" {
				if err != nil || status != 200 || revoked || row.State != tt.state {
					t.Errorf("the next process got %d, %v; revoked %v, state %s: want the grant alive", status, err, revoked, row.State)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), tt.says) || !strings.Contains(err.Error(), "all tokens are revoked") ||
				row.State != tt.state || !strings.Contains(row.StateDetail, tt.says) {
				t.Errorf("the next process got %d, %v, state %s %q, want %q and the service's words", status, err, row.State, row.StateDetail, tt.says)
			}
		})
	}
}
