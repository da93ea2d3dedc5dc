package views

import (
	"context"
	"flag"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"flowdeck/static"
)

var update = flag.Bool("update", false, "rewrite the golden files of the components")

var (
	hashed   = regexp.MustCompile(`/static/([a-z]+)-[0-9A-Z]{8}\.(css|js|svg)`)
	newlines = regexp.MustCompile(`>\s*<(/?(?:div|section|article|ol|ul|li|header|nav|main|aside|footer|form|fieldset|details|summary|dialog|table|thead|tbody|tr|td|th|dl|dt|dd|p|h1|h2|label|button|a|input|select|option|body|head|meta|link|script|fd-[a-z]+|hx-partial)\b)`)
)

// render writes a component as HTML that reads in a diff: one block per line,
// and no content hashes.
func render(t *testing.T, c templ.Component) string {
	t.Helper()
	var b strings.Builder
	if err := c.Render(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	html := hashed.ReplaceAllString(b.String(), "/static/$1.$2")
	return newlines.ReplaceAllString(html, ">\n<$1") + "\n"
}

func golden(t *testing.T, name string, c templ.Component) {
	t.Helper()
	got := render(t, c)
	path := filepath.Join("testdata", name+".html")
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got == string(want) {
		return
	}
	g, w := strings.Split(got, "\n"), strings.Split(string(want), "\n")
	for i := range g {
		if i >= len(w) || g[i] != w[i] {
			t.Fatalf("%s line %d\n got %s\nwant %s\n(go test ./views -update rewrites it)", path, i+1, g[i], line(w, i))
		}
	}
	t.Fatalf("%s has %d lines, want %d", path, len(g), len(w))
}

func line(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return "(nothing)"
}

func with(children string, c templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return c.Render(templ.WithChildren(ctx, templ.Raw(children)), w)
	})
}

