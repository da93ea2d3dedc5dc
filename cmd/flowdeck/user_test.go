package main

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
	"testing"
)

// tell runs a command and returns what it prints.
func tell(t *testing.T, input string, args ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	err := run(t.Context(), args, streams{strings.NewReader(input), &out, &out})
	return out.String(), err
}

func TestPeopleAreManagedFromTheMachineItself(t *testing.T) {
	dir := t.TempDir()
	for _, tt := range []struct {
		args, input string
		says, fails string
	}{
		{"user list", "", "", "there is no data of Flowdeck"},
		{"user add Maya@Example.com --name Maya", "", `Added the owner maya@example.com. The password is [a-z2-7]{20}\n`, ""},
		{"user add jonas@example.com --password-stdin", "correct horse\n", `Added jonas@example.com.\n`, ""},
		{"user add jonas@example.com", "", "", "there is an account for jonas@example.com already"},
		{"user add nobody", "", "", "Write an email address"},
		{"user add lena@example.com --password-stdin", "short\n", "", "Use at least 10 letters"},
		{"user add lena@example.com --password-stdin", "", "", "read the password"},
		{"user list", "", `jonas@example.com +jonas +member +\d{4}-\d\d-\d\d\nmaya@example.com +Maya +owner`, ""},
		{"user password jonas@example.com", "", `Changed the password of jonas@example.com. The password is [a-z2-7]{20}`, ""},
		{"user password nobody@example.com", "", "", "there is no account for nobody@example.com"},
		{"user sign-out Jonas@example.com", "", `Signed out jonas@example.com everywhere.`, ""},
		{"migrate", "", `The database is up to date: schema \d+.`, ""},
		{"version", "", `flowdeck dev`, ""},
	} {
		args := strings.Fields(tt.args)
		if args[0] != "version" {
			args = append(args, "--data", dir, "--log-level", "error")
		}
		said, err := tell(t, tt.input, args...)
		if tt.fails != "" && (err == nil || !strings.Contains(err.Error(), tt.fails)) {
			t.Errorf("flowdeck %s: error %v, want %q", tt.args, err, tt.fails)
		}
		if tt.fails == "" && (err != nil || !regexp.MustCompile(tt.says).MatchString(said)) {
			t.Errorf("flowdeck %s says\n%s(%v)\nwant %s", tt.args, said, err, tt.says)
		}
	}
}

func TestTheCatalogueIsPrinted(t *testing.T) {
	said, err := tell(t, "", "cards")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"API CONNECTOR", "http.get", "url text (required)", "status_code number", "control.if", "event.endpoint"} {
		if !strings.Contains(said, want) {
			t.Errorf("flowdeck cards does not print %q:\n%s", want, said)
		}
	}
	said, err = tell(t, "", "cards", "--json")
	if err != nil {
		t.Fatal(err)
	}
	var list []cardEntry
	if err := json.Unmarshal([]byte(said), &list); err != nil {
		t.Fatal(err)
	}
	for _, c := range list {
		if c.Name == "" || c.Title == "" || c.Category == "" || c.Inputs == nil || c.Outputs == nil {
			t.Errorf("flowdeck cards --json leaves something out of %+v", c)
		}
	}
	if len(list) < 13 {
		t.Errorf("flowdeck cards --json lists %d cards, want all", len(list))
	}
}
