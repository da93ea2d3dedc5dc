package connectors

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"flowdeck/cards/schema"
	"flowdeck/cards/trace"
)

// secure starts a TLS server whose certificate a issued for name. It answers who the client is.
func (a authority) secure(t *testing.T, name string, adjust func(*httptest.Server)) *httptest.Server {
	t.Helper()
	cert, key := a.issue(name, time.Now().Add(time.Hour), curveKey(t))
	pair, err := tls.X509KeyPair([]byte(cert), []byte(key))
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		who := "nobody"
		if list := r.TLS.PeerCertificates; len(list) > 0 {
			who = list[0].Subject.CommonName
		}
		if r.URL.Path == "/token" {
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprintf(w, `{"access_token":"token-for-%s","token_type":"Bearer","expires_in":3600}`, who)
			return
		}
		fmt.Fprint(w, who+" "+r.Proto+" "+r.Header.Get("Authorization"))
	}))
	s.EnableHTTP2 = true
	s.TLS = &tls.Config{Certificates: []tls.Certificate{pair}}
	s.Config.ErrorLog = discardLog()
	if adjust != nil {
		adjust(s)
	}
	s.StartTLS()
	t.Cleanup(s.Close)
	return s
}

// strict demands a certificate that a issued.
func (a authority) strict(s *httptest.Server) {
	pool := x509.NewCertPool()
	pool.AddCert(a.cert)
	s.TLS.ClientCAs, s.TLS.ClientAuth = pool, tls.RequireAndVerifyClientCert
}

func TestServersAreReachedAsTheNetworkSettingsSay(t *testing.T) {
	a, stranger := newAuthority(t), newAuthority(t)
	soon := time.Now().Add(time.Hour)
	cert, key := a.issue("flowdeck-client", soon, curveKey(t))
	foreign, foreignKey := stranger.issue("stranger", soon, curveKey(t))
	plain := a.secure(t, "127.0.0.1", nil)
	strict := a.secure(t, "127.0.0.1", a.strict)
	old := a.secure(t, "127.0.0.1", func(s *httptest.Server) { s.TLS.MaxVersion = tls.VersionTLS12 })
	named := a.secure(t, "api.internal.example", nil)
	for _, x := range []struct {
		name     string
		server   *httptest.Server
		network  schema.Values
		want     string // "" is an error
		complain string
	}{
		{"own authority", plain, schema.Values{"ca": a.pem}, "nobody HTTP/2.0", ""},
		{"no authority", plain, schema.Values{}, "", "unknown authority"},
		{"another authority", plain, schema.Values{"ca": stranger.pem}, "", "unknown authority"},
		{"a client certificate", strict, schema.Values{"ca": a.pem, "client_cert": cert, "client_key": key}, "flowdeck-client HTTP/2.0", ""},
		{"a client certificate on one line", strict, schema.Values{"ca": strings.ReplaceAll(a.pem, "\n", ""), "client_cert": strings.ReplaceAll(cert, "\n", " "), "client_key": strings.ReplaceAll(key, "\n", "")}, "flowdeck-client HTTP/2.0", ""},
		{"no client certificate", strict, schema.Values{"ca": a.pem}, "", "client certificate"},
		{"another's client certificate", strict, schema.Values{"ca": a.pem, "client_cert": foreign, "client_key": foreignKey}, "", ""}, // the alert may be lost with the socket,
		{"TLS 1.2 is taken", old, schema.Values{"ca": a.pem}, "nobody HTTP/2.0", ""},
		{"TLS 1.2 is not enough", old, schema.Values{"ca": a.pem, "min_tls": "1.3"}, "", "protocol version"},
		{"TLS 1.3", plain, schema.Values{"ca": a.pem, "min_tls": "1.3"}, "nobody HTTP/2.0", ""},
		{"another server name", named, schema.Values{"ca": a.pem, "server_name": "api.internal.example"}, "nobody HTTP/2.0", ""},
		{"a name that is not the server's", named, schema.Values{"ca": a.pem}, "", "127.0.0.1"},
		{"a wrong server name", named, schema.Values{"ca": a.pem, "server_name": "www.internal.example"}, "", "www.internal.example"},
	} {
		b := newBench(t)
		id := b.with(x.network, "none", nil, strings.TrimPrefix(x.server.URL, "https://"))
		tr := &trace.Trace{}
		_, body, err := b.getIn(trace.With(context.Background(), tr), id, x.server.URL)
		for try := 1; try < 5 && x.server == strict && x.want == "" && err != nil && !strings.Contains(err.Error(), x.complain); try++ {
			_, body, err = b.getIn(trace.With(context.Background(), tr), id, x.server.URL) // the alert may be lost with the socket
		}
		if x.want != "" && (err != nil || strings.TrimSpace(body) != x.want) {
			t.Errorf("%s: got %q, %v, want %q", x.name, body, err, x.want)
		}
		if x.want == "" && (err == nil || !strings.Contains(err.Error(), x.complain)) {
			t.Errorf("%s: got %q, %v, want an error about %q", x.name, body, err, x.complain)
		}
		if x.want != "" && tr.Exchanges[0].Proto != "HTTP/2.0" {
			t.Errorf("%s: the trace says %q", x.name, tr.Exchanges[0].Proto)
		}
	}
}

