package webhook

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"strings"

	"flowdeck/cards/schema"
)

// Kept is for how many days a delivery is known again.
const Kept = 7

// ID is the id of a delivery, "" when it has none.
func (h *Hook) ID(d Delivery) string { return find(d, h.scheme.delivery) }

// Event is what happened, in the service's words: "push", "invoice.paid"; "" when it does not say.
func (h *Hook) Event(d Delivery) string { return find(d, h.scheme.event) }

// Name is what a delivery is known again by: its id, or else what is signed when that has
// the time in it (a signature may be written in several ways). It is "" for one that may as
// well be another that says the same.
func (h *Hook) Name(d Delivery) string {
	if id := h.ID(d); id != "" {
		return "id " + digest(id)
	}
	if h.dated() {
		sum := sha256.New()
		h.scheme.content(sum, d)
		return "signed " + hex.EncodeToString(sum.Sum(nil))
	}
	return ""
}

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// find reads a header, or a key of the body.
func find(d Delivery, where string) string {
	path, inBody := strings.CutPrefix(where, bodyKey)
	if !inBody {
		return d.Header.Get(where)
	}
	v := said(d)
	for key := range strings.SplitSeq(path, ".") {
		object, _ := v.(map[string]any)
		v = object[key]
	}
	if v == nil {
		return ""
	}
	text, _ := schema.ToText(v)
	return text
}

// said is what the body says whatever type its sender names: the body is signed, and its
// type is not.
func said(d Delivery) any {
	if _, object := d.Value.(map[string]any); object && !d.Form {
		return d.Value
	}
	if v, err := schema.DecodeJSONText(d.Raw); err == nil {
		return v
	}
	form, _ := url.ParseQuery(d.Raw) // what can be read of it
	fields := make(map[string]any, len(form))
	for name, values := range form {
		fields[name] = values[0]
	}
	return fields
}

// Token reports whether the header of that name holds the secret itself.
func (h *Hook) Token(header string) bool {
	return h.scheme.token && strings.EqualFold(header, h.scheme.header)
}

// Answered returns what a delivery is answered with that is only there to see whether
// somebody answers: Slack's url_verification (its challenge, as text) and GitHub's ping.
// It starts nothing.
func (h *Hook) Answered(d Delivery) (text string, yes bool) {
	switch h.Provider {
	case "slack":
		object, _ := d.Value.(map[string]any)
		challenge, isText := object["challenge"].(string)
		return challenge, object["type"] == "url_verification" && isText
	case "github":
		return "pong", d.Header.Get("X-GitHub-Event") == "ping"
	}
	return "", false
}

// Words say how deliveries are signed: "GitHub signature".
func (h *Hook) Words() string {
	for _, o := range form.Fields[0].Options {
		if o.Value == h.Provider && presets[h.Provider].header != "" {
			name, _, _ := strings.Cut(o.Label, " (")
			return name + " signature"
		}
	}
	if h.scheme.token {
		return "Token in " + http.CanonicalHeaderKey(h.scheme.header)
	}
	return "Signature in " + http.CanonicalHeaderKey(h.scheme.header)
}
