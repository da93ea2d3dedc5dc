package flows

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

func say(id, text string) Step {
	return Step{ID: id, Card: "text.compose", Inputs: schema.Values{"text": text}}
}

func give(values map[string]any) Step {
	return Step{ID: "give", Card: "control.return", Inputs: schema.Values{"values": values}}
}

func fail(id, code string) Step {
	return Step{ID: id, Card: "control.fail", Inputs: schema.Values{"code": code}}
}

func leave(id string, unless any) Step {
	return Step{ID: id, Card: "control.leave", Inputs: schema.Values{"unless": unless}}
}

func chainOf(steps ...Step) Document {
	doc := flow().clone()
	doc.Chain = steps
	return doc
}

func keyed(id string) map[string]any { return map[string]any{"key": id} }

// outcome is what a run returned, or how it failed.
func outcome(t *testing.T, doc Document) (*world, string) {
	t.Helper()
	w, out, err := run(t, doc)
	return w, short(out, err)
}

func TestABlockPerItemOfAnInput(t *testing.T) {
	for _, c := range []struct {
		first, second any
		want          string
	}{
		{true, true, `{"got":"1"}`}, {false, true, `{"got":"2"}`}, {false, false, `{"got":"e"}`},
	} {
		_, got := outcome(t, chainOf(
			Step{ID: "s", Card: "control.switch", Inputs: schema.Values{"lanes": []any{
				map[string]any{"key": "lane", "value": c.first}, map[string]any{"key": "lane_2", "value": c.second}}},
				Blocks: map[string]Block{
					"lane":   {Chain: []Step{say("one", "1")}, Result: schema.Values{"which": "{{ one.text }}"}},
					"lane_2": {Chain: []Step{say("two", "2")}, Result: schema.Values{"which": "{{ two.text }}"}},
					"else":   {Result: schema.Values{"which": "e"}}}},
			give(map[string]any{"got": "{{ s.which }}"})))
		if got != c.want {
			t.Errorf("%v, %v gives %s, want %s", c.first, c.second, got, c.want)
		}
	}
}

func TestACaughtErrorSaysWhereAndWhat(t *testing.T) {
	try := func(match any, inside ...Step) Document {
		return chainOf(
			Step{ID: "t", Card: "control.try", Inputs: schema.Values{"catches": []any{map[string]any{"key": "catch", "value": match}}},
				Blocks: map[string]Block{
					"try":     {Chain: inside, Result: schema.Values{"how": "well"}},
					"catch":   {Chain: []Step{say("why", "{{ t.error.code }} at {{ t.error.step }}, {{ t.error.status }}")}, Result: schema.Values{"how": "{{ why.text }}"}},
					"finally": {Chain: []Step{say("last", "always")}}}},
			give(map[string]any{"how": "{{ t.how }}"}))
	}
	missing := Step{ID: "get", Card: "http.get", Inputs: schema.Values{"url": "https://api.test/missing"}}
	for _, c := range []struct {
		name string
		doc  Document
		want string
	}{
		{"nothing fails", try(nil, say("fine", "x")), `{"how":"well"}`},
		{"a class is caught", try("http_4xx", missing), `{"how":"http_404 at get, 404"}`},
		{"another class is not", try("http_5xx", missing), "failed: t/get: http_404: not there"},
		{"from deep inside", try("any", Step{ID: "s", Card: "control.switch", Inputs: schema.Values{"lanes": []any{map[string]any{"key": "lane", "value": true}}},
			Blocks: map[string]Block{"lane": {Chain: []Step{missing}}}}), `{"how":"http_404 at get, 404"}`},
		{"an error of the flow's own", try("mine", fail("no", "mine")), `{"how":"mine at no, "}`},
		{"left, which is no error", try("any", leave("out", false)), `{"how":null}`},
	} {
		w, got := outcome(t, c.doc)
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
		if !slices.Contains(w.log, `do t/last {"text":"always"}`) {
			t.Errorf("%s: finally did not run: %q", c.name, w.log)
		}
	}
}

func TestAStepCatchesItsOwnFailure(t *testing.T) {
	doc := chainOf(
		Step{ID: "get", Card: "http.get", Inputs: schema.Values{"url": "https://api.test/missing"}, Policy: Policy{OnError: OnCatch},
			Blocks: map[string]Block{BlockOnError: {Chain: []Step{say("note", "was {{ get.error.status }}")}, Result: schema.Values{"body": "{{ note.text }}"}}}},
		give(map[string]any{"body": "{{ get.body }}", "code": "{{ get.error.code }}"}))
	if _, got := outcome(t, doc); got != `{"body":"was 404","code":"http_404"}` {
		t.Errorf("got %s", got)
	}
	doc.Chain[0].Inputs = schema.Values{"url": "https://api.test/there"}
	if w, got := outcome(t, doc); got != `{"body":{"url":"https://api.test/there"},"code":null}` || len(w.log) != 2 {
		t.Errorf("without a failure: %s, %q", got, w.log)
	}
}