func TestComponentsLookAsTheyDid(t *testing.T) {
	for name, c := range map[string]templ.Component{
		"button":      Button(ButtonModel{Label: "Publish", DeskLabel: "3 changes", Kind: "pri", Submit: true, Icon: "rocket"}),
		"button-link": Button(ButtonModel{Label: "Open", Href: "/flows", Kind: "sm"}),
		"iconbutton":  IconButton(IconButtonModel{Icon: "x", Label: "Close", Small: true, Attrs: templ.Attributes{"data-close": true}}),
		"field":       Field(FieldModel{ID: "name", Name: "name", Label: "Name", Aux: "optional", Value: `a "quoted" <name>`, Hint: "Anything.", Required: true}),
		"field-wrong": Field(FieldModel{ID: "url", Name: "url", Label: "URL", Problem: "Begin with https://.", Rows: 3}),
		"select":      Select(SelectModel{ID: "s", Name: "s", Label: "Send secret", Value: "b", Options: []OptionModel{{Value: "a", Label: "A"}, {Value: "b", Label: "B"}}}),
		"switch":      Switch(SwitchModel{ID: "pkce", Name: "pkce", Label: "Use PKCE", On: true}),
		"choices":     Choices(ChoicesModel{Name: "type", Legend: "Type", Value: "basic", Columns: "c2", Items: []ChoiceModel{{Value: "basic", Label: "Basic", Help: "Username and password", Icon: "lock"}, {Value: "none", Label: "None", Help: "No sign-in", Icon: "globe"}}}),
		"secret-new":  Secret(SecretModel{ID: "p", Name: "p", Label: "Password", Required: true}),
		"secret-kept": Secret(SecretModel{ID: "p", Name: "p", Label: "Password", Saved: true, SavedBy: "saved 3 Oct by Maya"}),
		"note":        with(`<button>Sign in</button>`, Note(NoteModel{Kind: "err", Title: "Signed out.", Text: "Sign in again.", Alert: true})),
		"copyrow":     CopyRow(CopyRowModel{ID: "cb", Label: "Redirect URL", Value: "https://flows.example/oauth/callback"}),
		"pill":        Pill(PillModel{Ref: "get.body.email", Number: "2", Label: "email", Hue: "http"}),
		"pill-lost":   Pill(PillModel{Ref: "gone.body", Label: "body", Missing: true}),
		"fold":        with("<p>in</p>", Fold(FoldModel{ID: "q", Label: "Query", Summary: "2 keys"})),
		"tabs":        Tabs(TabsModel{ID: "test", Label: "Result", Tabs: []TabModel{{"req", "Request"}, {"res", "Response"}}, Selected: "res"}),
		"json": JSONTree(JSONTreeModel{Label: "Body", Rows: JSONRows(map[string]any{"b": []any{int64(1), nil}, "a": "x", "k-1": Redacted, "e": map[string]any{}}, "body", 100),
			Add: func(p string) templ.Attributes { return Edit("op", "output_add", "step", "get", "path", p) }}),
		"kv":        KV([]KVModel{{Key: "Accept", Value: "*/*"}, {Key: "Authorization", Value: "never shown", Secret: true, Tag: "from Acme"}}),
		"waterfall": Waterfall([]BarModel{{Label: "DNS", Start: 0, Width: 12.5, Text: "3 ms"}, {Label: "Wait", Start: 12.5, Width: 120, Text: "90 ms", Kind: "err"}}),
		"dialog":    with(`<div class="dbody">body</div>`, Dialog(DialogModel{ID: "d", Title: "New connection", Text: "Saved once", Size: "wide"})),
		"drawer":    with(`<div class="scroll">body</div>`, Drawer(DrawerModel{Title: "Test: Get", Icon: "globe", Hue: "http"})),
		"menu":      Menu(MenuModel{ID: "m", Label: "Flow", Items: []MenuItemModel{{Label: "Rename", Icon: "pencil"}, {}, {Label: "Delete", Danger: true, Attrs: templ.Attributes{"hx-delete": "/flows/1"}}}}),
		"empty":     Empty(EmptyModel{Icon: "plug", Hue: "http", Title: "No connections yet", Text: "Make one."}),
		"filterbar": FilterBar(FilterModel{URL: "/flows", Param: "q", Label: "Search flows", Target: "#list", ChipsLabel: "Filter", Chips: []ChipModel{{Label: "All", Count: 5, Href: "/flows", Pressed: true}, {Label: "Live", Count: -1, Href: "/flows?state=live"}}}),
		"shell":     with("<p>page</p>", Shell(ShellModel{Title: "Flows", Current: "flows", User: UserModel{Name: "Maya Ortiz", Email: "maya@example.com", Initials: "MO"}})),
		"bare":      with("<form></form>", Bare(BareModel{Title: "Sign in", Heading: "Sign in"})),
		"builder":   Builder(samplePage()),
		"update":    BuilderUpdate(samplePage()),
		"conflict":  BuilderConflict(BuilderPage{FlowID: "f", Name: "New flow", Revision: 3, Starts: []PaletteItem{{Card: "event.manual", Title: "Manual", Icon: "mouse-pointer-click", Hue: "event"}}}, Conflict{Who: "Dana", When: "20 s ago"}),
		"connmenu":  ConnMenu(ConnMenuModel{Step: "get", NewURL: "/connections/new", Choices: []ConnChoice{{ID: "c1", Name: "Acme", State: "ok", Chosen: true}}}),
	} {
		t.Run(name, func(t *testing.T) { golden(t, name, c) })
	}
}

func TestEveryIconIsInTheSprite(t *testing.T) {
	files, err := filepath.Glob("*.templ")
	if err != nil {
		t.Fatal(err)
	}
	used := regexp.MustCompile(`(?:Icon\(|Icon:\s*|Tile\()"([a-z0-9-]+)"`)
	found := 0
	for _, f := range files {
		src, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range used.FindAllStringSubmatch(string(src), -1) {
			found++
			if !static.HasIcon(m[1]) {
				t.Errorf("%s uses the icon %q, which is not in static/icons.mjs", f, m[1])
			}
		}
	}
	if found < 40 {
		t.Errorf("found %d icons in %d files, want at least 40: the pattern has come loose", found, len(files))
	}
}

// A page may carry no inline script and no inline style: the content security
// policy would drop them without a word.
func TestNothingNeedsAnInlineScriptOrStyle(t *testing.T) {
	files, err := filepath.Glob("*.templ")
	if err != nil {
		t.Fatal(err)
	}
	inline := regexp.MustCompile(`\sstyle=|\son[a-z]+=|hx-on|<style|js:|<script>`)
	for _, f := range files {
		src, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for i, l := range strings.Split(string(src), "\n") {
			if !strings.HasPrefix(strings.TrimSpace(l), "//") && inline.MatchString(l) {
				t.Errorf("%s:%d: %s", f, i+1, strings.TrimSpace(l))
			}
		}
	}
}
