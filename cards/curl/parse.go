package curl

import (
	"encoding/base64"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// parser is a command while it is read.
type parser struct {
	Command
	method   string
	urls     []word
	pieces   []piece
	inQuery  bool // -G
	head     bool // -I
	plain    bool // -g: brackets in the address are brackets
	jsonFlag bool
	missing  bool // a body that stands in a file
}

// Parse reads one curl command as a shell such as bash would hand it to curl.
// The error is an *Error with the place at which the command is wrong.
func Parse(command string) (Command, error) {
	if len(command) > MaxCommand {
		return Command{}, wrong(MaxCommand, "the command is longer than 1 MiB; leave the body out and paste it into the card")
	}
	words, notes, err := split(command)
	if err != nil {
		return Command{}, err
	}
	if len(words) > 0 && words[0].text == "$" { // copied with the prompt
		words = words[1:]
	}
	if len(words) == 0 {
		return Command{}, wrong(0, "paste a command that begins with curl")
	}
	if name := path.Base(strings.ToLower(words[0].text)); name != "curl" && name != "curl.exe" {
		return Command{}, wrong(words[0].at, "the command must begin with curl")
	}
	p := &parser{}
	p.Notes = notes
	if err := p.read(words[1:]); err != nil {
		return Command{}, err
	}
	if err := p.finish(words[0].at + len(words[0].text)); err != nil {
		return Command{}, err
	}
	return p.Command, nil
}

// read goes through the words behind curl.
func (p *parser) read(words []word) error {
	for i := 0; i < len(words); i++ {
		w := words[i]
		switch {
		case w.text == "--":
			for _, rest := range words[i+1:] {
				p.urls = append(p.urls, rest)
			}
			return nil
		case len(w.text) < 2 || w.text[0] != '-':
			p.urls = append(p.urls, w)
		case strings.HasPrefix(w.text, "--"):
			if w.text == "--next" {
				p.note("Only the first request of the command was read; what follows --next was left out.")
				return nil
			}
			used, err := p.long(w, words[i+1:])
			if err != nil {
				return err
			}
			i += used
		default:
			used, err := p.letters(w, words[i+1:])
			if err != nil {
				return err
			}
			i += used
		}
	}
	return nil
}

// long reads an option such as --header and returns how many words it took.
func (p *parser) long(w word, rest []word) (int, error) {
	name, value, joined := strings.Cut(strings.TrimPrefix(w.text, "--"), "=")
	o, known := options[name]
	if !known && strings.HasPrefix(name, "no-") {
		if _, known = options[strings.TrimPrefix(name, "no-")]; known {
			return 0, nil
		}
	}
	switch {
	case !known:
		return 0, wrong(w.at, "--%s is not an option of curl that can be read here; remove it", name)
	case !o.takes:
		return 0, p.use(o, "--"+name, word{"", w.at})
	case joined:
		return 0, p.use(o, "--"+name, word{value, w.at})
	case len(rest) == 0:
		return 0, wrong(w.at, "--%s needs a value after it", name)
	}
	return 1, p.use(o, "--"+name, rest[0])
}

// letters reads options such as -sSXPOST and returns how many words they took.
func (p *parser) letters(w word, rest []word) (int, error) {
	for i := 1; i < len(w.text); i++ {
		shown := "-" + w.text[i:i+1]
		o, known := options[short[w.text[i]]]
		switch {
		case !known:
			return 0, wrong(w.at, "%s is not an option of curl that can be read here; remove it", strconv.QuoteToASCII(shown)[1:len(strconv.QuoteToASCII(shown))-1])
		case !o.takes:
			if err := p.use(o, shown, word{"", w.at}); err != nil {
				return 0, err
			}
			continue
		case i+1 < len(w.text):
			return 0, p.use(o, shown, word{w.text[i+1:], w.at})
		case len(rest) == 0:
			return 0, wrong(w.at, "%s needs a value after it", shown)
		}
		return 1, p.use(o, shown, rest[0])
	}
	return 0, nil
}

func (p *parser) use(o option, shown string, w word) error {
	if o.note != "" {
		p.note(shown + " was not taken over: " + o.note + ".")
	}
	if o.apply == nil {
		return nil
	}
	name := strings.TrimPrefix(shown, "--")
	if len(shown) == 2 {
		name = short[shown[1]]
	}
	return o.apply(p, w, name)
}

// maxNotes bounds what is said about a command.
const maxNotes = 40

func (p *parser) note(text string) {
	if len(p.Notes) < maxNotes && !slices.Contains(p.Notes, text) {
		p.Notes = append(p.Notes, text)
	}
}

func (p *parser) address(w word, _ string) error { p.urls = append(p.urls, w); return nil }

func (p *parser) seconds(w word, name string) error {
	n, err := strconv.ParseFloat(w.text, 64)
	if err != nil || n < 0 || n > 1e6 {
		return wrong(w.at, "--%s needs a number of seconds, such as 10 or 2.5", name)
	}
	d := time.Duration(n * float64(time.Second))
	if name == "max-time" {
		p.Timeout = d
	} else {
		p.Connect = d
	}
	return nil
}

func (p *parser) user(w word, _ string) error {
	user, password, whole := strings.Cut(w.text, ":")
	if p.named(user, whole && password == ""); password != "" {
		p.SignIn.Password = password
	}
	return nil
}

func (p *parser) upload(w word, _ string) error {
	if p.method == "" {
		p.method = "PUT"
	}
	p.missing = true
	p.note("-T reads the file " + w.text + ", which is not here: fill the body in.")
	return nil
}

// several finds what curl would make several requests of.
var several = regexp.MustCompile(`\[[0-9A-Za-z]+-[0-9A-Za-z]+(:[0-9]+)?\]|\{[^{}]*,[^{}]*\}`)

// finish puts together what the options said; end is where an address is missing.
func (p *parser) finish(end int) error {
	if len(p.urls) == 0 {
		return wrong(end, "the command names no address")
	}
	if len(p.urls) > 1 {
		return wrong(p.urls[1].at, "this is a second address; one card sends one request, so import them one by one (a value with spaces needs quotes)")
	}
	w := p.urls[0]
	if at := several.FindStringIndex(w.text); at != nil && !p.plain && !strings.HasPrefix(w.text[at[0]:], "{{") {
		return wrong(w.at, "%s stands for several requests; one card sends one, so write one address", w.text[at[0]:at[1]])
	}
	u, err := p.parseURL(w)
	if err != nil {
		return err
	}
	if err := p.body(u); err != nil {
		return err
	}
	p.tell()
	p.querySecrets(u)
	p.URL = u.String()
	p.Method = p.method
	switch {
	case p.Method != "":
	case p.head:
		p.Method = "HEAD"
	case !p.inQuery && (p.Body.Kind != None || p.missing):
		p.Method = "POST"
	default:
		p.Method = "GET"
	}
	if strings.ContainsFunc(p.Method, func(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune(`"(),/:;<=>?@[\]{}`, r) }) {
		return wrong(w.at, "%s is not a method", strconv.Quote(p.Method))
	}
	return nil
}

func (p *parser) parseURL(w word) (*url.URL, error) {
	text := w.text
	if !strings.Contains(text, "://") {
		text = "http://" + text
		p.note("The address names no scheme, for which curl takes http://. Write https:// if the service has it.")
	}
	u, err := url.Parse(text)
	switch {
	case err != nil:
		return nil, wrong(w.at, "this is not an address: %s", reason(err))
	case !sameName(u.Scheme, "http") && !sameName(u.Scheme, "https"):
		return nil, wrong(w.at, "%s:// is not HTTP; a card calls addresses that begin with https:// or http://", u.Scheme)
	case u.Host == "":
		return nil, wrong(w.at, "the address names no host")
	}
	if u.User != nil {
		password, _ := u.User.Password()
		if p.SignIn.User == "" && p.SignIn.Password == "" {
			if p.named(u.User.Username(), password == ""); password != "" {
				p.SignIn.Password = password
			}
		}
		u.User = nil
	}
	u.Fragment, u.RawFragment = "", ""
	return u, nil
}

// reason is what is wrong with an address, without the address: it may hold a password.
func reason(err error) string {
	if e, ok := err.(*url.Error); ok {
		err = e.Err
	}
	text := err.Error()
	if strings.Contains(text, "invalid port") {
		return "its port is not a number"
	}
	before, _, _ := strings.Cut(text, `"`)
	return strings.TrimSpace(before)
}

// basic reads the user and password of a Basic header.
func basic(value string) (user, password string, ok bool) {
	scheme, code, _ := strings.Cut(strings.TrimSpace(value), " ")
	if !sameName(scheme, "basic") {
		return "", "", false
	}
	plain, err := base64.StdEncoding.DecodeString(strings.TrimSpace(code))
	if err != nil {
		return "", "", false
	}
	return strings.Cut(string(plain), ":")
}
