package web

import (
	_ "embed"
	"net/http"
	"net/url"
	"strings"

	"flowdeck/cards/schema"
	"flowdeck/oauth"
)

// postmanAssertion is what Postman runs before it asks for a token: with a private key it
// signs a client assertion, and leaves the secret out.
//
//go:embed postman_assertion.js
var postmanAssertion string

const postmanKeep = `const answer = pm.response.json();
pm.test('there is an access token', () => pm.expect(answer.access_token).to.be.a('string'));
pm.collectionVariables.set('access_token', answer.access_token);`

// postman is the endpoint as a Postman collection, version 2.1. Secrets are variables,
// empty until whoever uses it fills them in.
func (d described) postman() object {
	variables := []any{object{"key": "base_url", "value": d.base}}
	variable := func(names ...string) {
		for _, n := range names {
			variables = append(variables, object{"key": n, "value": ""})
		}
	}
	var items []any
	call := object{"name": d.Name, "request": d.postmanCall()}
	switch d.level() {
	case levelOAuth:
		variable("client_id", "client_secret", "private_key_jwk", "client_assertion", "access_token")
		items = append(items, d.postmanToken())
	case levelToken:
		variable("client_token")
	}
	return object{"info": object{"name": d.Name, "description": d.text, "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},
		"variable": variables, "item": append(items, call)}
}

func (d described) postmanToken() object {
	pair := func(k, v string) object { return object{"key": k, "value": v} }
	return object{"name": "Get an access token",
		"event": []any{
			object{"listen": "prerequest", "script": object{"type": "text/javascript", "exec": strings.Split(strings.TrimSpace(postmanAssertion), "\n")}},
			object{"listen": "test", "script": object{"type": "text/javascript", "exec": strings.Split(postmanKeep, "\n")}},
		},
		"request": object{"method": http.MethodPost, "url": "{{base_url}}" + oauth.PathToken, "header": []any{},
			"description": "Fill in client_id and client_secret, or client_id and private_key_jwk, in the variables of the collection.",
			"body": object{"mode": "urlencoded", "urlencoded": []any{pair("grant_type", "client_credentials"), pair("scope", d.scope()),
				pair("client_id", "{{client_id}}"), pair("client_secret", "{{client_secret}}")}}}}
}

func (d described) postmanCall() object {
	header := []any{}
	with := func(k, v string) { header = append(header, object{"key": k, "value": v}) }
	switch d.level() {
	case levelOAuth:
		with("Authorization", "Bearer {{access_token}}")
	case levelToken:
		with(strings.ToLower(clientToken), "{{client_token}}")
	}
	query, body := url.Values{}, schema.Values{}
	for i, f := range d.asked.form.Fields {
		example := exampleOf(f.Type)
		text, _ := example.(string)
		switch from := d.asked.sources[i]; from.from {
		case "query":
			query.Set(f.Name, text)
		case "header":
			with(strings.ToLower(from.headers[0]), text)
		default:
			body[f.Name] = example
		}
	}
	address := "{{base_url}}/api/flows/" + d.Alias + "/invoke"
	if len(query) > 0 {
		address += "?" + query.Encode()
	}
	request := object{"method": d.method(), "url": address}
	if d.text != "" {
		request["description"] = d.text
	}
	if d.method() != http.MethodGet && d.method() != http.MethodHead {
		with("Content-Type", "application/json")
		if text, err := schema.EncodeJSON(body); err == nil {
			request["body"] = object{"mode": "raw", "raw": string(text), "options": object{"raw": object{"language": "json"}}}
		}
	}
	request["header"] = header
	return request
}

// tokenCurl gets an access token with a client secret, as a terminal takes it.
func tokenCurl(base, scope string) string {
	return "ACCESS_TOKEN=$(curl -s '" + base + oauth.PathToken + "' \\\n  -u \"$CLIENT_ID:$CLIENT_SECRET\" \\\n  -d grant_type=client_credentials -d scope=" + scope + " | jq -r .access_token)"
}
