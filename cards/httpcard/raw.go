package httpcard

import (
	"context"
	"net/http"
	"strings"

	"golang.org/x/net/http/httpguts"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// rawInput leaves the method and the body to the author.
type rawInput struct {
	URL      string         `json:"url" form:"required" format:"url" placeholder:"https://api.example.com/customers" help:"The whole address, beginning with https:// or http://."`
	Method   string         `json:"method" default:"GET" options:"GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS" form:"suggested" help:"Any method, also one that comes from another card."`
	Query    map[string]any `json:"query" help:"Added to the address after the question mark. An object inside becomes key[name]; a value that is empty (null) is left out."`
	Headers  map[string]any `json:"headers" help:"Sent with the request; a list sends its header several times. Set Content-Type here when there is a body of another type."`
	BodyType string         `json:"body_type" label:"Body type" default:"text" options:"text=Text|xml=XML|file=File" form:"fixed" help:"Text is sent as it is. XML is checked first and sent as application/xml. A file is sent with its type."`
	Body     string         `json:"body" when:"body_type=text|xml" format:"multiline" help:"Sent as it is: XML, a form, or JSON that you wrote yourself."`
	File     any            `json:"file" when:"body_type=file" placeholder:"A file from an earlier card" help:"A file from another card, sent as it is with its type. Text is sent as a plain text file."`
	limits
	repeats
	lists
}

// rawResponse is an answer with its body as it came.
type rawResponse struct {
	StatusCode int            `json:"status_code" label:"Status code" help:"Such as 200."`
	Headers    map[string]any `json:"headers" help:"Names are in lower case. A header that came several times is joined by commas; set-cookie is then a list."`
	Body       string         `json:"body" help:"The text of the answer. What is not text comes as Base64."`
	Repeated   map[string]any `json:"repeated_headers,omitempty" label:"Repeated headers" form:"advanced" help:"The headers that came several times, each as the list of its values."`
}

// Raw sends any request and puts out the answer's text.
var Raw = cards.NewFunction(cards.Spec{
	Name:     "http.raw",
	Title:    "Raw Request",
	Category: category,
	Family:   cards.FamilyHTTP,
	Icon:     "terminal",
	Summary:  "Sends any request, with the body as text.",
	Doc: "Gives full control over the request: any method, headers and query as objects, the body as text. The answer's body is text too, even when it is JSON.\n\n" +
		"- Use it for XML, forms, and services that need a body exactly as written.\n" +
		"- POST and PATCH carry an **Idempotency-Key** header, unless you set one.\n" +
		answers,
	Keywords:   []string{"http", "api", "custom", "xml", "soap", "form", "method", "head", "options", "request"},
	Connector:  "http",
	Asks:       []string{"url", "method"},
	World:      true,
	Repeatable: func(in schema.Values) bool { return safe(methodOf(in["method"])) },
	Changes:    func(in schema.Values) bool { return !reads(methodOf(in["method"])) },
	Examples: []cards.Example{{
		Title: "Send XML",
		In: schema.Values{"url": "https://api.example.com/echo", "method": "POST", "body": "<ping/>",
			"headers": schema.Values{"content-type": "text/xml"}},
		Out: schema.Values{"status_code": 200, "body": `{"body":"<ping/>","method":"POST","path":"/echo","query":"","type":"text/xml"}`},
	}, {
		Title: "Any method",
		In:    schema.Values{"url": "https://api.example.com/echo", "method": "REPORT"},
		Out:   schema.Values{"body": `{"body":"","method":"REPORT","path":"/echo","query":"","type":""}`},
	}, {
		Title: "XML that is not well-formed is not sent",
		In:    schema.Values{"url": "https://api.example.com/echo", "method": "POST", "body_type": "xml", "body": "<ping></pong>"},
		Err:   cards.CodeInvalidInput,
	}, {
		Title: "JSON stays text",
		In:    schema.Values{"url": "https://api.example.com/customers/7"},
		Out:   schema.Values{"body": `{"active":true,"email":"maya@example.com","id":7}`},
	}, {
		Title: "Only the head",
		In:    schema.Values{"url": "https://api.example.com/customers/7", "method": "HEAD"},
		Out:   schema.Values{"status_code": 200, "body": ""},
	}},
}, raw)

func raw(ctx context.Context, env cards.Env, in rawInput) (rawResponse, error) {
	method := methodOf(in.Method)
	switch {
	case !httpguts.ValidHeaderFieldName(method): // both are tokens
		return rawResponse{}, schema.Problems{{Field: "method", Message: "must be a method such as GET or POST, got " + schema.Describe(in.Method)}}
	case method == http.MethodConnect:
		return rawResponse{}, schema.Problems{{Field: "method", Message: "cannot be CONNECT, which opens a tunnel"}}
	}
	r, err := withBody(request{method: method, target: target{in.URL, in.Query, in.Headers}, limits: in.limits, repeats: in.repeats, lists: in.lists},
		content{BodyType: in.BodyType, Body: in.Body, File: in.File})
	if err != nil {
		return rawResponse{}, err
	}
	a, err := exchange(ctx, env, r)
	if err != nil {
		return rawResponse{}, err
	}
	return rawResponse{StatusCode: a.status, Headers: a.headers, Body: a.written(), Repeated: repeatedOf(a.raw)}, nil
}

// methodOf returns a method in the capitals that the known ones have.
func methodOf(v any) string {
	s, _ := v.(string)
	s = strings.TrimSpace(s)
	switch upper := strings.ToUpper(s); upper {
	case "":
		return http.MethodGet
	case "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "CONNECT", "TRACE":
		return upper
	}
	return s
}
