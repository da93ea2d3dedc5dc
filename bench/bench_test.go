package main

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func TestParse(t *testing.T) {
	s, err := parse([]string{"-callers", "2, 30", "-duration", "1s"})
	if err != nil || !slices.Equal(s.callers, []int{2, 30}) || s.duration != time.Second {
		t.Errorf("parse = %+v, %v; want callers 2 and 30 for 1s", s, err)
	}
	for _, wrong := range []string{"", "0", "many", "1,,2"} {
		if _, err := parse([]string{"-callers", wrong}); err == nil || !strings.Contains(err.Error(), "-callers") {
			t.Errorf("parse of -callers %q = %v, want an error that names the flag", wrong, err)
		}
	}
}

func TestDriveCountsEveryCall(t *testing.T) {
	var asked atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		_, _ = w.Write([]byte(answer))
	}))
	defer server.Close()
	l, err := drive(t.Context(), server.URL+"/x?y=1", 3, 50*time.Millisecond)
	if err != nil {
		t.Fatalf("drive: %v", err)
	}
	if n := asked.Load(); int64(len(l.waits)) != n || n < 3 {
		t.Errorf("drive counted %d calls, the server %d", len(l.waits), n)
	}
	if !slices.IsSorted(l.waits) || l.quantile(0) > l.quantile(.5) || l.quantile(.5) > l.quantile(1) {
		t.Errorf("quantiles %s, %s, %s are not in order", l.quantile(0), l.quantile(.5), l.quantile(1))
	}
}

func TestDriveReportsARefusal(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	if _, err := drive(t.Context(), server.URL, 1, time.Second); err == nil || !strings.Contains(err.Error(), "404") {
		t.Errorf("drive against 404 = %v, want an error that says so", err)
	}
}
