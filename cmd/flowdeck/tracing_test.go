package main

import (
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"

	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"
)

func TestCallsAreTraced(t *testing.T) {
	var mu sync.Mutex
	spans := map[string]*tracepb.Span{}
	receiver := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		var data tracepb.TracesData
		if err := proto.Unmarshal(body, &data); err != nil || r.Header.Get("X-Key") != "k=1" || r.URL.Path != "/v1/traces" {
			t.Errorf("a request to %s with %v: %v", r.URL.Path, r.Header, err)
		}
		mu.Lock()
		defer mu.Unlock()
		for _, rs := range data.ResourceSpans {
			for _, ss := range rs.ScopeSpans {
				for _, s := range ss.Spans {
					spans[s.Name] = s
				}
			}
		}
	}))
	defer receiver.Close()
	r := start(t, "--sample", "--data", t.TempDir(), "--otlp-endpoint", receiver.URL, "--otlp-headers", "X-Key=k=1", "--trace-share", "0")
	token := regexp.MustCompile(`x-api-client-token: (fd_[0-9a-f]{40})`).FindStringSubmatch(r.out.String())
	const trace = "0af7651916cd43dd8448eb211c80319c"
	for _, parent := range []string{"00-" + trace + "-b7ad6b7169203331-01", ""} {
		r.call("POST", r.url+"/api/flows/sample-customer/invoke", `{"customer_id": "C-1001"}`, "x-api-client-token", token[1], "Content-Type", "application/json", "traceparent", parent)
	}
	if err := r.stop(); err != nil { // what waits is sent
		t.Fatal(err)
	}
	mu.Lock()
	defer mu.Unlock()
	if len(spans) < 3 {
		t.Fatalf("%d spans came: %v", len(spans), spans)
	}
	roots := 0
	for name, s := range spans {
		if hex.EncodeToString(s.TraceId) != trace {
			t.Errorf("%s is in trace %x; the call that was not traced was to be left out", name, s.TraceId)
		}
		if s.Kind == tracepb.Span_SPAN_KIND_SERVER {
			roots++
			if hex.EncodeToString(s.ParentSpanId) != "b7ad6b7169203331" {
				t.Errorf("the run's parent is %x, want the caller's span", s.ParentSpanId)
			}
		}
	}
	if roots != 1 {
		t.Errorf("%d spans of runs, want 1", roots)
	}
}

func TestTraceSettingsAreChecked(t *testing.T) {
	for _, args := range [][]string{{"--otlp-endpoint=localhost:4318"}, {"--otlp-endpoint=http://me:secret@localhost"}, {"--trace-share=2"}, {"--trace-share=NaN"},
		{"--otlp-headers=secret"}, {"--otlp-headers=X-Key=k,a secret=x"}, {"--otlp-headers=X-Key=a\nsecret"}} {
		if out, err := runCommand(t, append([]string{"serve", "--addr", "nowhere", "--data", t.TempDir()}, args...)...); err == nil || !strings.Contains(err.Error(), "--otlp-") && !strings.Contains(err.Error(), "--trace-") {
			t.Errorf("%v is taken: %v, %s", args, err, out)
		} else if regexp.MustCompile("secret").MatchString(err.Error()) {
			t.Errorf("%v: the error tells what may be a secret: %v", args, err)
		}
	}
}
