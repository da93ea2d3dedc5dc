package curl

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// word is one word of a command line, as the shell hands it to the program.
type word struct {
	text string
	at   int // byte at which it begins
}

// lexer cuts a command line into words as bash does.
type lexer struct {
	src   string
	pos   int
	words []word
	notes []string
}

// split returns the words of src. Shell variables stay as they are written.
func split(src string) ([]word, []string, error) {
	l := &lexer{src: src}
	for l.space() {
		if l.over() {
			break
		}
		if err := l.word(); err != nil {
			return nil, nil, err
		}
	}
	return l.words, l.notes, nil
}

// space skips what stands between words and reports whether something follows.
func (l *lexer) space() bool {
	for l.pos < len(l.src) {
		rest := l.src[l.pos:]
		switch {
		case strings.ContainsRune(" \t\r", rune(rest[0])):
			l.pos++
		case rest[0] == '\n':
			if len(l.words) > 0 {
				return l.nextLine()
			}
			l.pos++
		case strings.HasPrefix(rest, "\\\n"):
			l.pos += 2
		case strings.HasPrefix(rest, "\\\r\n"):
			l.pos += 3
		case strings.HasPrefix(rest, "^\n"), strings.HasPrefix(rest, "^\r\n"):
			l.pos += strings.IndexByte(rest, '\n') + 1
			l.note("The command was written for the Windows prompt. Its ^ at the ends of lines were read as line breaks; check the quotes.")
		case rest[0] == '#':
			if i := strings.IndexByte(rest, '\n'); i >= 0 {
				l.pos += i
			} else {
				l.pos = len(l.src)
			}
		default:
			return true
		}
	}
	return false
}

// nextLine goes on with a line that a forgotten backslash cut off: it belongs to
// the command when it begins with an option.
func (l *lexer) nextLine() bool {
	rest := strings.TrimLeft(l.src[l.pos:], " \t\r\n")
	if !strings.HasPrefix(rest, "-") {
		if rest != "" {
			l.note("Only the first command was read; what follows on further lines was left out.")
		}
		l.pos = len(l.src)
		return false
	}
	l.pos = len(l.src) - len(rest)
	return true
}

// over reports whether the shell ends the command here: a pipe, a redirection.
func (l *lexer) over() bool {
	switch l.src[l.pos] {
	case '|', '>', ';', '<':
	case '&':
		if !strings.HasPrefix(l.src[l.pos:], "&&") && !strings.HasPrefix(l.src[l.pos:], "&>") {
			return false // the word reader says what is wrong with it
		}
	default:
		return false
	}
	l.note("What comes after " + string(l.src[l.pos]) + " is done by the shell, not by curl, and was left out.")
	return true
}

func (l *lexer) note(text string) {
	if len(l.notes) < maxNotes && !slices.Contains(l.notes, text) {
		l.notes = append(l.notes, text)
	}
}

// word reads one word with its quotes.
func (l *lexer) word() error {
	var b strings.Builder
	begin := l.pos
	for l.pos < len(l.src) {
		c := l.src[l.pos]
		switch {
		case c == '\'':
			end := strings.IndexByte(l.src[l.pos+1:], '\'')
			if end < 0 {
				return wrong(l.pos, "the ' that begins here is not closed")
			}
			b.WriteString(l.src[l.pos+1 : l.pos+1+end])
			l.pos += end + 2
		case c == '"':
			if err := l.double(&b); err != nil {
				return err
			}
		case strings.HasPrefix(l.src[l.pos:], "$'"):
			if err := l.ansi(&b); err != nil {
				return err
			}
		case strings.HasPrefix(l.src[l.pos:], "$\""):
			l.pos++
		case strings.HasPrefix(l.src[l.pos:], "$(") || c == '`':
			return wrong(l.pos, "the shell would run a command here; put its result in its place")
		case c == '\\':
			l.escaped(&b)
		case c == '&':
			return wrong(l.pos, "an & outside of quotes ends the command for the shell; put the address into quotes")
		case strings.HasPrefix(l.src[l.pos:], "^\n"), strings.HasPrefix(l.src[l.pos:], "^\r\n"), strings.IndexByte(" \t\r\n|;<>", c) >= 0:
			if number := l.src[begin:l.pos]; (c == '<' || c == '>') && strings.Trim(number, "0123456789") == "" {
				return nil // 2>file: which of the shell's files it is
			}
			l.words = append(l.words, word{b.String(), begin})
			return nil
		case c == '$':
			l.variable(&b)
		default:
			b.WriteByte(c)
			l.pos++
		}
	}
	l.words = append(l.words, word{b.String(), begin})
	return nil
}

