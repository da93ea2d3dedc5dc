package web

import (
	"bytes"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"

	"flowdeck/cards/schema"
)

// sink counts what is written to it.
type sink struct {
	header http.Header
	n      int
}

func (s *sink) Header() http.Header         { return s.header }
func (s *sink) WriteHeader(int)             {}
func (s *sink) Write(p []byte) (int, error) { s.n += len(p); return len(p), nil }

func TestStreamedJSONIsTheSame(t *testing.T) {
	letters := []string{"a", "é", "€", "😀", `"`, `\`, "\n", "<", "\u2028", "\x01"}
	text := func(n int) string {
		var b strings.Builder
		for b.Len() < n {
			b.WriteString(letters[rand.IntN(len(letters))])
		}
		return b.String()
	}
	var value func(depth int) any
	value = func(depth int) any {
		switch k := rand.IntN(7); {
		case k == 0 && depth > 0:
			m := schema.Values{}
			for range rand.IntN(6) {
				m[text(3)] = value(depth - 1)
			}
			return m
		case k == 1 && depth > 0:
			var list []any
			for range rand.IntN(6) {
				list = append(list, value(depth-1))
			}
			return append([]any{}, list...)
		case k == 2:
			return text(rand.IntN(3 * streamPiece))
		case k == 3:
			return int64(rand.IntN(1000))
		case k == 4:
			return rand.Float64()
		case k == 5:
			return nil
		}
		return rand.IntN(2) == 0
	}
	for range 200 {
		v := map[string]any{"v": value(5), "w": value(5)}
		want, err := schema.EncodeJSON(v)
		must(t, err)
		got := httptest.NewRecorder()
		streamJSON(got, "GET", 200, v)
		if !bytes.Equal(bytes.TrimSuffix(got.Body.Bytes(), []byte("\n")), want) {
			t.Fatalf("streamed %d bytes, want %d", got.Body.Len(), len(want)+1)
		}
	}
}

// A large answer is in memory once: as the value that the flow made.
func TestLargeAnswersAreNotPutTogether(t *testing.T) {
	const size = 32 << 20
	part := strings.Repeat("x", 1<<20)
	var list []any
	for range size >> 20 {
		list = append(list, schema.Values{"text": part})
	}
	packed := schema.Values{"name": "a.bin", "type": "application/octet-stream", "size": int64(size / 4 * 3), "base64": strings.Repeat("QUJD", size/4)}
	for _, x := range []struct {
		about string
		send  func(w http.ResponseWriter) error
		n     int
	}{
		{"JSON", func(w http.ResponseWriter) error { return writeJSON(w, "GET", 200, list) }, size},
		{"text", func(w http.ResponseWriter) error { return writeText(w, "GET", 200, strings.Repeat(part, 1)) }, 1 << 20},
		{"a file", func(w http.ResponseWriter) error { writeFile(w, "GET", 200, packed); return nil }, size / 4 * 3},
	} {
		var before, after runtime.MemStats
		w := &sink{header: http.Header{}}
		runtime.ReadMemStats(&before)
		err := x.send(w)
		runtime.ReadMemStats(&after)
		must(t, err)
		if took := after.TotalAlloc - before.TotalAlloc; took > 4<<20 {
			t.Errorf("%s takes %d MiB of memory to send", x.about, took>>20)
		}
		if w.n < x.n {
			t.Errorf("%s: %d bytes were sent, want at least %d", x.about, w.n, x.n)
		}
	}
}

func TestAFileIsAnswered(t *testing.T) {
	w := newWorld(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "image/png")
		w.Header().Set("Content-Disposition", `attachment; filename="chart.png"`)
		_, _ = w.Write([]byte("\x89PNG\x00\xff"))
	})
	w.publish("chart", public, endpointDoc(nil, step("load", "http.download", schema.Values{"url": w.upstream.URL + "/chart.png"}),
		step("close", "http.close", schema.Values{"body_type": "file", "file": "{{ load.file }}"})))
	got := w.call("GET", "/api/flows/chart/invoke", "")
	if run := w.run(got); run.Error != nil {
		t.Fatalf("the run failed: %v", run.Error)
	}
	if got.status != 200 || got.body != "\x89PNG\x00\xff" || got.header.Get("Content-Type") != "image/png" || got.header.Get("Content-Disposition") != "attachment; filename=chart.png" || got.header.Get("Content-Length") != "6" {
		t.Errorf("got %d %q %v", got.status, got.body, got.header)
	}
	if !strings.Contains(got.header.Get("Content-Security-Policy"), "sandbox") {
		t.Error("a file is not kept apart from our pages")
	}
	head := w.call("HEAD", "/api/flows/chart/invoke", "")
	if head.status != 200 || head.body != "" || head.header.Get("Content-Length") != "6" {
		t.Errorf("HEAD: %d %q %v", head.status, head.body, head.header)
	}
	// kept, and answered again, it is the same
	first := w.call("POST", "/api/flows/chart/invoke", "", "Idempotency-Key", "chart")
	again := w.call("POST", "/api/flows/chart/invoke", "", "Idempotency-Key", "chart")
	if first.body != got.body || again.body != got.body || again.header.Get("Idempotent-Replayed") != "true" {
		t.Errorf("again: %d %q", again.status, again.body)
	}
}
