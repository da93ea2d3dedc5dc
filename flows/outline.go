package flows

import (
	"fmt"
	"strconv"

	"flowdeck/cards"
)

// outline is a document with every step placed: what comes before what, what is
// inside of what.
type outline struct {
	trigger *placed
	chain   []*placed
	steps   []*placed // in drawn order, the trigger first
	byID    map[string]*placed
}

// placed is one step of an outline.
type placed struct {
	StepInfo
	step   *Step
	known  bool // the registry has its card
	order  int  // in outline.steps
	last   int  // order of the last step inside of it; its own when there is none
	parent *placed
	blocks []placedBlock // in the card's order, then the ones it does not know
}

type placedBlock struct {
	name  string
	title string
	known bool
	spec  cards.BlockSpec
	block Block
	chain []*placed
}

func newOutline(doc *Document, reg *cards.Registry) *outline {
	o := &outline{byID: map[string]*placed{}}
	if doc.Trigger.ID != "" || doc.Trigger.Card != "" {
		o.trigger = o.place(&doc.Trigger, reg, nil, "", "1")
	}
	o.chain = o.placeChain(doc.Chain, reg, nil, "", "", 1)
	return o
}

func (o *outline) placeChain(chain []Step, reg *cards.Registry, parent *placed, block, prefix string, before int) []*placed {
	list := make([]*placed, len(chain))
	for i := range chain {
		number := ""
		if card, _ := reg.Card(chain[i].Card); !card.Comment {
			before++
			number = prefix + strconv.Itoa(before)
		}
		list[i] = o.place(&chain[i], reg, parent, block, number)
	}
	return list
}

func (o *outline) place(s *Step, reg *cards.Registry, parent *placed, block, number string) *placed {
	card, known := reg.Card(s.Card)
	p := &placed{step: s, known: known, order: len(o.steps), parent: parent}
	p.StepInfo = StepInfo{ID: s.ID, Path: Path(s.ID), Number: number, Card: card, Title: s.Title, Block: block, Off: s.Off}
	if p.Title == "" {
		p.Title = card.Title
	}
	if p.Title == "" {
		p.Title = s.Card
	}
	if parent != nil {
		p.Path, p.Depth, p.Parent, p.Off = parent.Path+"/"+p.Path, parent.Depth+1, parent.ID, s.Off || parent.Off
	}
	o.steps = append(o.steps, p)
	if _, dup := o.byID[s.ID]; !dup {
		o.byID[s.ID] = p
	}
	inside := 0
	for _, b := range blocksOf(s, card) {
		b.chain = o.placeChain(b.block.Chain, reg, p, b.name, number+".", inside)
		for _, in := range b.chain {
			if !in.Card.Comment {
				inside++
			}
		}
		p.blocks = append(p.blocks, b)
	}
	p.last = len(o.steps) - 1
	return p
}

// blocksOf lists the blocks of a step with what it has in them.
func blocksOf(s *Step, card cards.Card) []placedBlock {
	if len(card.Blocks) == 0 && len(s.Blocks) == 0 && s.Policy.OnError != OnCatch {
		return nil
	}
	lanes := Lanes(s, card)
	list := make([]placedBlock, len(lanes))
	for i, l := range lanes {
		list[i] = placedBlock{name: l.Name, title: l.Title, known: l.Known, spec: l.Spec, block: s.Blocks[l.Name]}
	}
	return list
}

// name is how problems speak of the step: Get (2).
func (p *placed) name() string { return fmt.Sprintf("%s (%s)", p.Title, p.Number) }

func (p *placed) blockTitle(name string) string {
	for _, b := range p.blocks {
		if b.name == name {
			return b.title
		}
	}
	return name
}

// Number returns the number of every step, as people see it: the trigger is
// "1", the first step inside step 3 is "3.1".
func Number(doc Document, reg *cards.Registry) map[string]string {
	return newOutline(&doc, reg).numbers()
}

func (o *outline) numbers() map[string]string {
	numbers := make(map[string]string, len(o.byID))
	for id, p := range o.byID {
		numbers[id] = p.Number
	}
	return numbers
}

// Steps lists the trigger and every step of a document in drawn order, whether
// or not it can be compiled.
func Steps(doc Document, reg *cards.Registry) []StepInfo {
	o := newOutline(&doc, reg)
	list := make([]StepInfo, len(o.steps))
	for i, p := range o.steps {
		list[i] = p.StepInfo
	}
	return list
}
