package cmd_test

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "flowdeck/"

// law says which of our packages each of our packages may import. What is not
// part of the program but looks at it from outside may import everything: see free.
var law = map[string][]string{
	"cards/schema": {},
	"cards/trace":  {},
	"cards/within": {},
	"cards/curl":   {},
	"cards/har":    {"cards/trace"},
	"cards/since":  {"cards/schema", "cards/trace"},
	"meter":        {},
	"migrations":   {},
	"static":       {},
	"flows/expr":   {"cards/pattern", "cards/schema"},
	"oauth":        {},

	"connectors":      {"cards/schema", "cards/trace", "cards/within", "meter"},
	"cards":           {"cards/schema", "cards/trace"},
	"cards/event":     {"cards", "cards/schema", "flows/schedule", "flows/webhook"},
	"cards/httpcard":  {"cards", "cards/schema", "cards/trace", "cards/within"},
	"cards/condition": {"cards/pattern", "cards/schema"},
	"cards/pattern":   {},
	"cards/control":   {"cards", "cards/condition", "cards/pattern", "cards/schema"},
	"cards/text":      {"cards", "cards/pattern", "cards/schema"},
	"cards/number":    {"cards", "cards/schema"},
	"cards/boolean":   {"cards", "cards/condition", "cards/pattern", "cards/schema"},
	"cards/date":      {"cards", "cards/schema"},
	"cards/path":      {"cards/schema"},
	"cards/bounds":    {"cards"},
	"cards/object":    {"cards", "cards/bounds", "cards/condition", "cards/path", "cards/schema"},
	"cards/list":      {"cards", "cards/bounds", "cards/condition", "cards/path", "cards/pattern", "cards/schema"},
	"cards/json":      {"cards", "cards/bounds", "cards/path", "cards/schema"},
	"cards/url":       {"cards", "cards/bounds", "cards/schema"},
	"cards/encoding":  {"cards", "cards/bounds", "cards/schema"},
	"cards/keys":      {},
	"cards/crypto":    {"cards", "cards/bounds", "cards/keys", "cards/schema"},
	"cards/jwt":       {"cards", "cards/bounds", "cards/keys", "cards/schema"},
	"cards/csv":       {"cards", "cards/bounds", "cards/schema"},
	"cards/file":      {"cards", "cards/bounds", "cards/schema"},
	"cards/xml":       {"cards", "cards/bounds", "cards/schema"},
	"cards/table":     {"cards", "cards/bounds", "cards/condition", "cards/csv", "cards/pattern", "cards/schema"},
	"cards/cardtest":  {"cards", "cards/schema", "flows/expr"}, // for tests alone: examples have expressions
	"cards/all": {"cards", "cards/event", "cards/httpcard", "cards/control", "cards/text", "cards/number", "cards/boolean", "cards/date", "cards/object", "cards/list",
		"cards/json", "cards/url", "cards/encoding", "cards/crypto", "cards/jwt", "cards/csv", "cards/file", "cards/table", "cards/xml"},

	"flows":           {"cards", "cards/schema", "cards/trace", "flows/expr"},
	"flows/store":     {"flows", "flows/schedule", "flows/shape", "cards", "cards/schema", "cards/trace", "connectors", "meter", "migrations", "oauth"},
	"flows/otlp":      {"flows", "flows/runner", "cards/trace"},
	"flows/tally":     {"flows", "flows/runner", "flows/store", "meter"},
	"flows/shape":     {"cards/schema", "flows/expr"},
	"flows/schedule":  {"cards/schema"},
	"flows/webhook":   {"cards/schema"},
	"flows/learn":     {"flows", "flows/store", "cards", "cards/schema"},
	"flows/strict":    {"flows", "cards/schema"},
	"flows/flowtest":  {"flows", "flows/runner", "cards", "cards/condition", "cards/pattern", "cards/schema", "cards/trace"},
	"flows/bundle":    {"flows/flowtest", "flows", "flows/store", "flows/strict", "cards", "cards/schema", "connectors"},
	"flows/templates": {"flows/bundle"},
	"flows/runner":    {"flows", "cards", "cards/schema", "cards/trace", "cards/within"},
	"flows/local":     {"flows", "flows/runner", "flows/schedule", "flows/store", "cards", "cards/schema", "cards/trace", "cards/within"},

	"flows/store/storetest": {"flows", "flows/shape", "flows/store", "cards", "cards/schema", "cards/trace", "connectors", "migrations", "oauth"},
	"flows/enginetest": {"flows", "flows/runner", "flows/store", "flows/store/storetest", "cards", "cards/all", "cards/schema", "cards/trace",
		"cards/control", "cards/event", "cards/httpcard", "cards/object", "cards/table", "cards/text"},

	"views": {"cards/schema", "cards/trace", "static"},
	"web":   {"meter", "flows/tally", "views", "static", "flows", "flows/flowtest", "flows/schedule", "flows/webhook", "flows/bundle", "flows/learn", "flows/shape", "flows/store", "flows/templates", "flows/strict", "cards", "cards/csv", "cards/curl", "cards/har", "cards/since", "cards/schema", "cards/table", "cards/trace", "connectors", "oauth"},
}

