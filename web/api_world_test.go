package web

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"flowdeck/flows"
	"flowdeck/flows/store"
)

// client calls the API of a world with one token and holds every answer to the document.
type client struct {
	*world
	token    string
	document map[string]any
	schemas  *jsonschema.Compiler
	called   map[string]bool // ids of operations that went well
}

// newClient makes a person with a token that is good for scopes, all when none is named.
func newClient(w *world, scopes ...string) *client {
	w.Helper()
	c := &client{world: w, token: newAPIToken(), called: map[string]bool{}}
	if len(scopes) == 0 {
		for _, s := range apiScopes() {
			scopes = append(scopes, s.name)
		}
	}
	u, err := w.s.Store.UserByEmail(context.Background(), "api@acme.io")
	if err != nil {
		u, err = w.s.Store.CreateUser(context.Background(), store.User{Email: "api@acme.io", Name: "Ada"})
		must(w.T, err)
	}
	must(w.T, w.s.Store.CreateAPIToken(context.Background(), store.APIToken{ID: store.NewID("k_"), Hash: hashToken(c.token), User: u, Name: "test", Scopes: scopes}))
	got := w.call("GET", apiPrefix+"/openapi.json", "")
	must(w.T, json.Unmarshal([]byte(got.body), &c.document))
	c.schemas = jsonschema.NewCompiler()
	c.schemas.AssertFormat()
	must(w.T, c.schemas.AddResource("http://flowdeck/openapi.json", c.document))
	return c
}

// do calls and checks the answer; path is below apiPrefix.
func (c *client) do(method, path, body string, header ...string) reply {
	c.Helper()
	header = append([]string{"Authorization", "Bearer " + c.token}, header...)
	if body != "" && !strings.Contains(strings.Join(header, " "), "Content-Type") {
		header = append(header, "Content-Type", "application/json")
	}
	got := c.call(method, apiPrefix+path, body, header...)
	c.check(method, path, got)
	return got
}

// want is do that also wants a status; into, when it is not nil, takes the body.
func (c *client) expect(status int, into any, method, path, body string, header ...string) reply {
	c.Helper()
	got := c.do(method, path, body, header...)
	if got.status != status {
		c.Fatalf("%s %s: %d %s, want %d", method, path, got.status, got.body, status)
	}
	if into != nil {
		reflect.ValueOf(into).Elem().SetZero()
		must(c.T, json.Unmarshal([]byte(got.body), into))
	}
	return got
}

// check holds an answer to what the document says of it.
func (c *client) check(method, path string, got reply) {
	c.Helper()
	path, _, _ = strings.Cut(path, "?")
	at, op := c.operation(method, path)
	if op == nil {
		c.problem(method+" "+path, got)
		return
	}
	responses := op["responses"].(map[string]any)
	answer, declared := responses[jsonOf(got.status)].(map[string]any)
	if !declared {
		if got.status < 400 {
			c.Errorf("%s %s: %d is not in the document", method, path, got.status)
		}
		c.problem(method+" "+path, got)
		return
	}
	c.called[op["operationId"].(string)] = true
	content, _ := answer["content"].(map[string]any)
	kind := got.header.Get("Content-Type")
	switch {
	case len(content) == 0 && got.body != "":
		c.Errorf("%s %s answers with a body that is not in the document: %s", method, path, got.body)
	case len(content) == 0:
	case content[kind] == nil:
		c.Errorf("%s %s answers with %s, which is not in the document", method, path, kind)
	case kind == "application/json":
		pointer := "#/paths/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(at) + "/" + strings.ToLower(method) + "/responses/" + jsonOf(got.status) + "/content/application~1json/schema"
		c.validate(method+" "+path, pointer, got.body)
	}
	for name := range headersOf(answer) {
		if got.header.Get(name) == "" {
			c.Errorf("%s %s lacks the header %s", method, path, name)
		}
	}
}

func headersOf(answer map[string]any) map[string]any {
	h, _ := answer["headers"].(map[string]any)
	return h
}

// problem checks an answer that says what went wrong.
func (c *client) problem(what string, got reply) {
	c.Helper()
	if kind := got.header.Get("Content-Type"); kind != "application/problem+json" {
		c.Errorf("%s: %d comes as %q, want a problem document: %.200s", what, got.status, kind, got.body)
		return
	}
	c.validate(what, "#/components/schemas/Problem", got.body)
	var p apiProblem
	must(c.T, json.Unmarshal([]byte(got.body), &p))
	if p.Status != got.status || p.Title == "" || p.Code == "" || p.Request == "" {
		c.Errorf("%s: %d says %s", what, got.status, got.body)
	}
}

func (c *client) validate(what, pointer, body string) {
	c.Helper()
	schema, err := c.schemas.Compile("http://flowdeck/openapi.json" + pointer)
	must(c.T, err)
	v, err := jsonschema.UnmarshalJSON(strings.NewReader(body))
	must(c.T, err)
	if err := schema.Validate(v); err != nil {
		c.Errorf("%s is not as the document says: %v\n%s", what, err, body)
	}
}

// operation finds what the document says of a method and a path.
func (c *client) operation(method, path string) (at string, op map[string]any) {
	for template, item := range c.document["paths"].(map[string]any) {
		parts, have := strings.Split(template, "/"), strings.Split(path, "/")
		fits := len(parts) == len(have)
		for i := 0; fits && i < len(parts); i++ {
			fits = strings.HasPrefix(parts[i], "{") || parts[i] == have[i]
		}
		if fits {
			op, _ := item.(map[string]any)[strings.ToLower(method)].(map[string]any)
			return template, op
		}
	}
	return "", nil
}

func jsonOf(v any) string {
	b, _ := json.Marshal(v)
	return string(b)
}

// flowFile is the body of a flow that answers with its input.
func flowFile(name, alias string) string {
	doc := flows.Document{Format: flows.Format, Trigger: flows.Step{ID: "endpoint", Card: "event.endpoint", Inputs: map[string]any{"inputs": []any{input("n", "number", "body", true)}}},
		Chain: []flows.Step{step("reply", "http.close", map[string]any{"status_code": int64(200), "body": `{"n": {{endpoint.n}}}`})}}
	var b bytes.Buffer
	_ = json.NewEncoder(&b).Encode(map[string]any{"flowdeck": 1, "kind": "flow", "name": name, "alias": alias, "document": doc})
	return b.String()
}

func TestTheOpenAPIDocumentIsOne(t *testing.T) {
	w := newWorld(t, func(http.ResponseWriter, *http.Request) {})
	c := newClient(w)
	if err := openAPISchema(t).Validate(c.document); err != nil {
		t.Errorf("openapi.json: %v", err)
	}
}

// openAPISchema is what every OpenAPI 3.1 document must be.
func openAPISchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	file, err := os.ReadFile("testdata/openapi-3.1-schema.json")
	must(t, err)
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(file))
	must(t, err)
	compiler := jsonschema.NewCompiler()
	must(t, compiler.AddResource("http://spec/openapi", v))
	schema, err := compiler.Compile("http://spec/openapi")
	must(t, err)
	return schema
}

// forward is a clock that tests move.
type forward struct{ by time.Duration }

func (f *forward) now() time.Time { return time.Now().Add(f.by) }