// escaped reads a backslash outside of quotes.
func (l *lexer) escaped(b *strings.Builder) {
	rest := l.src[l.pos+1:]
	switch {
	case strings.HasPrefix(rest, "\r\n"):
		l.pos += 3
	case strings.HasPrefix(rest, "\n"):
		l.pos += 2
	case rest == "":
		b.WriteByte('\\')
		l.pos++
	default:
		b.WriteByte(rest[0])
		l.pos += 2
	}
}

// double reads "…".
func (l *lexer) double(b *strings.Builder) error {
	begin := l.pos
	for l.pos++; l.pos < len(l.src); {
		c := l.src[l.pos]
		switch {
		case c == '"':
			l.pos++
			return nil
		case strings.HasPrefix(l.src[l.pos:], "$(") || c == '`':
			return wrong(l.pos, "the shell would run a command here; put its result in its place")
		case c == '$':
			l.variable(b)
		case c == '\\' && l.pos+1 < len(l.src):
			next := l.src[l.pos+1]
			switch next {
			case '$', '`', '"', '\\':
				b.WriteByte(next)
			case '\n':
			default:
				b.WriteByte('\\')
				b.WriteByte(next)
			}
			l.pos += 2
		default:
			b.WriteByte(c)
			l.pos++
		}
	}
	return wrong(begin, "the \" that begins here is not closed")
}

// variable keeps $NAME as it is written, and says so.
func (l *lexer) variable(b *strings.Builder) {
	name := variableName(l.src[l.pos+1:])
	if name == "" {
		b.WriteByte('$')
		l.pos++
		return
	}
	l.note("$" + name + " is a variable of the shell; its value is not in the command, so fill it in.")
	size := 1 + len(name)
	if strings.HasPrefix(l.src[l.pos:], "${") {
		size += 2
	}
	b.WriteString(l.src[l.pos : l.pos+size])
	l.pos += size
}

// variableName is the name in NAME… or {NAME}…, or "".
func variableName(s string) string {
	inner, braced := strings.CutPrefix(s, "{")
	n := 0
	for n < len(inner) && (inner[n] == '_' || inner[n]|0x20 >= 'a' && inner[n]|0x20 <= 'z' || n > 0 && inner[n] >= '0' && inner[n] <= '9') {
		n++
	}
	if n == 0 || braced && !strings.HasPrefix(inner[n:], "}") {
		return ""
	}
	return inner[:n]
}

// simple are the escapes of $'…' that stand for one character.
var simple = map[byte]byte{'a': 7, 'b': 8, 'e': 27, 'E': 27, 'f': 12, 'n': '\n', 'r': '\r', 't': '\t', 'v': 11, '\\': '\\', '\'': '\'', '"': '"', '?': '?'}

// ansi reads $'…'.
func (l *lexer) ansi(b *strings.Builder) error {
	begin := l.pos
	for l.pos += 2; l.pos < len(l.src); {
		c := l.src[l.pos]
		switch {
		case c == '\'':
			l.pos++
			return nil
		case c == '\\' && l.pos+1 < len(l.src):
			if err := l.ansiEscape(b); err != nil {
				return err
			}
		default:
			b.WriteByte(c)
			l.pos++
		}
	}
	return wrong(begin, "the $' that begins here is not closed")
}

func (l *lexer) ansiEscape(b *strings.Builder) error {
	at, c := l.pos, l.src[l.pos+1]
	l.pos += 2
	if plain, ok := simple[c]; ok {
		b.WriteByte(plain)
		return nil
	}
	switch c {
	case 'x':
		b.WriteByte(byte(l.digits(16, 2)))
	case 'u', 'U':
		n := 4
		if c == 'U' {
			n = 8
		}
		r := l.digits(16, n)
		if r > utf8.MaxRune {
			return wrong(at, "there is no such character")
		}
		b.WriteRune(rune(r))
	case 'c':
		if l.pos < len(l.src) {
			b.WriteByte(l.src[l.pos] & 0x1f)
			l.pos++
		}
	case '0', '1', '2', '3', '4', '5', '6', '7':
		l.pos--
		b.WriteByte(byte(l.digits(8, 3)))
	default:
		b.WriteByte('\\')
		b.WriteByte(c)
	}
	return nil
}

// digits reads up to n digits of that base; none are 0.
func (l *lexer) digits(base, n int) uint64 {
	end := l.pos
	for end < len(l.src) && end-l.pos < n {
		if _, err := strconv.ParseUint(l.src[end:end+1], base, 8); err != nil {
			break
		}
		end++
	}
	v, _ := strconv.ParseUint(l.src[l.pos:end], base, 64)
	l.pos = end
	return v
}
