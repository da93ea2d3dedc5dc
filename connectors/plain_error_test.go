package connectors

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestServersThatAreNotReachedAreToldInWords(t *testing.T) {
	secure, open := httptest.NewTLSServer(http.NotFoundHandler()), httptest.NewServer(http.NotFoundHandler())
	defer secure.Close()
	defer open.Close()
	cut := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		conn, _, _ := w.(http.Hijacker).Hijack()
		conn.Close()
	}))
	defer cut.Close()
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := silent.Addr().String()
	silent.Close()
	for _, c := range []struct{ name, url, want string }{
		{"nobody listens", "http://" + nobody, "the connection was refused: is a server running at " + nobody + "?"},
		{"plain HTTP behind https", "https://" + strings.TrimPrefix(open.URL, "http://"), "it answers plain HTTP: begin the address with http://"},
		{"a certificate that nobody signed", secure.URL, "its certificate is not accepted: nobody known has signed it"},
		{"broken off", cut.URL, "the server broke off before its answer was complete"},
		{"no such name", "http://nobody.invalid", "no address was found for nobody.invalid"},
	} {
		r, err := http.NewRequestWithContext(context.Background(), http.MethodGet, c.url, nil)
		if err != nil {
			t.Fatal(err)
		}
		res, err := http.DefaultClient.Do(r)
		if err == nil {
			res.Body.Close()
			t.Errorf("%s: no error", c.name)
			continue
		}
		if got := plainError(err); !strings.HasPrefix(got, c.want) {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}
