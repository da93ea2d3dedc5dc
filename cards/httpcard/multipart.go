package httpcard

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"mime"
	"strconv"
	"strings"

	"flowdeck/cards/schema"
)

// part is one part of a multipart/form-data body (RFC 7578).
type part struct {
	Name     string `json:"name" form:"required" placeholder:"name" help:"The name of the form's field."`
	Kind     string `json:"kind" default:"text" options:"text=Text|file=File" form:"fixed" help:"A file has a name and a type of its own."`
	Value    any    `json:"value" placeholder:"value" help:"Text, or a file from another card. A list sends one part for each of its elements; any other object is sent as JSON."`
	Filename string `json:"filename" label:"File name" when:"kind=file" placeholder:"file name" help:"Left empty, the file's own name."`
	Type     string `json:"content_type" label:"Content type" placeholder:"content type" help:"Left empty, the file's own type; text needs none."`
}

// encodeParts returns a multipart body and its type. The same parts always make the
// same bytes, so that a repeated request is the same request.
func encodeParts(parts []part) (data []byte, contentType string, err error) {
	if len(parts) == 0 {
		return nil, "", schema.Problems{{Field: "parts", Message: "is required: add a part, or choose the body type None"}}
	}
	var all []piece
	total := 0
	for i, p := range parts {
		values, isList := p.Value.([]any)
		if !isList {
			values = []any{p.Value}
		}
		for _, v := range values {
			if v == nil {
				continue
			}
			x, err := p.piece("parts."+strconv.Itoa(i), v)
			if err != nil {
				return nil, "", err
			}
			if total += len(x.data); total > maxSent {
				return nil, "", schema.Problems{{Field: "parts." + strconv.Itoa(i) + ".value", Message: "makes the body larger than " + sizeOf(maxSent) + ", which is the most that a card sends"}}
			}
			all = append(all, x)
		}
	}
	boundary := boundaryOf(all)
	var b bytes.Buffer
	b.Grow(total + len(all)*256 + 64)
	for _, x := range all {
		b.WriteString("--" + boundary + "\r\n" + x.head + "\r\n")
		b.Write(x.data)
		b.WriteString("\r\n")
	}
	b.WriteString("--" + boundary + "--\r\n")
	return b.Bytes(), "multipart/form-data; boundary=" + boundary, nil
}

// piece is one part as it is sent.
type piece struct {
	head string
	data []byte
}

func (p part) piece(field string, v any) (piece, error) {
	var x piece
	kind := strings.TrimSpace(p.Type)
	if kind != "" {
		if _, _, err := mime.ParseMediaType(kind); err != nil {
			return x, schema.Problems{{Field: field + ".content_type", Message: "must be a type such as image/png, got " + schema.Describe(p.Type)}}
		}
	}
	disposition := `Content-Disposition: form-data; name="` + quoted(p.Name) + `"`
	if p.Kind == "file" {
		f, err := fileOf(v)
		if err != nil {
			return x, schema.Problems{{Field: field + ".value", Message: err.Error()}}
		}
		disposition += `; filename="` + quoted(firstOf(p.Filename, f.Name, "file")) + `"`
		kind, x.data = firstOf(kind, f.Type), f.Data
	} else if s, ok := schema.ToText(v); ok {
		x.data = []byte(s)
	} else if schema.IsFile(v) {
		return x, schema.Problems{{Field: field + ".kind", Message: "must be File to send a file"}}
	} else {
		data, err := schema.EncodeJSON(v)
		if err != nil {
			return x, schema.Problems{{Field: field + ".value", Message: err.Error()}}
		}
		kind, x.data = firstOf(kind, jsonType), data
	}
	x.head = disposition + "\r\n"
	if kind != "" {
		x.head += "Content-Type: " + oneLine.Replace(kind) + "\r\n"
	}
	return x, nil
}

// boundaryOf is a line that none of the pieces holds.
func boundaryOf(all []piece) string {
	for n := 0; ; n++ {
		sum := sha256.New()
		sum.Write([]byte{byte(n)})
		for _, x := range all {
			sum.Write([]byte(x.head))
			sum.Write(x.data)
		}
		boundary := "flowdeck-" + hex.EncodeToString(sum.Sum(nil)[:16])
		taken := false
		for _, x := range all {
			taken = taken || bytes.Contains(x.data, []byte(boundary))
		}
		if !taken {
			return boundary
		}
	}
}

// oneLine escapes what would end a quoted name or its line, as browsers do.
var oneLine = strings.NewReplacer("\r", "%0D", "\n", "%0A")

func quoted(s string) string { return strings.ReplaceAll(oneLine.Replace(s), `"`, "%22") }

func firstOf(list ...string) string {
	for _, s := range list {
		if s != "" {
			return s
		}
	}
	return ""
}
