package httpcard

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"
)

// errEncoding says that a body is packed in a way that nobody asked for.
var errEncoding = errors.New("the body is packed in a way that was not asked for")

// bounded reads a body up to limit bytes and says whether there was more. What
// came before an error is returned with it. Of a body that must be whole and is
// announced as longer, nothing is read.
func bounded(res *http.Response, limit int64, whole bool) (data []byte, more bool, err error) {
	body, err := unpacked(res)
	if err != nil || body == nil {
		return nil, false, err
	}
	if whole && res.ContentLength > limit {
		return nil, true, nil
	}
	data, err = readAll(io.LimitReader(body, limit+1), min(max(res.ContentLength, 0), 1<<20, limit))
	if int64(len(data)) > limit {
		return data[:limit], true, nil
	}
	return data, err != nil, err
}

// readAll is io.ReadAll of what is likely to be so long.
func readAll(r io.Reader, likely int64) ([]byte, error) {
	if likely == 0 {
		return io.ReadAll(r)
	}
	data := make([]byte, 0, likely+1) // one more shows the end
	for {
		n, err := r.Read(data[len(data):cap(data)])
		data = data[:len(data)+n]
		if err == io.EOF {
			return data, nil
		}
		if err != nil {
			return data, err
		}
		if len(data) == cap(data) {
			data = slices.Grow(data, bytes.MinRead)
		}
	}
}

// unpacked returns the body to read. The transport unpacks what it asked for
// itself; here is the rest.
func unpacked(res *http.Response) (io.Reader, error) {
	if bodiless(res) {
		return nil, nil
	}
	switch strings.ToLower(strings.TrimSpace(res.Header.Get("Content-Encoding"))) {
	case "", "identity":
		return res.Body, nil
	case "gzip", "x-gzip":
		if res.ContentLength == 0 {
			return nil, nil
		}
		return gzip.NewReader(res.Body)
	}
	if res.ContentLength == 0 {
		return nil, nil
	}
	return nil, errEncoding
}

// bodiless reports whether an answer has no body, whatever length and packing its
// headers announce (RFC 9112, section 6.3). What follows 101 is none, and may never end.
func bodiless(res *http.Response) bool {
	switch {
	case res.Body == http.NoBody, res.StatusCode == http.StatusSwitchingProtocols,
		res.StatusCode == http.StatusNoContent, res.StatusCode == http.StatusNotModified:
		return true
	}
	return res.Request != nil && res.Request.Method == http.MethodHead
}

// wholeRunes drops a character that was cut in half at the end.
func wholeRunes(b []byte) []byte {
	for i := 1; i <= utf8.UTFMax && i <= len(b); i++ {
		if c := b[len(b)-i]; utf8.RuneStart(c) {
			if !utf8.FullRune(b[len(b)-i:]) {
				return b[:len(b)-i]
			}
			break
		}
	}
	return b
}
