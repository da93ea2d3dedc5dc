package webhook

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"math"
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"flowdeck/cards/schema"
)

func hook(t *testing.T, settings schema.Values) *Hook {
	t.Helper()
	if settings["secret"] == nil {
		settings["secret"] = "{{ secrets.key }}"
	}
	h, err := Read(settings)
	if err != nil {
		t.Fatalf("Read(%v): %v", settings, err)
	}
	return h
}

func delivery(raw string, headers ...string) Delivery {
	d := Delivery{Header: http.Header{}, Raw: raw}
	for i := 0; i < len(headers); i += 2 {
		d.Header.Set(headers[i], headers[i+1])
	}
	d.Value, _ = schema.DecodeJSONText(raw)
	return d
}

func code(r *Refusal) string {
	if r == nil {
		return ""
	}
	return strconv.Itoa(r.Status) + " " + r.Code
}

// The examples that GitHub, Slack and Standard Webhooks publish with their descriptions.
func TestPublishedExamples(t *testing.T) {
	slackBody := "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
	for _, c := range []struct {
		provider, secret string
		at               int64
		d                Delivery
	}{
		{"github", "It's a Secret to Everybody", 0, delivery("Hello, World!", "X-Hub-Signature-256", "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17")},
		{"slack", "8f742231b10e8888abcd99yyyzzz85a5", 1531420618, delivery(slackBody, "X-Slack-Request-Timestamp", "1531420618", "X-Slack-Signature", "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503")},
		{"standard", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", 1614265330, delivery(`{"test": 2432232314}`, "webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek", "webhook-timestamp", "1614265330",
			"webhook-signature", "v1,AAAA v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE= v2,xyz")},
	} {
		h := hook(t, schema.Values{"provider": c.provider})
		now := time.Unix(c.at, 0)
		if no := h.Verify(c.d, []string{c.secret}, now); no != nil {
			t.Errorf("%s: %+v", c.provider, no)
		}
		if no := h.Verify(c.d, []string{"other", c.secret}, now); no != nil {
			t.Errorf("%s with the secret before it: %+v", c.provider, no)
		}
		wrong := []string{"other"}
		if c.provider == "standard" {
			wrong = []string{"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSx", "not base64!"}
		}
		if no := h.Verify(c.d, wrong, now); code(no) != "401 wrong_signature" {
			t.Errorf("%s with a wrong secret: %+v", c.provider, no)
		}
		if no := h.Verify(c.d, []string{""}, now); code(no) != "401 wrong_signature" {
			t.Errorf("%s with an empty secret: %+v", c.provider, no)
		}
		changed := c.d
		changed.Raw += " "
		if no := h.Verify(changed, []string{c.secret}, now); code(no) != "401 wrong_signature" {
			t.Errorf("%s with another body: %+v", c.provider, no)
		}
		want := ""
		if c.at != 0 {
			want = "400 old_timestamp"
		}
		for _, late := range []time.Duration{6 * time.Minute, -6 * time.Minute} {
			if no := h.Verify(c.d, []string{c.secret}, now.Add(late)); code(no) != want {
				t.Errorf("%s after %s: %+v, want %q", c.provider, late, no, want)
			}
		}
		unsigned := delivery(c.d.Raw)
		if no := h.Verify(unsigned, []string{c.secret}, now); code(no) != "400 missing_signature" {
			t.Errorf("%s without a signature: %+v", c.provider, no)
		}
	}
}

