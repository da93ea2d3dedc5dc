package sample

import (
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"time"
)

// echo says what was sent, without the sign-in.
func echo(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		problem(w, http.StatusRequestEntityTooLarge, "the body is longer than 1 MiB")
		return
	}
	headers, query := map[string]string{}, map[string]string{}
	for name, values := range r.Header {
		if name != "Authorization" {
			headers[name] = values[0]
		}
	}
	for name, values := range r.URL.Query() {
		query[name] = values[0]
	}
	said := map[string]any{"method": r.Method, "path": r.URL.Path, "query": query, "headers": headers, "body": string(body)}
	if json.Valid(body) {
		said["body"] = json.RawMessage(body)
	}
	answer(w, http.StatusOK, said)
}

// slow answers after ms milliseconds, at most 30 s.
func slow(w http.ResponseWriter, r *http.Request) {
	ms, err := strconv.Atoi(r.URL.Query().Get("ms"))
	if err != nil || ms < 0 {
		ms = 2000
	}
	wait := time.NewTimer(min(time.Duration(ms)*time.Millisecond, maxSlow))
	defer wait.Stop()
	select {
	case <-r.Context().Done():
	case <-wait.C:
		answer(w, http.StatusOK, map[string]any{"waited_ms": ms})
	}
}

// fail answers with the status that is asked for.
func fail(w http.ResponseWriter, r *http.Request) {
	status, err := strconv.Atoi(r.URL.Query().Get("status"))
	if err != nil || status < 400 || status > 599 {
		status = http.StatusInternalServerError
	}
	if status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "1")
	}
	problem(w, status, "this path always fails")
}

// flaky fails two times out of three, to try retries on.
func (s *Service) flaky(w http.ResponseWriter, _ *http.Request) {
	s.mu.Lock()
	s.calls++
	n := s.calls
	s.mu.Unlock()
	if n%3 != 0 {
		problem(w, http.StatusServiceUnavailable, "try again")
		return
	}
	answer(w, http.StatusOK, map[string]any{"ok": true, "call": n})
}
