package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

var update = flag.Bool("update", false, "write the table of settings into the README")

const readme = "../../README.md"

// settingsTable is the table of settings as the program knows them.
func settingsTable(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("| Flag | Environment | Default | |\n|---|---|---|---|\n")
	for _, f := range serveFlags(t) {
		byDefault := ""
		if f.HasDefault {
			byDefault = "`" + f.Default + "`"
		}
		fmt.Fprintf(&b, "| `--%s` | `%s` | %s | %s |\n", f.Name, f.Envs[0], byDefault, strings.ReplaceAll(f.Help, "|", `\|`))
	}
	return b.String()
}

func serveFlags(t *testing.T) []*kong.Flag {
	t.Helper()
	var c commands
	helped := false
	k, err := newParser(&c, streams{nil, new(bytes.Buffer), new(bytes.Buffer)}, &helped)
	if err != nil {
		t.Fatal(err)
	}
	for _, cmd := range k.Model.Children {
		if cmd.Name == "serve" {
			return cmd.Flags
		}
	}
	t.Fatal("there is no command serve")
	return nil
}

func TestTheREADMEHoldsEverySetting(t *testing.T) {
	text, err := os.ReadFile(readme)
	if err != nil {
		t.Fatal(err)
	}
	want := settingsTable(t)
	before, rest, ok := strings.Cut(string(text), "| Flag |")
	_, after, ok2 := strings.Cut(rest, "|\n\n")
	if !ok || !ok2 {
		t.Fatal("the README has no table of settings")
	}
	got := "| Flag |" + strings.TrimSuffix(rest, "|\n\n"+after) + "|\n"
	if *update {
		if err := os.WriteFile(readme, []byte(before+want+"\n"+after), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if got != want {
		t.Errorf("the README says\n%s\nthe program says\n%s\ngo test ./cmd/flowdeck -run README -update writes it", got, want)
	}
}

func TestHelpPrintsEverySettingWithItsDefault(t *testing.T) {
	for _, ask := range []string{"-help", "--help", "-h", "help"} {
		var out bytes.Buffer
		if err := run(t.Context(), []string{ask}, streams{nil, &out, &out}); err != nil {
			t.Fatalf("flowdeck %s: %v", ask, err)
		}
		for _, f := range serveFlags(t) {
			for _, want := range []string{"--" + f.Name, "$" + f.Envs[0], f.Default} {
				if !strings.Contains(out.String(), want) {
					t.Errorf("flowdeck %s does not print %q:\n%s", ask, want, out.String())
				}
			}
		}
		for _, command := range []string{"serve", "migrate", "user add", "cards", "version"} {
			if !strings.Contains(out.String(), command) {
				t.Errorf("flowdeck %s does not print the command %s", ask, command)
			}
		}
	}
}

func TestSettingsComeFromFlagsAndFromTheEnvironment(t *testing.T) {
	t.Setenv("FLOWDECK_ADDR", "127.0.0.1:1")
	t.Setenv("FLOWDECK_EGRESS_ALLOW", "10.0.0.0/8,localhost:9000")
	t.Setenv("FLOWDECK_SAMPLE", "true")
	var c commands
	helped := false
	k, err := newParser(&c, streams{nil, new(bytes.Buffer), new(bytes.Buffer)}, &helped)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := k.Parse([]string{"--addr", "127.0.0.1:2"}); err != nil {
		t.Fatal(err)
	}
	s := c.Serve
	if s.Addr != "127.0.0.1:2" || len(s.EgressAllow) != 2 || s.EgressAllow[1] != "localhost:9000" || !s.Sample || s.Data != "data" {
		t.Errorf("settings are %+v", s)
	}
}

func TestWrongSettingsAreExplained(t *testing.T) {
	dir := t.TempDir()
	for _, tt := range []struct {
		args []string
		want string
	}{
		{[]string{"--public-url", "flows.example.com"}, "write scheme and host"},
		{[]string{"--public-url", "https://example.com/flows"}, "write scheme and host"},
		{[]string{"--trusted-proxies", "proxy"}, "write a network"},
		{[]string{"--log-level", "loud"}, "must be one of"},
		{[]string{"--session-idle", "0s"}, "longer than nothing"},
		{[]string{"--run-data=-1"}, "cannot be negative"},
		{[]string{"--egress-allow", "10.0.0.0/99"}, "egress-allow"},
		{[]string{"--master-key", "short"}, "32 random bytes"},
		{[]string{"--nonsense"}, "-help explains"},
		{[]string{"dance"}, "unexpected argument dance"},
	} {
		var out bytes.Buffer
		args := tt.args
		if strings.HasPrefix(args[0], "--") {
			args = append([]string{"serve", "--data", dir, "--addr", "127.0.0.1:0"}, args...)
		}
		err := run(t.Context(), args, streams{nil, &out, &out})
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("flowdeck %s: %v, want %q", strings.Join(tt.args, " "), err, tt.want)
		}
	}
}
