package web

import (
	"encoding/base64"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"flowdeck/cards/schema"
)

// streamFrom is how large an answer may be and still be put together before it is sent:
// then its length is known, and what is wrong with it can still be told.
const streamFrom = 1 << 20

// streamJSON sends a large value as it is being written, so that it is in memory once.
func streamJSON(w http.ResponseWriter, method string, status int, v any) {
	w.WriteHeader(status)
	if method == http.MethodHead {
		return
	}
	x := jsonStream{to: w, buf: make([]byte, 0, 2*streamPiece)}
	x.value(v)
	x.buf = append(x.buf, '\n')
	x.flush()
	if x.broken {
		panic(http.ErrAbortHandler) // half an answer must not look like a whole one
	}
}

const streamPiece = 32 << 10

type jsonStream struct {
	to     io.Writer
	buf    []byte
	broken bool // by what cannot be JSON
	gone   bool // nobody reads any more
}

func (x *jsonStream) flush() {
	if !x.gone && !x.broken {
		_, err := x.to.Write(x.buf)
		x.gone = err != nil
	}
	x.buf = x.buf[:0]
}

func (x *jsonStream) value(v any) {
	if len(x.buf) > streamPiece {
		x.flush()
	}
	if x.gone || x.broken {
		return
	}
	switch v := v.(type) {
	case string:
		x.text(v)
	case []any:
		x.buf = append(x.buf, '[')
		for i, e := range v {
			if i > 0 {
				x.buf = append(x.buf, ',')
			}
			x.value(e)
		}
		x.buf = append(x.buf, ']')
	case map[string]any:
		x.buf = append(x.buf, '{')
		for i, k := range slices.Sorted(maps.Keys(v)) {
			if i > 0 {
				x.buf = append(x.buf, ',')
			}
			x.text(k)
			x.buf = append(x.buf, ':')
			x.value(v[k])
		}
		x.buf = append(x.buf, '}')
	default:
		x.plain(v)
	}
}

func (x *jsonStream) plain(v any) {
	b, err := schema.AppendJSON(x.buf, v)
	x.buf, x.broken = b, x.broken || err != nil
}

// text writes a text in pieces that end between characters.
func (x *jsonStream) text(s string) {
	if len(s) <= streamPiece {
		x.plain(s)
		return
	}
	x.buf = append(x.buf, '"')
	for s != "" && !x.gone && !x.broken {
		n := min(streamPiece, len(s))
		for n < len(s) && n > 0 && !utf8.RuneStart(s[n]) {
			n--
		}
		if n == 0 {
			n = min(streamPiece, len(s)) // it is no UTF-8 anyway
		}
		at := len(x.buf)
		x.plain(s[:n])
		x.buf = append(x.buf[:at], x.buf[at+1:len(x.buf)-1]...) // its own quotes
		s = s[n:]
		x.flush()
	}
	x.buf = append(x.buf, '"')
}

// writeFile sends a file's bytes, unpacked as they are sent. It reports false, and has
// sent nothing, when v is no file.
func writeFile(w http.ResponseWriter, method string, status int, v any) bool {
	object, _ := v.(map[string]any)
	packed, _ := object["base64"].(string)
	if !schema.IsFile(v) {
		return false
	}
	size := base64.StdEncoding.DecodedLen(len(packed)) - strings.Count(packed[max(0, len(packed)-2):], "=")
	if _, err := io.Copy(io.Discard, base64.NewDecoder(base64.StdEncoding, strings.NewReader(packed))); err != nil || strings.ContainsAny(packed, "\r\n") {
		file, err := schema.FileOf(v) // written in another way than ours
		if err != nil {
			return false
		}
		_ = writeBody(w, method, status, file.Data)
		return true
	}
	w.Header().Set("Content-Length", strconv.Itoa(size))
	w.WriteHeader(status)
	if method != http.MethodHead {
		_, _ = io.Copy(w, base64.NewDecoder(base64.StdEncoding, strings.NewReader(packed)))
	}
	return true
}
