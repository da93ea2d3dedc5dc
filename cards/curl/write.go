package curl

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Request is a request that was recorded, its secrets masked.
type Request struct {
	Method, URL string
	Headers     []Pair // in the order in which they were sent
	Body        string
	Size        int64  // of the body that was sent, in bytes
	Mask        string // what stands where a secret was
	Account     string // name of the connection whose secrets they are; may be ""
}

// Written is a request as a command.
type Written struct {
	Text      string
	Variables []string // that have to be set first, in the order in which they appear
	Notes     []string // what the command cannot say; whole sentences
}

// keptBody is how much of a body a record keeps, in bytes.
const keptBody = 64 << 10

// writer is a command while it is written.
type writer struct {
	Written
	Request
	words []string
}

// Write returns r as a command for bash and curl. What was masked becomes a
// variable of the shell that is named after the connection.
func Write(r Request) Written {
	w := &writer{Request: r}
	w.line("curl")
	w.method()
	if strings.ContainsAny(r.URL, "[]{}") {
		w.words[0] += " --globoff"
	}
	if strings.Contains(r.URL, "/.") {
		w.words[0] += " --path-as-is"
	}
	w.line(w.quote(r.URL, w.urlVariable))
	w.headers()
	w.body()
	w.Text = strings.Join(w.words, " \\\n  ")
	return w.Written
}

func (w *writer) line(text string) { w.words = append(w.words, text) }

func (w *writer) hasBody() bool { return w.Body != "" || w.Size > 0 }

func (w *writer) method() {
	switch {
	case w.Method == "GET" && !w.hasBody():
	case w.Method == "HEAD" && !w.hasBody():
		w.words[0] += " --head"
	default:
		w.words[0] += " -X " + bare(w.Method)
	}
}

// headers writes what was sent, and takes away what curl would add.
func (w *writer) headers() {
	has := map[string]bool{}
	host := ""
	if u, err := url.Parse(w.URL); err == nil {
		host = u.Host
	}
	for _, h := range w.Headers {
		lower := strings.ToLower(h.Name)
		has[lower] = true
		switch {
		case lower == "content-length", lower == "host" && h.Value == host:
		case h.Value == "":
			w.line("-H " + w.quote(h.Name+";", w.headerVariable(h)))
		default:
			w.line("-H " + w.quote(h.Name+": "+h.Value, w.headerVariable(h)))
		}
	}
	if has["accept-encoding"] {
		w.words[0] += " --compressed"
	}
	for _, name := range []string{"User-Agent", "Accept"} {
		if !has[strings.ToLower(name)] {
			w.line("-H '" + name + ":'")
		}
	}
	if w.hasBody() && !has["content-type"] {
		w.line("-H 'Content-Type:'")
	}
}

// body writes the body, or the name of the file that has to hold it.
func (w *writer) body() {
	if !w.hasBody() {
		return
	}
	masked := w.Mask != "" && strings.Contains(w.Body, w.Mask)
	switch {
	case w.Body == fmt.Sprintf("(%d bytes that are not text)", w.Size):
		w.file("is not text and is not kept")
	case w.Size > keptBody, w.Size > int64(len(w.Body)) && !masked:
		w.file("is longer than what is kept of it")
	case strings.ContainsRune(w.Body, 0):
		w.file("holds a character that no command line can hold")
	default:
		w.line("--data-raw " + w.quote(w.Body, func(string) string { return "SECRET" }))
	}
}

func (w *writer) file(why string) {
	w.line("--data-binary @body")
	w.Notes = append(w.Notes, fmt.Sprintf("The body (%d bytes) %s: put it into a file called body.", w.Size, why))
}

// quote writes text as one word of the shell; after says what a secret is
// called by the text before it.
func (w *writer) quote(text string, after func(before string) string) string {
	if w.Mask == "" {
		return Quote(text)
	}
	parts := strings.Split(text, w.Mask)
	var b strings.Builder
	before := ""
	for i, part := range parts {
		if part != "" || len(parts) == 1 {
			b.WriteString(Quote(part))
		}
		before += part
		if i < len(parts)-1 {
			name := variable(w.Account, after(before))
			if !slices.Contains(w.Variables, name) {
				w.Variables = append(w.Variables, name)
			}
			b.WriteString(`"$` + name + `"`)
		}
	}
	return b.String()
}

func (w *writer) headerVariable(h Pair) func(string) string {
	return func(string) string {
		scheme, _, _ := strings.Cut(h.Value, " ")
		switch {
		case !strings.HasSuffix(strings.ToLower(h.Name), "authorization"):
			return h.Name
		case sameName(scheme, "basic"):
			return "BASIC"
		}
		return "TOKEN"
	}
}

var lastKey = regexp.MustCompile(`[?&]([^?&=]+)=[^?&=]*$`)

func (w *writer) urlVariable(before string) string {
	if m := lastKey.FindStringSubmatch(before); m != nil {
		return m[1]
	}
	if strings.HasSuffix(before, ":") {
		return "PASSWORD"
	}
	return "SECRET"
}

var notName = regexp.MustCompile(`[^A-Z0-9]+`)

// variable is the name of a shell variable made of words.
func variable(words ...string) string {
	name := strings.Trim(notName.ReplaceAllString(strings.ToUpper(strings.Join(words, "_")), "_"), "_")
	if name == "" || name[0] >= '0' && name[0] <= '9' {
		name = "_" + name
	}
	return name
}

// bare writes a word without quotes when it needs none.
func bare(text string) string {
	if text != "" && !strings.ContainsFunc(text, func(r rune) bool {
		return r != '-' && r != '_' && (r < '0' || r > '9') && (r|0x20 < 'a' || r|0x20 > 'z')
	}) {
		return text
	}
	return Quote(text)
}

// Quote writes text as one word of bash. Control characters, other than line
// breaks and tabs, and bytes that are not UTF-8 are written as escapes.
func Quote(text string) string {
	if utf8.ValidString(text) && !strings.ContainsFunc(text, func(r rune) bool { return r < ' ' && r != '\n' && r != '\t' || r == 0x7f }) {
		return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
	}
	var b strings.Builder
	b.WriteString("$'")
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case r == utf8.RuneError && size == 1, r < ' ' || r == 0x7f:
			fmt.Fprintf(&b, `\%03o`, text[i])
		case r == '\'' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		default:
			b.WriteString(text[i : i+size])
		}
		i += size
	}
	return b.String() + "'"
}
