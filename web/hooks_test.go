package web

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/flows/store"
)

// sealSecret keeps a secret as the page of variables does.
func (w *world) sealSecret(name, text string) {
	w.Helper()
	n, err := w.s.Vault.SealSecret("", name, text)
	must(w.T, err)
	must(w.T, w.s.Store.PutVariable(context.Background(), store.Variable{Name: name, Secret: true, Sealed: n.Sealed, Key: n.Key}, true))
}

func hookDoc(settings schema.Values) flows.Document {
	if settings["secret"] == nil {
		settings["secret"] = "{{ secrets.hook }}"
	}
	return flows.Document{Format: flows.Format, Trigger: flows.Step{ID: "hook", Card: "event.webhook", Inputs: settings},
		Chain: []flows.Step{step("return", "control.return", schema.Values{"values": schema.Values{"event": "{{hook.event}}", "id": "{{hook.delivery_id}}", "raw": "{{hook.raw_body}}"}})}}
}

// signed is an HMAC that no code of the server had a hand in.
func signed(secret, text string) []byte {
	m := hmac.New(sha256.New, []byte(secret))
	_, _ = m.Write([]byte(text))
	return m.Sum(nil)
}

func hexSigned(secret, text string) string { return hex.EncodeToString(signed(secret, text)) }

// runsOf are the runs of a flow, ended.
func (w *world) runsOf(flowID string) []flows.Run {
	w.Helper()
	rows, _, err := w.s.Store.Runs(context.Background(), store.RunFilter{FlowID: flowID, Limit: 200})
	must(w.T, err)
	var list []flows.Run
	for _, r := range rows {
		_, err := w.engine.Wait(context.Background(), r.ID)
		must(w.T, err)
		run, err := w.s.Store.Run(context.Background(), r.ID)
		must(w.T, err)
		list = append(list, run)
	}
	return list
}

func TestDeliveriesOfServices(t *testing.T) {
	w := newWorld(t, echoUpstream)
	const secret = "whsec_c2VjcmV0IG9mIHRoZSB0ZXN0"
	w.sealSecret("hook", secret)
	now := strconv.FormatInt(time.Now().Unix(), 10)
	body := `{"id":"evt_1","type":"invoice.paid","event_id":"Ev1","event":{"type":"message"}}`
	key, err := base64.StdEncoding.DecodeString("c2VjcmV0IG9mIHRoZSB0ZXN0")
	must(t, err)
	for _, x := range []struct {
		provider  string
		headers   []string
		event, id string
	}{
		{"github", []string{"X-Hub-Signature-256", "sha256=" + hexSigned(secret, body), "X-GitHub-Event", "push", "X-GitHub-Delivery", "d-1"}, "push", "d-1"},
		{"stripe", []string{"Stripe-Signature", "t=" + now + ",v1=" + hexSigned(secret, now+"."+body)}, "invoice.paid", "evt_1"},
		{"slack", []string{"X-Slack-Request-Timestamp", now, "X-Slack-Signature", "v0=" + hexSigned(secret, "v0:"+now+":"+body)}, "message", "Ev1"},
		{"shopify", []string{"X-Shopify-Hmac-SHA256", base64.StdEncoding.EncodeToString(signed(secret, body)), "X-Shopify-Topic", "orders/create", "X-Shopify-Webhook-Id", "s-1"}, "orders/create", "s-1"},
		{"standard", []string{"Webhook-Id", "msg_1", "Webhook-Timestamp", now, "Webhook-Signature", "v1," + base64.StdEncoding.EncodeToString(signed(string(key), "msg_1."+now+"."+body))}, "invoice.paid", "msg_1"},
	} {
		flow := w.publish("from-"+x.provider, flows.Settings{}, hookDoc(schema.Values{"provider": x.provider}))
		headers := append([]string{"Content-Type", "application/json"}, x.headers...)
		got := w.call("POST", "/hooks/from-"+x.provider, body, headers...)
		w.want(x.provider, got, 200, `{"run":"r_`)
		again := w.call("POST", "/hooks/from-"+x.provider, body, headers...)
		w.want(x.provider+" again", again, 200, `"duplicate":true`)
		runs := w.runsOf(flow.ID)
		if len(runs) != 1 {
			t.Fatalf("%s began %d runs, want 1", x.provider, len(runs))
		}
		out := runs[0].Output
		if out["event"] != x.event || out["id"] != x.id || out["raw"] != body {
			t.Errorf("%s: the flow was given %v", x.provider, out)
		}
		if !strings.Contains(again.body, runs[0].ID) {
			t.Errorf("%s: the second answer %s does not name the run %s", x.provider, again.body, runs[0].ID)
		}
		w.want(x.provider+" with another body", w.call("POST", "/hooks/from-"+x.provider, body+" ", headers...), 401, `"code":"wrong_signature"`)
		if data, _ := json.Marshal(runs[0]); strings.Contains(string(data), secret) {
			t.Errorf("%s: the run holds the secret", x.provider)
		}
	}
}

