package flows

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// world runs cards at once and writes down what happens.
type world struct {
	Holds
	mu       sync.Mutex
	log      []string
	answer   *Response
	answered Path
	calls    int
	at       func(p Path) error // before a card runs
}

func (w *world) note(format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.log = append(w.log, fmt.Sprintf(format, args...))
}

func (w *world) Do(ctx context.Context, p Path, c Call) (schema.Values, error) {
	w.mu.Lock()
	w.calls++
	w.mu.Unlock()
	if w.at != nil {
		if err := w.at(p); err != nil {
			return nil, err
		}
	}
	out, err := c.Card.Call(ctx, cards.Env{}, c.In)
	w.note("do %s %v", p, short(out, err))
	return out, err
}

func (w *world) Parallel(ctx context.Context, n, limit int, f func(ctx context.Context, i int) error) error {
	errs := make([]error, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { errs[i] = f(ctx, i) })
	}
	wg.Wait()
	return errors.Join(errs...)
}

func (w *world) Respond(_ context.Context, p Path, r Response) error {
	if w.answer != nil && w.answered != p {
		return &cards.Error{Code: cards.CodeResponded, Message: "answered already"}
	}
	w.answer, w.answered = &r, p
	return nil
}

func (w *world) Now(context.Context, Path) time.Time { return time.Unix(1, 0) }

func (w *world) Control(_ context.Context, p Path, _ Call, _ time.Time, out schema.Values, err error) {
	w.note("control %s %v", p, short(out, err))
}

func (w *world) Skipped(_ context.Context, p Path, stepID, card string) { w.note("skipped %s", p) }

func short(v any, err error) string {
	if err != nil {
		return "failed: " + err.Error()
	}
	data, _ := json.Marshal(v)
	return string(data)
}

var start = Start{Event: schema.Values{"customer": "c1"}, RunID: "r_1", Started: time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC), Name: "Orders", Alias: "orders"}

func run(t *testing.T, doc Document) (*world, schema.Values, error) {
	t.Helper()
	p, err := Compile(doc, registry)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{}
	out, err := p.Run(t.Context(), w, start)
	return w, out, err
}

func TestARunTakesOneBranchAndAnswers(t *testing.T) {
	w, out, err := run(t, flow())
	if err != nil || out != nil {
		t.Fatalf("Run = %v, %v; want nothing", out, err)
	}
	want := []string{
		`do get {"body":{"url":"https://api.test/c/c1"},"headers":{"content-type":"application/json"},"status_code":200}`,
		`do check/post {"body":{"from":{"url":"https://api.test/c/c1"},"note":"for c1"},"headers":{},"status_code":201}`,
		`control check {"branch":"then","who":"for c1"}`,
		`skipped check/again`,
		`control close {}`,
	}
	if !reflect.DeepEqual(w.log, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(w.log, "\n"), strings.Join(want, "\n"))
	}
	if got, want := short(w.answer, nil), `{"status":201,"body":{"run":"r_1","status":201,"who":"for c1"}}`; got != want {
		t.Errorf("answer %s, want %s", got, want)
	}
}

func TestAFailureNamesItsStep(t *testing.T) {
	_, _, err := run(t, inputs("post", schema.Values{"url": "{{ nil }}"}))
	var failure *RunError
	if !errors.As(err, &failure) || failure.Path != "check/post" || failure.StepID != "post" || failure.Err.Code != cards.CodeInvalidInput {
		t.Fatalf("Run = %v, want invalid_input at check/post", err)
	}
	if _, _, err = run(t, inputs("get", schema.Values{"url": "https://api.test/missing"})); !errors.As(err, &failure) || failure.Path != "get" || failure.Err.Code != "http_404" {
		t.Errorf("Run = %v, want http_404 at get", err)
	}
	_, _, err = run(t, inputs("close", schema.Values{"status_code": "{{ get.status_code / 0 }}"}))
	if want := "close: invalid_input: status_code: {{ get.status_code / 0 }}: something is divided by zero"; err == nil || err.Error() != want {
		t.Errorf("Run = %v, want %s", err, want)
	}
}

