package httpcard

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// get runs Get against handler and returns its error.
func get(t *testing.T, handler http.HandlerFunc, in schema.Values) (schema.Values, *cards.Error) {
	t.Helper()
	return getIn(t.Context(), t, handler, in)
}

func getIn(ctx context.Context, t *testing.T, handler http.HandlerFunc, in schema.Values) (schema.Values, *cards.Error) {
	t.Helper()
	s := httptest.NewServer(handler)
	defer s.Close()
	defer s.CloseClientConnections()
	return getAtIn(ctx, t, s.URL+"/x", in)
}

func getAt(t *testing.T, url string, in schema.Values) (schema.Values, *cards.Error) {
	t.Helper()
	return getAtIn(t.Context(), t, url, in)
}

func getAtIn(ctx context.Context, t *testing.T, url string, in schema.Values) (schema.Values, *cards.Error) {
	t.Helper()
	all := schema.Values{"url": url}
	for k, v := range in {
		all[k] = v
	}
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	out, err := Get.Call(ctx, cards.Env{HTTP: &http.Client{Transport: transport}}, all)
	return out, cards.ErrorOf(err)
}

// raw answers a connection with bytes that need not be HTTP.
func rawServer(t *testing.T, answer func(net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			if _, err := http.ReadRequest(bufio.NewReader(c)); err == nil {
				answer(c)
			}
			c.Close()
		}
	}()
	return "http://" + l.Addr().String() + "/x"
}

func wantError(t *testing.T, e *cards.Error, code, message string, retryable bool) {
	t.Helper()
	if e == nil || e.Code != code || !strings.Contains(e.Message, message) || e.Retryable != retryable {
		t.Errorf("got %+v, want %s with %q, retryable %v", e, code, message, retryable)
	}
}

func TestServerThatHangs(t *testing.T) {
	done := make(chan struct{})
	defer close(done)
	_, e := get(t, func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-done:
		case <-r.Context().Done():
		}
	}, schema.Values{"timeout": "50ms"})
	wantError(t, e, cards.CodeTimeout, "did not answer in full within 50ms", true)
}

func TestServerThatStopsInTheMiddleOfABody(t *testing.T) {
	_, e := get(t, func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, `{"a":`)
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	}, schema.Values{"timeout": "50ms"})
	wantError(t, e, cards.CodeTimeout, "within 50ms", true)
	if e.Details["status_code"] != int64(200) || e.Details["body"] != `{"a":` {
		t.Errorf("details = %v, want the status and what came", e.Details)
	}
}

func TestServerThatSendsHeadersSlowly(t *testing.T) {
	url := rawServer(t, func(c net.Conn) {
		fmt.Fprint(c, "HTTP/1.1 200 OK\r\nX-Slow: ")
		_, _ = io.Copy(io.Discard, c)
	})
	_, e := getAt(t, url, schema.Values{"timeout": "50ms"})
	wantError(t, e, cards.CodeTimeout, "within 50ms", true)
}

