package web

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"

	"flowdeck/cards/schema"
)

// Cost of a password hash: 19 MiB of memory, two passes, one lane. The numbers
// are stored with each hash, so they can be raised without locking anybody out.
const (
	argonMemory = 19 * 1024 // KiB
	argonTime   = 2
	argonLanes  = 1
	argonKey    = 32
)

// Bounds of a password, in letters.
const (
	minPassword = 10
	maxPassword = 256
)

// hasher computes password hashes, at most one per processor at a time: each
// takes 19 MiB, and a crowd at the sign-in page must not take the machine's memory.
type hasher struct {
	turns   chan struct{}
	unknown func() string // hash compared when there is no such account, so that both take as long
}

func newHasher() *hasher {
	return &hasher{turns: make(chan struct{}, runtime.GOMAXPROCS(0)), unknown: sync.OnceValue(func() string { return HashPassword(rand.Text()) })}
}

// matches reports whether password is the one that was hashed; hash is empty for an unknown account.
func (h *hasher) matches(hash, password string) bool {
	h.turns <- struct{}{}
	defer func() { <-h.turns }()
	if hash == "" {
		passwordMatches(h.unknown(), password)
		return false
	}
	return passwordMatches(hash, password)
}

func (h *hasher) hash(password string) string {
	h.turns <- struct{}{}
	defer func() { <-h.turns }()
	return HashPassword(password)
}

// HashPassword returns the argon2id hash of a password, with its salt and cost.
func HashPassword(password string) string { return hashAt(argonMemory, argonTime, password) }

func hashAt(memory, time uint32, password string) string {
	salt := make([]byte, 16)
	_, _ = rand.Read(salt) // never fails
	key := argon2.IDKey([]byte(password), salt, time, memory, argonLanes, argonKey)
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, memory, time, argonLanes, b64.EncodeToString(salt), b64.EncodeToString(key))
}

func passwordMatches(hash, password string) bool {
	parts := strings.Split(hash, "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		return false
	}
	var memory, time uint32
	var lanes uint8
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &memory, &time, &lanes); err != nil {
		return false
	}
	salt, err := base64.RawStdEncoding.DecodeString(parts[4])
	if err != nil {
		return false
	}
	want, err := base64.RawStdEncoding.DecodeString(parts[5])
	if err != nil || len(want) == 0 {
		return false
	}
	got := argon2.IDKey([]byte(password), salt, time, memory, lanes, uint32(len(want)))
	return subtle.ConstantTimeCompare(got, want) == 1
}

// CheckAccount says what is wrong with a new account's name, email and password.
func CheckAccount(name, email, password string) schema.Problems {
	return append(checkPerson(name, email), checkPassword(email, password)...)
}

func checkPerson(name, email string) schema.Problems {
	var p schema.Problems
	if n := utf8.RuneCountInString(strings.TrimSpace(name)); n == 0 || n > 100 {
		p = append(p, schema.Problem{Field: "name", Message: "Say what people call you, in up to 100 letters."})
	}
	if local, domain, ok := strings.Cut(email, "@"); !ok || local == "" || domain == "" || len(email) > 254 || strings.ContainsAny(email, " \t\r\n<>,;") {
		p = append(p, schema.Problem{Field: "email", Message: "Write an email address, such as maya@example.com."})
	}
	return p
}

func checkPassword(email, password string) schema.Problems {
	n := utf8.RuneCountInString(password)
	switch {
	case n < minPassword:
		return schema.Problems{{Field: "password", Message: fmt.Sprintf("Use at least %d letters. A few unrelated words are good.", minPassword)}}
	case n > maxPassword:
		return schema.Problems{{Field: "password", Message: fmt.Sprintf("Use at most %d letters.", maxPassword)}}
	case strings.EqualFold(password, email), strings.Count(password, password[:1]) == len(password):
		return schema.Problems{{Field: "password", Message: "That one is too easy to guess."}}
	}
	return nil
}