func TestALoopSeesItsItemAndCollectsItsResults(t *testing.T) {
	loop := func(goOn any, items any, inside ...Step) Document {
		return chainOf(
			Step{ID: "loop", Card: "control.each", Inputs: schema.Values{"items": items, "go_on": goOn}, Blocks: map[string]Block{"each": {
				Chain: inside, Result: schema.Values{"got": "{{ loop.index }}={{ loop.item }}"}}}},
			give(map[string]any{"all": "{{ loop.results }}", "bad": "{{ loop.failures }}"}))
	}
	for _, c := range []struct {
		name string
		doc  Document
		want string
	}{
		{"none", loop(false, []any{}), `{"all":[],"bad":[]}`},
		{"all", loop(false, []any{"a", "b"}), `{"all":[{"got":"0=a"},{"got":"1=b"}],"bad":[]}`},
		{"left rounds have no result", loop(false, []any{true, false, true}, leave("out", "{{ loop.item }}")), `{"all":[{"got":"0=true"},{"got":"2=true"}],"bad":[]}`},
		{"a failure ends it", loop(false, []any{"", "bad"}, fail("no", "{{ loop.item }}")), "failed: loop[1]/no: bad: told to"},
		{"or is listed", loop(true, []any{"", "bad", ""}, fail("no", "{{ loop.item }}")),
			`{"all":[{"got":"0="},{"got":"2="}],"bad":[{"error":{"attempt":1,"body":null,"code":"bad","headers":null,"message":"told to","path":"loop[1]/no","retryable":false,"status":null,"step":"no"},"index":1}]}`},
	} {
		if _, got := outcome(t, c.doc); got != c.want {
			t.Errorf("%s: %s\nwant %s", c.name, got, c.want)
		}
	}
}

func TestALoopCarriesValuesWhileItsConditionHolds(t *testing.T) {
	doc := chainOf(
		Step{ID: "r", Card: "control.repeat", Inputs: schema.Values{"carry": map[string]any{"n": int64(1)}, "while": "{{ r.n < 20 }}"},
			Blocks: map[string]Block{"round": {Result: schema.Values{"n": "{{ r.n * 2 }}"}}}},
		give(map[string]any{"n": "{{ r.n }}", "rounds": "{{ r.rounds }}"}))
	if _, got := outcome(t, doc); got != `{"n":32,"rounds":5}` {
		t.Errorf("got %s", got)
	}
}

func TestLanesRunTogetherAndJoin(t *testing.T) {
	doc := chainOf(
		Step{ID: "p", Card: "control.parallel", Inputs: schema.Values{"lanes": []any{keyed("lane"), keyed("lane_2")}}, Blocks: map[string]Block{
			"lane":   {Chain: []Step{say("a", "1")}, Result: schema.Values{"a": "{{ a.text }}"}},
			"lane_2": {Chain: []Step{say("b", "2")}, Result: schema.Values{"b": "{{ b.text }}"}}}},
		give(map[string]any{"a": "{{ p.a }}", "b": "{{ b.text }}"}))
	if _, got := outcome(t, doc); got != `{"a":"1","b":"2"}` {
		t.Errorf("got %s", got)
	}
	doc.Chain[0].Blocks["lane_2"] = Block{Chain: []Step{fail("no", "mine")}}
	doc.Chain[1].Inputs = nil
	if _, got := outcome(t, doc); got != "failed: p/no: mine: told to" {
		t.Errorf("a lane fails: %s", got)
	}
}

func TestLeavingEndsTheBlockOrTheFlow(t *testing.T) {
	w, got := outcome(t, chainOf(leave("out", false), say("never", "x")))
	if got != "null" || len(w.log) != 1 {
		t.Errorf("leaving the flow: %s, %q", got, w.log)
	}
	w, got = outcome(t, chainOf(Step{ID: "s", Card: "control.switch", Inputs: schema.Values{"lanes": []any{map[string]any{"key": "lane", "value": true}}},
		Blocks: map[string]Block{"lane": {Chain: []Step{leave("out", false), say("never", "x")}, Result: schema.Values{"a": "{{ never.text }}"}}}}, give(map[string]any{"a": "{{ s.a }}"})))
	if got != `{"a":null}` || strings.Contains(strings.Join(w.log, ""), "never") {
		t.Errorf("leaving a block: %s, %q", got, w.log)
	}
}

