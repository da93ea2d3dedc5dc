package event

import (
	"time"

	"flowdeck/cards"
	"flowdeck/cards/schema"
	"flowdeck/flows/webhook"
)

type webhookOutput struct {
	Body       any            `json:"body" help:"What was sent: a value when it is JSON, an object when it is a form, otherwise text."`
	RawBody    string         `json:"raw_body" label:"Raw body" help:"The body as it was sent: what is signed."`
	Headers    map[string]any `json:"headers" help:"Names are in lower case."`
	Query      map[string]any `json:"query" help:"What stood after the question mark."`
	Event      string         `json:"event" help:"What happened, in the service's words: push, invoice.paid."`
	DeliveryID string         `json:"delivery_id" label:"Delivery id" help:"The same when the service sends it again."`
	Received   time.Time      `json:"received" help:"When it arrived."`
}

// Webhook begins a flow when a service delivers something to the flow's address.
var Webhook = cards.NewEvent[webhook.Settings, webhookOutput](cards.Spec{
	Name:     webhook.Card,
	Title:    "Webhook",
	Category: category,
	Family:   cards.FamilyEvent,
	Icon:     "webhook",
	Summary:  "Runs when a service delivers a signed event.",
	Doc: "Gives the flow an address to enter at a service that sends webhooks. The service is answered at once and the flow runs after that.\n\n" +
		"- A delivery whose signature does not fit is refused, and so is one that was signed too long ago. The card shows the last of them.\n" +
		"- A delivery that comes again starts nothing: it is known by its id for 7 days.\n" +
		"- What a service sends only to see whether somebody answers (Slack's challenge, GitHub's ping) is answered and starts nothing.\n" +
		"- For calls that want the flow's answer, begin with **API Endpoint**.",
	Keywords: []string{"webhook", "hook", "github", "stripe", "slack", "shopify", "gitlab", "svix", "hmac", "signature", "event", "delivery", "push", "callback", "trigger", "start"},
	Check:    webhook.Check,
	Examples: []cards.Example{{
		Title: "A push to a repository",
		In:    schema.Values{"provider": "github", "secret": "{{ secrets.github }}"},
		Out: schema.Values{"event": "push", "delivery_id": "72d3162e-cc78-11e3-81ab-4c9367dc0958", "body": schema.Values{"ref": "refs/heads/main"},
			"raw_body": `{"ref":"refs/heads/main"}`, "headers": schema.Values{"x-github-event": "push"}, "query": schema.Values{}, "received": "2026-03-01T09:00:00Z"},
	}, {
		Title: "A service of your own",
		In:    schema.Values{"provider": "custom", "secret": "{{ secrets.erp }}", "header": "X-Signature", "signed": "{timestamp}.{body}", "timestamp": "X-Timestamp", "delivery": "X-Delivery"},
		Out:   schema.Values{"event": "", "delivery_id": "1841", "body": schema.Values{"order": 7}, "raw_body": `{"order":7}`, "headers": schema.Values{}, "query": schema.Values{}, "received": "2026-03-01T09:00:00Z"},
	}, {
		Title: "A secret is needed",
		In:    schema.Values{"provider": "stripe"},
		Err:   cards.CodeInvalidInput,
	}},
})