func TestTheClientCertificateIsShownToNamedHostsOnly(t *testing.T) {
	a := newAuthority(t)
	asks := func(s *httptest.Server) { s.TLS.ClientAuth = tls.RequestClientCert }
	other := a.secure(t, "127.0.0.1", asks)
	home := a.secure(t, "127.0.0.1", func(s *httptest.Server) {
		asks(s)
		s.Config.Handler = http.RedirectHandler(other.URL, http.StatusTemporaryRedirect)
	})
	cert, key := a.issue("flowdeck-client", time.Now().Add(time.Hour), curveKey(t))
	b := newBench(t)
	id := b.with(schema.Values{"ca": a.pem, "client_cert": cert, "client_key": key}, "none", nil, strings.TrimPrefix(home.URL, "https://"))
	if _, body, err := b.get(id, home.URL); err != nil || !strings.HasPrefix(body, "nobody ") {
		t.Errorf("the other host sees %q, %v, want nobody", body, err)
	}
	if _, _, err := b.get(id, other.URL); err == nil || !strings.Contains(err.Error(), "may only be sent to") {
		t.Errorf("a request elsewhere: %v", err)
	}
}

func TestTokenEndpointsSeeTheClientCertificate(t *testing.T) {
	a := newAuthority(t)
	s := a.secure(t, "127.0.0.1", a.strict)
	cert, key := a.issue("flowdeck-client", time.Now().Add(time.Hour), curveKey(t))
	b := newBench(t)
	id := b.with(schema.Values{"ca": a.pem, "client_cert": cert, "client_key": key}, "client_credentials",
		schema.Values{"token_url": s.URL + "/token", "client_id": "id", "client_secret": "secret-12"}, strings.TrimPrefix(s.URL, "https://"))
	res, _, err := b.get(id, s.URL)
	if err != nil || res.StatusCode != http.StatusOK || b.token(id).Access != "token-for-flowdeck-client" {
		t.Errorf("got %v and the token %q", err, b.token(id).Access)
	}
}

func TestConnectionsShareSocketsUnlessTheirTLSDiffers(t *testing.T) {
	a, b := newAuthority(t), newBench(t)
	shared := b.with(schema.Values{"rate": int64(5), "timeout": "9s", "min_tls": "1.2"}, "none", nil)
	own := b.with(schema.Values{"ca": a.pem}, "basic", schema.Values{"username": "u"}, "a.example")
	first, err := b.clients.session(t.Context(), shared)
	if err != nil {
		t.Fatal(err)
	}
	second, err := b.clients.session(t.Context(), own)
	if err != nil {
		t.Fatal(err)
	}
	if first.reach.own != b.clients.base || second.reach.own == b.clients.base || second.reach.away != second.reach.own {
		t.Error("the pools are not as they should be")
	}
}

func TestSocketsOfAForgottenConnectionAreClosed(t *testing.T) {
	a, b := newAuthority(t), newBench(t)
	open := make(chan net.Conn, 8)
	closed := make(chan net.Conn, 8)
	s := a.secure(t, "127.0.0.1", func(s *httptest.Server) {
		s.Config.ConnState = func(c net.Conn, state http.ConnState) {
			switch state {
			case http.StateNew:
				open <- c
			case http.StateClosed:
				closed <- c
			}
		}
	})
	id := b.with(schema.Values{"ca": a.pem}, "none", nil)
	if _, _, err := b.get(id, s.URL); err != nil {
		t.Fatal(err)
	}
	one := <-open
	b.clients.Forget(id)
	select {
	case c := <-closed:
		if c != one {
			t.Error("another socket was closed")
		}
	case <-time.After(5 * time.Second):
		t.Error("the socket stays open")
	}
}

// discardLog is for servers whose clients break off on purpose.
func discardLog() *log.Logger { return log.New(io.Discard, "", 0) }
