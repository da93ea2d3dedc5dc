package connectors

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func openSockets(t *testing.T) *sockets {
	t.Helper()
	guard, err := NewGuard([]string{"127.0.0.0/8"})
	if err != nil {
		t.Fatal(err)
	}
	s := newTransport(guard, nil)
	t.Cleanup(s.CloseIdleConnections)
	return s
}

func ask(s *sockets, ctx context.Context, method, url, body string) (*http.Response, string, error) {
	var in io.Reader
	if body != "" {
		in = strings.NewReader(body)
	}
	r, err := http.NewRequestWithContext(ctx, method, url, in)
	if err != nil {
		return nil, "", err
	}
	r.Header.Set("Accept-Encoding", "identity")
	res, err := s.RoundTrip(r)
	if err != nil {
		return nil, "", err
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	return res, string(data), err
}

// script answers each connection with what it is told, and counts connections.
func script(t *testing.T, serve func(n int64, c net.Conn, in *bufio.Reader)) (url string, opened *atomic.Int64) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	opened = new(atomic.Int64)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			n := opened.Add(1)
			go func() { defer c.Close(); serve(n, c, bufio.NewReader(c)) }()
		}
	}()
	return "http://" + l.Addr().String() + "/x", opened
}

const okAnswer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

func TestASocketIsUsedAgain(t *testing.T) {
	s := openSockets(t)
	url, opened := script(t, func(_ int64, c net.Conn, in *bufio.Reader) {
		for {
			r, err := http.ReadRequest(in)
			if err != nil {
				return
			}
			body, _ := io.ReadAll(r.Body)
			answer := r.Method + " " + r.Host + " " + string(body)
			if r.Method == "HEAD" {
				fmt.Fprint(c, "HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n")
			} else if len(body) > 0 {
				fmt.Fprintf(c, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n", len(answer), answer)
			} else {
				fmt.Fprintf(c, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(answer), answer)
			}
		}
	})
	host := strings.TrimSuffix(strings.TrimPrefix(url, "http://"), "/x")
	for _, c := range [][3]string{{"GET", "", "GET " + host + " "}, {"POST", "hi", "POST " + host + " hi"}, {"HEAD", "", ""}, {"PUT", "there", "PUT " + host + " there"}} {
		if _, got, err := ask(s, t.Context(), c[0], url, c[1]); err != nil || got != c[2] {
			t.Errorf("%s: %q, %v, want %q", c[0], got, err, c[2])
		}
	}
	if opened.Load() != 1 {
		t.Errorf("%d connections were opened, want 1", opened.Load())
	}
}

// A server may close a connection whenever nobody uses it.
func TestAServerClosedTheSocket(t *testing.T) {
	s := openSockets(t)
	var posts atomic.Int64
	url, opened := script(t, func(_ int64, c net.Conn, in *bufio.Reader) {
		if r, err := http.ReadRequest(in); err == nil {
			if r.Method == "POST" {
				posts.Add(1)
			}
			_, _ = io.ReadAll(r.Body)
			fmt.Fprint(c, okAnswer)
		}
	})
	for i, method := range []string{"GET", "POST", "POST", "GET"} {
		if _, got, err := ask(s, t.Context(), method, url, map[string]string{"POST": "x"}[method]); err != nil || got != "ok" {
			t.Errorf("request %d: %q, %v", i, got, err)
		}
		time.Sleep(20 * time.Millisecond)
	}
	if opened.Load() != 4 || posts.Load() != 2 {
		t.Errorf("%d connections and %d posts, want 4 and 2", opened.Load(), posts.Load())
	}
}

// A server may also close it while the request is on its way: what may be repeated is, on
// a new connection, and what may not fails.
func TestAServerClosesTheSocketOnARequest(t *testing.T) {
	s := openSockets(t)
	url, _ := script(t, func(_ int64, c net.Conn, in *bufio.Reader) {
		for i := 0; ; i++ {
			r, err := http.ReadRequest(in)
			if err != nil || i == 1 {
				return
			}
			_, _ = io.ReadAll(r.Body)
			fmt.Fprint(c, okAnswer)
		}
	})
	for _, c := range []struct {
		method, body string
		fails        bool
	}{{"GET", "", false}, {"GET", "", false}, {"POST", "x", true}} {
		_, got, err := ask(s, t.Context(), c.method, url, c.body)
		if c.fails != (err != nil) || err == nil && got != "ok" {
			t.Errorf("%s: %q, %v", c.method, got, err)
		}
	}
}

// What comes over a connection that nobody uses must not be taken for the next answer.
func TestAnAnswerThatNobodyAskedFor(t *testing.T) {
	for _, late := range []time.Duration{0, 20 * time.Millisecond} {
		s := openSockets(t)
		url, opened := script(t, func(n int64, c net.Conn, in *bufio.Reader) {
			for {
				if _, err := http.ReadRequest(in); err != nil {
					return
				}
				more := strings.Replace(okAnswer, "ok", "no", 1)
				if late == 0 { // together; else it may come when the next request is on its way, and nobody could tell
					fmt.Fprint(c, okAnswer+more)
					continue
				}
				fmt.Fprint(c, okAnswer)
				time.Sleep(late)
				fmt.Fprint(c, more)
			}
		})
		for range 3 {
			if _, got, err := ask(s, t.Context(), "GET", url, ""); err != nil || got != "ok" {
				t.Errorf("%q, %v, want ok", got, err)
			}
			time.Sleep(3 * late)
		}
		if late > 0 && opened.Load() != 3 {
			t.Errorf("%d connections, want 3", opened.Load())
		}
	}
}

func TestOddAnswers(t *testing.T) {
	for name, c := range map[string]struct{ answer, body, fails string }{
		"interim answers":     {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + okAnswer, "ok", ""},
		"no length":           {"HTTP/1.1 200 OK\r\n\r\nto the end", "to the end", ""},
		"HTTP/1.0":            {"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", "ok", ""},
		"cut off":             {"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nok", "ok", "unexpected EOF"},
		"nothing":             {"", "", "EOF"},
		"not HTTP":            {"SSH-2.0-OpenSSH\r\n\r\n", "", "malformed HTTP"},
		"a very long header":  {"HTTP/1.1 200 OK\r\nX: " + strings.Repeat("x", 2<<20) + "\r\n\r\n", "", "headers exceeded"},
		"switching protocols": {"HTTP/1.1 101 Switching Protocols\r\n\r\n", "", ""},
		"no content":          {"HTTP/1.1 204 No Content\r\n\r\n", "", ""},
	} {
		s := openSockets(t)
		url, _ := script(t, func(_ int64, conn net.Conn, in *bufio.Reader) {
			if _, err := http.ReadRequest(in); err == nil {
				_, _ = io.WriteString(conn, c.answer)
			}
		})
		_, got, err := ask(s, t.Context(), "GET", url, "")
		if (err != nil) != (c.fails != "") || err != nil && !strings.Contains(err.Error(), c.fails) || got != c.body {
			t.Errorf("%s: %q, %v, want %q and an error with %q", name, got, err, c.body, c.fails)
		}
	}
}

// Nobody has to look at interim answers for them to have an end.
func TestInterimAnswersWithoutEnd(t *testing.T) {
	s := openSockets(t)
	url, _ := script(t, func(_ int64, c net.Conn, in *bufio.Reader) {
		if _, err := http.ReadRequest(in); err != nil {
			return
		}
		for {
			if _, err := io.WriteString(c, "HTTP/1.1 103 Early Hints\r\n\r\n"); err != nil {
				return
			}
		}
	})
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if _, _, err := ask(s, ctx, "GET", url, ""); !errors.Is(err, errInterim) {
		t.Errorf("an answer that never comes: %v, want that there are too many interim ones", err)
	}
}

func TestASocketIsLetGoOfWhenTheCallerIsGone(t *testing.T) {
	s := openSockets(t)
	url, _ := script(t, func(_ int64, c net.Conn, in *bufio.Reader) {
		for {
			r, err := http.ReadRequest(in)
			if err != nil {
				return
			}
			if r.Method == "GET" {
				fmt.Fprint(c, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nok")
			}
		}
	})
	gone := errors.New("gone")
	for _, method := range []string{"GET", "DELETE"} { // one waits for the body, one for the header
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(30*time.Millisecond, func() { cancel(gone) })
		began := time.Now()
		_, _, err := ask(s, ctx, method, url, "")
		if !errors.Is(err, gone) || time.Since(began) > 5*time.Second {
			t.Errorf("%s: %v after %v", method, err, time.Since(began))
		}
	}
	if s.count != 0 {
		t.Errorf("%d sockets are kept that are still answering", s.count)
	}
}

// Whoever limits single stages of a request is told of them, for a socket that was used
// before as for a new one.
func TestStagesAreTold(t *testing.T) {
	s := openSockets(t)
	url, _ := script(t, func(_ int64, c net.Conn, in *bufio.Reader) {
		for {
			if _, err := http.ReadRequest(in); err != nil {
				return
			}
			fmt.Fprint(c, okAnswer)
		}
	})
	for range 2 {
		var told []string
		ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{
			GetConn:              func(string) { told = append(told, "get") },
			GotConn:              func(httptrace.GotConnInfo) { told = append(told, "got") },
			WroteRequest:         func(httptrace.WroteRequestInfo) { told = append(told, "wrote") },
			GotFirstResponseByte: func() { told = append(told, "first") },
		})
		if _, got, err := ask(s, ctx, "GET", url, ""); err != nil || got != "ok" {
			t.Fatalf("%q, %v", got, err)
		}
		if want := "get got wrote first"; strings.Join(told, " ") != want {
			t.Errorf("told %v, want %s", told, want)
		}
	}
}

// Everything else has two who talk at the same time, or more than HTTP/1.1.
func TestWhatIsLeftToTheTransport(t *testing.T) {
	request := func(change func(*http.Request)) *http.Request {
		r := httptest.NewRequest("GET", "http://127.0.0.1/", http.NoBody)
		r.Header.Set("Accept-Encoding", "gzip")
		change(r)
		return r
	}
	for name, r := range map[string]*http.Request{
		"TLS":             request(func(r *http.Request) { r.URL.Scheme = "https" }),
		"a long body":     request(func(r *http.Request) { r.Body, r.ContentLength = io.NopCloser(strings.NewReader("")), shortBody+1 }),
		"a body":          request(func(r *http.Request) { r.Body, r.ContentLength = io.NopCloser(strings.NewReader("")), -1 }),
		"an upgrade":      request(func(r *http.Request) { r.Header.Set("Upgrade", "websocket") }),
		"expectations":    request(func(r *http.Request) { r.Header.Set("Expect", "100-continue") }),
		"a bad header":    request(func(r *http.Request) { r.Header["X"] = []string{"a\nb"} }),
		"a bad name":      request(func(r *http.Request) { r.Header["X Y"] = []string{"a"} }),
		"a bad method":    request(func(r *http.Request) { r.Method = "GET IT" }),
		"packing unnamed": request(func(r *http.Request) { r.Header.Del("Accept-Encoding") }),
	} {
		if simple(r) && named(r) {
			t.Errorf("%s: is sent without net/http's transport", name)
		}
	}
	if !simple(request(func(*http.Request) {})) {
		t.Error("a simple request is not sent directly")
	}
}
