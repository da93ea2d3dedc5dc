package web

import (
	"net/http"
	"slices"
	"strings"

	"flowdeck/cards/schema"
	"flowdeck/oauth"
)

type object = map[string]any

// endpointsOpenAPI describes endpoints as OpenAPI 3.1 has it.
func endpointsOpenAPI(base, title string, list []described) object {
	paths, schemes := object{}, object{}
	scopes := object{}
	for _, d := range list {
		item := object{}
		for _, m := range d.methods() {
			if m == http.MethodHead || m == http.MethodOptions {
				continue // they say nothing that the others do not
			}
			item[strings.ToLower(m)] = d.operation(m)
		}
		paths["/api/flows/"+d.Alias+"/invoke"] = item
		switch d.level() {
		case levelToken:
			schemes["clientToken"] = object{"type": "apiKey", "in": "header", "name": strings.ToLower(clientToken)}
		case levelOAuth:
			scopes[d.scope()] = "Call endpoints that ask for it."
			schemes["oauth2"] = object{"type": "oauth2", "flows": object{"clientCredentials": object{"tokenUrl": base + oauth.PathToken, "scopes": scopes}}}
			for _, x := range d.Settings.Issuers {
				schemes[issuerScheme(x.URL)] = object{"type": "openIdConnect", "openIdConnectUrl": strings.TrimSuffix(x.URL, "/") + "/.well-known/openid-configuration"}
			}
		}
	}
	return object{"openapi": "3.1.0", "info": object{"title": title, "version": "1.0.0"}, "servers": []any{object{"url": base}}, "paths": paths,
		"components": object{"securitySchemes": schemes, "schemas": object{"Problem": problemSchema()}}}
}

func issuerScheme(address string) string {
	return "issuer-" + strings.Trim(strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '.' || r == '-' {
			return r
		}
		return '-'
	}, strings.ToLower(strings.TrimPrefix(strings.TrimPrefix(address, "https://"), "http://"))), "-")
}

func (d described) operation(method string) object {
	op := object{"operationId": strings.ReplaceAll(d.Alias, "-", "_") + "_" + strings.ToLower(method), "summary": d.Name, "responses": d.responses()}
	if d.text != "" {
		op["description"] = d.text
	}
	switch d.level() {
	case levelToken:
		op["security"] = []any{object{"clientToken": []string{}}}
	case levelOAuth:
		ways := []any{object{"oauth2": []string{d.scope()}}}
		for _, x := range d.Settings.Issuers {
			ways = append(ways, object{issuerScheme(x.URL): slices.Concat([]string{}, x.Scopes)})
		}
		op["security"] = ways
	default:
		op["security"] = []any{}
	}
	var params []any
	body, required := object{}, []string{}
	for i, f := range d.asked.form.Fields {
		s := jsonSchema(f)
		switch from := d.asked.sources[i]; from.from {
		case "query":
			params = append(params, object{"name": f.Name, "in": "query", "required": f.Required, "schema": s})
		case "header":
			params = append(params, object{"name": strings.ToLower(from.headers[0]), "in": "header", "required": f.Required, "schema": s})
		default:
			body[f.Name] = s
			if f.Required {
				required = append(required, f.Name)
			}
		}
	}
	if !d.Settings.Async {
		params = append(params, object{"name": "Prefer", "in": "header", "description": "respond-async: 202 at once, where the flow goes on; wait=10: wait for so many seconds at most (RFC 7240).", "schema": object{"type": "string"}})
	}
	if method != http.MethodGet {
		params = append(params, object{"name": "Idempotency-Key", "in": "header", "description": "The same key with the same request gets the same answer, for 24 hours, and runs the flow once.", "schema": object{"type": "string", "maxLength": 255}})
	}
	if len(params) > 0 {
		op["parameters"] = params
	}
	if method != http.MethodGet && method != http.MethodDelete || len(body) > 0 {
		shape := object{"type": "object", "properties": body}
		if len(required) > 0 {
			shape["required"] = required
		}
		op["requestBody"] = object{"required": len(required) > 0, "content": object{"application/json": object{"schema": shape}}}
	}
	return op
}

// jsonSchema is what a declared input takes. Text that holds a number or a date becomes
// one, so those types are described as what they become.
func jsonSchema(f schema.Field) object {
	s := object{}
	if f.Help != "" {
		s["description"] = f.Help
	}
	switch f.Type {
	case schema.Number:
		s["type"] = "number"
	case schema.Boolean:
		s["type"] = "boolean"
	case schema.Object:
		s["type"] = "object"
	case schema.List:
		s["type"] = "array"
	case schema.Date:
		s["type"], s["format"] = "string", "date-time"
	case schema.Text:
		s["type"] = "string"
	}
	return s
}

func (d described) responses() object {
	problem := func(text string) object {
		return object{"description": text, "content": object{"application/problem+json": object{"schema": object{"$ref": "#/components/schemas/Problem"}}}}
	}
	out := object{
		"200":     object{"description": "What the flow answers; it may choose another status.", "content": object{"application/json": object{"schema": object{}}}},
		"202":     object{"description": "The flow goes on. Location says where to ask for its end.", "headers": object{"Location": object{"schema": object{"type": "string"}}}},
		"400":     problem("The request lacks something, or something in it is wrong. All of it is listed."),
		"500":     problem("The flow failed."),
		"default": problem("Another refusal."),
	}
	switch d.level() {
	case levelOAuth:
		out["401"], out["403"] = problem("No access token, or one that is not good."), problem("The access token lacks the scope, or its client may not call.")
	case levelToken:
		out["401"] = problem("The client token is missing or wrong.")
	}
	out["409"], out["422"] = problem("A request with the same Idempotency-Key is being carried out."), problem("The Idempotency-Key was used for another request.")
	if d.Settings.Rate > 0 || d.Settings.Concurrency > 0 {
		out["429"] = problem("Called too often. Retry-After says how long to wait.")
	}
	return out
}

// problemSchema is what refusals look like: RFC 9457.
func problemSchema() object {
	text, number := object{"type": "string"}, object{"type": "integer"}
	return object{"type": "object", "required": []string{"title", "status", "code"}, "properties": object{
		"title": text, "status": number, "detail": text, "code": text, "run": text, "line": number, "column": number,
		"errors": object{"type": "array", "items": object{"type": "object", "properties": object{"field": text, "from": text, "detail": text}}}}}
}
