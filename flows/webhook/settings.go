// Package webhook says whether a delivery of a service is what it claims to be, and
// which delivery it is.
//
// It computes over what it is given: it reads no clock, opens no connection and keeps
// no secret.
package webhook

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"flowdeck/cards/schema"
)

// Card is the name of the card that a flow with a webhook begins with; its settings are Settings.
const Card = "event.webhook"

// Settings say who sends deliveries, and how they are signed, as a person filled them in.
type Settings struct {
	Provider  string `json:"provider" label:"Comes from" default:"github" options:"github=GitHub|stripe=Stripe|slack=Slack|shopify=Shopify|standard=Standard Webhooks (Svix and others)|custom=Another service that signs|token=A service that sends a token" form:"fixed" help:"Who sends the deliveries: that says how they are signed."`
	Secret    string `json:"secret" label:"Signing secret" placeholder:"{{ secrets.name }}" form:"required,secret" help:"The secret that the service signs with, kept under Variables as a secret."`
	OldSecret string `json:"old_secret" label:"Secret before it" placeholder:"{{ secrets.name }}" form:"secret,advanced" help:"Also accepted, while the service changes over to a new one."`
	Header    string `json:"header" label:"Header" placeholder:"X-Signature" when:"provider=custom|token" form:"required,fixed" help:"The header that holds the signature or the token."`
	Algorithm string `json:"algorithm" label:"Algorithm" default:"sha256" options:"sha256=HMAC-SHA-256|sha512=HMAC-SHA-512|sha1=HMAC-SHA-1" when:"provider=custom" form:"fixed" help:"How the signature is computed."`
	Encoding  string `json:"encoding" label:"Written in" default:"hex" options:"hex=Hexadecimal|base64=Base64" when:"provider=custom" form:"fixed" help:"How the signature is written."`
	Prefix    string `json:"prefix" label:"Prefix" placeholder:"sha256=" when:"provider=custom" form:"fixed" help:"What stands before the signature in its header."`
	Signed    string `json:"signed" label:"What is signed" default:"{body}" placeholder:"{timestamp}.{body}" when:"provider=custom" form:"fixed" help:"{body} is the body as it came, {timestamp} the header below, {id} the id of the delivery."`
	Timestamp string `json:"timestamp" label:"Header of the time" placeholder:"X-Timestamp" when:"provider=custom" form:"fixed" help:"When the delivery was sent: seconds or milliseconds since 1970, or a date. Empty: deliveries do not say."`
	Delivery  string `json:"delivery" label:"Id of a delivery" placeholder:"X-Delivery-Id or body.id" when:"provider=custom|token" form:"fixed" help:"A header, or a key of the body, that is the same when a delivery is sent again: it then starts nothing."`
	Window    int    `json:"window" label:"Accepted for, in minutes" default:"5" min:"1" max:"1440" when:"provider=stripe|slack|standard|custom" form:"fixed,advanced" help:"How old a signed time may be; an older delivery is refused as a replay."`
}

var (
	form       = schema.Of[Settings]()
	secretName = regexp.MustCompile(`^\{\{\s*secrets\.([A-Za-z_][A-Za-z0-9_]*)\s*\}\}$`)
	headerName = regexp.MustCompile("^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$")
)

// Hook is settings that were read.
type Hook struct {
	// Secrets are the names of the secrets that deliveries may be signed with, the usual
	// one first.
	Secrets  []string
	Provider string
	scheme   scheme
	window   time.Duration
}

// Read returns the hook that settings of the card say. The error is schema.Problems, by field.
func Read(settings schema.Values) (*Hook, error) {
	var s Settings
	if err := form.Decode(settings, &s); err != nil {
		return nil, err
	}
	h := &Hook{Provider: s.Provider, window: time.Duration(s.Window) * time.Minute}
	var problems schema.Problems
	wrong := func(field, message string, args ...any) {
		problems = append(problems, schema.Problem{Field: field, Message: fmt.Sprintf(message, args...)})
	}
	for _, x := range [][2]string{{"secret", s.Secret}, {"old_secret", s.OldSecret}} {
		if text := strings.TrimSpace(x[1]); text != "" {
			if m := secretName.FindStringSubmatch(text); m != nil {
				h.Secrets = append(h.Secrets, m[1])
			} else {
				wrong(x[0], "must be a secret and nothing else: {{ secrets.name }}. Keep it under Variables first")
			}
		}
	}
	var known bool
	if h.scheme, known = presets[s.Provider]; !known {
		h.scheme = s.custom(wrong)
	}
	if len(problems) > 0 {
		return nil, problems
	}
	return h, nil
}

// Check says all that is wrong with the settings of the card.
func Check(settings schema.Values) schema.Problems {
	_, err := Read(settings)
	problems, _ := err.(schema.Problems)
	return problems
}

// custom is the scheme of a service that there is no preset for.
func (s Settings) custom(wrong func(field, message string, args ...any)) scheme {
	c := scheme{header: s.Header, prefix: s.Prefix, base64: s.Encoding == "base64", signed: s.Signed, timestamp: s.Timestamp, delivery: s.Delivery, words: s.Header}
	if !headerName.MatchString(s.Header) {
		wrong("header", "must be the name of a header, such as X-Signature")
	}
	if s.Delivery != "" && !strings.HasPrefix(s.Delivery, bodyKey) && !headerName.MatchString(s.Delivery) {
		wrong("delivery", "must be the name of a header, or a key of the body such as body.id")
	}
	if s.Provider == "token" {
		c.token, c.signed, c.timestamp = true, "", ""
		return c
	}
	c.hash = hashes[s.Algorithm]
	if !strings.Contains(s.Signed, "{body}") {
		wrong("signed", "must hold {body}: what does not cover the body proves nothing about it")
	}
	if strings.Contains(s.Signed, "{id}") && !headerName.MatchString(s.Delivery) || strings.Contains(s.Signed, "{id}") && strings.HasPrefix(s.Delivery, bodyKey) {
		wrong("delivery", "must be a header, because {id} is signed")
	}
	switch {
	case s.Timestamp != "" && !headerName.MatchString(s.Timestamp):
		wrong("timestamp", "must be the name of a header, such as X-Timestamp")
	case s.Timestamp == "" && strings.Contains(s.Signed, "{timestamp}"):
		wrong("timestamp", "is needed, because {timestamp} is signed")
	case s.Timestamp != "" && !strings.Contains(s.Signed, "{timestamp}"):
		wrong("signed", "must hold {timestamp}: a time that is not signed can be changed by anybody")
	}
	return c
}
