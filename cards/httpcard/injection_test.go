package httpcard

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// Nothing that a flow fills in can begin a line of a request of its own.
func TestNoInputBeginsALineOfARequest(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	lines := make(chan string, 10_000)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				r := bufio.NewReader(c)
				length := 0
				for {
					line, err := r.ReadString('\n')
					if err != nil {
						return
					}
					lines <- line
					if n, ok := strings.CutPrefix(line, "Content-Length: "); ok {
						for _, d := range strings.TrimSpace(n) {
							length = length*10 + int(d-'0')
						}
					}
					if line == "\r\n" {
						break
					}
				}
				body := make([]byte, length)
				_, _ = io.ReadFull(r, body)
				for line := range strings.SplitAfterSeq(string(body), "\n") {
					lines <- line
				}
				_, _ = c.Write([]byte("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"))
			}()
		}
	}()
	at, sent, evil := "http://"+l.Addr().String(), 0, []string{"x\r\nInjected: 1", "x\nInjected: 1", "x\rInjected: 1", "x\r\n\r\nInjected: 1", "x\"\r\nInjected: 1", "x\u2028\r\nInjected: 1", "x\x00\r\nInjected: 1"}
	for _, e := range evil {
		text := func(more schema.Values) schema.Values {
			part := schema.Values{"name": "f", "kind": "text", "value": "v"}
			for k, v := range more {
				part[k] = v
			}
			return schema.Values{"url": at, "body_type": "multipart", "parts": []any{part}}
		}
		file := schema.Values{"name": e, "type": e, "size": 1, "base64": "eA=="}
		for what, c := range map[string]struct {
			card cards.Card
			in   schema.Values
		}{
			"a method":              {Raw, schema.Values{"url": at, "method": e}},
			"an address":            {Get, schema.Values{"url": at + "/" + e}},
			"a query":               {Get, schema.Values{"url": at, "query": schema.Values{e: e}}},
			"a header's value":      {Get, schema.Values{"url": at, "headers": schema.Values{"X-A": e}}},
			"one of several values": {Get, schema.Values{"url": at, "headers": schema.Values{"X-A": []any{"a", e}}}},
			"a header's name":       {Get, schema.Values{"url": at, "headers": schema.Values{e: "a"}}},
			"the name of the key":   {Post, schema.Values{"url": at, "idempotency_header": e}},
			"a content type":        {Post, schema.Values{"url": at, "body_type": "text", "body": "a", "headers": schema.Values{"Content-Type": e}}},
			"a part's name":         {Post, text(schema.Values{"name": e})},
			"a part's type":         {Post, text(schema.Values{"content_type": e})},
			"a file's name":         {Post, text(schema.Values{"kind": "file", "value": file, "filename": e})},
			"a file from a card":    {Post, text(schema.Values{"kind": "file", "value": file})},
			"a file as the body":    {Post, schema.Values{"url": at, "body_type": "file", "file": file}},
		} {
			_, _ = c.card.Call(context.Background(), cards.Env{HTTP: http.DefaultClient, Now: time.Now, Key: "k"}, c.in)
			for open := true; open; {
				select {
				case line := <-lines:
					sent++
					if strings.HasPrefix(line, "Injected") || strings.Contains(line, "\rInjected") {
						t.Errorf("%s %q: a line of its own: %q", what, e, line)
					}
				default:
					open = false
				}
			}
		}
	}
	if sent < 100 {
		t.Errorf("%d lines were sent: too few to say anything", sent)
	}
}
