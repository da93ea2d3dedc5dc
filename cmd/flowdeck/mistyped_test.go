package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A key whose data is elsewhere would be dropped with all that it opens.
func TestTheMasterKeyIsNotChangedForAnotherDatabase(t *testing.T) {
	key, elsewhere := filepath.Join(t.TempDir(), "master.key"), t.TempDir()
	settings := storageSettings{Data: t.TempDir()}
	st, err := settings.open(t.Context(), settings.logger(streams{err: t.Output()}), 0)
	if err != nil {
		t.Fatal(err)
	}
	_, keys, err := keySettings{MasterKeyFile: key}.vault(settings.Data)
	if err != nil || len(keys) != 1 {
		t.Fatal(err)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	before, _ := os.ReadFile(key)
	for name, data := range map[string]string{"no folder": filepath.Join(elsewhere, "typo"), "an empty folder": elsewhere, "a database with nothing sealed": settings.Data} {
		said, err := runCommand(t, "rekey", "--data", data, "--master-key-file", key)
		if err == nil || !strings.Contains(err.Error(), data) {
			t.Errorf("rekey with %s: %v, want it to name %s\n%s", name, err, data, said)
		}
		if after, _ := os.ReadFile(key); string(after) != string(before) {
			t.Fatalf("rekey with %s changed the master key", name)
		}
	}
}

func TestCommandsMakeNothingWhereThereIsNoDatabase(t *testing.T) {
	empty := t.TempDir()
	for _, command := range []string{"user list", "user password maya@example.com", "user sign-out maya@example.com", "test", "rekey", "backup " + filepath.Join(t.TempDir(), "x.tar.gz")} {
		for _, data := range []string{filepath.Join(empty, "typo"), empty} {
			said, err := runCommand(t, append(strings.Fields(command), "--data", data)...)
			if err == nil || !strings.Contains(err.Error(), "there is no ") || !strings.Contains(err.Error(), data) {
				t.Errorf("flowdeck %s --data %s: %v, want it to say what is not there\n%s", command, data, err, said)
			}
			if made, _ := os.ReadDir(empty); len(made) > 0 {
				t.Fatalf("flowdeck %s --data %s made %s", command, data, made[0].Name())
			}
		}
	}
}

// Who names the wrong folder does not lock everybody else out of it.
func TestAFolderOfOtherThingsIsNotClosed(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "thesis.txt"), []byte("mine"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, command := range []string{"migrate", "user add maya@example.com", "export out", "serve --addr 127.0.0.1:0", "restore x.tar.gz"} {
		said, err := runCommand(t, append(strings.Fields(command), "--data", dir)...)
		if err == nil || !strings.Contains(err.Error(), dir) {
			t.Errorf("flowdeck %s in a folder of other things: %v\n%s", command, err, said)
		}
		if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o755 {
			t.Fatalf("flowdeck %s made the folder %v, %v", command, info.Mode(), err)
		}
	}
}

// A disk of its own has a folder of the file system, and a mounted key may be there before the first start.
func TestADiskOfItsOwnIsClosedToOthers(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "lost+found"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if said, err := runCommand(t, "migrate", "--data", dir); err != nil {
		t.Fatalf("migrate: %v\n%s", err, said)
	}
	if err := os.WriteFile(filepath.Join(dir, "notes.txt"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if said, err := runCommand(t, "migrate", "--data", dir); err != nil {
		t.Fatalf("migrate again: %v\n%s", err, said)
	}
	if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the data folder has mode %v, %v; want 0700", info.Mode(), err)
	}
}

func TestADatabaseOfAnotherKindIsRefused(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	for _, dsn := range []string{"mysql://root:hunter2@db/flowdeck", "postgresq://root:hunter2@db/flowdeck", "POSTGRES://root:hunter2@db/flowdeck", "host=db user=root password=hunter2"} {
		said, err := runCommand(t, "migrate", "--data", "data", "--database", dsn)
		if err == nil || !strings.Contains(err.Error(), "postgres://") || strings.Contains(said+err.Error(), "hunter2") {
			t.Errorf("--database %s: %v\n%s", dsn, err, said)
		}
		if made, _ := os.ReadDir(dir); len(made) > 0 {
			t.Fatalf("--database %s made %s", dsn, made[0].Name())
		}
	}
}

// What a command says beside a running server is about what it was asked for.
func TestACommandBesideAServerSaysNoMore(t *testing.T) {
	dir := t.TempDir()
	start(t, "--data", dir)
	said, err := runCommand(t, "user", "list", "--data", dir)
	if err != nil || strings.Contains(said, "level=") {
		t.Errorf("user list: %v\n%s", err, said)
	}
}

func TestADatabaseThatDoesNotAnswerIsNotSaidToBeNone(t *testing.T) {
	dir := t.TempDir()
	said, err := runCommand(t, "user", "list", "--data", dir, "--database", "postgres://u:hunter2@127.0.0.1:1/x")
	if err == nil || strings.Count(err.Error(), "does not answer") != 1 || strings.Contains(err.Error(), "there is no database") || strings.Contains(said+err.Error(), "hunter2") {
		t.Errorf("user list: %v\n%s", err, said)
	}
}
