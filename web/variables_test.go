package web

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"flowdeck/cards/schema"
	"flowdeck/flows"
)

const theSecret = "s3cr3t-of-the-webhook-91"

func TestVariablesAreReadAndSecretsStaySecret(t *testing.T) {
	w := newWorld(t, func(http.ResponseWriter, *http.Request) {})
	w.signIn()
	save := func(fields ...string) reply {
		form := url.Values{"fresh": {"true"}}
		for i := 0; i+1 < len(fields); i += 2 {
			form.Set(fields[i], fields[i+1])
		}
		return w.hx("/variables", form)
	}
	w.want("a name that is none", save("name", "9x", "value", "1"), 422, "does not begin with a digit")
	w.want("a number that is none", save("name", "size", "type", "number", "value", "many"), 422, "Must be a number")
	w.want("a variable", save("name", "size", "type", "number", "value", "5"), 204, "")
	w.want("the name again", save("name", "size", "value", "5"), 422, "of this name")
	w.want("the same name as a secret", save("name", "size", "env", "other", "secret", "true", "value", "x"), 422, "of this name")
	w.want("another environment", save("name", "size", "type", "number", "value", "7", "env", "live"), 204, "")
	w.want("a secret", save("name", "hook", "secret", "true", "value", theSecret), 204, "")

	chain := []flows.Step{
		step("sign", "crypto.hmac", schema.Values{"data": "abc", "key": "{{ secrets.hook }}"}),
		step("close", "http.close", schema.Values{"body": `[{{ vars.size + 1 }}, "{{ sign.hmac }}"]`}),
	}
	f := w.publish("sign", public, endpointDoc(nil, chain...))
	first := w.call("GET", "/api/flows/sign/invoke", "")
	w.want("a call", first, 200, "[6,")
	run := w.run(first)
	w.want("the environment", w.hx("/variables/environment", url.Values{"env": {"live"}}), 204, "")
	second := w.call("GET", "/api/flows/sign/invoke", "")
	w.want("a call in another environment", second, 200, "[8,")
	if first.body[3:] != second.body[3:] {
		t.Errorf("the code differs: %s and %s", first.body, second.body)
	}
	page := w.visit("/variables").body + w.part("/variables/edit?name=hook").body + w.visit("/runs/"+run.ID).body + w.visit("/flows/"+f.ID).body
	tried := w.hx("/flows/"+f.ID+"/steps/sign/test", url.Values{})
	w.want("a test of the card", tried, 200, "")
	if !strings.Contains(tried.body, first.body[4:44]) {
		t.Errorf("the test of the card gives another code than the run: %s", first.body)
	}
	if strings.Contains(page+tried.body+first.body, theSecret) {
		t.Error("a page shows the secret")
	}
	must(t, filepath.Walk(w.dir, func(path string, info os.FileInfo, err error) error {
		if err != nil || info.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if strings.Contains(string(data), theSecret) {
			t.Errorf("%s holds the secret", filepath.Base(path))
		}
		return err
	}))
	w.want("deleting what is used", w.send(w.browser, "DELETE", "/variables?name=hook&env=", "", "HX-Request", "true"), 409, "Flow sign")
	w.want("deleting what another environment has", w.send(w.browser, "DELETE", "/variables?name=size&env=live", "", "HX-Request", "true"), 204, "")
	w.want("a call of the default", w.call("GET", "/api/flows/sign/invoke", ""), 200, "[6,")
	must(t, w.s.Store.DeleteVariable(t.Context(), "", "hook"))
	gone := w.run(w.call("GET", "/api/flows/sign/invoke", ""))
	if gone.Error == nil || gone.Error.Code != flows.CodeNoSecret {
		t.Errorf("without its secret the run fails with %v, want %s", gone.Error, flows.CodeNoSecret)
	}
	w.want("the builder", w.visit("/flows/"+f.ID), 200, "mentions the secret hook, which there is not")
	refused := w.hx("/flows/"+f.ID+"/run", url.Values{})
	if told := refused.header.Get("HX-Trigger"); refused.status != 422 || !strings.Contains(told, "sign.key: mentions the secret hook") {
		t.Errorf("a run of the draft without its secret: %d %s", refused.status, told)
	}
	c := newClient(w)
	c.want("the same by the API", c.do("POST", "/flows/"+f.ID+"/runs", `{"draft": true}`), 422, `"step":"sign"`)
}

func TestAVariableThatIsMentionedInBracketsIsInUse(t *testing.T) {
	w := newWorld(t, func(http.ResponseWriter, *http.Request) {})
	w.signIn()
	w.want("a variable", w.hx("/variables", url.Values{"fresh": {"true"}, "name": {"size"}, "type": {"number"}, "value": {"5"}}), 204, "")
	w.publish("sized", public, endpointDoc(nil, step("close", "http.close", schema.Values{"body": `{{ vars["size"] }}`})))
	w.want("a call", w.call("GET", "/api/flows/sized/invoke", ""), 200, "5")
	w.want("deleting it", w.send(w.browser, "DELETE", "/variables?name=size&env=", "", "HX-Request", "true"), 409, "Flow sized")
}

func TestSecretsStandOnlyWhereTheyAreMasked(t *testing.T) {
	w := newWorld(t, func(http.ResponseWriter, *http.Request) {})
	for name, s := range map[string]flows.Step{
		"data":            step("s", "crypto.hmac", schema.Values{"data": "{{ secrets.x }}", "key": "{{ secrets.x }}"}),
		"a body":          step("s", "http.close", schema.Values{"body": `"{{ secrets.x }}"`}),
		"part of a key":   step("s", "crypto.hmac", schema.Values{"data": "a", "key": "{{ secrets.x }}{{ secrets.y }}"}),
		"made of another": step("s", "crypto.hmac", schema.Values{"data": "a", "key": "{{ upper(secrets.x) }}"}),
	} {
		if _, err := flows.Compile(endpointDoc(nil, s), w.s.Cards); err == nil || !strings.Contains(err.Error(), "is a secret") && !strings.Contains(err.Error(), "cannot be typed") {
			t.Errorf("a secret in %s: %v, want a problem", name, err)
		}
	}
}
