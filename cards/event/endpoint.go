package event

import (
	"net/http"
	"strconv"
	"strings"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// endpointInput is an input and the part of the request it comes from.
type endpointInput struct {
	input
	From string `json:"from" label:"Comes from" default:"body" options:"body=Body|query=Query|header=Header" form:"fixed" help:"A key of the JSON body, of the query, or the name of a header."`
}

type endpointSettings struct {
	Inputs []endpointInput `json:"inputs" form:"fixed" help:"What callers send. Each becomes an output that you can drag."`
}

type endpointOutput struct {
	Method  string         `json:"method" help:"GET, POST and so on."`
	Headers map[string]any `json:"headers" help:"Names are in lower case."`
	Query   map[string]any `json:"query" help:"What stood after the question mark. A key that came several times is a list."`
	Body    any            `json:"body" help:"The value when the caller sent JSON, otherwise text."`
	RawBody string         `json:"raw_body" label:"Raw body" help:"The body as it was sent."`
	Caller  endpointCaller `json:"caller" help:"Who called, as far as the endpoint's security asks for it."`
}

type endpointCaller struct {
	Level    string   `json:"level" help:"oauth, token or public."`
	ClientID string   `json:"client_id" label:"Client id" help:"The client app that called; empty unless the endpoint is secured with OAuth 2.0."`
	Name     string   `json:"name" help:"The name of the client app, or the end of the client token."`
	Subject  string   `json:"subject" help:"On whose behalf: the sub of the access token."`
	Issuer   string   `json:"issuer" help:"Who issued the access token; empty for this server."`
	Scopes   []string `json:"scopes" help:"What the access token was granted."`
}

// Endpoint begins a flow when a system calls the flow's address.
var Endpoint = cards.NewEvent[endpointSettings, endpointOutput](cards.Spec{
	Name:     "event.endpoint",
	Title:    "API Endpoint",
	Category: category,
	Family:   cards.FamilyEvent,
	Icon:     "zap",
	Summary:  "Runs when another system calls the flow's address.",
	Doc: "Gives the flow an address that any system can call, with any method. The caller can wait for a reply.\n\n" +
		"- Declare the inputs you expect: each is checked, turned into its type and offered to the other cards.\n" +
		"- **Close** sends the reply; without it, **Return** does; without both, the caller gets the run's id.\n" +
		"- Who may call is set at the endpoint's security: OAuth 2.0, a client token, or everybody. **Caller** says who did.",
	Keywords:    []string{"api", "http", "webhook", "invoke", "call", "url", "trigger", "request", "start"},
	OutputsFrom: "inputs",
	Warn:        withheldInputs,
	Examples: []cards.Example{{
		Title: "A customer id in the body",
		In:    schema.Values{"inputs": []any{schema.Values{"name": "customer_id", "type": "number", "required": true}}},
		Out: schema.Values{"method": "POST", "headers": schema.Values{"content-type": "application/json"}, "query": schema.Values{},
			"body": schema.Values{"customer_id": 7}, "raw_body": `{"customer_id":7}`, "customer_id": 7},
	}, {
		Title: "A search in the query",
		In:    schema.Values{"inputs": []any{schema.Values{"name": "q", "from": "query", "help": "What to look for."}}},
		Out: schema.Values{"method": "GET", "headers": schema.Values{"accept": "*/*"}, "query": schema.Values{"q": "maya"},
			"body": nil, "raw_body": "", "q": "maya"},
	}, {
		Title: "An input needs a name",
		In:    schema.Values{"inputs": []any{schema.Values{"type": "text"}}},
		Err:   cards.CodeInvalidInput,
	}},
})

// withheldInputs says which inputs would always be missing, because no flow is given them.
func withheldInputs(settings schema.Values) (p schema.Problems) {
	list, _ := settings["inputs"].([]any)
	for i, x := range list {
		in, _ := x.(map[string]any)
		name, _ := in["name"].(string)
		if in["from"] == "header" && cards.Withheld(http.CanonicalHeaderKey(strings.ReplaceAll(name, "_", "-"))) || in["from"] == "query" && name == cards.TokenKey {
			p = append(p, schema.Problem{Field: "inputs." + strconv.Itoa(i),
				Message: name + " is always missing: it may open something, and no flow is given it. Caller says who called"})
		}
	}
	return p
}
