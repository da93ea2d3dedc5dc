package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"flowdeck/flows"
	"flowdeck/flows/store"
)

// command runs one command and returns what it prints.
func runCommand(t *testing.T, args ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	err := run(t.Context(), args, streams{strings.NewReader(""), &out, &out})
	return out.String(), err
}

func TestABackupFromAServerAtWorkIsRestored(t *testing.T) {
	dir, to := t.TempDir(), filepath.Join(t.TempDir(), "backup.tar.gz")
	r := start(t, "--sample", "--data", dir)
	token := regexp.MustCompile(`x-api-client-token: (fd_[0-9a-f]{40})`).FindStringSubmatch(r.out.String())[1]
	call := func(note string) {
		r.call("POST", r.url+"/api/flows/sample-customer/invoke", `{"customer_id": "C-1001", "note": "`+note+`"}`, "x-api-client-token", token, "Content-Type", "application/json")
	}
	large := strings.Repeat("large body ", 10_000)
	call(large)
	ctx, cancel := context.WithCancel(t.Context())
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for ctx.Err() == nil {
				call("meanwhile")
			}
		})
	}
	said, err := runCommand(t, "backup", "--data", dir, to)
	cancel()
	all.Wait()
	if err != nil || !strings.Contains(said, "The master key is not in it.") {
		t.Fatalf("backup: %v\n%s", err, said)
	}
	if info, err := os.Stat(to); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the backup has mode %v, %v; want 0600", info.Mode(), err)
	}
	if said, err := runCommand(t, "backup", "--data", dir, to); err == nil {
		t.Errorf("a backup over one that is there: %s", said)
	}
	if said, err := runCommand(t, "restore", "--replace", "--data", dir, to); err == nil || !strings.Contains(err.Error(), "another Flowdeck is serving") {
		t.Errorf("restored under a server: %v\n%s", err, said)
	}

	there := t.TempDir()
	said, err = runCommand(t, "restore", "--data", there, to)
	if err != nil || !strings.Contains(said, "The master key was not in the backup") {
		t.Fatalf("restore: %v\n%s", err, said)
	}
	wholeRun(t, there, large)
	key, err := os.ReadFile(filepath.Join(dir, "master.key"))
	if err == nil {
		err = os.WriteFile(filepath.Join(there, "master.key"), key, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	if said, err := runCommand(t, "restore", "--data", there, to); err == nil || !strings.Contains(err.Error(), "--replace") {
		t.Errorf("restored over what is there: %v\n%s", err, said)
	}
	said, err = runCommand(t, "restore", "--replace", "--data", there, to)
	if err != nil || !strings.Contains(said, "The master key that is here fits.") || !strings.Contains(said, "before-restore-") {
		t.Errorf("restored in place of what was there: %v\n%s", err, said)
	}
	wholeRun(t, there, large)
}

// wholeRun finds the run with the large body among those that are in a folder.
func wholeRun(t *testing.T, dir, large string) {
	t.Helper()
	s, err := store.Open(t.Context(), filepath.Join(dir, "flowdeck.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for before := ""; ; {
		list, next, err := s.Runs(t.Context(), store.RunFilter{Before: before, Limit: 200})
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range list {
			run, err := s.Run(t.Context(), row.ID)
			if err != nil {
				t.Fatalf("a run that was restored: %v", err)
			}
			if body, _ := run.Event["body"].(map[string]any); body["note"] == large {
				return
			}
		}
		if before = next; next == "" {
			t.Fatal("the run with the large body was not restored")
		}
	}
}

func TestTheMasterKeyIsInABackupWhenItIsAskedFor(t *testing.T) {
	dir, to, there := t.TempDir(), filepath.Join(t.TempDir(), "backup.tar.gz"), t.TempDir()
	if err := start(t, "--data", dir).stop(); err != nil {
		t.Fatal(err)
	}
	said, err := runCommand(t, "backup", "--with-master-key", "--data", dir, to)
	if err != nil || !strings.Contains(said, "The master key is in it") {
		t.Fatalf("backup: %v\n%s", err, said)
	}
	if said, err = runCommand(t, "restore", "--data", there, to); err != nil || !strings.Contains(said, "fits") {
		t.Fatalf("restore: %v\n%s", err, said)
	}
	want, _ := os.ReadFile(filepath.Join(dir, "master.key"))
	if got, err := os.ReadFile(filepath.Join(there, "master.key")); err != nil || !bytes.Equal(got, want) {
		t.Errorf("the key that was restored is another one: %v", err)
	}
	// a key that is there already stays, and it is said that it does not fit, and where the other one is
	other := t.TempDir()
	if err := start(t, "--data", other).stop(); err != nil {
		t.Fatal(err)
	}
	if said, err = runCommand(t, "restore", "--replace", "--data", other, to); err != nil || !strings.Contains(said, "is another one") || !strings.Contains(said, "tar -xzOf "+to+" master.key") {
		t.Errorf("restored beside another key: %v\n%s", err, said)
	}
}

func TestABackupThatIsNotWholeChangesNothing(t *testing.T) {
	dir, to := t.TempDir(), filepath.Join(t.TempDir(), "backup.tar.gz")
	if err := start(t, "--data", dir).stop(); err != nil {
		t.Fatal(err)
	}
	if said, err := runCommand(t, "backup", "--data", dir, to); err != nil {
		t.Fatalf("backup: %v\n%s", err, said)
	}
	whole, err := os.ReadFile(to)
	if err != nil {
		t.Fatal(err)
	}
	broken := bytes.Clone(whole)
	for i := len(broken) / 2; i < len(broken)/2+200; i++ {
		broken[i] ^= 0x55
	}
	checksum := bytes.Clone(whole)
	checksum[len(checksum)-8] ^= 1
	before, err := os.ReadFile(filepath.Join(dir, "flowdeck.db"))
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{"cut off": whole[:len(whole)*2/3], "damaged": broken, "not what its checksum says": checksum, "something else": []byte("hello"), "empty": nil} {
		from := filepath.Join(t.TempDir(), "x")
		if err := os.WriteFile(from, content, 0o600); err != nil {
			t.Fatal(err)
		}
		if said, err := runCommand(t, "restore", "--replace", "--data", dir, from); err == nil {
			t.Errorf("a backup that is %s was restored:\n%s", name, said)
		}
		if after, err := os.ReadFile(filepath.Join(dir, "flowdeck.db")); err != nil || !bytes.Equal(before, after) {
			t.Errorf("a backup that is %s changed the database: %v", name, err)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "restoring-*")); len(left) > 0 {
		t.Errorf("%v is left", left)
	}
}

// A body that is gone makes no backup worthless: it is said, and the rest is restored.
func TestABackupWithoutABodyThatIsGone(t *testing.T) {
	dir, to := t.TempDir(), filepath.Join(t.TempDir(), "backup.tar.gz")
	if err := start(t, "--data", dir).stop(); err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(t.Context(), filepath.Join(dir, "flowdeck.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []string{"a", "b"} {
		run := flows.Run{ID: store.NewID("r_"), FlowID: "f_1", Event: map[string]any{"text": strings.Repeat(c, 100_000)}}
		if err := db.Create(t.Context(), run); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	bodies, err := filepath.Glob(filepath.Join(dir, "blobs", "*", "*"))
	if err != nil || len(bodies) != 2 {
		t.Fatalf("there are %d bodies, %v; want 2", len(bodies), err)
	}
	if err := os.Remove(bodies[0]); err != nil {
		t.Fatal(err)
	}
	if said, err := runCommand(t, "backup", "--data", dir, to); err != nil || !strings.Contains(said, "1 files of large bodies are gone") {
		t.Errorf("backup: %v\n%s", err, said)
	}
	there := t.TempDir()
	if said, err := runCommand(t, "restore", "--data", there, to); err != nil || !strings.Contains(said, "Missing: 1 of the 2 files of large bodies. They were gone when") {
		t.Errorf("restore: %v\n%s", err, said)
	}
	if kept, _ := filepath.Glob(filepath.Join(there, "blobs", "*", "*")); len(kept) != 1 {
		t.Errorf("%d bodies were restored, want the one that is left", len(kept))
	}
}

// A database alone has no large bodies: a restore of one says how many are missing.
func TestADatabaseAloneIsRestoredWithoutItsBodies(t *testing.T) {
	dir := t.TempDir()
	db, err := store.Open(t.Context(), filepath.Join(dir, "flowdeck.db"), store.Options{})
	must(t, err)
	for _, c := range []string{"a", "b", "c"} {
		must(t, db.Create(t.Context(), flows.Run{ID: store.NewID("r_"), FlowID: "f_1", Event: map[string]any{"text": strings.Repeat(c, 100_000)}}))
	}
	must(t, db.Close())
	there := t.TempDir()
	said, err := runCommand(t, "restore", "--data", there, filepath.Join(dir, "flowdeck.db"))
	if err != nil || !strings.Contains(said, "and 0 files of large bodies.") || !strings.Contains(said, "Missing in "+filepath.Join(there, "blobs")+": 3 of the 3 files") {
		t.Errorf("restore: %v\n%s", err, said)
	}
	must(t, os.CopyFS(filepath.Join(there, "blobs"), os.DirFS(filepath.Join(dir, "blobs"))))
	if said, err := runCommand(t, "restore", "--replace", "--data", there, filepath.Join(dir, "flowdeck.db")); err != nil || strings.Contains(said, "Missing") || !strings.Contains(said, "and 3 files") {
		t.Errorf("with its bodies: %v\n%s", err, said)
	}
}

// The copy from before an upgrade is the way back from it.
func TestTheCopyFromBeforeAnUpgradeIsRestored(t *testing.T) {
	dir := t.TempDir()
	if err := start(t, "--sample", "--data", dir).stop(); err != nil {
		t.Fatal(err)
	}
	db := filepath.Join(dir, "flowdeck.db")
	bak := db + ".20260102T030405.000-schema12.bak"
	if err := store.CopyFile(t.Context(), db, bak); err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(t.Context(), db, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.SetSetting(t.Context(), "after", "the upgrade"); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	said, err := runCommand(t, "restore", "--replace", "--data", dir, bak)
	if err != nil || !strings.Contains(said, "before-restore-") {
		t.Fatalf("restore: %v\n%s", err, said)
	}
	if s, err = store.Open(t.Context(), db, store.Options{}); err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if got, err := s.Setting(t.Context(), "after"); err == nil {
		t.Errorf("what was changed after the copy is still there: %q", got)
	}
	if rows, _, err := s.Flows(t.Context(), store.FlowFilter{}); err != nil || len(rows) == 0 {
		t.Errorf("flows after going back: %d, %v", len(rows), err)
	}
}

// What else lies among the bodies, as copying programs leave it, is not in a backup, which
// could not be restored with it.
func TestABackupOfAFolderWithOtherFiles(t *testing.T) {
	dir, to := filepath.Join(t.TempDir(), "data [1"), filepath.Join(t.TempDir(), "backup.tar.gz")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	db := greet(t, dir, "hello")
	run := flows.Run{ID: store.NewID("r_"), FlowID: "f_1", Event: map[string]any{"text": strings.Repeat("a", 100_000)}}
	if err := errors.Join(db.Create(t.Context(), run), db.Close()); err != nil {
		t.Fatal(err)
	}
	bodies, err := os.ReadDir(filepath.Join(dir, "blobs"))
	if err != nil || len(bodies) != 1 {
		t.Fatalf("there are %d folders of bodies, %v; want 1", len(bodies), err)
	}
	in := bodies[0].Name()
	for _, name := range []string{filepath.Join(in, in+"12.orig"), filepath.Join(in, "x"), in + ".txt"} {
		if err := os.WriteFile(filepath.Join(dir, "blobs", name), []byte("other"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if said, err := runCommand(t, "backup", "--data", dir, to); err != nil || !strings.Contains(said, " 1 files of large bodies") {
		t.Fatalf("backup: %v\n%s", err, said)
	}
	if said, err := runCommand(t, "restore", "--data", t.TempDir(), to); err != nil {
		t.Errorf("restore: %v\n%s", err, said)
	}
}

// The copy of a large database takes minutes, in which nothing is read that could be counted.
func TestABackupSaysThatTheDatabaseIsBeingCopied(t *testing.T) {
	before := progressFrom
	progressFrom = time.Millisecond
	t.Cleanup(func() { progressFrom = before })
	dir := t.TempDir()
	if err := greet(t, dir, strings.Repeat("hello", 2_000_000)).Close(); err != nil {
		t.Fatal(err)
	}
	if said, err := runCommand(t, "backup", "--data", dir, filepath.Join(t.TempDir(), "b.tar.gz")); err != nil || !strings.Contains(said, "the database is being copied") {
		t.Errorf("backup: %v\n%s", err, said)
	}
}

// Without the server's setting of where its key is, the command does not name a file that
// is not there.
func TestABackupThatDoesNotKnowTheKey(t *testing.T) {
	dir, to, there := t.TempDir(), filepath.Join(t.TempDir(), "backup.tar.gz"), t.TempDir()
	if err := start(t, "--data", dir, "--master-key-file", filepath.Join(t.TempDir(), "key")).stop(); err != nil {
		t.Fatal(err)
	}
	said, err := runCommand(t, "backup", "--data", dir, to)
	if err != nil || !strings.Contains(said, "--master-key-file") || strings.Contains(said, "keep a copy") {
		t.Errorf("backup: %v\n%s", err, said)
	}
	if err := start(t, "--data", there).stop(); err != nil {
		t.Fatal(err)
	}
	if said, err = runCommand(t, "restore", "--replace", "--data", there, to); err != nil || strings.Contains(said, "another one") || !strings.Contains(said, "does not say") {
		t.Errorf("restore: %v\n%s", err, said)
	}
}

// A backup during which the master key is changed says which key its database needs.
func TestTheMasterKeyIsChangedDuringABackup(t *testing.T) {
	dir, to, there := t.TempDir(), filepath.Join(t.TempDir(), "backup.tar.gz"), t.TempDir()
	db := greet(t, dir, "hello")
	vault, _, err := keySettings{}.vault(dir)
	if err == nil {
		err = errors.Join(add(db, vault, "c_1", "api.acme.io"), db.Close())
	}
	slow := filepath.Join(dir, "blobs", "ab", "ab"+strings.Repeat("0", 62)) // is read until it is closed
	if err := errors.Join(err, os.MkdirAll(filepath.Dir(slow), 0o700), syscall.Mkfifo(slow, 0o600)); err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	all.Go(func() {
		if said, err := runCommand(t, "backup", "--data", dir, to); err != nil {
			t.Errorf("backup: %v\n%s", err, said)
		}
	})
	body, err := os.OpenFile(slow, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	said, err := runCommand(t, "rekey", "--data", dir)
	if err = errors.Join(err, body.Close()); err != nil {
		t.Fatalf("rekey: %v\n%s", err, said)
	}
	all.Wait()
	key, err := os.ReadFile(filepath.Join(dir, "master.key"))
	if err = errors.Join(err, os.WriteFile(filepath.Join(there, "master.key"), key, 0o600)); err != nil {
		t.Fatal(err)
	}
	if said, err := runCommand(t, "restore", "--data", there, to); err != nil || !strings.Contains(said, "The master key that is here fits.") {
		t.Errorf("restore: %v\n%s", err, said)
	}
}
