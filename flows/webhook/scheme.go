package webhook

import (
	"crypto/sha1" //nolint:gosec // HMAC-SHA-1 is what some services sign with
	"crypto/sha256"
	"crypto/sha512"
	"hash"
)

// scheme is how deliveries are signed.
type scheme struct {
	header string // of the signature or the token
	prefix string // of each signature in it
	base64 bool   // signatures are in base64, else hexadecimal
	hash   func() hash.Hash
	// signed is what is signed, with {body}, {timestamp} and {id} in it.
	signed    string
	timestamp string // header of the time; "" when there is none, or it is in the signature's
	list      bool   // the header is Stripe's: t=…,v1=…,v1=…
	keyed     bool   // the secret is written whsec_ and base64
	token     bool   // the header is the secret itself
	delivery  string // header of the delivery's id, or a key of the body after "body."
	event     string // header that says what happened, or a key of the body after "body."
	words     string // what to say that is looked for
}

const bodyKey = "body."

var hashes = map[string]func() hash.Hash{"sha256": sha256.New, "sha512": sha512.New, "sha1": sha1.New}

// presets are how services sign that are often met.
var presets = map[string]scheme{
	"github": {header: "X-Hub-Signature-256", prefix: "sha256=", hash: sha256.New, signed: "{body}",
		delivery: "X-GitHub-Delivery", event: "X-GitHub-Event", words: "X-Hub-Signature-256"},
	"stripe": {header: "Stripe-Signature", list: true, hash: sha256.New, signed: "{timestamp}.{body}",
		delivery: "body.id", event: "body.type", words: "Stripe-Signature"},
	"slack": {header: "X-Slack-Signature", prefix: "v0=", hash: sha256.New, signed: "v0:{timestamp}:{body}", timestamp: "X-Slack-Request-Timestamp",
		delivery: "body.event_id", event: "body.event.type", words: "X-Slack-Signature"},
	"shopify": {header: "X-Shopify-Hmac-Sha256", base64: true, hash: sha256.New, signed: "{body}",
		delivery: "X-Shopify-Webhook-Id", event: "X-Shopify-Topic", words: "X-Shopify-Hmac-SHA256"},
	"standard": {header: "Webhook-Signature", prefix: "v1,", base64: true, keyed: true, hash: sha256.New, signed: "{id}.{timestamp}.{body}", timestamp: "Webhook-Timestamp",
		delivery: "Webhook-Id", event: "body.type", words: "webhook-signature"},
}
