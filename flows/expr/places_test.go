package expr

import (
	"strings"
	"testing"
	"time"
)

// What stands before an expression is measured once, not again for each that follows.
func TestALongTextOfManyExpressionsIsReadInOnePass(t *testing.T) {
	for name, read := range map[string]func() error{
		"template": func() error { _, err := Parse(strings.Repeat("{{ get.body }} ", 50_000)); return err },
		"JSON": func() error {
			_, err := ParseJSON("[" + strings.Repeat(`"{{ get[\"body\"] }}",`, 10_000) + "1]")
			return err
		},
	} {
		began := time.Now()
		if err := read(); err != nil {
			t.Fatal(name, err)
		}
		if took := time.Since(began); took > 20*time.Second {
			t.Errorf("reading a %s of many expressions took %v", name, took)
		}
	}
}

func TestPlacesCountInTheWholeText(t *testing.T) {
	tmpl, err := Parse("é {{ a }}\nü {{ b\n + c.d }} {{ e }}")
	if err != nil {
		t.Fatal(err)
	}
	var got [][2]int
	for _, r := range tmpl.References() {
		got = append(got, [2]int{r.Line, r.Column})
	}
	want := [][2]int{{1, 6}, {2, 6}, {3, 4}, {3, 14}}
	if len(got) != len(want) {
		t.Fatalf("places are %v, want %v", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("reference %d is at %v, want %v", i, got[i], want[i])
		}
	}
	for src, want := range map[string]string{
		"é {{ a }}\n{{ b + }}":       "line 2, column 6: the expression ends too soon",
		"{{ a }} {{ b\n+ nope(1) }}": "line 2, column 3: there is no function named nope",
	} {
		if _, err := Parse(src); err == nil || err.Error() != want {
			t.Errorf("Parse(%q) = %v, want %s", src, err, want)
		}
	}
	src := "{\"a\": \"{{ b }}\",\n \"c\": \"{{ d ?? \\\"x\\\" + }}\"}"
	if _, err := ParseJSON(src); err == nil || !strings.HasPrefix(err.Error(), "line 2, column 2") {
		t.Errorf("ParseJSON(%q) = %v, want a place in line 2", src, err)
	}
}