// TestTheTypeOfADeliveryIsNotItsName has a delivery sent again with another Content-Type,
// which nobody signs.
func TestTheTypeOfADeliveryIsNotItsName(t *testing.T) {
	w := newWorld(t, echoUpstream)
	w.sealSecret("hook", "right")
	now := strconv.FormatInt(time.Now().Unix(), 10)
	stripe := w.publish("json", flows.Settings{}, hookDoc(schema.Values{"provider": "stripe"}))
	form := w.publish("form", flows.Settings{}, hookDoc(schema.Values{"provider": "custom", "header": "X-Sig", "delivery": "body.id"}))
	const body, fields = `{"id":"evt_1","type":"invoice.paid"}`, "id=7&kind=paid"
	for _, kind := range []string{"application/json", "text/plain", "", "application/x-www-form-urlencoded"} {
		w.want("JSON as "+kind, w.call("POST", "/hooks/json", body, "Content-Type", kind, "Stripe-Signature", "t="+now+",v1="+hexSigned("right", now+"."+body)), 200, "run")
	}
	for _, kind := range []string{"application/x-www-form-urlencoded", "text/plain", ""} {
		w.want("a form as "+kind, w.call("POST", "/hooks/form", fields, "Content-Type", kind, "X-Sig", hexSigned("right", fields)), 200, "run")
	}
	if got, too := len(w.runsOf(stripe.ID)), len(w.runsOf(form.ID)); got != 1 || too != 1 {
		t.Errorf("%d runs of one delivery, and %d of another, want 1", got, too)
	}
}

func TestRefusedDeliveriesAreShown(t *testing.T) {
	w := newWorld(t, echoUpstream)
	w.sealSecret("hook", "right")
	flow := w.publish("orders", flows.Settings{MaxBody: 1000}, hookDoc(schema.Values{"provider": "stripe"}))
	old := strconv.FormatInt(time.Now().Add(-10*time.Minute).Unix(), 10)
	now := strconv.FormatInt(time.Now().Unix(), 10)
	sign := func(secret, at, body string) []string {
		return []string{"Content-Type", "application/json", "Stripe-Signature", "t=" + at + ",v1=" + hexSigned(secret, at+"."+body)}
	}
	big := strings.Repeat("x", 1001)
	for _, x := range []struct {
		about, body string
		headers     []string
		status      int
		code        string
	}{
		{"no signature", "{}", nil, 400, "missing_signature"},
		{"a wrong secret", "{}", sign("wrong", now, "{}"), 401, "wrong_signature"},
		{"an old time", "{}", sign("right", old, "{}"), 400, "old_timestamp"},
		{"too much", big, sign("right", now, big), 413, "too_large"},
		{"no JSON", "{", sign("right", now, "{"), 400, "malformed_json"},
	} {
		got := w.call("POST", "/hooks/orders", x.body, x.headers...)
		w.want(x.about, got, x.status, `"code":"`+x.code+`"`)
		if got.header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: type %s", x.about, got.header.Get("Content-Type"))
		}
	}
	if runs := w.runsOf(flow.ID); len(runs) != 0 {
		t.Errorf("refused deliveries began %d runs", len(runs))
	}
	list, err := w.s.Store.Refused(context.Background(), flow.ID, 10)
	must(t, err)
	var codes []string
	for _, r := range list {
		codes = append(codes, r.Code)
	}
	if got, want := strings.Join(codes, " "), "malformed_json too_large old_timestamp wrong_signature missing_signature"; got != want {
		t.Errorf("kept are %s, want %s", got, want)
	}
	w.signIn()
	w.want("the flow's page", w.visit("/flows/"+flow.ID), 200, "Refused deliveries")
	w.want("a secret can be made there", w.visit("/flows/"+flow.ID), 200, `hx-get="/variables/edit?secret=1"`)
	w.want("the flow's page", w.visit("/flows/"+flow.ID), 200, "the secret is another one")
	w.want("the flow's page", w.visit("/flows/"+flow.ID), 200, "The body is not valid JSON. Line 1, column 2")
	if body := w.visit("/flows/" + flow.ID).body; strings.Contains(body, refusedTitle) {
		t.Error("each of the refused deliveries says that it is refused")
	}

	// a flood is not written down one by one
	for range 40 {
		w.call("POST", "/hooks/orders", "{}")
	}
	list, err = w.s.Store.Refused(context.Background(), flow.ID, 100)
	must(t, err)
	if len(list) > 12 {
		t.Errorf("%d refused deliveries are kept of a flood", len(list))
	}

	w.want("GET", w.call("GET", "/hooks/orders", ""), 405, "method_not_allowed")
	w.want("an unknown alias", w.call("POST", "/hooks/unknown", "{}"), 404, "There is no webhook here")
	w.want("as an endpoint", w.call("POST", "/api/flows/orders/invoke", "{}"), 404, "not_found")
	must(t, w.s.Store.UpdateFlow(context.Background(), flow.ID, func(f *flows.Flow) error { f.On = false; return nil }))
	w.want("switched off", w.call("POST", "/hooks/orders", "{}", sign("right", now, "{}")...), 404, "not_found")
	must(t, w.s.Store.UpdateFlow(context.Background(), flow.ID, func(f *flows.Flow) error { f.On = true; return nil }))
	must(t, w.s.Store.DeleteVariable(context.Background(), "", "hook"))
	w.want("without its secret", w.call("POST", "/hooks/orders", "{}", sign("right", now, "{}")...), 503, flows.CodeNoSecret)
}

