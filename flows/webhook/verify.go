package webhook

import (
	"bufio"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"hash"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Delivery is what a service sent.
type Delivery struct {
	Header http.Header
	Raw    string // the body as it came
	Value  any    // what it says, read by the type that its sender names
	Form   bool   // that type is a form's
}

// Refusal is why a delivery is not what it claims to be. It says nothing of a secret,
// nor of what a right signature would be.
type Refusal struct {
	Status int // 400 or 401
	Code   string
	Detail string
}

func refuse(status int, code, detail string, args ...any) *Refusal {
	return &Refusal{status, code, fmt.Sprintf(detail, args...)}
}

// mostSignatures bounds what is compared of one delivery.
const mostSignatures = 10

// Verify checks the signature against each secret, and the time it was made at. Nil means
// that the delivery is what it claims to be.
func (h *Hook) Verify(d Delivery, secrets []string, now time.Time) *Refusal {
	s := &h.scheme
	given := strings.TrimSpace(d.Header.Get(s.header))
	if given == "" {
		return refuse(http.StatusBadRequest, "missing_signature", "The header %s is missing.", s.words)
	}
	if s.token {
		return h.token(given, secrets)
	}
	candidates := []string{given}
	switch {
	case s.list:
		_, candidates = listed(given)
	case s.keyed:
		candidates = strings.Fields(given)
	}
	made, no := s.decode(candidates)
	if no != nil {
		return no
	}
	if no := h.fresh(s.stamp(d), now); no != nil {
		return no
	}
	for _, secret := range secrets {
		key, ok := s.key(secret)
		if !ok {
			continue
		}
		mac := hmac.New(s.hash, key)
		s.content(mac, d)
		sum := mac.Sum(nil)
		for _, m := range made {
			if hmac.Equal(m, sum) {
				return nil
			}
		}
	}
	return refuse(http.StatusUnauthorized, "wrong_signature", "The signature in %s does not fit: the secret is another one, or the body was changed on its way.", s.words)
}

// stamp is the time that a delivery says it was sent at.
func (s *scheme) stamp(d Delivery) string {
	if s.list {
		stamp, _ := listed(d.Header.Get(s.header))
		return stamp
	}
	return d.Header.Get(s.timestamp)
}

// content gives a hash what is signed of a delivery, piece by piece: the body may be long.
func (s *scheme) content(to hash.Hash, d Delivery) {
	w := bufio.NewWriter(to)
	_, _ = strings.NewReplacer("{body}", d.Raw, "{timestamp}", s.stamp(d), "{id}", d.Header.Get(s.delivery)).WriteString(w, s.signed)
	_ = w.Flush() // a hash takes everything
}

func (h *Hook) token(given string, secrets []string) *Refusal {
	sum := sha256.Sum256([]byte(given))
	for _, secret := range secrets {
		if want := sha256.Sum256([]byte(secret)); secret != "" && subtle.ConstantTimeCompare(sum[:], want[:]) == 1 {
			return nil
		}
	}
	return refuse(http.StatusUnauthorized, "wrong_token", "The token in %s is not the right one.", h.scheme.words)
}

// listed reads Stripe's header.
func listed(given string) (stamp string, signatures []string) {
	for part := range strings.SplitSeq(given, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		switch name {
		case "t":
			stamp = value
		case "v1":
			signatures = append(signatures, value)
		}
	}
	return stamp, signatures
}

// decode reads the signatures that are written as the scheme has them.
func (s *scheme) decode(candidates []string) (made [][]byte, no *Refusal) {
	for _, c := range candidates[:min(len(candidates), mostSignatures)] {
		text, ok := strings.CutPrefix(c, s.prefix)
		if !ok {
			continue
		}
		var sum []byte
		var err error
		if s.base64 {
			sum, err = base64.StdEncoding.DecodeString(text)
		} else {
			sum, err = hex.DecodeString(text)
		}
		if err == nil && len(sum) == s.hash().Size() {
			made = append(made, sum)
		}
	}
	if len(made) == 0 {
		return nil, refuse(http.StatusBadRequest, "malformed_signature", "The header %s holds no signature of the kind that is expected.", s.words)
	}
	return made, nil
}

// key is the secret as it is used.
func (s *scheme) key(secret string) ([]byte, bool) {
	if secret == "" {
		return nil, false
	}
	if !s.keyed {
		return []byte(secret), true
	}
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	return key, err == nil && len(key) > 0
}

// fresh checks that a signed time is near now.
func (h *Hook) fresh(stamp string, now time.Time) *Refusal {
	if !h.dated() {
		return nil
	}
	at, ok := readTime(stamp)
	switch {
	case stamp == "":
		return refuse(http.StatusBadRequest, "missing_timestamp", "The delivery does not say when it was sent.")
	case !ok:
		return refuse(http.StatusBadRequest, "malformed_timestamp", "When the delivery was sent cannot be read.")
	case now.Sub(at) > h.window:
		return refuse(http.StatusBadRequest, "old_timestamp", "The delivery was sent %s ago, and %s are accepted. It is a replay, or a clock is wrong.", span(now.Sub(at)), span(h.window))
	case at.Sub(now) > h.window:
		return refuse(http.StatusBadRequest, "old_timestamp", "The delivery says it was sent %s from now. A clock is wrong.", span(at.Sub(now)))
	}
	return nil
}

// span is a length of time as people say it. It is rounded a little, and up: what is too
// old is never said to be as old as may be.
func span(d time.Duration) string {
	for _, u := range []struct {
		unit time.Duration
		name string
	}{{24 * time.Hour, "days"}, {time.Hour, "hours"}, {time.Minute, "minutes"}} {
		if d >= 20*u.unit || d >= 2*u.unit && d%u.unit == 0 {
			return fmt.Sprintf("%d %s", (d-1)/u.unit+1, u.name)
		}
	}
	return fmt.Sprintf("%d seconds", (d-1)/time.Second+1)
}

// dated reports whether deliveries say, signed, when they were sent.
func (h *Hook) dated() bool { return strings.Contains(h.scheme.signed, "{timestamp}") }

func readTime(text string) (time.Time, bool) {
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		if n > 100_000_000_000 { // seconds are that many in the year 5138
			return time.UnixMilli(n), true
		}
		return time.Unix(n, 0), true
	}
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t, true
	}
	t, err := http.ParseTime(text)
	return t, err == nil
}
