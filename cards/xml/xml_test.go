package xml

import (
	"encoding/xml"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"flowdeck/cards"
	"flowdeck/cards/cardtest"
	"flowdeck/cards/schema"
)

func TestExamples(t *testing.T) { cardtest.Run(t, cardtest.World(), Parse, Build, Escape, Unescape) }

func parse(t *testing.T, in schema.Values) (schema.Values, error) {
	t.Helper()
	return Parse.Call(t.Context(), cards.Env{}, in)
}

func build(t *testing.T, in schema.Values) (string, error) {
	t.Helper()
	out, err := Build.Call(t.Context(), cards.Env{}, in)
	s, _ := out["text"].(string)
	return s, err
}

func TestParse(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want any
	}{
		"an empty element":                   {`<a/>`, ""},
		"white space alone is text":          {"<a> \n </a>", " \n "},
		"white space between elements":       {"<a>\n <b>1</b>\n</a>", schema.Values{"b": "1"}},
		"text around elements":               {"<a> x <b>1</b> y </a>", schema.Values{"b": "1", "#text": "x  y"}},
		"CDATA is text":                      {"<a><![CDATA[<b>&amp;</b>]]></a>", "<b>&amp;</b>"},
		"entities and characters":            {"<a>&lt;&#228;&#x1F600;&quot;</a>", "<ä😀\""},
		"comments and instructions":          {"<?x y?><!-- c --><a>1<!-- c -->2<?z?></a><!-- c -->", "12"},
		"a byte order mark":                  {"\ufeff<a>1</a>", "1"},
		"another character set in name only": {`<?xml version="1.0" encoding="ISO-8859-1"?><a>ä</a>`, "ä"},
		"prefixes":                           {`<a xmlns:x="urn:x"><x:b x:c="1">2</x:b><b>3</b></a>`, schema.Values{"@xmlns:x": "urn:x", "x:b": schema.Values{"@x:c": "1", "#text": "2"}, "b": "3"}},
		"line ends":                          {"<a>1\r\n2\r3</a>", "1\n2\n3"},
	} {
		out, err := parse(t, schema.Values{"text": c.text})
		if err != nil || !reflect.DeepEqual(out["value"].(schema.Values)["a"], c.want) {
			t.Errorf("%s: %v, %v, want %v", name, out, err, c.want)
		}
	}
}

// Without prefixes two attributes may have one name; both are kept.
func TestAttributesOfOneNameWithoutPrefixes(t *testing.T) {
	for text, want := range map[string]any{
		`<a href="1" xlink:href="2" xmlns:xlink="x"/>`: schema.Values{"@href": "1", "@xlink:href": "2"},
		`<a xsi:type="s" xmlns:xsi="x" type="t"/>`:     schema.Values{"@type": "t", "@xsi:type": "s"},
		`<a x:id="1" y:id="2"/>`:                       schema.Values{"@id": "1", "@y:id": "2"},
		`<a x:id="1" b="2"/>`:                          schema.Values{"@id": "1", "@b": "2"},
	} {
		out, err := parse(t, schema.Values{"text": text, "namespaces": "strip"})
		if err != nil || !reflect.DeepEqual(out["value"], map[string]any{"a": want}) {
			t.Errorf("%s = %v, %v, want %v", text, out["value"], err, want)
		}
	}
	for _, text := range []string{`<a b="1" b="2"/>`, `<a x:b="1" x:b="2"/>`, `<a b="0" x:b="1" x:b="2"/>`} {
		if out, err := parse(t, schema.Values{"text": text, "namespaces": "strip"}); err == nil {
			t.Errorf("%s = %v, want a mistake", text, out)
		}
	}
}

func TestTextThatIsNotXML(t *testing.T) {
	for text, want := range map[string]string{
		"":                    "is required",
		"hello":               "line 1, column 6: there is text outside of the root element",
		"   ":                 "there is no element",
		"<a>\n  <b>\n</a>":    "line 3, column 5: <b> is ended by </a>",
		"<a>":                 "line 1, column 4: the text ends before </a>",
		"<a/><b/>":            "there is a second root element",
		"</a>":                "</a> ends what did not begin",
		"<a>&euro;</a>":       "invalid character entity &euro;",
		`<a b="1" b="2"/>`:    "<a> has the attribute b twice",
		`<a b=1/>`:            "unquoted or missing attribute value",
		"<a>\x01</a>":         "illegal character code U+0001",
		"<a>\xff</a>":         "bytes that are not UTF-8",
		`<!DOCTYPE a><a></a>`: "line 1, column 13: a document type (DTD) is refused",
		`<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;">]><lolz>&lol2;</lolz>`: "a document type (DTD) is refused",
		`<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>`:                    "a document type (DTD) is refused",
		strings.Repeat("<a>", 501):                       "nested too deeply: more than 500 elements",
		"<a>" + strings.Repeat("<b/>", 250_000) + "</a>": "more than 250,000 elements and attributes",
		"<a>" + strings.Repeat("x", 11<<20) + "</a>":     "XML may be 10 MiB long",
		`<?xml version="2.0"?><a/>`:                      "unsupported version",
	} {
		_, err := parse(t, schema.Values{"text": text})
		if err == nil || cards.ErrorOf(err).Code != cards.CodeInvalidInput || !strings.Contains(err.Error(), want) {
			t.Errorf("Parse(%.60q) says %v, want %q", text, err, want)
		}
	}
}

