package curl_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"flowdeck/cards/curl"
)

// programs are the shell and the curl of this machine.
func programs(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"bash", "curl"} {
		if _, err := exec.LookPath(name); err != nil {
			t.Fatalf("%s is missing: install it, for this test runs the commands that people copy", name)
		}
	}
	bash, _ := exec.LookPath("bash")
	return bash
}

// arrived is a request as the server got it.
type arrived struct {
	method, uri, body string
	header            http.Header
}

// echo hands out the requests that it got, one after the other.
func echo(t *testing.T) (*httptest.Server, chan arrived) {
	got := make(chan arrived, 8)
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got <- arrived{r.Method, r.RequestURI, string(body), r.Header.Clone()}
	}))
	t.Cleanup(s.Close)
	return s, got
}

func run(t *testing.T, bash, script string, env ...string) {
	t.Helper()
	cmd := exec.Command(bash, "-euc", script)
	cmd.Dir = t.TempDir()
	cmd.Env = append(os.Environ(), append(env, "no_proxy=*", "NO_PROXY=*", "LC_ALL=C.UTF-8")...)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s\n%v: %s", script, err, out)
	}
}

const dots = "••••••••"

func TestCopiedCommandsSendWhatWasSent(t *testing.T) {
	bash := programs(t)
	server, requests := echo(t)
	every := strings.Map(func(r rune) rune {
		if r == 0 {
			return -1
		}
		return r
	}, allBytes())
	json := curl.Pair{Name: "Content-Type", Value: "application/json"}
	for name, r := range map[string]curl.Request{
		"a plain GET":          {Method: "GET", URL: "/a?x=1&y=%27"},
		"HEAD":                 {Method: "HEAD", URL: "/a"},
		"brackets and dots":    {Method: "GET", URL: "/a/../b?ids[]=1&r={1,2}"},
		"headers":              {Method: "GET", URL: "/", Headers: []curl.Pair{{Name: "X-Quote", Value: `it's "$HOME" ` + "`id` \\ !"}, {Name: "X-Empty"}, {Name: "User-Agent", Value: "Flowdeck"}, {Name: "X-Twice", Value: "1"}, {Name: "X-Twice", Value: "2"}}},
		"JSON":                 {Method: "POST", URL: "/", Headers: []curl.Pair{json}, Body: `{"a":"it's ünï — 日本 😀 $HOME","n":1}`},
		"an @ at the start":    {Method: "POST", URL: "/", Body: "@/etc/passwd"},
		"lines and tabs":       {Method: "PUT", URL: "/", Body: "a\n\tb\n\n"},
		"carriage returns":     {Method: "PUT", URL: "/", Body: "a\r\nb'\\\x1b[0m\x7f"},
		"every byte but NUL":   {Method: "POST", URL: "/", Body: every},
		"an empty POST":        {Method: "POST", URL: "/"},
		"a body with DELETE":   {Method: "DELETE", URL: "/x", Body: "why"},
		"a method of its own":  {Method: "REPORT", URL: "/"},
		"a multipart body":     {Method: "POST", URL: "/", Headers: []curl.Pair{{Name: "Content-Type", Value: "multipart/form-data; boundary=x"}}, Body: "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--x--\r\n"},
		"something like flags": {Method: "POST", URL: "/", Body: "-X DELETE --data x"},
		"percent and bang":     {Method: "POST", URL: "/%20!?q=%25!", Body: "%s!! \\n"},
	} {
		r.URL, r.Size = server.URL+r.URL, int64(len(r.Body))
		r.Mask = dots
		w := curl.Write(r)
		run(t, bash, w.Text)
		got := <-requests
		if len(w.Variables)+len(w.Notes) > 0 {
			t.Errorf("%s: %v %v, want no variables and no notes", name, w.Variables, w.Notes)
		}
		want, _ := url.Parse(r.URL)
		if got.method != r.Method || got.uri != want.RequestURI() || got.body != r.Body {
			t.Errorf("%s:\n%s\n got %s %s %q\nwant %s %s %q", name, w.Text, got.method, got.uri, got.body, r.Method, want.RequestURI(), r.Body)
		}
		header := http.Header{}
		for _, h := range r.Headers {
			header.Add(h.Name, h.Value)
		}
		got.header.Del("Content-Length")
		for name, values := range header {
			if !slices.Equal(got.header[name], values) {
				t.Errorf("%s: %s arrived as %q, want %q", r.Body, name, got.header[name], values)
			}
		}
		if len(got.header) != len(header) {
			t.Errorf("%s:\n%s\nheaders %v arrived, want %v", name, w.Text, got.header, header)
		}
	}
}

func allBytes() string {
	b := make([]byte, 256)
	for i := range b {
		b[i] = byte(i)
	}
	return strings.ReplaceAll(string(b), "\x00", "")
}