// TestOldTimesAreSaidInWords: whoever reads them knows no durations of Go.
func TestOldTimesAreSaidInWords(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	for window, all := range map[int]map[time.Duration]string{
		5: {
			5*time.Minute + time.Second:  "sent 301 seconds ago, and 5 minutes are accepted",
			66*time.Minute + time.Second: "sent 67 minutes ago, and 5 minutes are accepted",
			72 * time.Hour:               "sent 3 days ago, and 5 minutes are accepted",
			-10 * time.Hour:              "10 hours from now",
			math.MinInt64:                "106752 days from now",
			math.MaxInt64:                "sent 106752 days ago",
		},
		1:   {90 * time.Second: "sent 90 seconds ago, and 60 seconds are accepted"},
		150: {3 * time.Hour: "sent 3 hours ago, and 150 minutes are accepted"},
	} {
		h := hook(t, schema.Values{"provider": "stripe", "window": window})
		for late, want := range all {
			stamp := strconv.FormatInt(now.Unix()-int64(late/time.Second), 10)
			d := delivery("{}", "Stripe-Signature", "t="+stamp+",v1="+hex.EncodeToString(sum256("k", stamp+".{}")))
			if no := h.Verify(d, []string{"k"}, now); no == nil || !strings.Contains(no.Detail, want) {
				t.Errorf("a delivery of %s before, with %d minutes accepted: %+v, want %q", late, window, no, want)
			}
		}
	}
}

func sum256(secret, text string) []byte {
	m := hmac.New(sha256.New, []byte(secret))
	m.Write([]byte(text))
	return m.Sum(nil)
}

func TestOtherSchemes(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	stamp := "1800000000"
	sha1Sum := hmac.New(sha1.New, []byte("k"))
	sha1Sum.Write([]byte("2027-01-15T08:00:00Z|a"))
	for _, c := range []struct {
		name     string
		settings schema.Values
		d        Delivery
		want     string
	}{
		{"stripe", schema.Values{"provider": "stripe"}, delivery("{}", "Stripe-Signature", "t="+stamp+",v1=00,v1="+hex.EncodeToString(sum256("k", stamp+".{}"))+",v0=11"), ""},
		{"stripe without a time", schema.Values{"provider": "stripe"}, delivery("{}", "Stripe-Signature", "v1="+hex.EncodeToString(sum256("k", ".{}"))), "400 missing_timestamp"},
		{"stripe without a signature", schema.Values{"provider": "stripe"}, delivery("{}", "Stripe-Signature", "t="+stamp), "400 malformed_signature"},
		{"stripe with a time that is none", schema.Values{"provider": "stripe"}, delivery("{}", "Stripe-Signature", "t=soon,v1="+hex.EncodeToString(sum256("k", "soon.{}"))), "400 malformed_timestamp"},
		{"stripe with a time that was changed", schema.Values{"provider": "stripe"}, delivery("{}", "Stripe-Signature", "t=1800000001,v1="+hex.EncodeToString(sum256("k", stamp+".{}"))), "401 wrong_signature"},
		{"shopify", schema.Values{"provider": "shopify"}, delivery("{}", "X-Shopify-Hmac-SHA256", base64.StdEncoding.EncodeToString(sum256("k", "{}"))), ""},
		{"shopify in hexadecimal", schema.Values{"provider": "shopify"}, delivery("{}", "X-Shopify-Hmac-SHA256", hex.EncodeToString(sum256("k", "{}"))), "400 malformed_signature"},
		{"github without its prefix", schema.Values{"provider": "github"}, delivery("{}", "X-Hub-Signature-256", hex.EncodeToString(sum256("k", "{}"))), "400 malformed_signature"},
		{"own, upper case", schema.Values{"provider": "custom", "header": "x-sig"}, delivery("a{timestamp}", "X-Sig", strings.ToUpper(hex.EncodeToString(sum256("k", "a{timestamp}")))), ""},
		{"own, SHA-1 over a date", schema.Values{"provider": "custom", "header": "X-Sig", "algorithm": "sha1", "encoding": "base64", "prefix": "s1 ", "signed": "{timestamp}|{body}", "timestamp": "X-At"},
			delivery("a", "X-Sig", "s1 "+base64.StdEncoding.EncodeToString(sha1Sum.Sum(nil)), "X-At", "2027-01-15T08:00:00Z"), ""},
		{"own, milliseconds", schema.Values{"provider": "custom", "header": "X-Sig", "signed": "{timestamp}{body}", "timestamp": "X-At"},
			delivery("a", "X-Sig", hex.EncodeToString(sum256("k", stamp+"000a")), "X-At", stamp+"000"), ""},
		{"own, a date as headers have it", schema.Values{"provider": "custom", "header": "X-Sig", "signed": "{timestamp}{body}", "timestamp": "Date"},
			delivery("a", "X-Sig", hex.EncodeToString(sum256("k", "Fri, 15 Jan 2027 08:00:00 GMTa")), "Date", "Fri, 15 Jan 2027 08:00:00 GMT"), ""},
		{"token", schema.Values{"provider": "token", "header": "X-Gitlab-Token"}, delivery("a", "X-Gitlab-Token", "k"), ""},
		{"wrong token", schema.Values{"provider": "token", "header": "X-Gitlab-Token"}, delivery("a", "X-Gitlab-Token", "kk"), "401 wrong_token"},
		{"no token", schema.Values{"provider": "token", "header": "X-Gitlab-Token"}, delivery("a"), "400 missing_signature"},
	} {
		if no := hook(t, c.settings).Verify(c.d, []string{"k"}, now); code(no) != c.want {
			t.Errorf("%s: %+v, want %q", c.name, no, c.want)
		}
	}
}

