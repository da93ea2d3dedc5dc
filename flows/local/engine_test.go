package local_test

import (
	"os"
	"testing"

	"flowdeck/flows/enginetest"
	"flowdeck/flows/local"
	"flowdeck/flows/runner"
	"flowdeck/flows/store"
	"flowdeck/flows/store/storetest"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(victimEnv); dir != "" {
		victim(dir)
		return
	}
	if dsn := os.Getenv(serverEnv); dsn != "" {
		serverVictim(dsn)
		return
	}
	if dir := os.Getenv(tickerEnv); dir != "" {
		tickerVictim(dir)
		return
	}
	if dir := os.Getenv(deadlyEnv); dir != "" {
		mortalServer(dir)
		return
	}
	goleak.VerifyTestMain(m)
}

// engine is the engine under test.
func engine(s enginetest.Setup) enginetest.Engine {
	return local.New(local.Options{
		Journal: s.Journal, Run: s.Run, Running: s.Running, Queue: s.Queue, Now: s.Now, Log: s.Log,
		Executor: runner.New(runner.Options{Journal: s.Journal, Program: s.Program, Env: s.Env, Flow: s.Flow, Link: s.Link, Passes: s.Passes, Now: s.Now, Log: s.Log}),
	})
}

func TestEngineOnSQLite(t *testing.T) {
	t.Parallel()
	enginetest.Exercise(t, enginetest.Backend{Engine: engine, Open: openSQLite})
}

func openSQLite(t *testing.T) *store.Store {
	return open(t, storetest.SQLite(t))
}

func open(t *testing.T, dsn string) *store.Store {
	db, err := store.Open(t.Context(), dsn, store.Options{Blobs: storetest.Dir(t)})
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return db
}

func TestEngineOnPostgreSQL(t *testing.T) {
	t.Parallel()
	server := storetest.StartPostgres(t)
	enginetest.Exercise(t, enginetest.Backend{Engine: engine, Slow: true, Open: func(t *testing.T) *store.Store {
		return open(t, server.Migrated(t))
	}})
}
