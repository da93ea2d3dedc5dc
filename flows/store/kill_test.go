package store_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"flowdeck/flows"
	"flowdeck/flows/store"
)

// writeUntilKilled names a database: the test binary then writes to it and says what is committed.
const writeUntilKilled = "FLOWDECK_STORE_WRITE_UNTIL_KILLED"

func TestMain(m *testing.M) {
	if path := os.Getenv(writeUntilKilled); path != "" {
		writeForever(path)
	}
	os.Exit(m.Run())
}

func writeForever(path string) {
	ctx := context.Background()
	s, err := store.Open(ctx, path, store.Options{})
	if err != nil {
		panic(err)
	}
	var out sync.Mutex
	var all sync.WaitGroup
	for w := range 16 {
		all.Go(func() {
			id := store.NewID("r_")
			event := map[string]any{"body": strings.Repeat("e", 4000*w)}
			if err := s.Create(ctx, flows.Run{ID: id, FlowID: "f_1", Status: flows.Running, Epoch: 1, Event: event}); err != nil {
				panic(err)
			}
			for i := 1; ; i++ {
				a := &flows.Attempt{Path: flows.Path(fmt.Sprintf("s%d", i)), Number: 1, Status: flows.Succeeded}
				if err := s.Append(ctx, id, 1, []flows.Entry{{Attempt: a}}); err != nil {
					panic(err)
				}
				out.Lock()
				fmt.Println(id, i)
				out.Unlock()
			}
		})
	}
	for range 4 {
		all.Go(func() {
			for {
				run, end := wholeRun()
				if err := s.Record(ctx, run, nil, end); err != nil {
					panic(err)
				}
				out.Lock()
				fmt.Println("over", run.ID)
				out.Unlock()
			}
		})
	}
	all.Wait()
}

// wholeRun is a run that is over.
func wholeRun() (flows.Run, flows.Outcome) {
	run := flows.Run{ID: store.NewID("r_"), FlowID: "f_1", Status: flows.Running, Epoch: 1, Event: map[string]any{"n": int64(7)}}
	return run, flows.Outcome{Status: flows.Succeeded, Output: map[string]any{"m": int64(8)}, At: time.Now()}
}

// TestKilled kills a process that writes: all that it was told is committed is there afterwards.
func TestKilled(t *testing.T) {
	path := filepath.Join(t.TempDir(), "flowdeck.db")
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), writeUntilKilled+"="+path)
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	acknowledged := map[string]int{}
	var over []string
	lines := 0
	for said := bufio.NewScanner(out); said.Scan(); {
		var id string
		var n int
		if whole, ok := strings.CutPrefix(said.Text(), "over "); ok {
			over = append(over, whole)
		} else if _, err := fmt.Sscan(said.Text(), &id, &n); err == nil {
			acknowledged[id] = n
		}
		if lines++; lines == 1000 {
			child.Process.Kill()
		}
	}
	child.Wait()
	if lines < 1000 || len(over) == 0 || len(acknowledged) == 0 {
		t.Fatalf("the writer said %d lines before it ended, of %d runs under way and %d that were over, want 1000", lines, len(acknowledged), len(over))
	}

	s := open(t, path, store.Options{})
	for _, id := range over {
		if run, err := s.Run(context.Background(), id); err != nil || run.Status != flows.Succeeded || run.Output["m"] != int64(8) {
			t.Errorf("run %s, which was over, is %s with %v after the kill: %v", id, run.Status, run.Output, err)
		}
	}
	for id, n := range acknowledged {
		memo, err := s.Claim(context.Background(), id, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		if got := len(memo.Attempts); got < n {
			t.Errorf("run %s has %d steps after the kill, want the %d that were acknowledged", id, got, n)
		}
		if err := s.Append(context.Background(), id, 1, nil); err == nil {
			t.Errorf("the killed process could still write to %s", id)
		}
	}
}
