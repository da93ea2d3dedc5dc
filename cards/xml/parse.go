package xml

import (
	"context"
	"slices"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type parseInput struct {
	Text       string   `json:"text" form:"required" format:"multiline" help:"The document, such as the body of a Raw Request."`
	Namespaces string   `json:"namespaces" label:"Prefixes" default:"keep" options:"keep=Keep them|strip=Leave them out" form:"fixed" help:"Without prefixes soap:Body is Body, and the declarations of namespaces are left out. An attribute whose name is taken then keeps its prefix."`
	AlwaysList []string `json:"always_list" label:"Always lists" form:"fixed,advanced" format:"names" placeholder:"Item, Order" help:"Names of elements that are lists also when there is only one."`
}

type parseOutput struct {
	Value map[string]any `json:"value" help:"An object with the root element in it."`
	Root  string         `json:"root" help:"The name of the root element."`
}

// Parse makes an object of XML.
var Parse = cards.NewFunction(cards.Spec{
	Name:     "xml.parse",
	Title:    "XML Parse",
	Category: category,
	Family:   cards.FamilyData,
	Icon:     "code-xml",
	Summary:  "Makes an object of XML text.",
	Doc: "Reads XML and puts out an object whose keys can be dragged like those of JSON.\n\n" +
		mapping +
		"- Comments and processing instructions are left out, CDATA is text. White space between elements is left out; an element that holds only text keeps it as it is.\n" +
		"- The text is read as it stands, whatever character set its declaration names: it was decoded when it came.\n" +
		"- A document type (DTD) is refused, because its entities can grow without bounds or read files. A document may be 10 MiB long, 500 elements deep, and have 250,000 elements and attributes.",
	Keywords: []string{"xml", "soap", "parse", "read", "convert", "object", "rss", "feed"},
	Examples: []cards.Example{{
		Title: "Attributes, text and elements that repeat",
		In:    schema.Values{"text": `<?xml version="1.0"?><order id="7"><item>Tea</item><item>Cup</item><note lang="en">Thanks &amp; bye</note></order>`},
		Out: schema.Values{"root": "order", "value": schema.Values{"order": schema.Values{"@id": "7", "item": []any{"Tea", "Cup"},
			"note": schema.Values{"@lang": "en", "#text": "Thanks & bye"}}}},
	}, {
		Title: "SOAP without its prefixes",
		In: schema.Values{"namespaces": "strip", "text": `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/">` +
			`<soap:Body><GetPriceResponse><Price>1.90</Price></GetPriceResponse></soap:Body></soap:Envelope>`},
		Out: schema.Values{"root": "Envelope", "value": schema.Values{"Envelope": schema.Values{"Body": schema.Values{"GetPriceResponse": schema.Values{"Price": "1.90"}}}}},
	}, {
		Title: "One item is a list too, when it is to be",
		In:    schema.Values{"text": `<items><item>Tea</item></items>`, "always_list": "item"},
		Out:   schema.Values{"value": schema.Values{"items": schema.Values{"item": []any{"Tea"}}}},
	}, {
		Title: "What is not XML says where it stops being it",
		In:    schema.Values{"text": "<a>\n  <b>\n</a>"},
		Err:   cards.CodeInvalidInput,
	}},
}, func(_ context.Context, _ cards.Env, in parseInput) (parseOutput, error) {
	r := reader{strip: in.Namespaces == "strip", always: func(name string) bool { return slices.Contains(in.AlwaysList, name) }}
	root, value, err := r.read(in.Text)
	if err != nil {
		return parseOutput{}, schema.Problems{{Field: "text", Message: err.Error()}}
	}
	return parseOutput{Value: map[string]any{root: value}, Root: root}, nil
})

const (
	category = "XML"
	mapping  = "- An attribute is `@` and its name, the text of an element that has more than text is `#text`, and elements with the same name are a list.\n" +
		"- An element with nothing but text is that text; an empty one is empty text. Numbers stay text.\n"
)