func TestAFlowMayGoOnAfterAFailure(t *testing.T) {
	doc := inputs("get", schema.Values{"url": "https://api.test/missing"}).clone()
	doc.Chain[0].Policy.OnError = "continue"
	doc.Chain[2].Inputs = schema.Values{"body": "{{ get.error }}"}
	w, _, err := run(t, doc)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := short(w.answer.Body, nil), `{"attempt":1,"body":null,"code":"http_404","details":{"status_code":404},"headers":null,"message":"not there","path":"get","retryable":false,"status":404,"step":"get"}`; got != want {
		t.Errorf("answer %s, want %s", got, want)
	}
}

func TestReturnEndsTheRunFromInsideABranch(t *testing.T) {
	doc := flow().clone()
	doc.Chain[1].Blocks["then"] = Block{Chain: []Step{{ID: "give", Card: "control.return", Inputs: schema.Values{"values": map[string]any{"name": "{{ flow.name }}", "at": "{{ run.started }}"}}}}}
	doc.Chain[2].Inputs = nil
	w, out, err := run(t, doc)
	if got, want := short(out, err), `{"at":"2026-01-31T12:00:00Z","name":"Orders"}`; got != want {
		t.Errorf("Run = %s, want %s", got, want)
	}
	if w.answer != nil {
		t.Errorf("Close ran after Return: %v", w.log)
	}
}

func TestASecondAnswerIsAnError(t *testing.T) {
	doc := flow().clone()
	doc.Chain = append(doc.Chain, Step{ID: "close_2", Card: "http.close"})
	_, _, err := run(t, doc)
	if want := "close_2: already_responded: answered already"; err == nil || err.Error() != want {
		t.Errorf("Run = %v, want %s", err, want)
	}
}

func TestALoopKeepsItsRoundsApart(t *testing.T) {
	doc := flow().clone()
	doc.Chain = []Step{
		{ID: "make", Card: "object.set", Inputs: schema.Values{"fields": map[string]any{"list": []any{"a", "b", "c"}}}},
		{ID: "loop", Card: "control.each", Inputs: schema.Values{"items": "{{ make.list }}"}, Blocks: map[string]Block{"each": {
			Chain:  []Step{{ID: "say", Card: "text.compose", Inputs: schema.Values{"text": "{{ make.list[0] }}-{{ call.customer }}"}}},
			Result: schema.Values{"said": "{{ say.text }}"}}}},
		{ID: "give", Card: "control.return", Inputs: schema.Values{"values": map[string]any{"all": "{{ loop.results }}"}}},
	}
	w, out, err := run(t, doc)
	if got, want := short(out, err), `{"all":[{"said":"a-c1"},{"said":"a-c1"},{"said":"a-c1"}]}`; got != want {
		t.Errorf("Run = %s, want %s", got, want)
	}
	slices.Sort(w.log)
	if want := `do loop[0]/say {"text":"a-c1"}`; !slices.Contains(w.log, want) {
		t.Errorf("log %q lacks %s", w.log, want)
	}
}

func TestACardThatPanicsIsABug(t *testing.T) {
	doc := flow().clone()
	doc.Chain = []Step{{ID: "broken", Card: "control.broken"}}
	_, _, err := run(t, doc)
	var failure *RunError
	if !errors.As(err, &failure) || failure.Err.Code != cards.CodeBug {
		t.Errorf("Run = %v, want a bug", err)
	}
}

