package local

import (
	"container/heap"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"
)

func TestQueueKeepsItsOrder(t *testing.T) {
	var q queue
	in, out := 0, 0
	for range 20_000 {
		if q.len() > 0 && rand.IntN(3) == 0 {
			if got := q.pop().id; got != strconv.Itoa(out) {
				t.Fatalf("pop = %s, want %d", got, out)
			}
			out++
			continue
		}
		q.push(&entry{id: strconv.Itoa(in)})
		in++
	}
	for ; out < in; out++ {
		if got := q.pop().id; got != strconv.Itoa(out) {
			t.Fatalf("pop = %s, want %d", got, out)
		}
	}
	if q.pop() != nil || q.len() != 0 || len(q.lines) != 0 || q.turns.items != nil {
		t.Errorf("an empty queue holds %d of %d flows", q.len(), len(q.lines))
	}
}

// A flow with many runs does not keep the others waiting, and runs of a flow keep their order.
func TestFlowsTakeTurns(t *testing.T) {
	var q queue
	for i := range 1000 {
		q.push(&entry{id: "busy " + strconv.Itoa(i), owner: "busy"})
	}
	q.push(&entry{id: "a 0", owner: "a"})
	q.push(&entry{id: "a 1", owner: "a"})
	q.push(&entry{id: "b 0", owner: "b"})
	for i, want := range []string{"busy 0", "a 0", "b 0", "busy 1", "a 1", "busy 2", "busy 3"} {
		if got := q.pop().id; got != want {
			t.Errorf("pop %d = %s, want %s", i, got, want)
		}
	}
	gone := &entry{id: "c 0", owner: "c"}
	q.push(gone)
	if q.remove(gone); q.of("c") != 0 || q.of("busy") != 996 || q.len() != 996 {
		t.Errorf("%d of c and %d of busy are left of %d", q.of("c"), q.of("busy"), q.len())
	}
	for i := 4; i < 1000; i++ {
		if got := q.pop().id; got != "busy "+strconv.Itoa(i) {
			t.Fatalf("pop = %s, want busy %d", got, i)
		}
	}
	if q.pop() != nil || len(q.lines) != 0 {
		t.Errorf("an empty queue holds %d flows", len(q.lines))
	}
}

func TestQueueLetsOneLeaveOutOfTurn(t *testing.T) {
	var q queue
	list := make([]*entry, 5)
	for i := range list {
		list[i] = &entry{id: strconv.Itoa(i)}
		q.push(list[i])
	}
	q.pop()
	if !q.remove(list[2]) || q.remove(list[2]) || q.remove(list[0]) {
		t.Error("remove does not say what was there")
	}
	for _, want := range []string{"1", "3", "4"} {
		if got := q.pop().id; got != want {
			t.Errorf("pop = %s, want %s", got, want)
		}
	}
	if q.len() != 0 || q.pop() != nil {
		t.Errorf("an empty queue holds %d", q.len())
	}
}

func TestAlarmsRingInOrderAndCanBeTakenOut(t *testing.T) {
	var a alarms
	start := time.Now()
	list := make([]*entry, 200)
	for i := range list {
		list[i] = &entry{id: strconv.Itoa(i), wake: start.Add(time.Duration(rand.IntN(1000)) * time.Second)}
		heap.Push(&a, list[i])
	}
	for _, en := range list[:50] {
		if !a.remove(en) {
			t.Fatalf("alarm %s was not there", en.id)
		}
		if a.remove(en) {
			t.Fatalf("alarm %s could be taken out twice", en.id)
		}
	}
	last := time.Time{}
	for n := len(a); n > 0; n-- {
		en := heap.Pop(&a).(*entry)
		if en.wake.Before(last) {
			t.Fatalf("alarm at %s rang after %s", en.wake, last)
		}
		last = en.wake
	}
	if a.Len() != 0 {
		t.Errorf("%d alarms are left", a.Len())
	}
}
