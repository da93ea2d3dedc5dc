package httpcard

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	"flowdeck/cards"
	"flowdeck/cards/schema"
	"flowdeck/cards/trace"
)

// says is a server that answers one thing.
func says(kind, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", kind)
		fmt.Fprint(w, body)
	}
}

func TestAnswersAsTheyAreAskedFor(t *testing.T) {
	for _, c := range []struct {
		as, kind, body string
		want           any
	}{
		{"text", "application/json", `{"a":1}`, `{"a":1}`},
		{"text", "application/json", "", nil},
		{"text", "image/svg+xml", "<svg/>", "<svg/>"},
		{"text", "application/octet-stream", "123", "123"},
		{"text", "text/xml", "<?xml version='1.0' encoding='ISO-8859-1'?><a>M\xfcller</a>", "<?xml version='1.0' encoding='ISO-8859-1'?><a>Müller</a>"},
		{"auto", "application/xml", "<?xml version='1.0' encoding='windows-1252'?><a>\x80</a>", "<?xml version='1.0' encoding='windows-1252'?><a>€</a>"},
		{"auto", "text/plain; charset=utf-8", "\xef\xbb\xbfa", "a"},
		{"auto", "text/plain; charset=no-such-set", "Müller", "Müller"},
		{"json", "text/html", ` [1, 9007199254740993] `, []any{int64(1), int64(9007199254740993)}},
		{"json", "text/plain", `123456789012345678901234567890.5`, json.Number("123456789012345678901234567890.5")},
		{"json", "text/plain", " \n", nil},
		{"file", "image/png", "\x89PNG", schema.Values{"name": "x", "type": "image/png", "size": int64(4), "base64": "iVBORw=="}},
		{"file", "application/json", `{}`, schema.Values{"name": "x", "type": "application/json", "size": int64(2), "base64": "e30="}},
	} {
		out, e := get(t, says(c.kind, c.body), schema.Values{"response_as": c.as})
		if e != nil || !reflect.DeepEqual(out["body"], c.want) {
			t.Errorf("%s as %s = %#v, %v, want %#v", c.kind, c.as, out["body"], e, c.want)
		}
	}
}

func TestFilesHaveTheNameThatTheServerSays(t *testing.T) {
	for disposition, want := range map[string]string{
		`attachment; filename="report 1.pdf"`:                     "report 1.pdf",
		`attachment; filename*=UTF-8''%e2%82%ac.csv`:              "€.csv",
		`attachment; filename="../../etc/passwd"`:                 "passwd",
		`attachment; filename="C:\\temp\\a.txt"`:                  "a.txt",
		`attachment; filename=".."`:                               "x",
		`attachment`:                                              "x",
		`attachment; filename="` + strings.Repeat("n", 500) + `"`: strings.Repeat("n", 255),
	} {
		out, e := get(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Disposition", disposition)
			fmt.Fprint(w, "x")
		}, schema.Values{"response_as": "file"})
		if e != nil || out["body"].(schema.Values)["name"] != want {
			t.Errorf("%s = %v, %v, want the name %s", disposition, out["body"], e, want)
		}
	}
	out, e := get(t, func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusNoContent) }, schema.Values{"response_as": "file"})
	if e != nil || out["body"] != nil {
		t.Errorf("no content = %v, %v, want nothing", out["body"], e)
	}
}

func TestTextThatIsNoneIsAnErrorAndNeverGuessed(t *testing.T) {
	for _, c := range []struct{ as, kind, body, code, message string }{
		{"auto", "text/plain; charset=utf-8", "ab\xffc", cards.CodeBadText, "the bytes from offset 2 are not UTF-8"},
		{"auto", "application/json", "{\"a\":\"\xff\"}", cards.CodeBadText, "the bytes from offset 6 are not UTF-8"},
		{"auto", "text/plain; charset=Shift_JIS", "\x93\xfa\x93", cards.CodeBadText, "the bytes from offset 2 are not shift_jis"},
		{"auto", "text/plain; charset=no-such-set", "\xff", cards.CodeBadText, "the character set no-such-set is not known here"},
		{"auto", "text/plain", "\xef\xbb\xbfa\xff", cards.CodeBadText, "the bytes from offset 4 are not UTF-8"},
		{"text", "image/png", "\x89PNG", cards.CodeBadText, "the bytes from offset 0 are not UTF-8"},
		{"json", "image/png", "\x89PNG", cards.CodeBadText, "the bytes from offset 0 are not UTF-8"},
		{"json", "text/html", "<p>Hi", cards.CodeBadJSON, "did not send JSON: at line 1, column 1: expected a value"},
	} {
		_, e := get(t, says(c.kind, c.body), schema.Values{"response_as": c.as})
		if e == nil || e.Code != c.code || !strings.Contains(strings.ToLower(e.Message), strings.ToLower(c.message)) || e.Details["status_code"] != int64(200) {
			t.Errorf("%s %q as %s = %+v, want %s: %s", c.kind, c.body, c.as, e, c.code, c.message)
		}
	}
}

