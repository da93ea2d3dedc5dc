package httpcard

import (
	"io"
	"mime"
	"mime/multipart"
	"strings"
	"testing"

	"flowdeck/cards"
	"flowdeck/cards/cardtest"
	"flowdeck/cards/schema"
)

var picture = schema.FileValue{Name: `my "pic".png`, Type: "image/png", Data: []byte("\x89PNG\r\n\x00\xff")}

func TestKindsOfBody(t *testing.T) {
	for _, c := range []struct {
		name       string
		in         schema.Values
		body, kind string
	}{
		{"none, whatever the others say", schema.Values{"body_type": "none", "body": "x", "form": schema.Values{"a": 1}}, "", ""},
		{"a form", schema.Values{"body_type": "form", "form": schema.Values{"b": []any{"x y", "&"}, "a": int64(1)}}, "a=1&b=x+y&b=%26", "application/x-www-form-urlencoded"},
		{"a form with brackets", schema.Values{"body_type": "form", "query_arrays": "brackets", "form": schema.Values{"b": []any{"x", "y"}}}, "b%5B%5D=x&b%5B%5D=y", "application/x-www-form-urlencoded"},
		{"a form from JSON text", schema.Values{"body_type": "form", "form": `{"a":"b"}`}, "a=b", "application/x-www-form-urlencoded"},
		{"XML", schema.Values{"body_type": "xml", "body": "<a>ü</a>"}, "<a>ü</a>", "application/xml; charset=utf-8"},
		{"XML of a kind of its own", schema.Values{"body_type": "xml", "body": "<a/>", "headers": schema.Values{"content-type": "application/soap+xml"}}, "<a/>", "application/soap+xml"},
		{"a file", schema.Values{"body_type": "file", "file": picture.Values()}, string(picture.Data), "image/png"},
		{"a file of no type", schema.Values{"body_type": "file", "file": schema.Values{"base64": "YQ=="}}, "a", "application/octet-stream"},
		{"text as a file", schema.Values{"body_type": "file", "file": "a,b"}, "a,b", "text/plain; charset=utf-8"},
	} {
		for _, card := range []cards.Card{Post, Put} {
			in := schema.Values{}
			for k, v := range c.in {
				in[k] = v
			}
			r, body, err := sent(t, card, in)
			if err != nil {
				t.Errorf("%s: %v", c.name, err)
			} else if body != c.body || r.Header.Get("Content-Type") != c.kind {
				t.Errorf("%s sent %q as %q, want %q as %q", c.name, body, r.Header.Get("Content-Type"), c.body, c.kind)
			}
		}
	}
}

func TestPartsArriveAsTheyWere(t *testing.T) {
	parts := []any{
		schema.Values{"name": "title\r\n\"x\"", "value": "Ü"},
		schema.Values{"name": "n", "value": int64(12345678901234567)},
		schema.Values{"name": "meta", "value": schema.Values{"a": []any{true}}},
		schema.Values{"name": "pic", "kind": "file", "value": picture.Values()},
		schema.Values{"name": "doc", "kind": "file", "value": []any{"one", picture.Values()}, "filename": "d.txt", "content_type": "text/csv"},
		schema.Values{"name": "nothing", "value": nil},
	}
	var first string
	for range 2 {
		r, body, err := sent(t, Post, schema.Values{"body_type": "multipart", "parts": parts})
		if err != nil {
			t.Fatal(err)
		}
		_, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		form := multipart.NewReader(strings.NewReader(body), params["boundary"])
		for {
			p, err := form.NextPart()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			data, _ := io.ReadAll(p)
			got = append(got, strings.Join([]string{p.FormName(), p.FileName(), p.Header.Get("Content-Type"), string(data)}, "|"))
		}
		want := []string{`title%0D%0A%22x%22|||Ü`, "n|||12345678901234567", `meta||application/json|{"a":[true]}`, "pic|my %22pic%22.png|image/png|" + string(picture.Data),
			"doc|d.txt|text/csv|one", "doc|d.txt|text/csv|" + string(picture.Data)}
		if strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Errorf("parts = %q\nwant    %q", got, want)
		}
		if first != "" && first != body {
			t.Error("the same parts made another body, so that a repeated request is not the same request")
		}
		first = body
	}
}

