package static

import (
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func get(t *testing.T, url, accept string) *http.Response {
	t.Helper()
	req := httptest.NewRequest(http.MethodGet, url, nil)
	req.Header.Set("Accept-Encoding", accept)
	rec := httptest.NewRecorder()
	Handler().ServeHTTP(rec, req)
	return rec.Result()
}

func TestEveryPageAssetIsBuiltAndServedForEver(t *testing.T) {
	for name, kind := range map[string]string{
		"app.css": "text/css; charset=utf-8", "app.js": "text/javascript; charset=utf-8",
		"theme.js": "text/javascript; charset=utf-8", "icons.svg": "image/svg+xml", "favicon.svg": "image/svg+xml",
	} {
		url := URL(name)
		if url == Prefix+name {
			t.Errorf("URL(%q) = %q, want a hashed name", name, url)
		}
		res := get(t, url, "")
		if res.StatusCode != http.StatusOK || res.Header.Get("Content-Type") != kind {
			t.Errorf("GET %s = %d %q, want 200 %q", url, res.StatusCode, res.Header.Get("Content-Type"), kind)
		}
		if got := res.Header.Get("Cache-Control"); !strings.Contains(got, "immutable") {
			t.Errorf("GET %s has Cache-Control %q, want immutable", url, got)
		}
	}
}

func TestGzipAnswersHoldTheSameBytes(t *testing.T) {
	plain, err := io.ReadAll(get(t, URL("app.css"), "").Body)
	if err != nil {
		t.Fatal(err)
	}
	res := get(t, URL("app.css"), "br, gzip")
	if got := res.Header.Get("Content-Encoding"); got != "gzip" {
		t.Fatalf("Content-Encoding = %q, want gzip", got)
	}
	z, err := gzip.NewReader(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	unpacked, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	if string(unpacked) != string(plain) {
		t.Errorf("gzip answer unpacks to %d bytes, want the same %d bytes", len(unpacked), len(plain))
	}
}

func TestUnknownNamesAreNotFound(t *testing.T) {
	for _, name := range []string{"app.css", "nothing.js", "../static.go", "dist/manifest.json", ""} {
		if res := get(t, Prefix+name, ""); res.StatusCode != http.StatusNotFound {
			t.Errorf("GET %s%s = %d, want 404", Prefix, name, res.StatusCode)
		}
	}
}

func TestTheFirstLoadStaysWithinItsBudget(t *testing.T) {
	for kind, first := range map[string]struct {
		files []string
		most  int // bytes, compressed
	}{
		"scripts": {append([]string{"theme.js", "app.js"}, sharedNames()...), 45 << 10},
		"styles":  {[]string{"app.css"}, 20 << 10},
	} {
		total := 0
		for _, name := range first.files {
			body, err := io.ReadAll(get(t, URL(name), "gzip").Body)
			if err != nil {
				t.Fatal(err)
			}
			total += len(body)
		}
		if total > first.most {
			t.Errorf("%s are %d bytes compressed, want at most %d", kind, total, first.most)
		}
	}
}

func sharedNames() []string {
	var names []string
	for i := range Shared() {
		names = append(names, fmt.Sprintf("shared-%d.js", i+1))
	}
	return names
}

func TestHasIcon(t *testing.T) {
	if !HasIcon("globe") {
		t.Error(`HasIcon("globe") = false, want true`)
	}
	if HasIcon("no-such-icon") {
		t.Error(`HasIcon("no-such-icon") = true, want false`)
	}
}
