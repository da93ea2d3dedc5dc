package connectors

import (
	"bufio"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
)

// acceptEncoding is sent when a request does not say what it takes.
const acceptEncoding = "gzip, deflate, br, zstd"

// maxZstdWindow is the most memory that one zstd body may ask for, in bytes (RFC 9659).
const maxZstdWindow = 8 << 20

// maxEncodings bounds how often a body may be packed into itself.
const maxEncodings = 4

// EncodingError means that a body cannot be unpacked.
type EncodingError struct {
	Host     string
	Encoding string // as the service names it: "gzip", "gzip, br"
	Err      error
}

func (e *EncodingError) Error() string {
	why := "it is damaged"
	if errors.Is(e.Err, io.ErrUnexpectedEOF) {
		why = "it ends in the middle"
	} else if errors.Is(e.Err, zstd.ErrWindowSizeExceeded) || errors.Is(e.Err, zstd.ErrDecoderSizeExceeded) {
		why = "unpacking it takes more than 8 MiB of memory"
	} else if errors.Is(e.Err, errLayers) {
		why = e.Err.Error()
	}
	return fmt.Sprintf("the answer of %s is packed with %s and cannot be unpacked: %s", e.Host, e.Encoding, why)
}

// Unwrap returns what the decoder said.
func (e *EncodingError) Unwrap() error { return e.Err }

// CardCode is the code of the card error that this becomes: a body that is only cut
// off may come whole the next time.
func (e *EncodingError) CardCode() string {
	if e.CardRetryable() {
		return "truncated"
	}
	return "bad_encoding"
}

// CardRetryable reports whether the body was cut off.
func (e *EncodingError) CardRetryable() bool { return errors.Is(e.Err, io.ErrUnexpectedEOF) }

// CardMessage is what the flow's author reads.
func (e *EncodingError) CardMessage() string { return e.Error() }

var errLayers = fmt.Errorf("it is packed into itself more than %d times", maxEncodings)

// unpacked makes res's body what it was before it was packed for the way (RFC 9110,
// section 8.4). A packing that nobody here knows stays, with its header. Bodies are
// unpacked as they are read: how much may come is for the reader to say.
func unpacked(res *http.Response) *http.Response {
	if res.Body == nil || res.Body == http.NoBody || res.ContentLength == 0 || res.StatusCode == http.StatusPartialContent ||
		res.Request != nil && res.Request.Method == http.MethodHead {
		return res
	}
	named := strings.Join(res.Header.Values("Content-Encoding"), ", ")
	layers, known := packings(named)
	if !known || len(layers) == 0 {
		return res
	}
	host := ""
	if res.Request != nil {
		host = res.Request.URL.Host
	}
	res.Body = &unpacking{packed: source{r: res.Body}, body: res.Body, layers: layers, host: host, named: named}
	res.ContentLength, res.Uncompressed = -1, true
	res.Header.Del("Content-Encoding")
	res.Header.Del("Content-Length")
	return res
}

// packings reads a Content-Encoding, the outermost packing last.
func packings(named string) (layers []string, known bool) {
	for name := range strings.SplitSeq(named, ",") {
		switch name = strings.ToLower(strings.TrimSpace(name)); name {
		case "", "identity":
		case "gzip", "x-gzip", "deflate", "br", "zstd":
			layers = append(layers, strings.TrimPrefix(name, "x-"))
		default:
			return nil, false
		}
	}
	return layers, true
}

// source remembers how the packed bytes ended: what went wrong on the way is no
// mistake of the packing.
type source struct {
	r   io.Reader
	any bool
	err error
}

func (s *source) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	s.any = s.any || n > 0
	if err != nil {
		s.err = err
	}
	return n, err
}

// unpacking reads a packed body, from the first read on.
type unpacking struct {
	packed source
	body   io.ReadCloser
	layers []string
	host   string
	named  string
	plain  io.Reader
	close  []func()
	err    error
}

func (u *unpacking) Read(p []byte) (int, error) {
	if u.err != nil {
		return 0, u.err
	}
	if u.plain == nil {
		if err := u.open(); err != nil {
			return 0, u.fail(err)
		}
	}
	n, err := u.plain.Read(p)
	if err != nil {
		err = u.fail(err)
	}
	return n, err
}

// fail names the side that is at fault.
func (u *unpacking) fail(err error) error {
	switch {
	case u.packed.err != nil && u.packed.err != io.EOF:
		err = u.packed.err
	case err == io.EOF:
		_, _ = io.CopyN(io.Discard, &u.packed, 512) // the end of the body itself, so that its socket can be used again
	case !u.packed.any: // nothing at all is nothing, however it was packed
		err = io.EOF
	default:
		err = &EncodingError{Host: u.host, Encoding: u.named, Err: err}
		if c, ok := u.body.(interface{ spoiled(error) }); ok {
			c.spoiled(err)
		}
	}
	u.err = err
	return err
}

func (u *unpacking) open() error {
	if len(u.layers) > maxEncodings {
		u.packed.any = true
		return errLayers
	}
	var r io.Reader = &u.packed
	for _, layer := range slices.Backward(u.layers) {
		var err error
		if r, err = u.layer(layer, r); err != nil {
			return err
		}
	}
	u.plain = r
	return nil
}

func (u *unpacking) layer(name string, r io.Reader) (io.Reader, error) {
	switch name {
	case "gzip":
		return gzip.NewReader(r)
	case "deflate":
		return inflate(r)
	case "br":
		return brotli.NewReader(r), nil
	}
	z, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(maxZstdWindow))
	if err != nil {
		return nil, err
	}
	u.close = append(u.close, z.Close)
	return z, nil
}

// inflate reads deflate with its zlib frame, as RFC 9110 says, or without, as some servers send it.
func inflate(r io.Reader) (io.Reader, error) {
	b := bufio.NewReader(r)
	head, err := b.Peek(2)
	if err != nil {
		if err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		return nil, err
	}
	if head[0]&0x0f == 8 && (int(head[0])<<8|int(head[1]))%31 == 0 {
		return zlib.NewReader(b)
	}
	return flate.NewReader(b), nil
}

func (u *unpacking) Close() error {
	for _, f := range u.close {
		f()
	}
	u.close = nil
	if u.err == nil {
		u.err = http.ErrBodyReadAfterClose
	}
	return u.body.Close()
}
