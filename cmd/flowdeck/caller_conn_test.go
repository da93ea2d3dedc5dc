package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// answers serves handler on a callerListener.
func answers(t *testing.T, server *http.Server) (address string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = server.Serve(callerListener{l.(*net.TCPListener)}) }()
	t.Cleanup(func() { server.Close() })
	return l.Addr().String()
}

// dialled is a connection to address that gives up after a while.
func dialled(t *testing.T, address string) (net.Conn, *bufio.Reader) {
	t.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	_ = c.SetDeadline(time.Now().Add(20 * time.Second))
	return c, bufio.NewReader(c)
}

func TestAHandlerSeesItsCallerGo(t *testing.T) {
	for _, after := range []time.Duration{0, 2 * lookAfter} {
		began, saw := make(chan struct{}), make(chan bool, 1)
		address := answers(t, &http.Server{Handler: http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			close(began)
			select {
			case <-r.Context().Done():
				saw <- true
			case <-time.After(10 * time.Second):
				saw <- false
			}
		})})
		c, _ := dialled(t, address)
		fmt.Fprint(c, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
		<-began
		time.Sleep(after)
		c.Close()
		if !<-saw {
			t.Errorf("a caller that went after %s was not missed", after)
		}
	}
}

func TestRequestsOfOneConnection(t *testing.T) {
	slow := 2 * lookAfter
	address := answers(t, &http.Server{IdleTimeout: 2 * time.Minute, ReadHeaderTimeout: 10 * time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Errorf("body: %v", err)
		}
		if r.URL.Path == "/slow" {
			time.Sleep(slow)
		}
		fmt.Fprintf(w, "%s %d", r.URL.Path, len(body))
	})})
	c, in := dialled(t, address)
	want := func(text string) {
		t.Helper()
		res, err := http.ReadResponse(in, nil)
		if err != nil {
			t.Fatalf("want %q, got %v", text, err)
		}
		got, err := io.ReadAll(res.Body)
		if err != nil || string(got) != text {
			t.Errorf("got %q, %v, want %q", got, err, text)
		}
	}
	get, post := "GET %s HTTP/1.1\r\nHost: x\r\n\r\n", "POST %s HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s"
	for path, n := range map[string]int{"/fast": 20, "/slow": 3} {
		for range n {
			fmt.Fprintf(c, get, path)
			want(path + " 0")
		}
		big := strings.Repeat("x", 100_000)
		fmt.Fprintf(c, post, path, len(big), big)
		want(path + " 100000")
		fmt.Fprintf(c, post, path, 1, "x")
		want(path + " 1")
		// The next one comes while this one is answered, at once and after somebody looks.
		fmt.Fprintf(c, get+get, path, "/after")
		want(path + " 0")
		want("/after 0")
		fmt.Fprintf(c, get, path)
		time.Sleep(3 * slow / 4)
		fmt.Fprintf(c, get, "/after")
		want(path + " 0")
		want("/after 0")
	}
}

func TestDeadlinesOfCallersHold(t *testing.T) {
	const limit = 300 * time.Millisecond
	address := answers(t, &http.Server{IdleTimeout: limit, ReadHeaderTimeout: limit, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {})})
	for what, half := range map[string]string{"says nothing": "", "says half": "GET / HTTP/1.1\r\nHo"} {
		for _, before := range []int{0, 2} {
			c, in := dialled(t, address)
			for range before {
				fmt.Fprint(c, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
				if _, err := http.ReadResponse(in, nil); err != nil {
					t.Fatal(err)
				}
			}
			fmt.Fprint(c, half)
			began := time.Now()
			_, _ = io.Copy(io.Discard, in)
			if took := time.Since(began); took < limit/2 || took > 20*limit {
				t.Errorf("one that %s after %d requests was let go after %s, want %s", what, before, took, limit)
			}
		}
	}
}

func TestADeadlineIsSetWhileSomethingWaits(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	dialled(t, l.Addr().String())
	c, err := callerListener{l.(*net.TCPListener)}.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for _, size := range []int{1, 100} {
		for _, after := range []time.Duration{0, lookAfter / 2, 2 * lookAfter} {
			_ = c.SetDeadline(time.Time{})
			ended := make(chan error, 1)
			go func() {
				_, err := c.Read(make([]byte, size))
				ended <- err
			}()
			time.Sleep(after)
			_ = c.SetReadDeadline(time.Unix(1, 0))
			select {
			case err := <-ended:
				if late, ok := err.(net.Error); !ok || !late.Timeout() {
					t.Errorf("%d bytes, stopped after %s: %v, want that its time was up", size, after, err)
				}
			case <-time.After(10 * time.Second):
				t.Fatalf("%d bytes: nothing stopped the read after %s", size, after)
			}
		}
	}
}
