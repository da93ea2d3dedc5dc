package nasty

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Behaviours are what the server can do, by path.
var Behaviours = map[string]Behaviour{
	"/good": func(c *Conn) bool { return answer(c, "200 OK", "application/json", `{"id":7}`) },

	"/reset-before": func(c *Conn) bool { c.Reset(); return false },
	"/close-before": func(c *Conn) bool { return false },
	"/reset-body": func(c *Conn) bool {
		c.Head("200 OK", "Content-Type: application/json", "Content-Length: 1000")
		_ = c.Say(`{"id":`)
		c.Pause(20 * time.Millisecond) // what was sent arrives before the reset
		c.Reset()
		return false
	},
	"/length-long": func(c *Conn) bool {
		c.Head("200 OK", "Content-Type: application/json", "Content-Length: 1000")
		_ = c.Say(`{"id":7}`)
		return false
	},
	"/length-short": func(c *Conn) bool {
		c.Head("200 OK", "Content-Type: application/json", "Content-Length: 4", "Connection: close")
		_ = c.Say(`{"id":7}`)
		return false
	},
	"/length-twice": func(c *Conn) bool {
		c.Head("200 OK", "Content-Length: 8", "Content-Length: 9")
		_ = c.Say(`{"id":7}`)
		return false
	},
	"/chunk-cut": func(c *Conn) bool {
		c.Head("200 OK", "Content-Type: application/json", "Transfer-Encoding: chunked")
		_ = c.Say("10\r\n{\"id\":")
		return false
	},
	"/chunk-garbage": func(c *Conn) bool {
		c.Head("200 OK", "Content-Type: application/json", "Transfer-Encoding: chunked")
		_ = c.Say("zz\r\n{\"id\":7}\r\n0\r\n\r\n")
		return false
	},

	"/never": func(c *Conn) bool { c.Hang(); return false },
	"/slow-headers": func(c *Conn) bool {
		_ = c.Say("HTTP/1.1 200 OK\r\n")
		return drip(c, "X-Slow: "+strings.Repeat("z", 1<<20))
	},
	"/slow-body": func(c *Conn) bool {
		c.Head("200 OK", "Content-Type: text/plain", "Content-Length: 1000000")
		return drip(c, strings.Repeat("z", 1_000_000))
	},
	"/endless": func(c *Conn) bool {
		c.Head("200 OK", "Content-Type: application/json", "Transfer-Encoding: chunked")
		return endless(c, fmt.Sprintf("%x\r\n%s\r\n", 32<<10, strings.Repeat("[", 32<<10)))
	},
	"/huge": func(c *Conn) bool {
		c.Head("200 OK", "Content-Type: application/json", "Content-Length: 1099511627776")
		return endless(c, strings.Repeat("[", 32<<10))
	},

	"/garbage":         func(c *Conn) bool { _ = c.Say("SSH-2.0-OpenSSH_9.6\r\n"); return false },
	"/http09":          func(c *Conn) bool { _ = c.Say("<html>hello</html>\r\n"); return false },
	"/tls-alert":       func(c *Conn) bool { _, _ = c.Write([]byte{0x15, 3, 1, 0, 2, 2, 10}); return false },
	"/bad-status":      func(c *Conn) bool { _ = c.Say("HTTP/1.1 OK fine\r\n\r\n"); return false },
	"/header-broken":   func(c *Conn) bool { _ = c.Say("HTTP/1.1 200 OK\r\nbroken header\r\n\r\n"); return false },
	"/header-null":     func(c *Conn) bool { c.Head("200 OK", "X-A: a\x00b", "Content-Length: 0"); return false },
	"/header-injected": func(c *Conn) bool { c.Head("200 OK", "X-A: a\rSet-Cookie: b=c", "Content-Length: 0"); return false },
	"/headers-huge": func(c *Conn) bool {
		_ = c.Say("HTTP/1.1 200 OK\r\n")
		return endless(c, "X-Filler: "+strings.Repeat("z", 8<<10)+"\r\n")
	},
	"/interim-few": func(c *Conn) bool {
		for _, status := range []string{"100 Continue", "102 Processing", "103 Early Hints"} {
			c.Head(status)
		}
		return answer(c, "200 OK", "application/json", `{"id":7}`)
	},
	"/interim-endless": func(c *Conn) bool {
		return endless(c, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n")
	},
	"/switching": func(c *Conn) bool {
		c.Head("101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade")
		c.Hang()
		return false
	},

	"/gzip":     func(c *Conn) bool { return packed(c, "gzip", zipped(`{"id":7}`)) },
	"/gzip-cut": func(c *Conn) bool { z := zipped(`{"id":7,"name":"Maya"}`); return packed(c, "gzip", z[:len(z)-12]) },
	"/gzip-spoiled": func(c *Conn) bool {
		z := zipped(`{"id":7,"name":"Maya"}`)
		z[len(z)-6] ^= 0xff
		return packed(c, "gzip", z)
	},
	"/gzip-not":    func(c *Conn) bool { return packed(c, "gzip", []byte(`{"id":7,"name":"Maya"}`)) },
	"/gzip-bomb":   func(c *Conn) bool { return packed(c, "gzip", bomb()) },
	"/packed-else": func(c *Conn) bool { return packed(c, "rot13", []byte(`{"vq":7}`)) },

	"/json-bad": func(c *Conn) bool { return answer(c, "200 OK", "application/json", `{"id": oops}`) },
	"/json-cut": func(c *Conn) bool { return answer(c, "200 OK", "application/json", `{"id":7,"items":[1,2`) },
	"/json-deep": func(c *Conn) bool {
		return answer(c, "200 OK", "application/json", strings.Repeat("[", 100_000)+strings.Repeat("]", 100_000))
	},
	"/json-numbers": func(c *Conn) bool {
		return answer(c, "200 OK", "application/json", `{"id":9007199254740993,"big":123456789012345678901234567890,"price":0.1000}`)
	},
	"/json-utf8":    func(c *Conn) bool { return answer(c, "200 OK", "application/json", "{\"name\":\"M\xfcller\"}") },
	"/json-html":    func(c *Conn) bool { return answer(c, "200 OK", "application/json", page) },
	"/html":         func(c *Conn) bool { return answer(c, "200 OK", "text/html; charset=utf-8", page) },
	"/html-500":     func(c *Conn) bool { return answer(c, "500 Internal Server Error", "text/html; charset=utf-8", page) },
	"/latin1":       func(c *Conn) bool { return answer(c, "200 OK", "text/plain; charset=iso-8859-1", "M\xfcller") },
	"/charset-none": func(c *Conn) bool { return answer(c, "200 OK", "text/plain; charset=klingon", "Müller") },
	"/charset-lies": func(c *Conn) bool { return answer(c, "200 OK", "text/plain; charset=utf-8", "M\xfcller") },

	"/loop":            func(c *Conn) bool { return redirect(c, "/loop") },
	"/loop-two":        func(c *Conn) bool { return redirect(c, "/loop-two-back") },
	"/loop-two-back":   func(c *Conn) bool { return redirect(c, "/loop-two") },
	"/redirect-far":    func(c *Conn) bool { return redirect(c, "/redirect-far?"+c.Request.URL.RawQuery+"x") },
	"/redirect-inside": func(c *Conn) bool { return redirect(c, "http://intranet.example.com/secret") },
	"/redirect-direct": func(c *Conn) bool { return redirect(c, "http://169.254.169.254/latest/meta-data/") },
	"/redirect-ftp":    func(c *Conn) bool { return redirect(c, "ftp://files.example.com/") },
	"/redirect-bad":    func(c *Conn) bool { return redirect(c, "http://[::1/%zz") },
	"/redirect-none":   func(c *Conn) bool { c.Head("302 Found", "Content-Length: 0"); return true },

	"/429-seconds": func(c *Conn) bool {
		c.Head("429 Too Many Requests", "Retry-After: 7", "Content-Type: application/json", "Content-Length: 22")
		_ = c.Say(`{"error":"slow down!"}`)
		return true
	},
	"/429-date": func(c *Conn) bool {
		c.Head("429 Too Many Requests", "Retry-After: "+time.Now().Add(time.Minute).UTC().Format(http.TimeFormat), "Content-Length: 0")
		return true
	},
	"/503-after": func(c *Conn) bool {
		c.Head("503 Service Unavailable", "Retry-After: 30", "Content-Length: 0")
		return true
	},
	"/204-body": func(c *Conn) bool {
		c.Head("204 No Content", "Content-Type: application/json", "Content-Length: 8", "Connection: close")
		_ = c.Say(`{"id":7}`)
		return false
	},
	"/304": func(c *Conn) bool { c.Head("304 Not Modified", `ETag: "a"`); return true },
	"/head": func(c *Conn) bool {
		c.Head("200 OK", "Content-Type: application/json", "Content-Length: 8")
		return true
	},

	// The first request on a connection is answered, the second finds it closed: what
	// happens when a server's patience with idle connections ends at the wrong moment.
	"/stale": func(c *Conn) bool {
		if c.Count > 1 {
			return false
		}
		return answer(c, "200 OK", "application/json", `{"id":7}`)
	},
}

const page = "<!doctype html><title>Down for maintenance</title><h1>We will be back</h1>"

func answer(c *Conn, status, contentType, body string) bool {
	c.Head(status, "Content-Type: "+contentType, fmt.Sprintf("Content-Length: %d", len(body)))
	_ = c.Say("%s", body)
	return true
}

func packed(c *Conn, encoding string, body []byte) bool {
	c.Head("200 OK", "Content-Type: application/json", "Content-Encoding: "+encoding, fmt.Sprintf("Content-Length: %d", len(body)))
	_, _ = c.Write(body)
	return true
}

func redirect(c *Conn, to string) bool {
	c.Head("302 Found", "Location: "+to, "Content-Length: 0")
	return true
}

func drip(c *Conn, text string) bool {
	for i := range len(text) {
		if c.Say("%c", text[i]) != nil || !c.Pause(20*time.Millisecond) {
			return false
		}
	}
	return false
}

func endless(c *Conn, piece string) bool {
	for c.Say("%s", piece) == nil {
		select {
		case <-c.over:
			return false
		default:
		}
	}
	return false
}

func zipped(text string) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write([]byte(text))
	_ = z.Close()
	return b.Bytes()
}

// bomb is 64 MiB of nothing in 64 KiB.
var bomb = sync.OnceValue(func() []byte { return zipped(strings.Repeat("\x00", 64<<20)) })
