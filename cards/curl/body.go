package curl

import (
	"encoding/json"
	"mime"
	"net/url"
	"strings"
	"unicode/utf8"
)

// piece is what one -d or its like adds.
type piece struct {
	text string
	json bool
	at   int
}

// data reads -d and its like.
func (p *parser) data(w word, name string) error {
	text := w.text
	reads := name != "data-raw" && strings.HasPrefix(text, "@")
	if name == "data-urlencode" {
		var file string
		if text, file = encodeData(text); file != "" {
			reads, text = true, "@"+file
		}
	}
	if reads {
		p.missing = true
		p.note("--" + name + " reads the file " + strings.TrimPrefix(text, "@") + ", which is not here: fill the body in.")
		return nil
	}
	if !utf8.ValidString(text) {
		return wrong(w.at, "the body is not text; send it as a file instead")
	}
	p.jsonFlag = p.jsonFlag || name == "json"
	p.pieces = append(p.pieces, piece{text, name == "json", w.at})
	return nil
}

// encodeData reads the ways in which --data-urlencode is written.
func encodeData(text string) (encoded, file string) {
	i := strings.IndexAny(text, "=@")
	switch {
	case i < 0:
		return url.QueryEscape(text), ""
	case text[i] == '@':
		return "", text[i+1:]
	case i == 0:
		return url.QueryEscape(text[1:]), ""
	}
	return text[:i+1] + url.QueryEscape(text[i+1:]), ""
}

// part reads -F.
func (p *parser) part(w word, flag string) error {
	name, value, ok := strings.Cut(w.text, "=")
	if !ok || name == "" {
		return wrong(w.at, "--%s is written as name=value", flag)
	}
	part := Part{Name: name, Value: value}
	if flag == "form" && value != "" && (value[0] == '@' || value[0] == '<') {
		file, rest, _ := strings.Cut(value[1:], ";")
		part.File, part.Value, part.Type = strings.Trim(file, `"`), "", attribute(rest, "type")
		p.note("The part " + name + " reads the file " + part.File + ", which is not here: give the card a file instead.")
	} else if flag == "form" {
		if before, rest, cut := strings.Cut(value, ";type="); cut {
			part.Value, part.Type = before, rest
		}
		if unquoted := strings.Trim(part.Value, `"`); len(part.Value) > 1 && len(unquoted) == len(part.Value)-2 {
			part.Value = unquoted
		}
	}
	p.Body.Kind = Multipart
	p.Body.Parts = append(p.Body.Parts, part)
	return nil
}

func attribute(list, name string) string {
	for _, a := range strings.Split(list, ";") {
		if k, v, _ := strings.Cut(strings.TrimSpace(a), "="); k == name {
			return strings.Trim(v, `"`)
		}
	}
	return ""
}

// body says what the pieces are together, or puts them into the query.
func (p *parser) body(u *url.URL) error {
	if p.Body.Kind == Multipart {
		if len(p.pieces) > 0 {
			return wrong(p.pieces[0].at, "a body is either -d or -F, not both")
		}
		p.drop("Content-Type") // it would name a boundary that is not ours
		return nil
	}
	if len(p.pieces) == 0 {
		return nil
	}
	var b strings.Builder
	for i, x := range p.pieces {
		if i > 0 && !(x.json && p.pieces[i-1].json) {
			b.WriteByte('&')
		}
		b.WriteString(x.text)
	}
	text := b.String()
	if p.inQuery {
		u.RawQuery = strings.Trim(u.RawQuery+"&"+escapedQuery(text), "&")
		return nil
	}
	if p.jsonFlag {
		p.add("Accept", "application/json")
		p.add("Content-Type", "application/json")
	}
	p.Body = p.kindOf(text)
	return nil
}

// escapedQuery is data as it can stand in a query.
func escapedQuery(text string) string {
	return strings.NewReplacer(" ", "%20", "#", "%23", "\n", "%0A", "\r", "%0D", "\"", "%22").Replace(text)
}

// kindOf decides by the Content-Type, and without one by what the text is.
func (p *parser) kindOf(text string) Body {
	given, named := p.Header("Content-Type")
	media, params, _ := mime.ParseMediaType(given)
	valid := json.Valid([]byte(text))
	fields, isForm := formFields(text)
	plainParams := len(params) == 0 || len(params) == 1 && sameName(params["charset"], "utf-8")
	switch {
	case named && (media == "application/json" || strings.HasSuffix(media, "+json")) && valid:
		if media == "application/json" && plainParams {
			p.drop("Content-Type")
		}
		return Body{Kind: JSON, Text: text}
	case named && media == "application/x-www-form-urlencoded" && isForm:
		p.drop("Content-Type")
		return Body{Kind: Form, Text: text, Fields: fields}
	case named:
		return Body{Kind: Text, Text: text}
	case valid && strings.ContainsAny(strings.TrimSpace(text)[:1], "{["):
		p.note("The body is JSON, so it is sent as application/json; curl would have called it a form, because the command has no Content-Type.")
		return Body{Kind: JSON, Text: text}
	case isForm:
		return Body{Kind: Form, Text: text, Fields: fields}
	}
	p.Headers = append(p.Headers, Pair{"Content-Type", "application/x-www-form-urlencoded"})
	return Body{Kind: Text, Text: text}
}

// formFields reads a form body, when writing it again would give the same.
func formFields(text string) ([]Pair, bool) {
	if text == "" {
		return nil, true
	}
	var fields []Pair
	for _, part := range strings.Split(text, "&") {
		name, value, ok := strings.Cut(part, "=")
		k, err1 := url.QueryUnescape(name)
		v, err2 := url.QueryUnescape(value)
		if !ok || name == "" || err1 != nil || err2 != nil || !utf8.ValidString(k+v) || strings.ContainsAny(part, "\r\n") {
			return nil, false
		}
		fields = append(fields, Pair{k, v})
	}
	return fields, true
}

func (p *parser) drop(name string) {
	var kept []Pair
	for _, h := range p.Headers {
		if !sameName(h.Name, name) {
			kept = append(kept, h)
		}
	}
	p.Headers = kept
}