func TestBuild(t *testing.T) {
	for name, c := range map[string]struct {
		in   schema.Values
		want string
	}{
		"empty values":          {schema.Values{"a": schema.Values{"b": nil, "c": "", "d": []any{}, "@e": nil, "@f": ""}}, `<a f=""><b/><c/></a>`},
		"CDATA":                 {schema.Values{"a": schema.Values{"#cdata": "<x>]]></x>"}}, `<a><![CDATA[<x>]]]]><![CDATA[></x>]]></a>`},
		"line ends":             {schema.Values{"a": schema.Values{"@b": "1\r\n2\t\"", "#text": "1\r\n2"}}, "<a b=\"1&#xD;&#xA;2&#x9;&quot;\">1&#xD;\n2</a>"},
		"numbers and truth":     {schema.Values{"a": []any{}, "b": 1.5, "c": true}, ""},
		"a letter from Iceland": {schema.Values{"þ": "ð"}, "<þ>ð</þ>"},
	} {
		in := schema.Values{"declaration": false, "value": c.in}
		if len(c.in) > 1 {
			in["root"], c.want = "r", "<r><b>1.5</b><c>true</c></r>"
		}
		if got, err := build(t, in); err != nil || got != c.want {
			t.Errorf("%s: %s, %v, want %s", name, got, err, c.want)
		}
	}
}

func TestObjectsThatAreNotXML(t *testing.T) {
	deep := any("x")
	for range 600 {
		deep = schema.Values{"a": deep}
	}
	for _, c := range []struct {
		value schema.Values
		want  string
	}{
		{schema.Values{"a b": "1"}, "value.a b: cannot be the name of an element"},
		{schema.Values{"1a": "1"}, "value.1a: cannot be the name of an element"},
		{schema.Values{"a:b:c": "1"}, "cannot be the name of an element"},
		{schema.Values{"a": schema.Values{"@b><c": "1"}}, "value.a.@b><c: cannot be the name of an attribute"},
		{schema.Values{"a": schema.Values{"@b": schema.Values{}}}, "value.a.@b: must be text, a number or true/false, got an object"},
		{schema.Values{"a": "\x00"}, "value.a: has a character that XML cannot hold: U+0000"},
		{schema.Values{"a": []any{"1", "2"}}, "value.a: must not be a list: a document has one root element"},
		{schema.Values{"a": schema.Values{"b": []any{[]any{}}}}, "value.a.b.0: must not be a list inside of a list"},
		{schema.Values{"a": schema.Values{"#children": "x"}}, "value.a.#children: must be a list of objects with one key each"},
		{schema.Values{"a": schema.Values{"#children": []any{schema.Values{}}}}, "value.a.#children.0: must be an object with one key"},
		{schema.Values{"a": schema.Values{"#comment": "x"}}, "is not one of #text, #cdata and #children"},
		{schema.Values{"r": deep}, "is nested too deeply"},
	} {
		_, err := build(t, schema.Values{"value": c.value})
		if err == nil || cards.ErrorOf(err).Code != cards.CodeInvalidInput || !strings.Contains(err.Error(), c.want) {
			t.Errorf("Build(%.60v) says %v, want %q", c.value, err, c.want)
		}
	}
}

// document makes a value as Parse puts it out.
func document(r *rand.Rand, depth int) any {
	if depth == 0 || r.IntN(3) == 0 {
		return word(r)
	}
	object := schema.Values{}
	for range 1 + r.IntN(3) {
		name := string(rune('a' + r.IntN(6)))
		switch r.IntN(4) {
		case 0:
			object["@"+name] = word(r)
		case 1:
			object[name] = []any{document(r, depth-1), document(r, depth-1)}
		default:
			object[name] = document(r, depth-1)
		}
	}
	if text := strings.TrimSpace(word(r)); text != "" && r.IntN(2) == 0 {
		object["#text"] = text
	}
	if text, alone := object["#text"]; alone && len(object) == 1 {
		return text
	}
	return object
}

func word(r *rand.Rand) string {
	letters := []rune("ab <>&\"'\r\n\tü😀]-")
	var b strings.Builder
	for range r.IntN(6) {
		b.WriteRune(letters[r.IntN(len(letters))])
	}
	return b.String()
}

func TestWhatIsBuiltIsParsed(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 5000 {
		value := schema.Values{"root": document(r, 4)}
		text, err := build(t, schema.Values{"value": value})
		if err != nil {
			t.Fatalf("Build(%#v): %v", value, err)
		}
		out, err := parse(t, schema.Values{"text": text})
		if err != nil || !reflect.DeepEqual(out["value"], value) {
			t.Fatalf("%#v\nwas built as %s\nand parsed as %#v, %v", value, text, out["value"], err)
		}
	}
}

// FuzzParse holds that whatever is parsed can be built, and is the same when parsed again.
func FuzzParse(f *testing.F) {
	for _, x := range Parse.Examples {
		f.Add(x.In["text"].(string))
	}
	f.Add(`<a xmlns:x="u"><x:b c="&#10;">1<d/><![CDATA[2]]></x:b><x:b/></a>`)
	f.Fuzz(func(t *testing.T, text string) {
		out, err := parse(t, schema.Values{"text": text})
		if err != nil {
			return
		}
		again, err := build(t, schema.Values{"value": out["value"]})
		if err != nil {
			return // names that the standard library takes and XML does not
		}
		if err := xml.Unmarshal([]byte(again), new(any)); err != nil && !strings.Contains(err.Error(), "unknown type") {
			t.Fatalf("%q was built as %q: %v", text, again, err)
		}
		same, err := parse(t, schema.Values{"text": again})
		if err != nil || !reflect.DeepEqual(same["value"], out["value"]) {
			t.Fatalf("%q\nis %#v\nbut built as %q it is %#v, %v", text, out["value"], again, same["value"], err)
		}
	})
}