func TestADeliveryThatComesManyTimesAtOnceBeginsOneRun(t *testing.T) {
	w := newWorld(t, echoUpstream)
	w.sealSecret("hook", "right")
	flow := w.publish("twice", flows.Settings{}, hookDoc(schema.Values{"provider": "github"}))
	body := `{"a":1}`
	var mu sync.Mutex
	fresh, ids := 0, map[string]bool{}
	var all sync.WaitGroup
	for range 24 {
		all.Go(func() {
			got := w.call("POST", "/hooks/twice", body, "Content-Type", "application/json", "X-Hub-Signature-256", "sha256="+hexSigned("right", body), "X-GitHub-Delivery", "same")
			var said struct {
				Run       string
				Duplicate bool
			}
			if err := json.Unmarshal([]byte(got.body), &said); err != nil || got.status != 200 {
				t.Errorf("got %d %s", got.status, got.body)
			}
			mu.Lock()
			defer mu.Unlock()
			if !said.Duplicate {
				fresh++
			}
			ids[said.Run] = true
		})
	}
	all.Wait()
	if runs := w.runsOf(flow.ID); fresh != 1 || len(ids) != 1 || len(runs) != 1 {
		t.Errorf("%d answers say that they began a run, of %d runs; there are %d", fresh, len(ids), len(runs))
	}
	// without an id each delivery is one of its own: bodies may well be the same
	for range 2 {
		w.want("without an id", w.call("POST", "/hooks/twice", body, "X-Hub-Signature-256", "sha256="+hexSigned("right", body)), 200, `{"run":"`)
	}
	if runs := w.runsOf(flow.ID); len(runs) != 3 {
		t.Errorf("there are %d runs, want 3", len(runs))
	}
}