func TestWhichDeliveryItIs(t *testing.T) {
	for _, c := range []struct {
		settings  schema.Values
		d         Delivery
		id, event string
		known     bool
	}{
		{schema.Values{"provider": "github"}, delivery(`{}`, "X-GitHub-Delivery", "72d3162e", "X-GitHub-Event", "push"), "72d3162e", "push", true},
		{schema.Values{"provider": "stripe"}, delivery(`{"id":"evt_1","type":"invoice.paid"}`, "Stripe-Signature", "t=1"), "evt_1", "invoice.paid", true},
		{schema.Values{"provider": "slack"}, delivery(`{"event_id":"Ev1","event":{"type":"message"}}`), "Ev1", "message", true},
		{schema.Values{"provider": "slack"}, delivery(`payload=1`, "X-Slack-Signature", "v0=1"), "", "", true},
		{schema.Values{"provider": "shopify"}, delivery(`{}`, "X-Shopify-Webhook-Id", "w1", "X-Shopify-Topic", "orders/create"), "w1", "orders/create", true},
		{schema.Values{"provider": "token", "header": "X-T", "delivery": "body.number"}, delivery(`{"number":7}`), "7", "", true},
		{schema.Values{"provider": "token", "header": "X-T"}, delivery(`{}`), "", "", false},
	} {
		h := hook(t, c.settings)
		if id, event, known := h.ID(c.d), h.Event(c.d), h.Name(c.d) != ""; id != c.id || event != c.event || known != c.known {
			t.Errorf("%v: id %q, event %q, known %v; want %q, %q, %v", c.settings, id, event, known, c.id, c.event, c.known)
		}
	}
}

