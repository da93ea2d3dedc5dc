package local

import (
	"container/heap"
	"slices"
)

// queue is a first-in first-out list that gives its memory back.
type queue struct {
	items    []*entry
	head     int
	reserved int // places for runs that are being committed
}

func (q *queue) len() int { return len(q.items) - q.head }

func (q *queue) push(en *entry) { q.items = append(q.items, en) }

func (q *queue) pop() *entry {
	if q.len() == 0 {
		return nil
	}
	en := q.items[q.head]
	q.items[q.head] = nil
	q.head++
	if q.head == len(q.items) {
		q.items, q.head = nil, 0
	} else if q.head > 1024 && q.head > len(q.items)/2 {
		q.items, q.head = append([]*entry(nil), q.items[q.head:]...), 0
	}
	return en
}

// remove takes en out of its turn. It reports whether it was there.
func (q *queue) remove(en *entry) bool {
	i := slices.Index(q.items[q.head:], en)
	if i < 0 {
		return false
	}
	q.items = slices.Delete(q.items, q.head+i, q.head+i+1)
	return true
}

// alarms is a heap of parked runs, the first to wake on top.
type alarms []*entry

func (a alarms) Len() int           { return len(a) }
func (a alarms) Less(i, j int) bool { return a[i].wake.Before(a[j].wake) }
func (a alarms) Swap(i, j int) {
	a[i], a[j] = a[j], a[i]
	a[i].place, a[j].place = i+1, j+1
}

// Push is for container/heap.
func (a *alarms) Push(x any) {
	en := x.(*entry)
	en.place = len(*a) + 1
	*a = append(*a, en)
}

// Pop is for container/heap.
func (a *alarms) Pop() any {
	last := len(*a) - 1
	en := (*a)[last]
	(*a)[last] = nil
	*a = (*a)[:last]
	en.place = 0
	return en
}

func (a *alarms) remove(en *entry) bool {
	if en.place == 0 {
		return false
	}
	heap.Remove(a, en.place-1)
	return true
}