func TestJSONThatIsNone(t *testing.T) {
	for _, c := range []struct{ body, code, message, near string }{
		{`{"a":NaN}`, cards.CodeBadJSON, "line 1, column 6: expected a value", `{"a":NaN}`},
		{`{"a":1} x`, cards.CodeBadJSON, "line 1, column 9: expected nothing more after the value", `{"a":1} x`},
		{"{\n\"a\":1,}", cards.CodeBadJSON, "line 2, column 7: expected a key in double quotes", "{\n\"a\":1,}"},
		{`{"a":`, cards.CodeBadJSON, "expected a value, but the text ends", `{"a":`},
		{`{"a":01}`, cards.CodeBadJSON, "expected a number, but 01 is none", `{"a":01}`},
		{strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000), cards.CodeTooDeep, "nested too deeply: more than 1000 levels", strings.Repeat("[", 80)},
		{strings.Repeat(`{"a":`, 100_000) + "1" + strings.Repeat("}", 100_000), cards.CodeTooDeep, "nested too deeply: more than 1000 levels", ""},
	} {
		_, e := get(t, says("application/json", c.body), nil)
		wantError(t, e, c.code, c.message, false)
		if near := e.Details["near"].(string); len(near) > 80 || c.near != "" && near != c.near {
			t.Errorf("%.20s is near %q, want %q", c.body, near, c.near)
		}
	}
}

func TestRepeatedKeysAreNoted(t *testing.T) {
	s := says("application/json", `{"a":1,"b":{"c":1,"c":2},"a":3}`)
	record := &trace.Trace{}
	out, e := getIn(trace.With(t.Context(), record), t, s, nil)
	if e != nil || !reflect.DeepEqual(out["body"], schema.Values{"a": int64(3), "b": schema.Values{"c": int64(2)}}) {
		t.Errorf("got %v, %v, want the last of each", out["body"], e)
	}
	if len(record.Log) != 2 || record.Log[0].Text != `the answer repeats the key "c"; the last one counts` {
		t.Errorf("log = %v, want a line for each repeated key", record.Log)
	}
}

func TestRepeatedHeadersKeepTheirBounds(t *testing.T) {
	out, e := get(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header()["Www-Authenticate"] = []string{`Basic realm="a, b"`, "Digest x=y"}
		w.Header().Set("X-One", "1")
	}, nil)
	want := schema.Values{"www-authenticate": []any{`Basic realm="a, b"`, "Digest x=y"}}
	if e != nil || !reflect.DeepEqual(out["repeated_headers"], want) {
		t.Errorf("repeated headers = %v, %v, want %v", out["repeated_headers"], e, want)
	}
	if out, e = get(t, says("text/plain", "x"), nil); e != nil || out["repeated_headers"] != nil {
		t.Errorf("repeated headers = %v, %v, want none", out["repeated_headers"], e)
	}
}

func TestHeadersThatAreListsAreSentSeveralTimes(t *testing.T) {
	r, _, err := sent(t, Get, schema.Values{"headers": schema.Values{"X-Tag": []any{"a", int64(2), nil, true}}})
	if err != nil || !reflect.DeepEqual(r.Header["X-Tag"], []string{"a", "2", "true"}) {
		t.Errorf("sent %v, %v", r.Header, err)
	}
}

// wrapped hides that a body is none, as transports that watch bodies do.
type wrapped struct{ http.RoundTripper }

func (w wrapped) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := w.RoundTripper.RoundTrip(r)
	if err == nil {
		res.Body = struct{ io.ReadCloser }{res.Body}
	}
	return res, err
}

func TestTheHeadOfALargePackedFileIsNoFailure(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "5000000000")
		w.Header().Set("Content-Encoding", "gzip")
		if r.URL.Path == "/304" {
			w.Header().Del("Content-Length")
			w.WriteHeader(http.StatusNotModified)
		}
	}))
	defer s.Close()
	client := &http.Client{Transport: wrapped{s.Client().Transport}}
	for path, want := range map[string]int64{"/": 200, "/304": 304} {
		in := schema.Values{"url": s.URL + path, "method": "HEAD", "accept_status": "304", "headers": schema.Values{"Accept-Encoding": "gzip"}}
		out, err := Raw.Call(t.Context(), cards.Env{HTTP: client}, in)
		if err != nil || out["status_code"] != want || out["body"] != "" {
			t.Errorf("HEAD %s = %v, %v, want %d without a body", path, out, err, want)
		}
	}
}
