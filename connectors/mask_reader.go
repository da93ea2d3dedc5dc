package connectors

import (
	"bytes"
	"io"
)

// maskReader masks secrets in a body as it is read. What holds none passes
// without being copied; only an end that may be the beginning of a secret is
// held back until more comes.
type maskReader struct {
	src   io.ReadCloser
	m     *masker
	ready []byte // masked, to be handed out
	held  []byte // may be the beginning of a secret
	err   error  // of src, handed out after ready
}

// reader wraps body when there is anything to look for.
func (m *masker) reader(body io.ReadCloser) io.ReadCloser {
	if m == nil || len(m.data) == 0 {
		return body
	}
	return &maskReader{src: body, m: m}
}

func (r *maskReader) Close() error { return r.src.Close() }

func (r *maskReader) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	for len(r.ready) == 0 {
		if r.err != nil {
			return 0, r.err
		}
		n, err := r.src.Read(p)
		r.err = err
		if len(r.held) == 0 && !r.m.occurs(p[:n]) && (err != nil || r.m.beginning(p[:n]) == 0) {
			if n > 0 || err != nil {
				return n, err
			}
			continue
		}
		r.mask(append(r.held, p[:n]...))
	}
	n := copy(p, r.ready)
	r.ready = r.ready[n:]
	return n, nil
}

// mask moves all of data to ready, but for an end that needs more to be decided.
func (r *maskReader) mask(data []byte) {
	var out []byte
	keep := 0
	for {
		at, length := r.m.first(data)
		if at < 0 {
			if r.err == nil {
				keep = r.m.beginning(data)
			}
			break
		}
		// A longer secret may begin at the same place, or before and have this one inside.
		if begun := r.m.beginning(data); r.err == nil && len(data)-begun < at || r.err == nil && r.m.goesOn(data[at:]) {
			at = min(at, len(data)-begun)
			out, data = append(out, data[:at]...), data[at:]
			keep = len(data)
			break
		}
		out = append(append(out, data[:at]...), Mask...)
		data = data[at+length:]
	}
	r.ready = append(out, data[:len(data)-keep]...)
	r.held = bytes.Clone(data[len(data)-keep:])
}

func (m *masker) occurs(data []byte) bool { at, _ := m.first(data); return at >= 0 }

// first returns where the first secret in data begins and how long it is; -1 when there is none.
func (m *masker) first(data []byte) (at, length int) {
	at = -1
	for _, s := range m.data {
		if i := bytes.Index(data, s); i >= 0 && (at < 0 || i < at) {
			at, length = i, len(s)
		}
	}
	return at, length
}

// beginning returns the length of the longest end of data that a secret begins with.
func (m *masker) beginning(data []byte) int {
	longest := 0
	if m == nil {
		return 0
	}
	for _, s := range m.data {
		for k := min(len(s)-1, len(data)); k > longest; k-- {
			if data[len(data)-k] == s[0] && bytes.HasPrefix(s, data[len(data)-k:]) {
				longest = k
			}
		}
	}
	return longest
}

// goesOn reports whether all of data is the beginning of a longer secret.
func (m *masker) goesOn(data []byte) bool {
	for _, s := range m.data {
		if len(s) > len(data) && bytes.HasPrefix(s, data) {
			return true
		}
	}
	return false
}
