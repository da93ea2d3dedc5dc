// Package curl reads curl commands that people paste, and writes requests as curl
// commands that people can run.
//
// It is pure: it opens no file, asks no server and knows no card. What a command
// says of signing in is kept apart from the rest, so that nobody stores it by
// accident.
package curl

import (
	"fmt"
	"time"
)

// Command is the one request that a command line would send.
type Command struct {
	Method  string
	URL     string // whole, with its scheme, without user and fragment
	Headers []Pair // in order; without sign-in and without what a client works out itself
	Body    Body
	SignIn  SignIn
	Timeout time.Duration // of the whole call; 0 when the command names none
	Connect time.Duration // of connecting; 0 when the command names none
	Notes   []string      // what was not taken over, and why; whole sentences
}

// Pair is a name with its value.
type Pair struct{ Name, Value string }

// Kind says what a body is.
type Kind string

// The kinds of body.
const (
	None      Kind = ""
	JSON      Kind = "json"      // Text is valid JSON
	Form      Kind = "form"      // Fields, sent as application/x-www-form-urlencoded
	Multipart Kind = "multipart" // Parts
	Text      Kind = "text"      // Text, with a Content-Type among the headers unless it is plain
)

// Body is what a command sends.
type Body struct {
	Kind   Kind
	Text   string // of JSON and Text; of Form the body as it was written
	Fields []Pair // of Form
	Parts  []Part // of Multipart
}

// Part is one part of a multipart body.
type Part struct {
	Name  string
	Value string // "" when it is a file
	File  string // path of the file that the command reads
	Type  string // media type, when the command names one
}

// SignIn is every credential in a command. Its zero value is none.
type SignIn struct {
	User, Password string // of -u, of the URL, or of a Basic header
	Digest         bool   // the command asks for Digest instead of Basic
	Headers        []Pair // such as Authorization, X-Api-Key or Cookie
	Query          []Pair // such as access_token
}

// Empty reports whether the command has no credential.
func (s SignIn) Empty() bool {
	return s.User == "" && s.Password == "" && len(s.Headers) == 0 && len(s.Query) == 0
}

// Header returns the first value of a header, which may be written in any case.
func (c *Command) Header(name string) (string, bool) {
	for _, h := range c.Headers {
		if sameName(h.Name, name) {
			return h.Value, true
		}
	}
	return "", false
}

// Error says what is wrong with a command and where.
type Error struct {
	At      int // byte of the command at which it is wrong
	Message string
}

func (e *Error) Error() string { return e.Message }

func wrong(at int, format string, args ...any) error {
	return &Error{At: at, Message: fmt.Sprintf(format, args...)}
}

// MaxCommand is the longest command that Parse takes, in bytes.
const MaxCommand = 1 << 20