func TestBodiesThatCannotBeSent(t *testing.T) {
	for _, c := range []struct {
		in   schema.Values
		want string
	}{
		{schema.Values{"body_type": "xml", "body": "<a>\n <b></a>"}, "body: is not well-formed XML at line 2, column 9: element <b> closed by </a>"},
		{schema.Values{"body_type": "xml", "body": "<a/><b/>"}, "body: is not well-formed XML at line 1, column 5: a document has one outermost element"},
		{schema.Values{"body_type": "xml", "body": "<a/>x"}, "text may only stand inside of an element"},
		{schema.Values{"body_type": "xml", "body": "  "}, "there is no element"},
		{schema.Values{"body_type": "xml", "body": "<a>&nbsp;</a>"}, "invalid character entity"},
		{schema.Values{"body_type": "xml", "body": `<?xml version="1.0" encoding="latin1"?><a/>`}, "the declaration says latin1, but it is sent as UTF-8"},
		{schema.Values{"body_type": "xml", "body": schema.Values{}}, "body: must be XML as text, got an object"},
		{schema.Values{"body_type": "file"}, "file: is required: choose a file from another card"},
		{schema.Values{"body_type": "file", "file": schema.Values{"a": 1}}, "file: must be a file: an object with name, type, size and base64, got an object"},
		{schema.Values{"body_type": "multipart"}, "parts: is required: add a part"},
		{schema.Values{"body_type": "multipart", "parts": []any{schema.Values{"value": "x"}}}, "parts.0.name: is required"},
		{schema.Values{"body_type": "multipart", "parts": []any{schema.Values{"name": "a", "value": "x", "content_type": "a b"}}}, "parts.0.content_type: must be a type such as image/png"},
		{schema.Values{"body_type": "multipart", "parts": []any{schema.Values{"name": "a", "value": picture.Values()}}}, "parts.0.kind: must be File to send a file"},
		{schema.Values{"body_type": "multipart", "parts": []any{schema.Values{"name": "a", "kind": "file", "value": []any{[]any{}}}}}, "parts.0.value: must be a file"},
		{schema.Values{"body_type": "form", "form": schema.Values{"a": []any{schema.Values{}}}}, "form.a.0: must be text, got an object; only lists written with indices can hold it"},
		{schema.Values{"idempotency_header": "a b", "body": "x"}, "idempotency_header: must be the name of a header"},
	} {
		r, _, err := sent(t, Post, c.in)
		if e := cards.ErrorOf(err); r != nil || e == nil || e.Code != cards.CodeInvalidInput || !strings.Contains(e.Message, c.want) {
			t.Errorf("Post(%v) = %v\nwant %s", c.in, err, c.want)
		}
	}
	for _, good := range []string{"<a/>", "\ufeff<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<!-- x --><a b='c'>&lt;</a>\n", `<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>`} {
		if err := wellFormed(good); err != nil {
			t.Errorf("wellFormed(%q) = %v", good, err)
		}
	}
}

func TestRawRequestSendsXMLAndFiles(t *testing.T) {
	r, body, err := sent(t, Raw, schema.Values{"method": "POST", "body_type": "xml", "body": "<a/>"})
	if err != nil || body != "<a/>" || r.Header.Get("Content-Type") != "application/xml; charset=utf-8" {
		t.Errorf("XML: %q %v %v", body, r, err)
	}
	r, body, err = sent(t, Raw, schema.Values{"method": "PUT", "body_type": "file", "file": picture.Values()})
	if err != nil || body != string(picture.Data) || r.Header.Get("Content-Type") != "image/png" {
		t.Errorf("a file: %q %v %v", body, r, err)
	}
	if _, _, err = sent(t, Raw, schema.Values{"method": "POST", "body_type": "xml", "body": "<a>"}); err == nil || !strings.Contains(err.Error(), "line 1, column 4") {
		t.Errorf("broken XML: %v", err)
	}
}

func TestIdempotencyKeysAreAChoice(t *testing.T) {
	for _, c := range []struct {
		in          schema.Values
		name, value string
	}{
		{schema.Values{}, "Idempotency-Key", "r_1/step"},
		{schema.Values{"idempotency": "off"}, "Idempotency-Key", ""},
		{schema.Values{"idempotency_header": "x-request-id"}, "X-Request-Id", "r_1/step"},
		{schema.Values{"idempotency_header": "x-request-id"}, "Idempotency-Key", ""},
		{schema.Values{"headers": schema.Values{"Idempotency-Key": "mine"}}, "Idempotency-Key", "mine"},
		{schema.Values{"idempotency": "off", "headers": schema.Values{"Idempotency-Key": "mine"}}, "Idempotency-Key", "mine"},
	} {
		for _, card := range []cards.Card{Post, Patch, Raw} {
			in := schema.Values{}
			for k, v := range c.in {
				in[k] = v
			}
			if card.Name == Raw.Name {
				in["method"] = "POST"
			}
			r, _, err := sent(t, card, in)
			if err != nil || r.Header.Get(c.name) != c.value {
				t.Errorf("%s(%v) sent %s: %q, %v, want %q", card.Name, c.in, c.name, r.Header.Get(c.name), err, c.value)
			}
		}
	}
}

func TestADownloadedFileCanBeSentOn(t *testing.T) {
	env := cardtest.Env(t, cardtest.World())
	got, err := Get.Call(t.Context(), env, schema.Values{"url": "https://api.example.com/logo.svg", "response_as": "file"})
	if err != nil {
		t.Fatal(err)
	}
	kept, err := schema.EncodeJSON(got) // as a run's history keeps it
	if err != nil {
		t.Fatal(err)
	}
	read, err := schema.DecodeJSON(kept)
	if err != nil {
		t.Fatal(err)
	}
	file := read.(schema.Values)["body"]
	out, err := Post.Call(t.Context(), env, schema.Values{"url": "https://api.example.com/upload", "body_type": "multipart",
		"parts": []any{schema.Values{"name": "again", "kind": "file", "value": file}}})
	if want := (schema.Values{"again": "logo.svg, image/svg+xml, 6 bytes"}); err != nil || !schema.Equal(out["body"], want) {
		t.Errorf("got %v, %v, want %v", out["body"], err, want)
	}
}
