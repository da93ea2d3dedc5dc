package flows

import (
	"context"
	"fmt"
	"runtime"
	"testing"
	"time"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// silent is a world that writes nothing down.
type silent struct{ *world }

func (silent) Do(ctx context.Context, _ Path, c Call) (schema.Values, error) {
	return c.Card.Call(ctx, cards.Env{}, c.In)
}

func (silent) Control(context.Context, Path, Call, time.Time, schema.Values, error) {}

// bigOf is a text of 30 million letters, and copies of it that a run counts each.
func bigOf(copies int) []Step {
	steps := []Step{say("big", `{{ repeat("x", 30000000) }}`)}
	for i := range copies {
		steps = append(steps, say(fmt.Sprintf("copy_%d", i+1), "{{ big.text }}"))
	}
	return steps
}

// TestARunHoldsSoMuchAndNoMore: the outputs of a run count to 256 MiB, those of rounds only
// while they last; the test itself holds one text of 30 MB.
func TestARunHoldsSoMuchAndNoMore(t *testing.T) {
	heap := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	outcome := func(steps ...Step) string {
		p, err := Compile(chainOf(append(steps, give(map[string]any{"all": "well"}))...), registry)
		if err != nil {
			t.Fatal(err)
		}
		out, err := p.Run(t.Context(), silent{&world{}}, start)
		return short(out, err)
	}
	before := heap()
	if fits := (DefaultBounds.Memory - 1<<20) / 30_000_000; fits != 8 {
		t.Fatalf("%d texts fit, the test is made for 8", fits)
	}
	got := outcome(bigOf(7)...)
	if got != `{"all":"well"}` {
		t.Errorf("eight texts: %.200s", got)
	}
	got = outcome(bigOf(8)...)
	if want := "failed: copy_8: limit: the run holds more than 256 MiB of outputs, the limit of this server (--run-memory); those of copy_8 are too much. Work on fewer items at a time"; got != want {
		t.Errorf("nine texts: %.300s\nwant %s", got, want)
	}
	rounds := Step{ID: "loop", Card: "control.each", Inputs: schema.Values{"items": "{{ 1..12 }}"}, Blocks: map[string]Block{"each": {Chain: bigOf(1)[:1]}}}
	got = outcome(rounds)
	if got != `{"all":"well"}` {
		t.Errorf("twelve rounds of one text each: %.200s", got)
	}
	rounds.Blocks["each"] = Block{Chain: bigOf(1)[:1], Result: map[string]any{"text": "{{ big.text }}"}}
	got = outcome(rounds)
	if want := "failed: loop: limit: the results of the loop are more than 64 MiB, a quarter of what this server lets a run hold (--run-memory). Let each round result in less, or work on fewer items"; got != want {
		t.Errorf("a loop with such results: %.300s\nwant %s", got, want)
	}
	// What Repeat carries is held between rounds, whatever the rounds themselves hold.
	repeat := func(times int, next string) Step {
		return Step{ID: "loop", Card: "control.repeat", Inputs: schema.Values{"carry": map[string]any{"text": "", "n": int64(0)}, "while": fmt.Sprintf("{{ loop.n < %d }}", times)},
			Blocks: map[string]Block{"round": {Result: map[string]any{"text": next, "n": "{{ loop.n + 1 }}"}}}}
	}
	got = outcome(repeat(100, `{{ repeat("x", 30000000) }}`))
	if got != `{"all":"well"}` {
		t.Errorf("a hundred rounds that carry one text each: %.200s", got)
	}
	got = outcome(append(bigOf(6), repeat(3, "{{ [loop.text, big.text] }}"))...)
	if want := "failed: loop: limit: the run holds more than 256 MiB of outputs, the limit of this server (--run-memory); those of loop are too much. Work on fewer items at a time"; got != want {
		t.Errorf("two texts carried beside seven: %.300s\nwant %s", got, want)
	}
	if after := heap(); after > before+64<<20 {
		t.Errorf("the test holds %d MiB more than before", (after-before)>>20)
	}
}

// TestWhatStaysFromRoundToRoundIsMeasuredOnce: a long list that every round passes on costs nothing.
func TestWhatStaysFromRoundToRoundIsMeasuredOnce(t *testing.T) {
	long := make([]any, 100_000)
	z, own := sizes{}, schema.Values{"list": long, "index": int64(0), "text": "abc", "none": nil}
	want := SizeOf(own) - 3*16
	if got := z.of(own); got != want {
		t.Errorf("it takes %d bytes, want %d", got, want)
	}
	began := time.Now()
	for range 50_000 {
		if got := z.of(own); got != want {
			t.Fatalf("it takes %d bytes in a later round, want %d", got, want)
		}
	}
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("50,000 rounds took %s", took)
	}
	if z.of(schema.Values{"list": long[:10]}) >= z.of(schema.Values{"list": long}) {
		t.Error("a shorter list of the same memory takes as much")
	}
}