func TestServerThatResets(t *testing.T) {
	for name, answer := range map[string]func(net.Conn){
		"before the answer":   func(net.Conn) {},
		"with a reset of TCP": func(c net.Conn) { c.(*net.TCPConn).SetLinger(0) },
		"in the body with reset": func(c net.Conn) {
			fmt.Fprint(c, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc")
			c.(*net.TCPConn).SetLinger(0)
		},
	} {
		t.Run(name, func(t *testing.T) {
			_, e := getAt(t, rawServer(t, answer), nil)
			wantError(t, e, cards.CodeReset, "broke off before its answer was complete", true)
		})
	}
}

func TestServerThatEndsTooEarly(t *testing.T) {
	for name, answer := range map[string]string{
		"in the body": "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc",
		"in a chunk":  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\nabc",
	} {
		t.Run(name, func(t *testing.T) {
			_, e := getAt(t, rawServer(t, func(c net.Conn) { fmt.Fprint(c, answer) }), nil)
			wantError(t, e, cards.CodeTruncated, "ended its answer before the end that it announced", true)
			if e.Details["body"] != "abc" {
				t.Errorf("details = %v, want what came", e.Details)
			}
		})
	}
}

func TestServerThatDoesNotSpeakHTTP(t *testing.T) {
	for _, answer := range []string{"SSH-2.0-OpenSSH_9.6\r\n", "HTTP/1.1 abc\r\n\r\n", "HTTP/1.1 200 OK\r\nbroken header\r\n\r\n"} {
		_, e := getAt(t, rawServer(t, func(c net.Conn) { fmt.Fprint(c, answer) }), nil)
		wantError(t, e, cards.CodeBadHTTP, "did not answer as HTTP asks for", false)
	}
}

func TestGigabyteIsNotRead(t *testing.T) {
	block := make([]byte, 1<<20)
	stream := func(w http.ResponseWriter, r *http.Request) {
		for range 1024 {
			if _, err := w.Write(block); err != nil {
				return
			}
		}
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, e := get(t, stream, nil)
	runtime.ReadMemStats(&after)
	wantError(t, e, cards.CodeTooLarge, "more than 10 MiB", false)
	if used := after.TotalAlloc - before.TotalAlloc; used > 100<<20 {
		t.Errorf("%d MiB were allocated for an answer that is too large", used>>20)
	}
	_, e = get(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", fmt.Sprint(1<<30))
		stream(w, r)
	}, nil)
	wantError(t, e, cards.CodeTooLarge, "more than 10 MiB", false)
	_, e = get(t, func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusBadGateway)
		stream(w, r)
	}, nil)
	wantError(t, e, "http_502", "answered 502 Bad Gateway", true)
	if e.Details["body_cut"] != true {
		t.Errorf("the body of a large failure is not marked as cut: %v", e.Details["body_cut"])
	}
}

func TestFailureThatHangsIsStillThatFailure(t *testing.T) {
	_, e := get(t, func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusServiceUnavailable)
		fmt.Fprint(w, "down for")
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	}, schema.Values{"timeout": "50ms"})
	wantError(t, e, "http_503", "503 Service Unavailable", true)
	if e.Details["body"] != "down for" {
		t.Errorf("body = %v, want what came", e.Details["body"])
	}
}

func TestInvalidJSON(t *testing.T) {
	bad := func(status int) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(status)
			fmt.Fprint(w, "{\n \"a\": oops}")
		}
	}
	_, e := get(t, bad(200), nil)
	wantError(t, e, cards.CodeBadJSON, "said that it sends JSON, but at line 2, column 7: expected a value", false)
	if e.Details["body"] != "{\n \"a\": oops}" || e.Details["status_code"] != int64(200) || e.Details["headers"].(schema.Values)["content-type"] != "application/json" {
		t.Errorf("details = %v, want status, headers and body", e.Details)
	}
	_, e = get(t, bad(500), nil)
	wantError(t, e, "http_500", "answered 500", true)
	if e.Details["body"] != "{\n \"a\": oops}" {
		t.Errorf("body = %v, want the text", e.Details["body"])
	}
	out, e := get(t, bad(404), schema.Values{"accept_status": "4xx"})
	if e != nil || out["body"] != "{\n \"a\": oops}" {
		t.Errorf("an accepted status with broken JSON gave %v, %v, want its text", out, e)
	}
}

func TestRedirects(t *testing.T) {
	_, e := get(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/x", http.StatusFound) }, nil)
	wantError(t, e, cards.CodeRedirectLoop, "redirects round in circles: http://", false)
	out, e := get(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/x" {
			http.Redirect(w, r, "/y", http.StatusFound)
			return
		}
		fmt.Fprint(w, "there")
	}, nil)
	if e != nil || out["body"] != "there" {
		t.Errorf("a redirect gave %v, %v", out, e)
	}
}

func TestPackedBodies(t *testing.T) {
	packed := func(s string) []byte {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		fmt.Fprint(z, s)
		z.Close()
		return b.Bytes()
	}
	serve := func(encoding string, body []byte) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Encoding", encoding)
			w.Header().Set("Content-Type", "text/plain")
			w.Write(body)
		}
	}
	huge := packed(strings.Repeat("\x00", 16<<20))
	for _, in := range []schema.Values{nil, {"headers": schema.Values{"Accept-Encoding": "gzip"}}} {
		if out, e := get(t, serve("gzip", packed("hello")), in); e != nil || out["body"] != "hello" {
			t.Errorf("a packed body with %v gave %v, %v", in, out, e)
		}
		good := packed(strings.Repeat("hello", 100))
		_, e := get(t, serve("gzip", []byte("not gzip at all")), in)
		wantError(t, e, cards.CodeBadEncoding, "packed body that cannot be unpacked", false)
		spoiled := bytes.Clone(good)
		spoiled[len(spoiled)-6] ^= 0xff
		_, e = get(t, serve("gzip", spoiled), in)
		wantError(t, e, cards.CodeBadEncoding, "packed body that cannot be unpacked", false)
		_, e = get(t, serve("gzip", huge), in)
		wantError(t, e, cards.CodeTooLarge, "more than 10 MiB", false)
	}
	_, e := get(t, serve("br", []byte("x")), nil)
	wantError(t, e, cards.CodeBadEncoding, "packed in a way that was not asked for", false)
}

