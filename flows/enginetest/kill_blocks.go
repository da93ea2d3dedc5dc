package enginetest

import (
	"errors"
	"fmt"
	"reflect"
	"testing"
	"time"

	"flowdeck/cards/schema"
	"flowdeck/flows"
)

// testBlockKills kills the process between any two commits of a run through every card
// that has blocks. Whoever takes the run up must come to the same end, and no card that
// had finished may run again.
func testBlockKills(t *testing.T, b Backend) {
	for n := 0; ; n++ {
		if n > 80 || t.Failed() {
			t.Fatalf("the run does not end right when killed after %d commits", n)
		}
		if killedInBlocks(t, b, n) {
			if n < 8 {
				t.Errorf("the run took only %d commits: nothing was killed", n)
			}
			return
		}
	}
}

// blocksEnd is what the flow of blocks returns, however often it was killed.
var blocksEnd = schema.Values{
	"sizes": []any{schema.Values{"size": "large"}, schema.Values{"size": "small"}},
	"bad":   "1: http_503 at down", "why": "http_404 in lost", "pages": int64(3), "lanes": "/ok/one /ok/two", "kept": "http_503", "guarded": "no_more",
}

// throughBlocks is a flow through every card with blocks.
func throughBlocks(url string) []flows.Step {
	is := func(left, operator string, right any) map[string]any {
		return map[string]any{"left": left, "operator": operator, "right": right}
	}
	items := []any{map[string]any{"n": int64(20), "url": "/ok/a"}, map[string]any{"n": int64(7), "url": "/fail/503/9"}, map[string]any{"n": int64(3), "url": "/ok/c"}, map[string]any{"n": int64(0), "url": "/ok/never"}}
	own := get("own", url+"/fail/503/99")
	own.Policy.OnError, own.Blocks = flows.OnCatch, map[string]flows.Block{flows.BlockOnError: {Chain: []flows.Step{get("instead", url+"/ok/instead")}, Result: schema.Values{"body": "{{ own.error.code }}"}}}
	each := flows.Step{ID: "each", Card: "control.each", Inputs: schema.Values{"items": items, "go_on": true}, Blocks: map[string]flows.Block{"each": {
		Result: schema.Values{"size": "{{ size.size }}"},
		Chain: []flows.Step{
			{ID: "only", Card: "control.continue_if", Inputs: schema.Values{"conditions": []any{is("{{ each.item.n }}", "greater", int64(0))}}},
			get("down", url+"{{ each.item.url }}"),
			{ID: "size", Card: "control.if_else_if", Inputs: schema.Values{"branches": []any{map[string]any{"key": "branch", "conditions": []any{is("{{ each.item.n }}", "greater", int64(10))}}}},
				Blocks: map[string]flows.Block{"branch": {Chain: []flows.Step{post("big", url+"/ok/big")}, Result: schema.Values{"size": "large"}}, "else": {Result: schema.Values{"size": "small"}}}},
		}}}}
	try := flows.Step{ID: "try", Card: "control.try", Inputs: schema.Values{"catches": []any{map[string]any{"key": "catch", "match": "http_4xx"}}}, Blocks: map[string]flows.Block{
		"try":     {Chain: []flows.Step{get("lost", url+"/fail/404/99"), get("never", url+"/ok/never")}},
		"catch":   {Chain: []flows.Step{post("tell", url+"/ok/tell")}, Result: schema.Values{"why": "{{ try.error.code }} in {{ try.error.step }}"}},
		"finally": {Chain: []flows.Step{get("last", url+"/ok/last")}}}}
	repeat := flows.Step{ID: "repeat", Card: "control.repeat", Inputs: schema.Values{"carry": map[string]any{"page": int64(0)}, "conditions": []any{is("{{ repeat.page }}", "less", int64(3))}},
		Blocks: map[string]flows.Block{"round": {Chain: []flows.Step{post("page", url+"/ok/page{{ repeat.index }}")}, Result: schema.Values{"page": "{{ repeat.page + 1 }}"}}}}
	parallel := flows.Step{ID: "parallel", Card: "control.parallel", Inputs: schema.Values{"lanes": []any{map[string]any{"key": "lane"}, map[string]any{"key": "lane_2"}}}, Blocks: map[string]flows.Block{
		"lane":   {Chain: []flows.Step{get("one", url+"/ok/one")}, Result: schema.Values{"a": "{{ one.body.path }}"}},
		"lane_2": {Chain: []flows.Step{get("two", url+"/ok/two")}, Result: schema.Values{"b": "{{ two.body.path }}"}}}}
	guard := flows.Step{ID: "guard", Card: "control.try", Inputs: schema.Values{"catches": []any{map[string]any{"key": "catch", "match": "no_more"}}}, Blocks: map[string]flows.Block{
		"try":   {Chain: []flows.Step{{ID: "stop", Card: "control.return_error", Inputs: schema.Values{"code": "no_more", "message": "That is all."}}}},
		"catch": {Result: schema.Values{"code": "{{ guard.error.code }}"}}}}
	return []flows.Step{each, try, repeat, parallel, own, guard, returns("end", schema.Values{
		"sizes": "{{ each.results }}", "bad": "{{ each.failures[0].index }}: {{ each.failures[0].error.code }} at {{ each.failures[0].error.step }}",
		"why": "{{ try.why }}", "pages": "{{ repeat.page }}", "lanes": "{{ parallel.a }} {{ parallel.b }}", "kept": "{{ own.body }}", "guarded": "{{ guard.code }}"})}
}

