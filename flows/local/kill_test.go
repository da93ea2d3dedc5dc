package local_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"flowdeck/cards"
	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/flows/enginetest"
	"flowdeck/flows/runner"
	"flowdeck/flows/store"
)

const (
	victimEnv = "FLOWDECK_TEST_VICTIM" // directory of the database, in the process that is killed
	worldEnv  = "FLOWDECK_TEST_WORLD"  // URL of the world
)

// TestKilledProcess kills a whole process in the middle of its work, again and
// again, and has the next one take its runs up. No run that was accepted is
// lost, and no request that writes is made twice behind anybody's back.
func TestKilledProcess(t *testing.T) {
	const kills = 8
	dir, world := t.TempDir(), enginetest.NewWorld(t)
	var accepted []string
	for range kills {
		accepted = append(accepted, killOne(t, dir, world.URL)...)
	}
	if len(accepted) == 0 {
		t.Fatal("no run was accepted before a kill")
	}
	db, err := store.Open(t.Context(), filepath.Join(dir, "flowdeck.db"), store.Options{})
	if err != nil {
		t.Fatalf("Open after the kills: %v", err)
	}
	defer db.Close()
	client := &http.Client{}
	defer client.CloseIdleConnections()
	e := engine(processSetup(db, client))
	if err := e.Recover(t.Context()); err != nil {
		t.Fatalf("Recover: %v", err)
	}
	ends := map[flows.Status]int{}
	for _, id := range accepted {
		run := over(t, e, db, id)
		ends[run.Status]++
		name := "POST /ok/" + id
		switch asked := world.Asked(name); {
		case run.Status == flows.Succeeded && asked == 1 && run.Output["posted"] == "/ok/"+id:
		case run.Status == flows.Failed && run.Error.Code == cards.CodeUnknownOutcome && asked <= 1:
		default:
			t.Errorf("run %s ended %s, %v, with %v; %s was asked %d times", id, run.Status, run.Error, run.Output, name, asked)
		}
	}
	t.Logf("%d runs accepted by %d processes that were killed: %v", len(accepted), kills, ends)
	if err := e.Shutdown(t.Context()); err != nil {
		t.Errorf("Shutdown: %v", err)
	}
}

// killOne lets a process work for a moment and kills it. It returns the runs
// that the process said it had accepted.
func killOne(t *testing.T, dir, world string) (accepted []string) {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), victimEnv+"="+dir, worldEnv+"="+world)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	enough := 1 + rand.IntN(120)
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		accepted = append(accepted, strings.TrimSpace(lines.Text()))
		if len(accepted) == enough {
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	var exit *exec.ExitError
	if err := cmd.Wait(); !errors.As(err, &exit) || exit.Exited() {
		t.Fatalf("the process was not killed: %v", err)
	}
	return accepted
}

func over(t *testing.T, e enginetest.Engine, db *store.Store, id string) flows.Run {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	for range e.Watch(ctx, id) {
		run, err := db.Run(t.Context(), id)
		if err != nil {
			t.Fatalf("run %s was accepted and is lost: %v", id, err)
		}
		if run.Status.Done() {
			return run
		}
	}
	t.Fatalf("run %s does not end", id)
	return flows.Run{}
}

// victim is the process that is killed: it takes up what the one before left and
// accepts run after run, telling their ids when they are accepted.
func victim(dir string) {
	ctx := context.Background()
	db, err := store.Open(ctx, filepath.Join(dir, "flowdeck.db"), store.Options{})
	if err != nil {
		panic(err)
	}
	e := engine(processSetup(db, &http.Client{}))
	if err := e.Recover(ctx); err != nil {
		panic(err)
	}
	document, err := db.PutDocument(ctx, enginetest.Document(
		flows.Step{ID: "read", Card: "http.get", Inputs: schema.Values{"url": os.Getenv(worldEnv) + "/ok/read"}},
		flows.Step{ID: "write", Card: "http.post", Inputs: schema.Values{"url": os.Getenv(worldEnv) + "/ok/{{run.id}}", "body": "{}"}},
		flows.Step{ID: "out", Card: "control.return", Inputs: schema.Values{"values": schema.Values{"posted": "{{write.body.path}}"}}},
	))
	if err != nil {
		panic(err)
	}
	for range 16 {
		go func() {
			for {
				run := flows.Run{ID: store.NewID("r_"), FlowID: "flow_1", Document: document, Trigger: "event.endpoint", Event: schema.Values{"what": "x"}}
				if err := e.Start(ctx, run, flows.StartOptions{}); err != nil {
					panic(err)
				}
				if _, err := io.WriteString(os.Stdout, run.ID+"\n"); err != nil {
					return // nobody listens any more
				}
			}
		}()
	}
	select {}
}

func processSetup(db *store.Store, client *http.Client) enginetest.Setup {
	return enginetest.Setup{
		Journal: db, Run: db.Run, Running: 8, Queue: 1 << 20, Now: time.Now,
		Program: runner.NewPrograms(4, enginetest.Cards, db.Document).Program,
		Env: func(_ context.Context, connection, key string) (cards.Env, error) {
			if connection != "" {
				return cards.Env{}, fmt.Errorf("connection %s: %w", connection, flows.ErrNotFound)
			}
			return cards.Env{HTTP: client, Now: time.Now, Key: key}, nil
		},
	}
}