// TestASignatureWrittenOtherwiseIsTheSameDelivery has deliveries without an id as they
// may be sent again by somebody who cannot sign.
func TestASignatureWrittenOtherwiseIsTheSameDelivery(t *testing.T) {
	now, stamp := time.Unix(1_800_000_000, 0), "1800000000"
	older, newer := hex.EncodeToString(sum256("old", stamp+".a")), hex.EncodeToString(sum256("new", stamp+".a"))
	slack := "v0=" + hex.EncodeToString(sum256("new", "v0:"+stamp+":a"))
	stripe := func(signature string) Delivery { return delivery("a", "Stripe-Signature", signature) }
	custom := func(signature, at string) Delivery { return delivery("a", "X-Sig", signature, "X-At", at) }
	own := schema.Values{"provider": "custom", "header": "X-Sig", "signed": "{timestamp}.{body}", "timestamp": "X-At"}
	for _, c := range []struct {
		about       string
		settings    schema.Values
		first, then Delivery
	}{
		{"in capitals", own, custom(newer, stamp), custom(strings.ToUpper(newer), stamp)},
		{"with a space", own, custom(newer, stamp), custom(newer+" ", stamp)},
		{"Slack's in capitals", schema.Values{"provider": "slack"}, delivery("a", "X-Slack-Request-Timestamp", stamp, "X-Slack-Signature", slack),
			delivery("a", "X-Slack-Request-Timestamp", stamp, "X-Slack-Signature", "v0="+strings.ToUpper(slack[3:]))},
		{"in another order", schema.Values{"provider": "stripe"}, stripe("t=" + stamp + ",v1=" + newer), stripe("v1=" + newer + ",t=" + stamp + ",v0=00")},
		{"one of two secrets", schema.Values{"provider": "stripe"}, stripe("t=" + stamp + ",v1=" + newer + ",v1=" + older), stripe("t=" + stamp + ",v1=" + older)},
	} {
		h := hook(t, c.settings)
		for _, d := range []Delivery{c.first, c.then} {
			if no := h.Verify(d, []string{"new", "old"}, now); no != nil {
				t.Fatalf("%s: %+v", c.about, no)
			}
		}
		if got, want := h.Name(c.then), h.Name(c.first); got != want || got == "" {
			t.Errorf("%s: the name is %q, want %q", c.about, got, want)
		}
	}
	later := strconv.FormatInt(now.Unix()+1, 10)
	h := hook(t, own)
	if a, b := h.Name(custom(newer, stamp)), h.Name(custom(hex.EncodeToString(sum256("new", later+".a")), later)); a == b {
		t.Errorf("two deliveries of different times are both %q", a)
	}
}

// TestABodyIsNotCopiedToCheckIt: what is signed is made of it anew for each secret and for
// the name, and bodies may be long.
func TestABodyIsNotCopiedToCheckIt(t *testing.T) {
	now, stamp, body := time.Unix(1_800_000_000, 0), "1800000000", strings.Repeat("x", 4<<20)
	h := hook(t, schema.Values{"provider": "custom", "header": "X-Sig", "signed": "{timestamp}.{body}", "timestamp": "X-At"})
	d := delivery(body, "X-Sig", hex.EncodeToString(sum256("old", stamp+"."+body)), "X-At", stamp)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	no, name := h.Verify(d, []string{"new", "old"}, now), h.Name(d)
	runtime.ReadMemStats(&after)
	if no != nil || name == "" {
		t.Fatalf("it is %q, %+v", name, no)
	}
	if took := after.TotalAlloc - before.TotalAlloc; took > 1<<20 {
		t.Errorf("a delivery of %d bytes took %d bytes to check", len(body), took)
	}
}

func TestWhatIsWrongIsSaidAtTheField(t *testing.T) {
	for _, c := range []struct {
		settings schema.Values
		field    string
	}{
		{schema.Values{"provider": "github", "secret": "typed"}, "secret"},
		{schema.Values{"provider": "github", "secret": "{{ secrets.a }}{{ secrets.b }}"}, "secret"},
		{schema.Values{"provider": "github", "secret": ""}, "secret"},
		{schema.Values{"provider": "bitbucket"}, "provider"},
		{schema.Values{"provider": "custom"}, "header"},
		{schema.Values{"provider": "custom", "header": "X Sig"}, "header"},
		{schema.Values{"provider": "custom", "header": "X-Sig", "signed": "{timestamp}"}, "signed"},
		{schema.Values{"provider": "custom", "header": "X-Sig", "signed": "{timestamp}{body}"}, "timestamp"},
		{schema.Values{"provider": "custom", "header": "X-Sig", "timestamp": "X-At"}, "signed"},
		{schema.Values{"provider": "custom", "header": "X-Sig", "signed": "{id}{body}", "delivery": "body.id"}, "delivery"},
		{schema.Values{"provider": "token", "header": "X-T", "delivery": "a b"}, "delivery"},
	} {
		if _, there := c.settings["secret"]; !there {
			c.settings["secret"] = "{{ secrets.key }}"
		}
		_, err := Read(c.settings)
		var problems schema.Problems
		if !errors.As(err, &problems) || problems[0].Field != c.field {
			t.Errorf("Read(%v) = %v, want a problem at %s", c.settings, err, c.field)
		}
	}
}
