package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"flowdeck/flows"
	"flowdeck/flows/bundle"
)

func TestALongImportSaysHowFarItIs(t *testing.T) {
	before := progressFrom
	progressFrom = time.Nanosecond
	t.Cleanup(func() { progressFrom = before })
	data, from := t.TempDir(), t.TempDir()
	for n := range 200 {
		f := flows.Flow{ID: fmt.Sprintf("f_%d", n), Name: fmt.Sprintf("Flow %d", n), Alias: fmt.Sprintf("flow-%d", n), Draft: flows.Document{Format: flows.Format}}
		text, err := bundle.FileOf(f, nil).Encode()
		must(t, err)
		must(t, os.MkdirAll(filepath.Join(from, "flows"), 0o700))
		write(t, filepath.Join(from, "flows", f.Alias+".json"), string(text))
	}
	tokenIn(t, data, "fdp_cli", "flows:read", "flows:write")
	said, err := tell(t, "", "import", from, "--data", data)
	must(t, err)
	for _, want := range []string{`\b100 of 200 files read\n`, `\b200 of 200 flows checked\n`, `\b100 of 200 flows written\n`, `\b200 of 200 flows written\n`, `\n200 created, 0 updated, 0 unchanged\.`} {
		if !regexp.MustCompile(want).MatchString(said) {
			t.Errorf("it does not say %s:\n%s", want, said)
		}
	}
	t.Setenv("FLOWDECK_TOKEN", "fdp_cli")
	server := start(t, "--data", data, "--log-level", "error")
	said, err = tell(t, "", "import", from, "--server", server.url)
	must(t, err)
	if want := regexp.QuoteMeta(server.url) + ` looks at 200 files and imports all of them or none, since 0s\n`; !regexp.MustCompile(want).MatchString(said) {
		t.Errorf("with --server it does not say %s:\n%s", want, said)
	}
	must(t, server.stop())
}
