package connectors

import (
	"encoding/base64"
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

func TestShortSecretsAreMaskedWhereNoWordCanBeMeant(t *testing.T) {
	for secret, hidden := range map[string]bool{"admin": false, "test": false, "1234": false, "123456": false, "sesam1": true, "p@ss": false, "p@ss!": true, "s3cr3t": true, "ab cd": false, "secretly": true} {
		got, err := io.ReadAll(newMasker([]string{secret}).reader(io.NopCloser(strings.NewReader("it is " + secret + "."))))
		if err != nil || strings.Contains(string(got), secret) == hidden {
			t.Errorf("%q in data becomes %q, want it hidden: %v", secret, got, hidden)
		}
		if got := newMasker([]string{secret}).text("it is " + secret); strings.Contains(got, secret) {
			t.Errorf("%q is shown to people: %q", secret, got)
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

func TestMaskKnowsAddressesAndMarkupOfOthers(t *testing.T) {
	const secret = `to/k+en==&"<é>'!`
	m := newMasker([]string{secret})
	for name, spelled := range map[string]string{
		"Python": "to/k%2Ben%3D%3D%26%22%3C%C3%A9%3E%27%21", "encodeURIComponent": "to%2Fk%2Ben%3D%3D%26%22%3C%C3%A9%3E'!", "encodeURI": "to/k+en==&%22%3C%C3%A9%3E'!",
		"an address in an address": "to%252Fk%252Ben%253D%253D%2526%2522%253C%25C3%25A9%253E%2527%2521", "small letters": "to/k%2ben%3d%3d%26%22%3c%c3%a9%3e%27%21", "Go": "to/k+en==&amp;&#34;&lt;é&gt;&#39;!", "Python's markup": "to/k+en==&amp;&quot;&lt;é&gt;&#x27;!",
		"PHP": "to/k+en==&amp;&quot;&lt;é&gt;&#039;!", "text in XML": `to/k+en==&amp;"&lt;é&gt;'!`, "XML": "to/k+en==&amp;&quot;&lt;é&gt;&apos;!",
	} {
		if got := m.text("x" + spelled + "y"); got != "x"+Mask+"y" {
			t.Errorf("%s: %s", name, got)
		}
	}
}

func TestMaskKnowsHowOtherProgramsWriteText(t *testing.T) {
	const secret = "pa/ss+wörd' 1"
	m := newMasker([]string{secret})
	for name, spelled := range map[string]string{
		"PHP":                  `pa\/ss+w\u00f6rd' 1`,
		"PHP with its letters": `pa\/ss+wörd' 1`,
		"Java":                 `pa/ss+wörd\u0027 1`,
		"Python":               `pa/ss+w\u00f6rd' 1`,
		".NET":                 `pa/ss\u002Bw\u00F6rd\u0027 1`,
		"encodeURIComponent":   "pa%2Fss%2Bw%C3%B6rd%27%201",
		"escapes in small":     "pa%2fss%2bw%c3%b6rd%27+1",
		"Base64":               base64.StdEncoding.EncodeToString([]byte(secret)),
		"Base64 of a pair":     base64.StdEncoding.EncodeToString([]byte("client:" + secret)),
		"Base64 in between":    base64.StdEncoding.EncodeToString([]byte("ab" + secret + "!!!!")),
		"Base64 of a URL":      base64.URLEncoding.EncodeToString([]byte("abcd" + secret + "?")),
	} {
		body, err := io.ReadAll(m.reader(io.NopCloser(strings.NewReader("x" + spelled + "y"))))
		if err != nil || !strings.Contains(string(body), Mask) {
			t.Errorf("%s: the body shows %s", name, body)
		}
		if got := m.text("x" + spelled + "y"); !strings.Contains(got, Mask) {
			t.Errorf("%s: the trace shows %s", name, got)
		}
		for _, part := range []string{"ss+w", "%C3%B6rd", "%c3%b6rd", base64.StdEncoding.EncodeToString([]byte(secret))[4:12]} {
			if strings.Contains(string(body), part) {
				t.Errorf("%s: %s still shows %s", name, body, part)
			}
		}
	}
}

// Of two secrets one may stand inside the other. Wherever the body is cut on its way, the
// longer one is masked as a whole.
func TestASecretInsideOfAnotherOneIsMaskedWhereverTheBodyIsCut(t *testing.T) {
	m := newMasker([]string{"tenant-7781", "key-for-tenant-7781-a83hf93k"})
	const body = "you sent key-for-tenant-7781-a83hf93k and tenant-7781."
	const want = "you sent " + Mask + " and " + Mask + "."
	for cut := range len(body) {
		got, err := io.ReadAll(m.reader(io.NopCloser(io.MultiReader(strings.NewReader(body[:cut]), strings.NewReader(body[cut:])))))
		if err != nil || string(got) != want {
			t.Errorf("cut at %q: got %q, %v, want %q", body[:cut], got, err, want)
		}
	}
}
