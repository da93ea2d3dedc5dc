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
	if q.pop() != nil || q.len() != 0 || q.items != nil {
		t.Errorf("an empty queue holds %d of %d items", q.len(), len(q.items))
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
