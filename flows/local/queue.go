package local

import (
	"container/heap"
	"slices"
)

// queue lets flows have their turn one after the other, each with the run of it that
// has waited longest: a flow with thousands of runs does not keep the others waiting.
type queue struct {
	lines    map[string]*line // of flows that have runs here, by id
	turns    fifo[*line]      // those, the next one first
	n        int
	reserved int // places for runs that are being committed
}

// line is the runs of one flow.
type line struct {
	flow string
	fifo[*entry]
}

func (q *queue) len() int { return q.n }

// of is how many runs of a flow are here.
func (q *queue) of(flow string) int {
	if l := q.lines[flow]; l != nil {
		return l.len()
	}
	return 0
}

func (q *queue) push(en *entry) {
	l := q.lines[en.owner]
	if l == nil {
		if q.lines == nil {
			q.lines = map[string]*line{}
		}
		l = &line{flow: en.owner}
		q.lines[en.owner] = l
		q.turns.push(l)
	}
	l.push(en)
	q.n++
}

func (q *queue) pop() *entry {
	for q.turns.len() > 0 {
		l := q.turns.pop()
		en := l.pop()
		if l.len() > 0 {
			q.turns.push(l)
		} else {
			delete(q.lines, l.flow)
		}
		if en != nil { // else its only one has left out of turn
			q.n--
			return en
		}
	}
	return nil
}

// remove takes en out of its turn. It reports whether it was there.
func (q *queue) remove(en *entry) bool {
	l := q.lines[en.owner]
	if l == nil {
		return false
	}
	i := slices.Index(l.items[l.head:], en)
	if i < 0 {
		return false
	}
	l.items = slices.Delete(l.items, l.head+i, l.head+i+1)
	q.n--
	return true
}

// fifo is a first-in first-out list that gives its memory back.
type fifo[T any] struct {
	items []T
	head  int
}

func (q *fifo[T]) len() int { return len(q.items) - q.head }

func (q *fifo[T]) push(x T) { q.items = append(q.items, x) }

// pop returns the first, or nothing when there is none.
func (q *fifo[T]) pop() (x T) {
	if q.len() == 0 {
		return x
	}
	var none T
	x, q.items[q.head] = q.items[q.head], none
	q.head++
	if q.head == len(q.items) {
		q.items, q.head = nil, 0
	} else if q.head > 1024 && q.head > len(q.items)/2 {
		q.items, q.head = append([]T(nil), q.items[q.head:]...), 0
	}
	return x
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