func TestWhatIsOnlySentToSeeWhetherSomebodyAnswers(t *testing.T) {
	w := newWorld(t, echoUpstream)
	w.sealSecret("hook", "right")
	slack := w.publish("slack", flows.Settings{}, hookDoc(schema.Values{"provider": "slack"}))
	github := w.publish("github", flows.Settings{}, hookDoc(schema.Values{"provider": "github"}))
	now := strconv.FormatInt(time.Now().Unix(), 10)
	body := `{"type":"url_verification","challenge":"3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P"}`
	got := w.call("POST", "/hooks/slack", body, "Content-Type", "application/json", "X-Slack-Request-Timestamp", now, "X-Slack-Signature", "v0="+hexSigned("right", "v0:"+now+":"+body))
	if got.status != 200 || got.body != "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P" || !strings.HasPrefix(got.header.Get("Content-Type"), "text/plain") {
		t.Errorf("the challenge: got %d %s %q", got.status, got.header.Get("Content-Type"), got.body)
	}
	w.want("a challenge of somebody else", w.call("POST", "/hooks/slack", body, "X-Slack-Request-Timestamp", now, "X-Slack-Signature", "v0="+hexSigned("wrong", "v0:"+now+":"+body)), 401, "wrong_signature")
	zen := `{"zen":"Keep it logically awesome.","hook_id":1}`
	w.want("a ping", w.call("POST", "/hooks/github", zen, "Content-Type", "application/json", "X-GitHub-Event", "ping", "X-Hub-Signature-256", "sha256="+hexSigned("right", zen)), 200, "pong")
	if n := len(w.runsOf(slack.ID)) + len(w.runsOf(github.ID)); n != 0 {
		t.Errorf("they began %d runs", n)
	}
}

func TestAFormATokenAndALargeDelivery(t *testing.T) {
	w := newWorld(t, echoUpstream)
	w.sealSecret("hook", "right")
	flow := w.publish("token", flows.Settings{}, hookDoc(schema.Values{"provider": "token", "header": "X-Gitlab-Token", "delivery": "X-Gitlab-Event-Uuid"}))
	w.want("a form", w.call("POST", "/hooks/token?team=7", url.Values{"text": {"a b"}}.Encode(), "Content-Type", "application/x-www-form-urlencoded", "X-Gitlab-Token", "right"), 200, `{"run"`)
	run := w.runsOf(flow.ID)[0]
	headers, _ := run.Event["headers"].(map[string]any)
	if _, there := headers["x-gitlab-token"]; there || fmt.Sprint(run.Event["body"], run.Event["query"]) != "map[text:a b] map[team:7]" {
		t.Errorf("the event is %v", run.Event)
	}
	w.want("a wrong token", w.call("POST", "/hooks/token", "{}", "X-Gitlab-Token", "wrong"), 401, "wrong_token")

	w.publish("large", flows.Settings{}, hookDoc(schema.Values{"provider": "github"}))
	body := `{"a":"` + strings.Repeat("x", 10<<20-8) + `"}`
	w.want("10 MB", w.call("POST", "/hooks/large", body, "Content-Type", "application/json", "X-Hub-Signature-256", "sha256="+hexSigned("right", body)), 200, `{"run"`)
	body += " "
	w.want("a byte more", w.call("POST", "/hooks/large", body, "Content-Type", "application/json", "X-Hub-Signature-256", "sha256="+hexSigned("right", body)), 413, "too_large")
	req, err := http.NewRequest("POST", w.url+"/hooks/large", endless{})
	must(t, err)
	res, err := http.DefaultClient.Do(req)
	must(t, err)
	res.Body.Close()
	if res.StatusCode != 413 {
		t.Errorf("a body without an end: %d, want 413", res.StatusCode)
	}
}

// endless is a body without an end.
type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

func TestDeliveriesAreLimited(t *testing.T) {
	handler, open := gated()
	w := newWorld(t, handler)
	w.sealSecret("hook", "right")
	doc := hookDoc(schema.Values{"provider": "github"})
	doc.Chain = []flows.Step{step("get", "http.get", schema.Values{"url": w.upstream.URL + "/slow"})}
	flow := w.publish("one", flows.Settings{Concurrency: 1}, doc)
	send := func(id string) reply {
		return w.call("POST", "/hooks/one", "{}", "Content-Type", "application/json", "X-Hub-Signature-256", "sha256="+hexSigned("right", "{}"), "X-GitHub-Delivery", id)
	}
	w.want("the first", send("a"), 200, `{"run"`)
	w.want("the second", send("b"), 429, "too_many_runs")
	w.want("the first again", send("a"), 200, "duplicate")
	open()
	w.runsOf(flow.ID)
	for range 100 {
		if w.s.crowd.inside.Load() == 0 {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	w.want("the second, sent again", send("b"), 200, `{"run"`)
}
