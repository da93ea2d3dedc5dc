package main

import (
	"io"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"
)

func TestMetricsCountWhatTheServerDoes(t *testing.T) {
	r := start(t, "--sample", "--data", t.TempDir(), "--metrics-addr", "127.0.0.1:0")
	at := regexp.MustCompile(`Metrics  (http://\S+/metrics)`).FindStringSubmatch(r.out.String())
	token := regexp.MustCompile(`x-api-client-token: (fd_[0-9a-f]{40})`).FindStringSubmatch(r.out.String())
	if at == nil || token == nil {
		t.Fatalf("the server does not say where its metrics are, and how to call its flow:\n%s", r.out)
	}
	for _, customer := range []string{"C-1001", "C-1001", "C-9999"} {
		r.call("POST", r.url+"/api/flows/sample-customer/invoke", `{"customer_id": "`+customer+`"}`, "x-api-client-token", token[1], "Content-Type", "application/json")
	}
	res, err := http.Get(at[1])
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	got := string(body)
	value := func(line string) string {
		found := regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(line) + ` (\S+)$`).FindStringSubmatch(got)
		if found == nil {
			t.Errorf("the metrics lack %s:\n%s", line, got)
			return ""
		}
		return found[1]
	}
	for line, want := range map[string]string{
		`flowdeck_run_duration_seconds_count`:  "3",
		`flowdeck_queue_runs{state="ready"}`:   "0",
		`flowdeck_queue_runs{state="waiting"}`: "0",
		`flowdeck_store_bytes{part="bodies"}`:  "0",
	} {
		if v := value(line); v != want {
			t.Errorf("%s is %s, want %s", line, v, want)
		}
	}
	for _, line := range []string{`flowdeck_runs_total{flow="sample-customer",outcome="succeeded"}`, `flowdeck_card_duration_seconds_count{card="http.get"}`,
		`flowdeck_store_commit_seconds_count`, `flowdeck_store_changes_total`, `flowdeck_store_bytes{part="database"}`, `go_goroutines`, `process_start_time_seconds`} {
		if v := value(line); v == "" || v == "0" {
			t.Errorf("%s is %q, want more than nothing", line, v)
		}
	}
	if !strings.Contains(got, `_answers_total{connection="c_`) && !strings.Contains(got, `_answers_total{connection="(none)"`) {
		t.Errorf("no answer of a service is counted:\n%s", got)
	}
	manual, err := os.ReadFile("../../docs/operations.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, found := range regexp.MustCompile(`(?m)^# TYPE (\S+)`).FindAllStringSubmatch(got, -1) {
		if !strings.Contains(string(manual), "`"+found[1]+"`") {
			t.Errorf("the manual does not say what %s is", found[1])
		}
	}
}
