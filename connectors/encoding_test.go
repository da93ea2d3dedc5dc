package connectors

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"

	"flowdeck/cards"
	"flowdeck/cards/schema"
	"flowdeck/cards/trace"
)

// packers pack as a Content-Encoding says; "raw" is deflate without its frame.
var packers = map[string]func(io.Writer) io.WriteCloser{
	"gzip":    func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) },
	"deflate": func(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) },
	"raw":     func(w io.Writer) io.WriteCloser { z, _ := flate.NewWriter(w, 9); return z },
	"br":      func(w io.Writer) io.WriteCloser { return brotli.NewWriter(w) },
	"zstd":    func(w io.Writer) io.WriteCloser { z, _ := zstd.NewWriter(w); return z },
}

func packed(t *testing.T, body string, how ...string) []byte {
	t.Helper()
	data := []byte(body)
	for _, h := range how {
		var b bytes.Buffer
		z := packers[h](&b)
		if _, err := z.Write(data); err != nil {
			t.Fatal(err)
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		data = b.Bytes()
	}
	return data
}

// sends is a server whose answers have these headers and this body.
func sends(t *testing.T, body []byte, headers ...string) seen {
	return watch(t, func(w http.ResponseWriter, r *http.Request) {
		for i := 0; i < len(headers); i += 2 {
			w.Header().Add(headers[i], headers[i+1])
		}
		_, _ = w.Write(body)
	})
}

// fetch reads an answer to its end, or to its error.
func (b *bench) fetch(ctx context.Context, id, at string, headers ...string) (*http.Response, string, error) {
	b.t.Helper()
	client, err := b.clients.Client(ctx, id)
	if err != nil {
		b.t.Fatal(err)
	}
	r, _ := http.NewRequestWithContext(ctx, http.MethodGet, at, nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	res, err := client.Do(r)
	if err != nil {
		return nil, "", err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	return res, string(body), err
}

func TestBodiesAreUnpacked(t *testing.T) {
	text := strings.Repeat("hello key-12345678 ", 500)
	masked := strings.Repeat("hello "+Mask+" ", 500)
	for _, x := range []struct {
		name    string
		how     []string
		headers []string
	}{
		{"gzip", []string{"gzip"}, []string{"Content-Encoding", "gzip"}},
		{"x-gzip", []string{"gzip"}, []string{"Content-Encoding", "X-GZip"}},
		{"deflate", []string{"deflate"}, []string{"Content-Encoding", "deflate"}},
		{"deflate without a frame", []string{"raw"}, []string{"Content-Encoding", "deflate"}},
		{"br", []string{"br"}, []string{"Content-Encoding", "br"}},
		{"zstd", []string{"zstd"}, []string{"Content-Encoding", "zstd"}},
		{"gzip, br", []string{"gzip", "br"}, []string{"Content-Encoding", "gzip, br"}},
		{"zstd, then gzip, on two lines", []string{"zstd", "gzip"}, []string{"Content-Encoding", "zstd", "Content-Encoding", "gzip"}},
		{"four layers", []string{"gzip", "br", "zstd", "deflate"}, []string{"Content-Encoding", "gzip,br,zstd,deflate"}},
		{"identity", nil, []string{"Content-Encoding", "identity"}},
		{"identity, gzip", []string{"gzip"}, []string{"Content-Encoding", "identity, gzip"}},
	} {
		data := packed(t, text, x.how...)
		s := sends(t, data, x.headers...)
		b := newBench(t)
		signed := b.add("header", schema.Values{"headers": []any{schema.Values{"name": "X-Api-Key", "value": "key-12345678"}}}, Token{}, s.host())
		for id, want := range map[string]string{"": text, signed: masked} {
			tr := &trace.Trace{}
			res, body, err := b.fetch(trace.With(context.Background(), tr), id, s.URL)
			if err != nil || body != want {
				t.Errorf("%s: got %d bytes, %v, want %d", x.name, len(body), err, len(want))
				continue
			}
			if r := <-s.requests; r.Header.Get("Accept-Encoding") != "gzip, deflate, br, zstd" {
				t.Errorf("asked for %q", r.Header.Get("Accept-Encoding"))
			}
			if got := res.Header.Get("Content-Encoding"); got != "" && got != "identity" || len(x.how) > 0 && (!res.Uncompressed || res.Header.Get("Content-Length") != "") {
				t.Errorf("%s: the headers still say %v", x.name, res.Header)
			}
			if x := tr.Exchanges[0]; x.ResponseSize != int64(len(data)) {
				t.Errorf("%s: the trace says %d bytes, want the %d of the wire", x.Purpose, x.ResponseSize, len(data))
			}
		}
		if _, _, err := b.fetch(t.Context(), "", s.URL, "Accept-Encoding", "identity"); err != nil {
			t.Error(err)
		}
		if r := <-s.requests; r.Header.Get("Accept-Encoding") != "identity" {
			t.Errorf("the card's own Accept-Encoding became %q", r.Header.Get("Accept-Encoding"))
		}
	}
}

func TestBodiesThatCannotBeUnpackedSayWhy(t *testing.T) {
	text := strings.Repeat("0123456789abcdef", 4096)
	for _, name := range []string{"gzip", "deflate", "raw", "br", "zstd"} {
		how := strings.Replace(name, "raw", "deflate", 1)
		data := packed(t, text, name)
		damaged := append([]byte(nil), data...)
		for i := len(damaged) / 3; i < len(damaged); i++ {
			damaged[i] ^= 0xa5
		}
		for _, x := range []struct {
			what string
			body []byte
		}{{"cut off", data[:len(data)-6]}, {"damaged", damaged}, {"not packed at all", []byte("<html>hello, this is not packed</html>")}} {
			s := sends(t, x.body, "Content-Encoding", how)
			tr := &trace.Trace{}
			_, _, err := newBench(t).fetch(trace.With(context.Background(), tr), "", s.URL)
			var bad *EncodingError
			code := cards.CodeBadEncoding
			if x.what == "cut off" {
				code = cards.CodeTruncated
			}
			if !errors.As(err, &bad) || bad.Encoding != how || bad.Host != s.host() || cards.ErrorOf(err).Code != code {
				t.Errorf("%s, %s: got %v, want %s", name, x.what, err, code)
				continue
			}
			if got := tr.Exchanges[0].Error; !strings.Contains(got, "cannot be unpacked") {
				t.Errorf("%s, %s: the trace says %q", name, x.what, got)
			}
			if x.what == "cut off" && !strings.Contains(err.Error(), "ends in the middle") {
				t.Errorf("%s: %v does not say that it ends", name, err)
			}
		}
	}
	five := packed(t, "x", "gzip", "gzip", "gzip", "gzip", "gzip")
	s := sends(t, five, "Content-Encoding", "gzip,gzip,gzip,gzip,gzip")
	if _, _, err := newBench(t).fetch(t.Context(), "", s.URL); err == nil || !strings.Contains(err.Error(), "more than 4 times") {
		t.Errorf("five layers: %v", err)
	}
}

func TestZstdMayNotTakeMuchMemory(t *testing.T) {
	var b bytes.Buffer
	z, err := zstd.NewWriter(&b, zstd.WithWindowSize(64<<20))
	if err != nil {
		t.Fatal(err)
	}
	for range 17 {
		_, _ = z.Write(make([]byte, 4<<20))
	}
	_ = z.Close()
	s := sends(t, b.Bytes(), "Content-Encoding", "zstd")
	if _, _, err := newBench(t).fetch(t.Context(), "", s.URL); err == nil || !strings.Contains(err.Error(), "8 MiB") {
		t.Errorf("got %v, want a refusal", err)
	}
}

func TestWhatIsNotPackedStays(t *testing.T) {
	b := newBench(t)
	for _, x := range []struct {
		name   string
		answer http.HandlerFunc
		body   string
		still  string
	}{
		{"nothing at all", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			w.(http.Flusher).Flush()
		}, "", ""},
		{"204", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			w.WriteHeader(http.StatusNoContent)
		}, "", "gzip"},
		{"a packing nobody knows", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Encoding", "compress")
			_, _ = io.WriteString(w, "packed")
		}, "packed", "compress"},
		{"a part", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			w.WriteHeader(http.StatusPartialContent)
			_, _ = io.WriteString(w, "middle")
		}, "middle", "gzip"},
	} {
		s := watch(t, x.answer)
		res, body, err := b.fetch(t.Context(), "", s.URL)
		if err != nil || body != x.body || res.Header.Get("Content-Encoding") != x.still {
			t.Errorf("%s: got %q, %v with %q, want %q with %q", x.name, body, err, res.Header.Get("Content-Encoding"), x.body, x.still)
		}
	}
}

func TestAConnectionThatBreaksIsNoMistakeOfThePacking(t *testing.T) {
	data := packed(t, strings.Repeat("abc", 9999), "gzip")
	s := watch(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		w.Header().Set("Content-Length", strconv.Itoa(len(data)))
		_, _ = w.Write(data[:20])
		panic(http.ErrAbortHandler)
	})
	_, _, err := newBench(t).fetch(t.Context(), "", s.URL)
	var bad *EncodingError
	if err == nil || errors.As(err, &bad) {
		t.Errorf("got %v, want what the socket said", err)
	}
}

func TestSocketsOfPackedBodiesAreUsedAgain(t *testing.T) {
	for name := range packers {
		s := sends(t, packed(t, "hello", name), "Content-Encoding", strings.Replace(name, "raw", "deflate", 1))
		b := newBench(t)
		for i := range 2 {
			tr := &trace.Trace{}
			if _, _, err := b.fetch(trace.With(context.Background(), tr), "", s.URL); err != nil {
				t.Fatal(err)
			}
			if i == 1 && !tr.Exchanges[0].Reused {
				t.Errorf("%s: a new socket was dialled", name)
			}
		}
	}
}
