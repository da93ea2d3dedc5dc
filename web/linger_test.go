package web

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"flowdeck/cards/schema"
)

// A caller that reads the answer only when it has sent everything still gets it.
func TestARefusalReachesWhoeverIsStillSending(t *testing.T) {
	w := newWorld(t, echoUpstream)
	link, _ := w.asking("resume", schema.Values{"kind": "request"})
	const size = 12 << 20
	for _, c := range []struct {
		path   string
		status int
	}{
		{link, http.StatusRequestEntityTooLarge},
		{"/api/flows/nothing/invoke", http.StatusNotFound},
		{"/api/v1/flows", http.StatusUnauthorized},
		{"/oauth2/v1/token", http.StatusBadRequest},
		{"/login", http.StatusRequestEntityTooLarge},
	} {
		conn, err := net.Dial("tcp", strings.TrimPrefix(w.url, "http://"))
		must(t, err)
		defer conn.Close()
		must(t, conn.SetDeadline(time.Now().Add(20*time.Second)))
		_, err = fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: flowdeck\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n", c.path, size)
		must(t, err)
		piece := []byte(strings.Repeat("a", 64<<10))
		for sent := 0; sent < size; sent += len(piece) {
			if _, err := conn.Write(piece); err != nil {
				t.Errorf("%s: sending broke after %d bytes: %v", c.path, sent, err)
				break
			}
		}
		res, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Errorf("%s: no answer: %v", c.path, err)
			continue
		}
		res.Body.Close()
		if res.StatusCode != c.status {
			t.Errorf("%s: got %d, want %d", c.path, res.StatusCode, c.status)
		}
	}
}
