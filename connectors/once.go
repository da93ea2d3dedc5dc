package connectors

import "net/http"

// once is r as the transport does not send it twice by itself. The transport takes an
// Idempotency-Key as leave to repeat a POST whose connection broke off, even though
// nobody said that the service heeds the key; whether to repeat is for whoever called.
// It looks for the name as Go writes it, so the name goes out in another case, which
// means the same (RFC 9110, section 5.1).
func once(r *http.Request) *http.Request {
	if r.Method != http.MethodPost && r.Method != http.MethodPatch || r.Header["Idempotency-Key"] == nil && r.Header["X-Idempotency-Key"] == nil {
		return r
	}
	r = r.Clone(r.Context())
	for name, sent := range map[string]string{"Idempotency-Key": "Idempotency-key", "X-Idempotency-Key": "X-Idempotency-key"} {
		if values, ok := r.Header[name]; ok {
			delete(r.Header, name)
			r.Header[sent] = values
		}
	}
	return r
}