func TestNobodyThere(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	_, e := getAt(t, "http://"+address+"/?token=hunter2", nil)
	wantError(t, e, cards.CodeConnect, "no connection to "+address+": connection refused", true)
	if strings.Contains(fmt.Sprint(e, e.Err), "hunter2") {
		t.Errorf("%v shows the query", e)
	}
}

type fails struct{ err error }

func (f fails) RoundTrip(*http.Request) (*http.Response, error) { return nil, f.err }

type blocked struct{}

func (blocked) Error() string    { return "127.0.0.1 is not allowed by FLOWDECK_EGRESS_ALLOW" }
func (blocked) CardCode() string { return cards.CodeBlocked }

func TestTransportErrorsHaveNames(t *testing.T) {
	for _, c := range []struct {
		err       error
		code      string
		message   string
		retryable bool
	}{
		{&net.OpError{Op: "dial", Err: &net.DNSError{Err: "no such host", Name: "api.example.com", IsNotFound: true}}, cards.CodeDNS, "no address was found for api.example.com", false},
		{&net.DNSError{Err: "timeout", IsTimeout: true}, cards.CodeDNS, "no address", true},
		{&net.OpError{Op: "dial", Err: blocked{}}, cards.CodeBlocked, "FLOWDECK_EGRESS_ALLOW", false},
		{&cards.Error{Code: cards.CodeSignIn, Message: "the token was refused"}, cards.CodeSignIn, "the token was refused", false},
		{http.ErrSchemeMismatch, cards.CodeTLSPlain, "begin the address with http://", false},
		{&net.OpError{Op: "dial", Err: context.DeadlineExceeded}, cards.CodeTimeout, "within 30s", true},
		{errors.New("http2: client connection lost"), cards.CodeReset, "broke off", true},
	} {
		_, err := Get.Call(t.Context(), cards.Env{HTTP: &http.Client{Transport: fails{c.err}}}, schema.Values{"url": "https://api.example.com/a?token=hunter2"})
		e := cards.ErrorOf(err)
		wantError(t, e, c.code, c.message, c.retryable)
		if data, _ := json.Marshal(e); strings.Contains(string(data), "hunter2") {
			t.Errorf("%s shows the query", data)
		}
	}
}

func TestUntrustedCertificate(t *testing.T) {
	s := httptest.NewTLSServer(http.NotFoundHandler())
	defer s.Close()
	s.Config.ErrorLog = nil
	_, e := getAt(t, s.URL, nil)
	wantError(t, e, cards.CodeTLSUntrusted, "its certificate is self-signed", false)
	_, e = getAt(t, strings.Replace(s.URL, "https", "http", 1), nil)
	wantError(t, e, "http_400", "400 Bad Request", false)
	plain := httptest.NewServer(http.NotFoundHandler())
	defer plain.Close()
	_, e = getAt(t, strings.Replace(plain.URL, "http", "https", 1), nil)
	wantError(t, e, cards.CodeTLSPlain, "plain HTTP", false)
}

func TestCancelledAndOutOfTime(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { cancel(); <-r.Context().Done() }))
	defer s.Close()
	env := cards.Env{HTTP: s.Client()}
	_, err := Get.Call(ctx, env, schema.Values{"url": s.URL})
	wantError(t, cards.ErrorOf(err), cards.CodeCancelled, "was cancelled", false)
	ctx, stop := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer stop()
	_, err = Get.Call(ctx, env, schema.Values{"url": s.URL})
	wantError(t, cards.ErrorOf(err), cards.CodeTimeout, "within the time that its card has", true)
}
