package main

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// output is what a program prints, while it prints it.
type output struct {
	mu     sync.Mutex
	text   strings.Builder
	change chan struct{}
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.text.Write(p)
	select {
	case o.change <- struct{}{}:
	default:
	}
	return len(p), nil
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// running is a server that was started by its command line.
type running struct {
	t    *testing.T
	out  *output
	url  string
	stop func() error // as a signal would, and waits
}

// start runs "flowdeck serve" on free ports until it greets.
func start(t *testing.T, args ...string) *running {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	out := &output{change: make(chan struct{}, 1)}
	done := make(chan error, 1)
	go func() {
		done <- run(ctx, append([]string{"serve", "--addr", "127.0.0.1:0", "--sample-addr", "127.0.0.1:0"}, args...), streams{strings.NewReader(""), out, out})
	}()
	r := &running{t: t, out: out}
	var once sync.Once
	var result error
	r.stop = func() error {
		once.Do(func() { cancel(); result = <-done })
		return result
	}
	t.Cleanup(func() {
		if err := r.stop(); err != nil {
			t.Errorf("the server stopped with: %v", err)
		}
	})
	address := regexp.MustCompile(`http://127\.0\.0\.1:\d+`)
	for !strings.Contains(out.String(), "  Data ") {
		select {
		case <-out.change:
		case err := <-done:
			done <- err
			t.Fatalf("the server ended at once: %v\n%s", err, out)
		case <-time.After(20 * time.Second):
			t.Fatalf("the server does not say where it is:\n%s", out)
		}
	}
	r.url = address.FindString(out.String())
	return r
}

func (r *running) call(method, target string, body string, headers ...string) (int, string) {
	r.t.Helper()
	req, err := http.NewRequest(method, target, strings.NewReader(body))
	if err != nil {
		r.t.Fatal(err)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Do(req)
	if err != nil {
		r.t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	return res.StatusCode, string(text)
}

func TestTheSampleFlowAnswersWithTheCurlLineThatIsPrinted(t *testing.T) {
	dir := t.TempDir()
	r := start(t, "--sample", "--data", dir)
	token := regexp.MustCompile(`x-api-client-token: (fd_[0-9a-f]{40})`).FindStringSubmatch(r.out.String())
	if token == nil {
		t.Fatalf("no client token is printed:\n%s", r.out)
	}
	invoke := r.url + "/api/flows/sample-customer/invoke"
	for _, tt := range []struct {
		customer string
		status   int
		want     string
	}{
		{"C-1001", 201, `{"customer":"Maya Ortiz","plan":"gold","ticket":"T-5001"}`},
		{"C-1002", 200, `{"customer":"Jonas Brandt","plan":"free","ticket":null}`},
		{"C-0", 502, `"code":"upstream_failed"`},
	} {
		status, body := r.call(http.MethodPost, invoke, `{"customer_id": "`+tt.customer+`"}`, "Content-Type", "application/json", "x-api-client-token", token[1])
		if status != tt.status || !strings.Contains(body, tt.want) {
			t.Errorf("customer %s: %d %s, want %d %s", tt.customer, status, body, tt.status, tt.want)
		}
	}
	if status, body := r.call(http.MethodPost, invoke, `{}`, "Content-Type", "application/json"); status != http.StatusUnauthorized {
		t.Errorf("without the token: %d %s, want 401", status, body)
	}
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	again := start(t, "--sample", "--data", dir)
	if !strings.Contains(again.out.String(), token[1]) {
		t.Errorf("the second start prints another token:\n%s", again.out)
	}
	if err := again.stop(); err != nil {
		t.Fatal(err)
	}
	said := &output{change: make(chan struct{}, 1)}
	if err := run(t.Context(), []string{"rekey", "--data", dir}, streams{strings.NewReader(""), said, said}); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	rekeyed := start(t, "--sample", "--data", dir)
	line := regexp.MustCompile(`x-api-client-token: (fd_[0-9a-f]{40})`).FindStringSubmatch(rekeyed.out.String())
	if line == nil || line[1] == token[1] {
		t.Fatalf("after rekey no new client token is printed:\n%s", rekeyed.out)
	}
	if status, body := rekeyed.call(http.MethodPost, rekeyed.url+"/api/flows/sample-customer/invoke", `{"customer_id": "C-1002"}`, "Content-Type", "application/json", "x-api-client-token", line[1]); status == http.StatusUnauthorized { // its service listens elsewhere now, so it fails
		t.Errorf("the curl line printed after rekey is refused: %d %s", status, body)
	}
	without := start(t, "--data", t.TempDir())
	if strings.Contains(without.out.String(), "  Sample ") {
		t.Errorf("the sample is there without being asked for:\n%s", without.out)
	}
}

func TestTheFolderIsPrivateAndServesOnce(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "data")
	start(t, "--data", dir)
	for path, want := range map[string]os.FileMode{".": 0o700, "master.key": 0o600, "flowdeck.db": 0o600} {
		info, err := os.Stat(filepath.Join(dir, path))
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%s has mode %04o, want %04o", path, got, want)
		}
	}
	err := run(t.Context(), []string{"serve", "--addr", "127.0.0.1:0", "--data", dir}, streams{nil, io.Discard, io.Discard})
	if err == nil || !strings.Contains(err.Error(), "another Flowdeck is serving") {
		t.Errorf("a second server on the folder: %v, want that it is refused", err)
	}
}

func TestTheSetupAddressIsPrintedUntilThereIsAnAccount(t *testing.T) {
	dir := t.TempDir()
	r := start(t, "--data", dir)
	setup := regexp.MustCompile(`http://\S+/setup/\S+`).FindString(r.out.String())
	form := url.Values{"name": {"Maya"}, "email": {"maya@example.com"}, "password": {"correct horse battery"}, "again": {"correct horse battery"}}
	if status, body := r.call(http.MethodPost, setup, form.Encode(), "Content-Type", "application/x-www-form-urlencoded"); status != http.StatusSeeOther {
		t.Fatalf("the setup address answers %d %s", status, body)
	}
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	again := start(t, "--data", dir)
	if strings.Contains(again.out.String(), "/setup/") {
		t.Errorf("a setup address is printed though there is an account:\n%s", again.out)
	}
}
