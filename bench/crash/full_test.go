package main

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"flowdeck/flows/store"
)

// TestFullDisk fills the disk under a server that is busy, makes room again, and
// expects it to go on without a restart: what was accepted comes to its end, what was
// refused never began.
func TestFullDisk(t *testing.T) {
	disk := t.TempDir()
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=64m"); err != nil {
		t.Skip("a small disk cannot be mounted here: ", err)
	}
	defer func() {
		if err := syscall.Unmount(disk, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	}()
	data := filepath.Join(disk, "data")
	w, err := startWorld()
	must(t, err)
	defer w.Close()
	token, err := prepare(t.Context(), data, w.url)
	must(t, err)
	cookie := signIn(t, data)
	s, err := newServer(program, data)
	must(t, err)
	must(t, s.start())
	defer s.kill()
	_, err = s.ready(t.Context())
	must(t, err)
	c := newCallers(s.url, token)
	c.start(t.Context(), 12)
	defer c.stop()
	time.Sleep(time.Second)
	unchanged := 0
	for round := range 3 {
		must(t, fill(filepath.Join(disk, "other")))
		status, said := waitFor(t, s.url, func(status int) bool { return status != http.StatusOK })
		if status != http.StatusServiceUnavailable || !strings.Contains(said, "disk_full") {
			t.Errorf("round %d: /readyz of a full disk = %d %q, want 503 that says so", round, status, said)
		}
		if status, page := see(t, s.url, cookie, http.MethodGet, "/runs"); status != http.StatusOK || !strings.Contains(page, "The disk is full") || !strings.Contains(page, "Make room") {
			t.Errorf("round %d: the page of runs answers %d, and does not say what is wrong and what to do", round, status)
		}
		switch status, page := see(t, s.url, cookie, http.MethodPost, "/flows"); {
		case status == http.StatusSeeOther: // it fits into the log as long as that is
		case status == http.StatusServiceUnavailable && strings.Contains(page, "Nothing was changed"):
			unchanged++
		default:
			t.Errorf("round %d: making a flow on a full disk answers %d, want 503 that says that nothing was changed", round, status)
		}
		time.Sleep(700 * time.Millisecond)
		must(t, os.Remove(filepath.Join(disk, "other")))
		waitFor(t, s.url, func(status int) bool { return status == http.StatusOK })
		time.Sleep(500 * time.Millisecond)
	}
	if unchanged == 0 {
		t.Error("flows can be made as long as the disk is full")
	}
	c.stop()
	left, err := finish(t.Context(), data, 30*time.Second)
	must(t, err)
	if left > 0 {
		t.Errorf("%d runs do not end, though there is room again", left)
	}
	must(t, s.end())
	r := &report{}
	must(t, reconcile(t.Context(), r, data, c.calls(), w, nil))
	for kind, list := range r.wrong {
		t.Errorf("%s: %d, such as %s", kind, len(list), list[0])
	}
	if r.inDoubt > 0 {
		t.Errorf("%d runs are in doubt, though their process lived", r.inDoubt)
	}
	if r.refused == 0 || r.answered == 0 {
		t.Errorf("%d calls were refused and %d answered; want both", r.refused, r.answered)
	}
	t.Logf("%d calls, %d answered, %d refused, %d runs", r.calls, r.answered, r.refused, r.runs)
	if !strings.Contains(s.said.String(), "The disk is full") {
		t.Errorf("the log does not say that the disk is full:\n%s", s.said)
	}
}

// signIn makes a session and returns its cookie.
func signIn(t *testing.T, data string) *http.Cookie {
	t.Helper()
	db, err := store.Open(t.Context(), filepath.Join(data, "flowdeck.db"), store.Options{Blobs: filepath.Join(data, "blobs")})
	must(t, err)
	defer db.Close()
	user, err := db.CreateUser(t.Context(), store.User{ID: store.NewID("u_"), Name: "Maya", Email: "maya@example.com"})
	must(t, err)
	token := rand.Text()
	sum := sha256.Sum256([]byte(token))
	now := time.Now()
	must(t, db.CreateSession(t.Context(), store.Session{Hash: hex.EncodeToString(sum[:]), User: user, Created: now, Seen: now, Expires: now.Add(time.Hour)}))
	return &http.Cookie{Name: "flowdeck", Value: token}
}

// see asks for a page as somebody who is signed in.
func see(t *testing.T, url string, cookie *http.Cookie, method, path string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url+path, nil)
	must(t, err)
	req.AddCookie(cookie)
	res, err := http.DefaultTransport.RoundTrip(req)
	must(t, err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	must(t, err)
	return res.StatusCode, string(body)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// fill writes until the disk is full.
func fill(name string) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	defer f.Close()
	for size := 1 << 20; size >= 512; size /= 2 {
		for err = nil; err == nil; {
			_, err = f.Write(make([]byte, size))
		}
	}
	return nil
}

func waitFor(t *testing.T, url string, is func(status int) bool) (status int, said string) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		res, err := http.Get(url + "/readyz")
		if err != nil {
			said = err.Error()
			continue
		}
		body, _ := io.ReadAll(res.Body)
		res.Body.Close()
		if status, said = res.StatusCode, string(body); is(status) {
			return status, said
		}
	}
	t.Fatal(fmt.Sprint("/readyz stays ", status, " ", said))
	return 0, ""
}