// homes says which of our packages may import a package from elsewhere. Packages
// that are not listed may be imported nowhere.
var homes = map[string][]string{
	"github.com/a-h/templ":          {"views", "web"},
	"github.com/alecthomas/kong":    {"cmd/flowdeck"},
	"github.com/expr-lang/expr":     {"flows/expr"},
	"github.com/andybalholm/brotli": {"connectors"},
	"github.com/go-jose/go-jose/v4": {"bench", "connectors", "cards/keys", "cards/jwt", "oauth"},
	"github.com/icholy/digest":      {"connectors"},
	"github.com/klauspost/compress": {"connectors"},
	"github.com/google/uuid":        {"flows/store", "bench"},
	"github.com/gorilla/sessions":   {"web"},
	"github.com/jackc/pgx/v5":       {"flows/store", "flows/store/storetest"},
	"github.com/jmoiron/sqlx":       {"flows/store"},
	"github.com/labstack/echo/v4":   {"web"},
	"github.com/pressly/goose/v3":   {"flows/store"},
	"github.com/robfig/cron/v3":     {"flows/schedule"},
	"github.com/yuin/goldmark":      {"views"},
	"golang.org/x/crypto":           {"web"},
	"golang.org/x/net":              {"connectors", "cards/httpcard", "cards/text", "cmd/flowdeck"},
	"golang.org/x/oauth2":           {"connectors"},
	"golang.org/x/sync":             {"connectors", "flows/store", "web"},
	"golang.org/x/text":             {"cards/file", "cards/httpcard", "cards/text", "connectors"},
	"golang.org/x/time":             {"web"},
	"modernc.org/sqlite":            {"flows/store"},
}

// free are programs: cmd, and what measures it.
func free(pkg string) bool {
	return pkg == "cmd" || strings.HasPrefix(pkg, "cmd/") || pkg == "bench" || strings.HasPrefix(pkg, "bench/") || pkg == "e2e" || strings.HasPrefix(pkg, "e2e/")
}

// imports lists every package of ours with what its own files, not its tests, import.
func imports(t *testing.T) map[string][]string {
	t.Helper()
	cmd := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}}`, "./...")
	cmd.Dir = ".."
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	found := map[string][]string{}
	for line := range strings.Lines(string(out)) {
		words := strings.Fields(line)
		found[strings.TrimPrefix(words[0], module)] = words[1:]
	}
	if len(found) < 10 {
		t.Fatalf("go list found %d packages, want all of them", len(found))
	}
	return found
}

func TestPackagesImportOnlyWhatTheyMay(t *testing.T) {
	for pkg, list := range imports(t) {
		if free(pkg) {
			continue
		}
		allowed, known := law[pkg]
		if !known {
			t.Errorf("%s is not in the law: say what it may import", pkg)
		}
		for _, imp := range list {
			if ours, ok := strings.CutPrefix(imp, module); ok && !slices.Contains(allowed, ours) {
				t.Errorf("%s imports %s, which it may not", pkg, ours)
			}
		}
	}
}

func TestPackagesFromElsewhereHaveOneHome(t *testing.T) {
	for pkg, list := range imports(t) {
		for _, imp := range list {
			first, _, _ := strings.Cut(imp, "/")
			if strings.HasPrefix(imp, module) || !strings.Contains(first, ".") {
				continue // ours, or the standard library's
			}
			home := homeOf(imp)
			if home == "" {
				t.Errorf("%s imports %s, which nothing may import", pkg, imp)
			} else if !slices.Contains(homes[home], pkg) {
				t.Errorf("%s imports %s, whose home is %s", pkg, imp, strings.Join(homes[home], ", "))
			}
		}
	}
}

func homeOf(imp string) string {
	for home := range homes {
		if imp == home || strings.HasPrefix(imp, home+"/") {
			return home
		}
	}
	return ""
}