func killedInBlocks(t *testing.T, b Backend, n int) (survived bool) {
	t.Run(fmt.Sprintf("after %d commits", n), func(t *testing.T) {
		x := newBench(t, b)
		journal := &mortal{Journal: x.store, deaf: n%2 == 1, died: make(chan struct{}), left: n}
		x.setup.Journal = journal
		x.begin()
		chain := throughBlocks(x.world.URL)
		repeatInDoubt(chain)
		run := x.run(chain...)
		err := x.engine.Start(x.ctx, run, flows.StartOptions{RunTimeout: time.Minute})
		if err == nil {
			x.overOrDead(run.ID, journal.died)
		}
		x.stop()
		survived = err == nil && !isClosed(journal.died)
		before := map[string]flows.Attempt{}
		for _, a := range x.attempts(run.ID) {
			if a.Status == flows.Succeeded {
				before[string(a.Path)] = a
			}
		}
		x.setup.Journal = x.store
		x.begin()
		if _, lost := x.store.Run(x.ctx, run.ID); errors.Is(lost, flows.ErrNotFound) {
			if err == nil {
				t.Fatalf("the run was accepted and is lost")
			}
			return
		}
		end := x.ended(run.ID)
		if end.Status != flows.Succeeded || !reflect.DeepEqual(end.Output, blocksEnd) {
			t.Fatalf("run ended %s, %v with\n%v, want\n%v\n%s", end.Status, end.Error, end.Output, blocksEnd, x.story(run.ID))
		}
		for _, a := range x.attempts(run.ID) {
			if was, done := before[string(a.Path)]; done && (a.Number != was.Number || !a.Started.Equal(was.Started)) {
				t.Errorf("%s had finished and ran again", a.Path)
			}
		}
		if asked := x.world.Asked("GET /ok/never"); asked != 0 {
			t.Errorf("cards that nothing leads to ran %d times", asked)
		}
	})
	return survived
}

// repeatInDoubt lets every card be sent again when a crash hid its answer.
func repeatInDoubt(chain []flows.Step) {
	for i := range chain {
		chain[i].Policy.InDoubt = "repeat"
		for _, block := range chain[i].Blocks {
			repeatInDoubt(block.Chain)
		}
	}
}
