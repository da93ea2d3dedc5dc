package xml

import (
	"context"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type buildInput struct {
	Value       map[string]any `json:"value" form:"required" format:"json" help:"An object with one key, the root element; or more, when Root names it."`
	Root        string         `json:"root" form:"advanced" placeholder:"order" help:"Put around the value as its root element."`
	Order       []string       `json:"order" label:"Order of elements" form:"fixed,advanced" format:"names" placeholder:"Header, Body" help:"Elements of these names come in this order, before all others. Without it they come by name."`
	Declaration bool           `json:"declaration" default:"true" form:"advanced" help:"Begin with <?xml version=\"1.0\" encoding=\"UTF-8\"?>."`
	Indent      bool           `json:"indent" form:"advanced" help:"One line per element, for people to read."`
}

type buildOutput struct {
	Text string `json:"text" help:"The document."`
}

// Build makes XML of an object.
var Build = cards.NewFunction(cards.Spec{
	Name:     "xml.build",
	Title:    "XML Build",
	Category: category,
	Family:   cards.FamilyData,
	Icon:     "code",
	Summary:  "Makes XML text of an object.",
	Doc: "Writes an object as XML, the way XML Parse reads it; what stands in values is escaped.\n\n" +
		mapping +
		"- `#cdata` writes text as CDATA. `#children` is a list of objects with one key each, for elements and text whose order matters.\n" +
		"- The keys of an object have no order of their own: elements come by name, unless **Order of elements** or `#children` says another.\n" +
		"- An empty value (null) is an empty element, an empty list is none, an attribute that is null is left out.",
	Keywords: []string{"xml", "soap", "envelope", "write", "convert", "object", "text"},
	Examples: []cards.Example{{
		Title: "Attributes, lists and escapes",
		In:    schema.Values{"declaration": false, "value": schema.Values{"order": schema.Values{"@id": 7, "item": []any{"Tea", "Cup"}, "note": "Thanks & <bye>"}}},
		Out:   schema.Values{"text": `<order id="7"><item>Tea</item><item>Cup</item><note>Thanks &amp; &lt;bye&gt;</note></order>`},
	}, {
		Title: "A SOAP envelope",
		In: schema.Values{"order": "soap:Header", "value": schema.Values{"soap:Envelope": schema.Values{"@xmlns:soap": "http://schemas.xmlsoap.org/soap/envelope/",
			"soap:Header": nil, "soap:Body": schema.Values{"GetPrice": schema.Values{"Item": "Tea"}}}}},
		Out: schema.Values{"text": "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/">` +
			`<soap:Header/><soap:Body><GetPrice><Item>Tea</Item></GetPrice></soap:Body></soap:Envelope>`},
	}, {
		Title: "Text and elements in their order",
		In: schema.Values{"declaration": false, "value": schema.Values{"p": schema.Values{"#children": []any{
			schema.Values{"#text": "Hello "}, schema.Values{"b": "Maya"}, schema.Values{"#text": "!"}}}}},
		Out: schema.Values{"text": `<p>Hello <b>Maya</b>!</p>`},
	}, {
		Title: "A root around several elements",
		In:    schema.Values{"declaration": false, "root": "customer", "indent": true, "value": schema.Values{"id": 7, "name": "Maya"}},
		Out:   schema.Values{"text": "<customer>\n  <id>7</id>\n  <name>Maya</name>\n</customer>"},
	}, {
		Title: "A document has one root",
		In:    schema.Values{"value": schema.Values{"a": 1, "b": 2}},
		Err:   cards.CodeInvalidInput,
	}},
}, func(_ context.Context, _ cards.Env, in buildInput) (buildOutput, error) {
	text, err := write(in)
	return buildOutput{Text: text}, err
})
