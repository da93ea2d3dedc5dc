package connectors

import (
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

func TestMaskReaderFindsSecretsHoweverTheyAreCut(t *testing.T) {
	m := newMasker([]string{"secret-one", "secret-one-longer", "abcabcabd", "short"})
	for in, want := range map[string]string{
		"":                                "",
		"nothing here":                    "nothing here",
		"secret-one":                      Mask,
		"a secret-one-longer b":           "a " + Mask + " b",
		"secret-on secret-one":            "secret-on " + Mask,
		"abcabcabcabd!":                   "abc" + Mask + "!",
		"secret-onesecret-one":            Mask + Mask,
		"short words stay":                "short words stay",
		strings.Repeat("x", 9000) + "sec": strings.Repeat("x", 9000) + "sec",
	} {
		for name, r := range map[string]io.Reader{"whole": strings.NewReader(in), "byte by byte": iotest.OneByteReader(strings.NewReader(in)),
			"with its end": iotest.DataErrReader(strings.NewReader(in)), "in halves": iotest.HalfReader(strings.NewReader(in))} {
			got, err := io.ReadAll(m.reader(io.NopCloser(r)))
			if err != nil || string(got) != want {
				t.Errorf("%s: %q = %q, %v, want %q", name, in, got, err, want)
			}
		}
	}
}

func TestMaskKnowsOtherSpellings(t *testing.T) {
	m := newMasker([]string{`pa"ss<wörd>/ +`})
	for _, spelled := range []string{`pa"ss<wörd>/ +`, `pa\"ss<wörd>/ +`, `pa\"ss\u003cwörd\u003e/ +`, `pa%22ss%3Cw%C3%B6rd%3E%2F+%2B`} {
		if got := m.text("x" + spelled + "y"); got != "x"+Mask+"y" {
			t.Errorf("%s = %s", spelled, got)
		}
	}
}
