package connectors

import (
	"compress/gzip"
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"flowdeck/cards/schema"
	"flowdeck/cards/trace"
)

func TestRequestsGoOverHTTP2AndCompressed(t *testing.T) {
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			w.WriteHeader(http.StatusNotAcceptable)
			return
		}
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		fmt.Fprintf(z, "you said %s", r.Header.Get("X-Api-Key"))
		_ = z.Close()
	}))
	server.EnableHTTP2 = true
	server.StartTLS()
	defer server.Close()
	b := newBench(t)
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	b.clients.base.TLSClientConfig = &tls.Config{RootCAs: roots}
	id := b.add("header", schema.Values{"headers": []any{schema.Values{"name": "X-Api-Key", "value": "key-12345678"}}}, Token{}, strings.TrimPrefix(server.URL, "https://"))
	for i := range 2 {
		tr := &trace.Trace{}
		_, body, err := b.getIn(trace.With(context.Background(), tr), id, server.URL)
		if err != nil || body != "you said "+Mask {
			t.Fatalf("got %q, %v", body, err)
		}
		x := tr.Exchanges[0]
		if x.Proto != "HTTP/2.0" || x.Reused != (i == 1) || (x.TLS > 0) != (i == 0) || x.Error != "" {
			t.Errorf("request %d: %+v", i, x)
		}
	}
}
