package connectors

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// gap is a way to a server that loses what it carries, as a firewall does that has
// forgotten a connection: nobody is told.
type gap struct {
	net.Listener
	lost, over chan struct{}
}

type leg struct {
	io.Reader
	lost, over chan struct{}
}

// Read waits until the test is over once the way is lost.
func (l *leg) Read(p []byte) (int, error) {
	n, err := l.Reader.Read(p)
	select {
	case <-l.lost:
		<-l.over
		return 0, io.EOF
	default:
		return n, err
	}
}

func newGap(t *testing.T, to string) *gap {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	g := &gap{l, make(chan struct{}), make(chan struct{})}
	t.Cleanup(func() { l.Close(); close(g.over) })
	go func() {
		for lost := g.lost; ; lost = g.over { // only the first one is lost
			near, err := l.Accept()
			if err != nil {
				return
			}
			far, err := net.Dial("tcp", to)
			if err != nil {
				return
			}
			go func() { _, _ = io.Copy(far, &leg{near, lost, g.over}); far.Close() }()
			go func() { _, _ = io.Copy(near, &leg{far, lost, g.over}); near.Close() }()
		}
	}()
	return g
}

func TestAConnectionThatIsLostIsNotUsedForEver(t *testing.T) {
	s := httptest.NewUnstartedServer(http.HandlerFunc(ok))
	s.EnableHTTP2 = true
	s.StartTLS()
	defer s.Close()
	roots := x509.NewCertPool()
	roots.AddCert(s.Certificate())
	guard, err := NewGuard([]string{"127.0.0.0/8"})
	if err != nil {
		t.Fatal(err)
	}
	g := newGap(t, s.Listener.Addr().String())
	tr := newTransport(guard, &tls.Config{RootCAs: roots, ServerName: "example.com"})
	defer tr.CloseIdleConnections()
	if h := tr.HTTP2; h == nil || h.SendPingTimeout <= 0 || h.SendPingTimeout > 30*time.Second || h.PingTimeout <= 0 || h.PingTimeout > 30*time.Second {
		t.Error("a silent connection is not looked at in time")
	} else {
		h.SendPingTimeout, h.PingTimeout = 50*time.Millisecond, 50*time.Millisecond
	}
	get := func() error {
		ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
		defer cancel()
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, "https://"+g.Addr().String(), nil)
		if err != nil {
			t.Fatal(err)
		}
		res, err := tr.RoundTrip(r)
		if err == nil {
			res.Body.Close()
			if res.ProtoMajor != 2 {
				t.Errorf("got %s, want HTTP/2", res.Proto)
			}
		}
		return err
	}
	if err := get(); err != nil {
		t.Fatal(err)
	}
	close(g.lost)
	_ = get() // goes over the one that is lost
	if err := get(); err != nil {
		t.Errorf("the next request got %v, want a new connection", err)
	}
}
