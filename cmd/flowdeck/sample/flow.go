package sample

import (
	"flowdeck/cards/schema"
	"flowdeck/flows"
)

// Alias is where the sample flow answers.
const Alias = "sample-customer"

// document is the sample flow: look a customer up, open a ticket when they are
// on the gold plan, and answer.
func document(base, connection string) flows.Document {
	text := func(name string) flows.Output { return flows.Output{Path: "body." + name, Type: schema.Text} }
	return flows.Document{
		Format: flows.Format,
		Trigger: flows.Step{ID: "endpoint", Card: "event.endpoint", Note: "Call it with a customer’s id, such as C-1001 (gold) or C-1002 (free).",
			Inputs: schema.Values{"inputs": []any{
				schema.Values{"name": "customer_id", "type": "text", "required": true, "from": "body", "help": "Such as C-1001"},
			}}},
		Chain: []flows.Step{
			{ID: "get_customer", Card: "http.get", Title: "Get customer", Connection: connection,
				Inputs:  schema.Values{"url": base + "/customers/{{ endpoint.customer_id }}"},
				Outputs: []flows.Output{text("id"), text("name"), text("email"), text("plan")},
				Policy:  flows.Policy{Retry: []flows.Retry{{Match: []string{"http_5xx", "timeout", "connect"}, Attempts: 3, Interval: seconds(1), Backoff: 2}}}},
			{ID: "gold", Card: "control.if", Title: "On the gold plan?",
				Inputs: schema.Values{"match": "all", "conditions": []any{
					schema.Values{"left": "{{ get_customer.body.plan }}", "operator": "equals", "right": "gold"},
				}},
				Blocks: map[string]flows.Block{
					"then": {Chain: []flows.Step{
						{ID: "open_ticket", Card: "http.post", Title: "Open a ticket", Connection: connection,
							Inputs: schema.Values{"url": base + "/tickets", "body_type": "json",
								"body": "{\n  \"customer\": {{ get_customer.body.id }},\n  \"subject\": \"Call {{ get_customer.body.name }} back\"\n}"},
							Outputs: []flows.Output{text("id")}},
						closing("answer_gold", 201, `{
  "customer": {{ get_customer.body.name }},
  "plan": {{ get_customer.body.plan }},
  "ticket": {{ open_ticket.body.id }}
}`),
					}},
					"else": {Chain: []flows.Step{
						closing("answer_free", 200, `{
  "customer": {{ get_customer.body.name }},
  "plan": {{ get_customer.body.plan }},
  "ticket": null
}`),
					}},
				}},
		},
	}
}

func closing(id string, status int64, body string) flows.Step {
	return flows.Step{ID: id, Card: "http.close", Title: "Answer",
		Inputs: schema.Values{"status_code": status, "body_type": "json", "body": body}}
}
