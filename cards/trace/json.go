package trace

import "encoding/json"

// MarshalJSON writes what was recorded so far; a transport may still be recording.
func (t *Trace) MarshalJSON() ([]byte, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return json.Marshal(struct {
		Exchanges []Exchange `json:"exchanges,omitempty"`
		Log       []Line     `json:"log,omitempty"`
	}{t.Exchanges, t.Log})
}
