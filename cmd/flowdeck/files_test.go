package main

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"flowdeck/flows/store"
)

// tokenIn makes a token in a data folder that no server uses.
func tokenIn(t *testing.T, dir, token string, scopes ...string) {
	t.Helper()
	st, err := store.Open(t.Context(), filepath.Join(dir, "flowdeck.db"), store.Options{Blobs: filepath.Join(dir, "blobs")})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	u, err := st.CreateUser(t.Context(), store.User{Email: "ada@example.com", Name: "Ada"})
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256([]byte(token))
	if err := st.CreateAPIToken(t.Context(), store.APIToken{ID: "k_1", Hash: hex.EncodeToString(sum[:]), User: u, Name: "CLI", Scopes: scopes}); err != nil {
		t.Fatal(err)
	}
}

// tree is every file below dir with its text.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		files[filepath.ToSlash(name)] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestFlowsGoToAFolderAndBack(t *testing.T) {
	data, git := t.TempDir(), filepath.Join(t.TempDir(), "git")
	tokenIn(t, data, "fdp_cli", "flows:read", "flows:write", "flows:publish", "connections:read", "connections:write", "tables:write", "variables:write")
	t.Setenv("FLOWDECK_TOKEN", "fdp_cli")
	says := func(want string, args ...string) string {
		t.Helper()
		said, err := tell(t, "", args...)
		if err != nil || !strings.Contains(said, want) {
			t.Fatalf("flowdeck %s says\n%s(%v)\nwant %s", strings.Join(args, " "), said, err, want)
		}
		return said
	}
	fails := func(want string, args ...string) {
		t.Helper()
		if said, err := tell(t, "", args...); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("flowdeck %s: %v, want %s\n%s", strings.Join(args, " "), err, want, said)
		}
	}
	server := start(t, "--data", data, "--sample", "--log-level", "error")
	says(" 0 the same", "export", git, "--server", server.url)
	first := tree(t, git)
	if len(first) < 2 {
		t.Fatalf("the sample's flow and connection make the files %v", first)
	}
	var flow, text string
	for name, x := range first {
		if strings.HasPrefix(name, "flows/") {
			flow, text = filepath.Join(git, name), x
		}
	}
	// what was there of a thing under another name goes, what is somebody else's stays
	write(t, filepath.Join(git, "flows", "old.json"), text)
	write(t, filepath.Join(git, "flows", "gone.json"), `{"flowdeck": 1, "kind": "flow", "id": "f_gone", "document": {}}`)
	write(t, filepath.Join(git, "flows", "mine.json"), `{"name": "mine"}`)
	says("0 written, "+plainCount(len(first))+" the same, 2 removed", "export", git, "--server", server.url)
	must(t, os.Remove(filepath.Join(git, "flows", "mine.json")))

	fails("or talk to it with --server", "export", git, "--data", data)
	changed := strings.Replace(text, `"name": "`, `"name": "New `, 1)
	write(t, flow, changed)
	says("A dry run: nothing was done", "import", git, "--server", server.url, "--dry-run")
	says("1 updated", "import", git, "--server", server.url)
	write(t, flow, strings.Replace(changed, `"chain"`, `"chian"`, 1))
	fails("chian is not a key that belongs here", "import", git, "--server", server.url)
	fails(":5: document.chian", "import", flow, "--server", server.url, "--dry-run=false", "--publish") // the line and the column
	write(t, flow, changed)
	must(t, server.stop())

	fails("connect", "import", git, "--server", server.url)
	says("0 created, 0 updated", "import", git, "--data", data)
	says("0 written", "export", git, "--data", data)
	there := t.TempDir()
	says("New ", "import", git, "--data", there, "--publish")
	copied := filepath.Join(t.TempDir(), "copy")
	says("written", "export", copied, "--data", there)
	for name, x := range tree(t, git) {
		if got := tree(t, copied)[name]; got != x {
			t.Errorf("exported from there, %s is\n%s\nwant\n%s", name, got, x)
		}
	}
	fails("there is no data folder", "export", git, "--data", filepath.Join(there, "none"))
	fails("has no folder named", "import", there, "--data", there)
	t.Setenv("FLOWDECK_TOKEN", "")
	fails("needs an API token in the environment variable FLOWDECK_TOKEN", "export", git, "--server", server.url)
}

func write(t *testing.T, path, text string) {
	t.Helper()
	must(t, os.WriteFile(path, []byte(text), 0o600))
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func plainCount(n int) string { return string(rune('0' + n)) }
