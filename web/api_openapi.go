package web

import (
	"encoding/json"
	"reflect"
	"strconv"
	"strings"
)

// openAPI writes the OpenAPI 3.1 document of operations. It is made of what the router
// and the handlers use, so it cannot say anything else.
func openAPI(ops []*operation, version string) []byte {
	s := newSchemas()
	paths, tags := map[string]any{}, []any{}
	seen := map[string]bool{}
	for _, op := range ops {
		at, _ := paths[op.path].(map[string]any)
		if at == nil {
			at = map[string]any{}
			if p := pathParams(op.path); len(p) > 0 {
				at["parameters"] = p
			}
			paths[op.path] = at
		}
		at[strings.ToLower(op.method)] = s.operation(op)
		if !seen[op.tag] {
			seen[op.tag] = true
			tags = append(tags, map[string]any{"name": op.tag})
		}
	}
	scopes := []string{"A personal token: Authorization: Bearer " + apiTokenPrefix + "… People make them in Settings. The scopes are:\n"}
	for _, scope := range apiScopes() {
		scopes = append(scopes, "- `"+scope.name+"`: "+scope.text)
	}
	problem := s.reference(reflect.TypeFor[apiProblem]())
	document := map[string]any{
		"openapi": "3.1.0",
		"info": map[string]any{"title": "Flowdeck", "version": strings.TrimSpace(version + " v1"),
			"description": "Does with a token what people do on pages. Errors are problem documents (RFC 9457); lists come in pages; keys that do not belong are refused."},
		"servers": []any{map[string]any{"url": apiPrefix}},
		"tags":    tags,
		"paths":   paths,
		"components": map[string]any{
			"schemas":         s.named,
			"securitySchemes": map[string]any{"token": map[string]any{"type": "http", "scheme": "bearer", "description": strings.Join(scopes, "\n")}},
			"responses": map[string]any{"Problem": map[string]any{"description": "What went wrong.",
				"content": map[string]any{"application/problem+json": map[string]any{"schema": problem}}}},
		},
	}
	text, err := json.MarshalIndent(document, "", "  ")
	if err != nil {
		panic("web: the OpenAPI document is not JSON: " + err.Error()) // a mistake in the program
	}
	return append(text, '\n')
}

func (s *schemas) operation(op *operation) map[string]any {
	o := map[string]any{"operationId": op.id, "summary": op.summary, "tags": []string{op.tag},
		"security": []any{map[string]any{"token": []string{op.scope}}}}
	if op.text != "" {
		o["description"] = op.text
	}
	var params []any
	for _, p := range op.query {
		params = append(params, p.describe("query"))
	}
	for _, p := range op.headers {
		params = append(params, p.describe("header"))
	}
	if len(params) > 0 {
		o["parameters"] = params
	}
	content := map[string]any{}
	if op.body != nil {
		content["application/json"] = map[string]any{"schema": s.of(op.body)}
	}
	for _, kind := range op.raw {
		content[kind] = map[string]any{}
	}
	if len(content) > 0 {
		o["requestBody"] = map[string]any{"required": !op.optional, "content": content}
	}
	responses := map[string]any{"default": map[string]any{"$ref": "#/components/responses/Problem"}}
	for _, a := range op.answers {
		responses[strconv.Itoa(a.status)] = s.answer(a)
	}
	o["responses"] = responses
	return o
}

func (s *schemas) answer(a apiAnswer) map[string]any {
	r := map[string]any{"description": a.text}
	if a.body != nil {
		r["content"] = map[string]any{"application/json": map[string]any{"schema": s.of(a.body)}}
	}
	if a.raw != "" {
		r["content"] = map[string]any{a.raw: map[string]any{}}
	}
	if len(a.headers) > 0 {
		headers := map[string]any{}
		for _, h := range a.headers {
			headers[h.name] = map[string]any{"description": h.text, "schema": map[string]any{"type": "string"}}
		}
		r["headers"] = headers
	}
	return r
}

func (p apiParam) describe(in string) map[string]any {
	schema := map[string]any{"type": p.kind}
	if p.kind == "integer" {
		schema["minimum"], schema["maximum"] = 1, 200
	}
	if len(p.enum) > 0 {
		schema["enum"] = p.enum
	}
	if p.many {
		schema = map[string]any{"type": "array", "items": schema}
	}
	d := map[string]any{"name": p.name, "in": in, "description": p.text, "schema": schema}
	if p.required {
		d["required"] = true
	}
	return d
}

// pathParams lists what stands in braces in a path.
func pathParams(path string) (list []any) {
	for part := range strings.SplitSeq(path, "/") {
		name, ok := strings.CutPrefix(part, "{")
		if !ok {
			continue
		}
		name = strings.TrimSuffix(name, "}")
		kind := "string"
		if name == "version" {
			kind = "integer"
		}
		list = append(list, map[string]any{"name": name, "in": "path", "required": true, "schema": map[string]any{"type": kind}})
	}
	return list
}