func TestMisuseOfBlocksIsNamed(t *testing.T) {
	loop := Step{ID: "loop", Card: "control.each", Inputs: schema.Values{"items": []any{}}, Blocks: map[string]Block{"each": {Chain: []Step{say("say", "x")}}}}
	for _, c := range []struct {
		name string
		doc  Document
		want string
	}{
		{"a value of a round", chainOf(loop, say("after", "{{ say.text }}")), "after.text: {{ say.text }} cannot be used here: Compose (2.1) runs in rounds of For Each (2) and has a value in each; what is needed after it belongs into the outputs of the round"},
		{"the item outside", chainOf(loop, say("after", "{{ loop.item }}")), `after.text: {{ loop.item }} leads nowhere: For Each (2) has no output "item", it has results, failures`},
		{"the results inside", chainOf(Step{ID: "loop", Card: "control.each", Inputs: schema.Values{"items": []any{}}, Blocks: map[string]Block{"each": {Chain: []Step{say("say", "{{ loop.results }}")}}}}),
			`say.text: {{ loop.results }} leads nowhere: For Each (2) has no output "results", it has item, index`},
		{"the other lane", chainOf(Step{ID: "p", Card: "control.parallel", Inputs: schema.Values{"lanes": []any{keyed("lane"), keyed("lane_2")}}, Blocks: map[string]Block{
			"lane": {Chain: []Step{say("a", "1")}}, "lane_2": {Chain: []Step{say("b", "{{ a.text }}")}}}}),
			"b.text: {{ a.text }} cannot be used here: Compose (2.1) is in the other branch of Parallel (2), Lane 1"},
		{"two lanes of one name", chainOf(Step{ID: "p", Card: "control.parallel", Inputs: schema.Values{"lanes": []any{keyed("lane"), keyed("lane_2")}}, Blocks: map[string]Block{
			"lane": {Result: schema.Values{"a": "1"}}, "lane_2": {Result: schema.Values{"a": "2"}}}}),
			"p.lane_2.a: Lane 1 results in a already, and both run; choose another name"},
		{"one key twice", chainOf(Step{ID: "p", Card: "control.parallel", Inputs: schema.Values{"lanes": []any{keyed("lane"), keyed("lane")}}}),
			"p.lanes.1.key: there is a block lane already; every block needs a key of its own"},
		{"a key that is a block of the card", chainOf(Step{ID: "s", Card: "control.switch", Inputs: schema.Values{"lanes": []any{keyed("else")}}}),
			"s.lanes.0.key: there is a block else already; every block needs a key of its own"},
		{"cards in a block without its item", chainOf(Step{ID: "s", Card: "control.switch", Inputs: schema.Values{"lanes": []any{keyed("lane")}}, Blocks: map[string]Block{"lane_7": {Chain: []Step{say("a", "")}}}}),
			"s.lane_7: Switch has no block named lane_7"},
		{"a catch lane that the policy does not ask for", chainOf(Step{ID: "a", Card: "text.compose", Blocks: map[string]Block{BlockOnError: {Chain: []Step{say("b", "")}}}}),
			`a.on_error: the cards under "If it fails" cannot run: choose under "If it fails" that they do, or delete them`},
		{"what is carried is seen inside only", chainOf(Step{ID: "r", Card: "control.repeat", Inputs: schema.Values{"carry": map[string]any{"n": "{{ r.n }}"}}}),
			"r.carry.n: {{ r.n }} cannot be used here: they are the card's own"},
	} {
		_, err := Compile(c.doc, registry)
		if err == nil || err.Error() != c.want {
			t.Errorf("%s: %v\nwant %s", c.name, err, c.want)
		}
	}
	if _, err := Compile(chainOf(Step{ID: "t", Card: "control.try", Inputs: schema.Values{"catches": []any{keyed("catch")}}, Blocks: map[string]Block{
		"try": {Chain: []Step{say("a", "1")}}, "catch": {Chain: []Step{say("b", "{{ a.text }}")}}}}), registry); err != nil {
		t.Errorf("a catch block may look at what Try left: %v", err)
	}
}

func TestLimitsOfARunAreNamed(t *testing.T) {
	many := make([]any, DefaultBounds.Steps)
	doc := chainOf(
		Step{ID: "make", Card: "object.set", Inputs: schema.Values{"fields": map[string]any{"list": many}}},
		Step{ID: "loop", Card: "control.each", Inputs: schema.Values{"items": "{{ make.list }}"}, Blocks: map[string]Block{"each": {Chain: []Step{say("say", "x")}}}})
	p, err := Compile(doc, registry)
	if err != nil {
		t.Fatal(err)
	}
	_, err = p.Run(t.Context(), inOrder{}, start)
	var failure *RunError
	if !errors.As(err, &failure) || failure.Err.Code != cards.CodeLimit || failure.Err.Message != "the run went through more than 100000 cards, the limit of this server (--run-steps)" {
		t.Errorf("Run = %v, want a limit of cards", err)
	}
	big := strings.Repeat("x", 1<<20)
	doc = chainOf(
		Step{ID: "make", Card: "object.set", Inputs: schema.Values{"fields": map[string]any{"list": many[:100], "text": big}}},
		Step{ID: "loop", Card: "control.each", Inputs: schema.Values{"items": "{{ make.list }}"}, Blocks: map[string]Block{"each": {Result: schema.Values{"text": "{{ make.text }}"}}}})
	if _, _, err = run(t, doc); !errors.As(err, &failure) || failure.Err.Code != cards.CodeLimit || !strings.Contains(failure.Err.Message, "results of the loop are more than 64 MiB") || failure.Path != "loop" {
		t.Errorf("Run = %v, want a limit of results", err)
	}
}