func TestTheEnginesErrorsAreNotTheFlows(t *testing.T) {
	doc := flow().clone()
	doc.Chain[0].Policy.OnError = "continue"
	p, err := Compile(doc, registry)
	if err != nil {
		t.Fatal(err)
	}
	_, err = p.Run(t.Context(), &world{at: func(Path) error { return ErrFenced }}, start)
	if err != ErrFenced {
		t.Errorf("Run = %v, want ErrFenced itself", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	w := &world{at: func(p Path) error {
		if p == "check/post" {
			cancel()
		}
		return nil
	}}
	if _, err = p.Run(ctx, w, start); !errors.Is(err, context.Canceled) || w.answer != nil {
		t.Errorf("Run = %v, answer %v; want it to stop before Close", err, w.answer)
	}
}

func TestAnOffStepIsSkippedAndItsBlocksToo(t *testing.T) {
	doc := edited("check", func(s *Step) { s.Off = true })
	doc.Chain[2].Inputs = nil
	w, _, err := run(t, doc)
	if err != nil {
		t.Fatal(err)
	}
	if want := "skipped check"; w.log[1] != want || len(w.log) != 3 {
		t.Errorf("log %q, want %q second of three", w.log, want)
	}
}

func TestALoneReferenceToAnObjectIsJSONInText(t *testing.T) {
	doc := flow().clone()
	doc.Chain[1] = Step{ID: "say", Card: "text.compose", Inputs: schema.Values{"text": "{{ get.body }}"}}
	doc.Chain[2] = Step{ID: "give", Card: "control.return", Inputs: schema.Values{"values": map[string]any{"text": "{{ say.text }}"}}}
	_, out, err := run(t, doc)
	if got, want := short(out["text"], err), `"{\"url\":\"https://api.test/c/c1\"}"`; got != want {
		t.Errorf("Run = %s, want %s", got, want)
	}
}

func TestInputsOfOneStepResolveByThemselves(t *testing.T) {
	doc := inputs("close", schema.Values{"body": "{{ nonsense"}) // elsewhere
	outputs := func(step string) (schema.Values, bool) {
		v, ok := map[string]schema.Values{"get": {"body": map[string]any{"a": int64(1)}}, "call": {"customer": "c9"}}[step]
		return v, ok
	}
	in, problems := Inputs(doc, "post", registry, outputs)
	if got, want := short(in, problems.Err()), `{"body":{"from":{"a":1},"note":"for c9"},"url":"https://crm.test/"}`; got != want {
		t.Errorf("Inputs(post) = %s, want %s", got, want)
	}
	if _, problems = Inputs(inputs("get", schema.Values{"url": "{{ gone.url }}"}), "get", registry, outputs); problems.Error() != "url: is required" {
		t.Errorf("Inputs(get) has problems %v, want url: is required", problems)
	}
	p, err := Compile(flow(), registry)
	if err != nil {
		t.Fatal(err)
	}
	in, problems = p.Inputs("get", outputs)
	if got, want := short(in, problems.Err()), `{"query":{"expand":"orders"},"url":"https://api.test/c/c9"}`; got != want {
		t.Errorf("Program.Inputs(get) = %s, want %s", got, want)
	}
}

func BenchmarkRun(b *testing.B) {
	p, err := Compile(flow(), registry)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := p.Run(b.Context(), quiet{}, start); err != nil {
			b.Fatal(err)
		}
	}
}

// quiet is a world in which nothing happens and nothing is written down.
type quiet struct{ Holds }

var fixed = schema.Values{"status_code": int64(200), "body": map[string]any{"note": "x"}}

func (quiet) Do(context.Context, Path, Call) (schema.Values, error) { return fixed, nil }
func (quiet) Parallel(context.Context, int, int, func(context.Context, int) error) error {
	return nil
}
func (quiet) Respond(context.Context, Path, Response) error { return nil }
func (quiet) Now(context.Context, Path) time.Time           { return time.Time{} }
func (quiet) Control(context.Context, Path, Call, time.Time, schema.Values, error) {
}
func (quiet) Skipped(context.Context, Path, string, string) {}

func BenchmarkCompile(b *testing.B) {
	doc := flow()
	for b.Loop() {
		if _, err := Compile(doc, registry); err != nil {
			b.Fatal(err)
		}
	}
}

// inOrder runs cards at once and rounds one after the other.
type inOrder struct{ quiet }

func (inOrder) Do(ctx context.Context, _ Path, c Call) (schema.Values, error) {
	return c.Card.Call(ctx, cards.Env{}, c.In)
}

func (inOrder) Parallel(ctx context.Context, n, _ int, f func(context.Context, int) error) error {
	for i := range n {
		if err := f(ctx, i); err != nil {
			return err
		}
	}
	return nil
}

// BenchmarkLoop is a loop over 1,000 items with a data card in it.
func BenchmarkLoop(b *testing.B) {
	p, err := Compile(chainOf(
		Step{ID: "make", Card: "object.set", Inputs: schema.Values{"fields": map[string]any{"list": make([]any, 1000)}}},
		Step{ID: "loop", Card: "control.each", Inputs: schema.Values{"items": "{{ make.list }}"}, Blocks: map[string]Block{"each": {
			Chain: []Step{say("say", "{{ loop.index }}: {{ run.id }}")}, Result: schema.Values{"text": "{{ say.text }}"}}}}), registry)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := p.Run(b.Context(), inOrder{}, start); err != nil {
			b.Fatal(err)
		}
	}
}
