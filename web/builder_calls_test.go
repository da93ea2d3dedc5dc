package web

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/flows/store"
)

func TestACallingCardAsksWhatTheCalledFlowAsks(t *testing.T) {
	w := newWorld(t, echoUpstream)
	ctx := context.Background()
	helper := flows.Document{Trigger: step("start", "event.helper", schema.Values{"inputs": []any{
		schema.Values{"name": "email", "required": true}, schema.Values{"name": "days", "type": "number", "help": "How many."}}}),
		Chain: []flows.Step{step("out", "control.return", schema.Values{"values": schema.Values{"found": true, "name": "{{start.email}}"}})}}
	called := w.publish("helper", public, helper)
	other := w.publish("other", public, endpointDoc(nil))
	manual := func(chain ...flows.Step) flows.Document {
		return flows.Document{Format: flows.Format, Trigger: step("start", "event.manual", nil), Chain: chain}
	}
	drawn := func(doc flows.Document) *drawing {
		t.Helper()
		f := flows.Flow{ID: store.NewID("f_"), Name: "Caller", Alias: store.NewID("a"), Draft: doc}
		must(t, w.s.Store.CreateFlow(ctx, f))
		d, err := w.s.newDrawing(ctx, w.flow(f.ID))
		must(t, err)
		return d
	}
	call := func(flow flows.Flow, with schema.Values) flows.Step {
		return step("call", "control.call", schema.Values{"flow": flow.ID, "with": with})
	}

	d := drawn(manual(call(called, schema.Values{"email": "{{start}}", "days": "3"}), step("say", "text.compose", schema.Values{"text": "{{call.name}}"})))
	if len(d.problems) > 0 {
		t.Errorf("problems of a good call: %v", d.problems)
	}
	var fields []string
	for _, f := range d.fields(d.steps["call"]) {
		fields = append(fields, f.Label+" "+string(f.Kind)+" "+f.Type)
	}
	if want := []string{"Flow choice text", "email text text", "days number number"}; !cmp.Equal(fields, want) {
		t.Errorf("fields = %q, want %q", fields, want)
	}
	var outputs []string
	for _, o := range d.outputs["call"] {
		outputs = append(outputs, o.Path+" "+string(o.Type))
	}
	if want := []string{"run_id text", "found boolean", "name any"}; !cmp.Equal(outputs, want) {
		t.Errorf("outputs = %q, want %q", outputs, want)
	}

	must(t, w.s.Store.UpdateFlow(ctx, called.ID, func(f *flows.Flow) error { f.On = false; return nil }))
	off := drawn(manual(call(called, schema.Values{"email": "x"}))).problems
	must(t, w.s.Store.UpdateFlow(ctx, called.ID, func(f *flows.Flow) error { f.On = true; return nil }))
	last := flows.Flow{ID: store.NewID("f_"), Name: "Last", Alias: "last", Draft: manual(call(called, nil))}
	must(t, w.s.Store.CreateFlow(ctx, last))
	for _, x := range []struct {
		about string
		got   flows.Problems
		want  string
	}{
		{"one that is off", off, "call.flow: Flow helper is switched off; switch it on, or calls of it fail"},
		{"an endpoint", drawn(manual(call(other, nil))).problems, "call.flow: Flow other cannot be called: only flows that begin with Helper or Manual can"},
		{"too little", drawn(manual(call(called, schema.Values{"days": "many", "gone": "x"}))).problems,
			`call.with.email: is required; call.with.days: must be a number, got text "many"; call.with.gone: is no input of Flow helper any more; empty it`},
		{"nothing chosen", drawn(manual(step("call", "control.call", nil))).problems, "call.flow: is required"},
	} {
		if x.got.Error() != x.want {
			t.Errorf("%s: problems %s, want %s", x.about, x.got.Error(), x.want)
		}
	}
	callers, err := w.s.Store.Callers(ctx, []string{called.ID, other.ID})
	must(t, err)
	if want := map[string][]string{called.ID: {"Caller", "Last"}, other.ID: {"Caller"}}; !cmp.Equal(callers, want) {
		t.Errorf("callers = %v, want %v", callers, want)
	}
	w.signIn()
	w.want("the list says who calls a flow before it is deleted", w.send(w.browser, "GET", "/flows", ""), 200, "It is called by Caller, Last: their calls will fail.")
}
