package runner

import (
	"container/list"
	"context"
	"fmt"
	"sync"

	"flowdeck/cards"
	"flowdeck/flows"
)

// Programs keeps the compiled documents that were used last. It may be used by
// many goroutines, and compiles a document once when many ask for it.
type Programs struct {
	cards *cards.Registry
	load  func(ctx context.Context, documentID string) (flows.Document, error)
	size  int

	mu   sync.Mutex
	byID map[string]*list.Element
	used *list.List // of *compiled, newest first
}

type compiled struct {
	id      string
	once    sync.Mutex
	program *flows.Program
}

// NewPrograms returns a cache of at most size programs. load reads a document.
func NewPrograms(size int, registry *cards.Registry, load func(ctx context.Context, documentID string) (flows.Document, error)) *Programs {
	return &Programs{cards: registry, load: load, size: max(size, 1), byID: map[string]*list.Element{}, used: list.New()}
}

// Program returns the program of a document. Its error is flows.Problems when
// the document does not compile; failures are not kept.
func (p *Programs) Program(ctx context.Context, documentID string) (*flows.Program, error) {
	c := p.entry(documentID)
	c.once.Lock()
	defer c.once.Unlock()
	if c.program != nil {
		return c.program, nil
	}
	doc, err := p.load(ctx, documentID)
	if err != nil {
		return nil, fmt.Errorf("load document %s: %w", documentID, err)
	}
	program, err := flows.Compile(doc, p.cards)
	if err != nil {
		return nil, err
	}
	c.program = program
	return program, nil
}

func (p *Programs) entry(id string) *compiled {
	p.mu.Lock()
	defer p.mu.Unlock()
	if e, ok := p.byID[id]; ok {
		p.used.MoveToFront(e)
		return e.Value.(*compiled)
	}
	c := &compiled{id: id}
	p.byID[id] = p.used.PushFront(c)
	if p.used.Len() > p.size {
		last := p.used.Back()
		p.used.Remove(last)
		delete(p.byID, last.Value.(*compiled).id)
	}
	return c
}