func TestSecretsBecomeVariables(t *testing.T) {
	bash := programs(t)
	server, requests := echo(t)
	w := curl.Write(curl.Request{Method: "POST", URL: server.URL + "/?page=2&api_key=" + dots + "&z=1", Mask: dots, Account: "Acme CRM (EU)",
		Headers: []curl.Pair{{Name: "Authorization", Value: "Bearer " + dots}, {Name: "X-Api-Key", Value: dots}, {Name: "Content-Type", Value: "text/plain"}},
		Body:    "it's " + dots + " and " + dots + "'", Size: 40})
	want := []string{"ACME_CRM_EU_API_KEY", "ACME_CRM_EU_TOKEN", "ACME_CRM_EU_X_API_KEY", "ACME_CRM_EU_SECRET"}
	if !slices.Equal(w.Variables, want) {
		t.Errorf("variables %v, want %v", w.Variables, want)
	}
	if strings.Contains(w.Text, "•") {
		t.Errorf("the command still has dots in it:\n%s", w.Text)
	}
	run(t, bash, w.Text, "ACME_CRM_EU_API_KEY=k1", "ACME_CRM_EU_TOKEN=t 1'", "ACME_CRM_EU_X_API_KEY=k2", "ACME_CRM_EU_SECRET=s$1")
	got := <-requests
	if got.uri != "/?page=2&api_key=k1&z=1" || got.header.Get("Authorization") != "Bearer t 1'" || got.header.Get("X-Api-Key") != "k2" || got.body != "it's s$1 and s$1'" {
		t.Errorf("%s\narrived as %+v", w.Text, got)
	}
	basic := curl.Write(curl.Request{Method: "GET", URL: "https://a.io", Mask: dots, Headers: []curl.Pair{{Name: "Authorization", Value: "Basic " + dots}}})
	if !slices.Equal(basic.Variables, []string{"BASIC"}) {
		t.Errorf("without a connection the variables are %v, want BASIC", basic.Variables)
	}
	numbered := curl.Write(curl.Request{Method: "GET", URL: "https://a.io", Mask: dots, Account: "3rd", Headers: []curl.Pair{{Name: "Authorization", Value: "Bearer " + dots}}})
	if !slices.Equal(numbered.Variables, []string{"_3RD_TOKEN"}) {
		t.Errorf("variables %v, want a name that may begin a variable", numbered.Variables)
	}
}

func TestBodiesThatAreNotThereAreSaid(t *testing.T) {
	for name, r := range map[string]curl.Request{
		"not text":    {Body: "(512 bytes that are not text)", Size: 512},
		"cut":         {Body: strings.Repeat("a", 64<<10), Size: 10 << 20},
		"cut, masked": {Body: strings.Repeat("a", 64<<10) + dots, Size: 64<<10 + 1, Mask: dots},
		"with a NUL":  {Body: "a\x00b", Size: 3},
	} {
		r.Method, r.URL = "POST", "https://a.io"
		w := curl.Write(r)
		if !strings.HasSuffix(w.Text, "--data-binary @body") || len(w.Notes) != 1 || !strings.Contains(w.Notes[0], fmt.Sprintf("(%d bytes)", r.Size)) {
			t.Errorf("%s: %.200s notes %q, want a file called body and a note", name, w.Text, w.Notes)
		}
	}
}

func TestWhatIsCopiedCanBeImported(t *testing.T) {
	r := curl.Request{Method: "POST", URL: "https://a.io/x?a=%26&b=1", Headers: []curl.Pair{{Name: "X-A", Value: "it's"}, {Name: "Content-Type", Value: "text/plain"}}, Body: "a\r\nb\x01'", Size: 6}
	c, err := curl.Parse(curl.Write(r).Text)
	if err != nil || c.Method != r.Method || c.URL != r.URL || c.Body.Text != r.Body || c.Headers[0] != r.Headers[0] {
		t.Errorf("Parse(Write(%+v)) = %+v, %v", r, c, err)
	}
}

func TestQuotesAreReadAsBashReadsThem(t *testing.T) {
	bash := programs(t)
	for _, words := range []string{
		`'a b' "c d" e\ f g'h'"i"`, `"\$x \" \\ \n \q"`, `$'\n\t\\\'\"\a\x41\u00fc\U0001F600\101\e\cA\q\x4'`, "a\\\nb", "\"a\\\nb\"", `''`, `"" x`, `a\'b`, `$"loc"`, `a$ b"$"`,
		`'ü' "日本"`, "'line\nbreak'", `--x=$'a\'b'"c"'d'`, `a#b`, `\#c`, `"!"`, `\\`, `x\`,
	} {
		cmd := exec.Command(bash, "-c", `printf '%s\0' -- `+words)
		cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8")
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("bash does not read %s: %v", words, err)
		}
		want := bytes.Split(bytes.TrimSuffix(out, []byte{0}), []byte{0})[1:]
		if got := curl.Words(words); !slices.EqualFunc(got, want, func(a string, b []byte) bool { return a == string(b) }) {
			t.Errorf("words of %s = %q, want %q as bash has them", words, got, want)
		}
	}
}
