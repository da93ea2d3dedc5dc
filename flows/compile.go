package flows

import (
	"fmt"
	"maps"
	"net/url"
	"strings"

	"flowdeck/cards"
	"flowdeck/cards/schema"
	"flowdeck/flows/expr"
)

// Limits of a document.
const (
	maxSteps = 500
	maxBlock = 16 // blocks inside of blocks
)

// Names of cards that only make sense together.
const (
	cardEndpoint = "event.endpoint"
	cardClose    = "http.close"
)

// Compile checks doc and plans it. The error is Problems: all that is wrong, in
// drawn order.
func Compile(doc Document, reg *cards.Registry) (*Program, error) {
	p, _, problems := compile(doc, reg)
	return p, problems.Err()
}

// compile returns no program when there are problems.
func compile(doc Document, reg *cards.Registry) (*Program, *outline, Problems) {
	p := &Program{doc: doc, byID: map[string]*planned{}, slots: map[string]int{reservedRun: slotRun, reservedFlow: slotFlow, reservedVars: slotVars, reservedSecrets: slotSecrets}}
	o := newOutline(&p.doc, reg)
	c := compiler{outline: o, program: p, functions: functions(reg)}
	c.document()
	p.chain = c.chain(o.chain)
	p.index(p.chain)
	c.problems = append(c.problems, TypedSecrets(doc, reg)...)
	if len(c.problems) > 0 {
		return nil, o, c.problems
	}
	p.width = firstSlot + len(o.steps)
	p.steps = make([]StepInfo, 0, len(o.steps))
	for _, s := range o.steps {
		if !s.Card.Comment {
			p.steps = append(p.steps, s.StepInfo)
		}
	}
	return p, o, nil
}

// index finds planned steps by id; the chains do not move any more.
func (p *Program) index(chain []planned) {
	for i := range chain {
		s := &chain[i]
		p.byID[s.id] = s
		for j := range s.blocks {
			p.index(s.blocks[j].chain)
		}
	}
}

type compiler struct {
	functions expr.Library
	outline   *outline
	program   *Program
	problems  Problems
}

func (c *compiler) problem(step, field, format string, args ...any) {
	c.problems = append(c.problems, Problem{Step: step, Field: field, Message: fmt.Sprintf(format, args...)})
}

// document checks what is not about a single step: format, size, trigger, ids.
func (c *compiler) document() {
	doc := &c.program.doc
	if doc.Format > Format {
		c.problem("", "", "this flow was made by a newer Flowdeck (document format %d, this one reads up to %d)", doc.Format, Format)
	}
	if n := len(c.outline.steps); n > maxSteps {
		c.problem("", "", "a flow may have %d cards, this one has %d", maxSteps, n)
	}
	if c.outline.trigger == nil {
		c.problem("", "trigger", "the flow needs a trigger: what begins it")
	} else {
		c.trigger(c.outline.trigger)
	}
	for _, p := range c.outline.steps {
		switch first := c.outline.byID[p.ID]; {
		case !validID(p.ID):
			c.problem(p.ID, "id", "%q cannot be the id of a card: it takes letters, digits and _, and no word of the expression language", p.ID)
		case first != p:
			c.problem(p.ID, "id", "%s has the same id as %s: %s", p.name(), first.name(), p.ID)
		}
	}
}

func (c *compiler) chain(chain []*placed) []planned {
	list := make([]planned, 0, len(chain))
	for _, p := range chain {
		if !p.Card.Comment {
			list = append(list, c.step(p))
		}
	}
	return list
}

func (c *compiler) step(p *placed) planned {
	slot := firstSlot + p.order
	c.program.slots[p.ID] = slot
	s := planned{id: p.ID, slot: slot, last: firstSlot + p.last, step: p.step, card: p.Card, off: p.Off,
		goOn: p.step.Policy.goesOn(), timeout: p.step.Policy.Timeout.Duration}
	switch {
	case p.Off:
	case !p.known:
		c.problem(p.ID, "card", "there is no card named %q", p.step.Card)
	case p.Card.Kind == cards.Event:
		c.problem(p.ID, "card", "%s begins a flow and cannot stand inside of one", p.Title)
	default:
		c.placement(p)
		before := len(c.problems)
		s.inputs = c.inputs(p, &s)
		if len(c.problems) == before {
			c.declares(p)
		}
		c.policy(p)
		c.lanes(p)
	}
	for _, b := range p.blocks {
		s.blocks = append(s.blocks, c.block(p, b, &s))
	}
	if p.step.Policy.OnError == OnCatch {
		s.onError = s.block(BlockOnError)
	}
	return s
}

func (c *compiler) placement(p *placed) {
	if p.Depth > maxBlock {
		c.problem(p.ID, "", "blocks may be nested %d deep", maxBlock)
	}
	if t := c.outline.trigger; p.step.Card == cardClose && t != nil && t.Card.Kind == cards.Event && t.step.Card != cardEndpoint {
		c.problem(p.ID, "", "%s answers the caller of an API Endpoint, but this flow begins with %s", p.Title, t.Title)
	}
}

// inputs plans the step's inputs and checks what can be known before a run.
func (c *compiler) inputs(p *placed, s *planned) expr.Node {
	x := inputPlanner{lib: c.functions}
	n := x.form(p.Card.Inputs, p.step.Inputs, "")
	broken := map[string]bool{}
	for _, e := range x.problems {
		broken[topOf(e.Field)] = true
		c.problem(p.ID, e.Field, "%s", e.Message)
	}
	known, _ := n.With(schema.Later).(map[string]any)
	for _, e := range p.Card.Inputs.Check(known) {
		if !broken[topOf(e.Field)] {
			c.problem(p.ID, e.Field, "%s", e.Message)
		}
	}
	for _, f := range p.Card.Inputs.Fields {
		text, isText := p.step.Inputs[f.Name].(string)
		if f.Format == schema.URL && isText && text != "" && !broken[f.Name] && p.Card.Inputs.Applies(&f, p.step.Inputs) && !looksLikeURL(text) {
			c.problem(p.ID, f.Name, "must be a whole address such as https://api.example.com/path, got %s", schema.Describe(text))
		}
	}
	if len(p.Card.Late) > 0 {
		early, late := apart(p.step.Inputs, p.Card.Late)
		n, s.late = x.form(p.Card.Inputs, early, ""), x.form(p.Card.Inputs, late, "")
		c.mentions(p, s, &s.late, "", p.late())
	}
	c.mentions(p, s, &n, "", p.spot())
	return n
}

// apart takes the named inputs out of the others.
func apart(inputs schema.Values, names []string) (others, named schema.Values) {
	others, named = maps.Clone(inputs), schema.Values{}
	for _, name := range names {
		if v, ok := inputs[name]; ok {
			named[name] = v
			delete(others, name)
		}
	}
	return others, named
}

// looksLikeURL reports whether a template may become an absolute http address, by
// what stands before its first reference.
func looksLikeURL(template string) bool {
	pieces := expr.Segments(template)
	if pieces[0].Src != "" {
		return true
	}
	text := strings.TrimSpace(pieces[0].Text)
	scheme, rest, found := strings.Cut(text, "://")
	if len(pieces) > 1 {
		return !found && strings.HasPrefix("https://", text) || found && isHTTP(scheme)
	}
	u, err := url.Parse(text)
	return err == nil && found && rest != "" && isHTTP(scheme) && u.Hostname() != ""
}

func isHTTP(scheme string) bool {
	return strings.EqualFold(scheme, "http") || strings.EqualFold(scheme, "https")
}

func (c *compiler) block(p *placed, b placedBlock, s *planned) plannedBlock {
	planned := plannedBlock{name: b.name, chain: c.chain(b.chain)}
	switch {
	case p.Off:
		return planned
	case p.known && !b.known:
		c.unknownBlock(p, b)
		return planned
	}
	planned.gives = len(b.block.Result) > 0
	x := inputPlanner{lib: c.functions}
	planned.result = x.value(map[string]any(b.block.Result), expr.Below("", b.name))
	for _, e := range x.problems {
		c.problem(p.ID, e.Field, "%s", e.Message)
	}
	for _, name := range sortedKeys(b.block.Result) {
		if _, taken := p.Card.Outputs.Field(name); taken && p.Card.BlockOutputs {
			c.problem(p.ID, expr.Below(b.name, name), "%s already has an output named %s; choose another name", p.Title, name)
		}
	}
	c.mentions(p, s, &planned.result, b.name, p.end(b))
	return planned
}

// topOf is the first key of a field path.
func topOf(field string) string {
	top, _, _ := strings.Cut(field, ".")
	return top
}

// mentions notes and checks every reference of a node.
func (c *compiler) mentions(p *placed, s *planned, n *expr.Node, path string, at spot) {
	n.Templates(path, func(field string, t expr.Template) {
		for _, r := range t.References() {
			s.mentions = append(s.mentions, Reference{Field: field, Reference: r})
			if _, own := reserved[r.Step]; own {
				c.program.asks = true
			}
			c.program.mentions(r)
			if r.Step == reservedSecrets && (path != "" || !masked(p.step, p.Card, field)) {
				c.problem(p.ID, field, "{{ %s }} is a secret and may only stand by itself where the card hides what it is given, such as the key of HMAC", r.String())
				continue
			}
			if why := c.outline.wrong(r, at); why != "" {
				c.problem(p.ID, field, "%s", why)
			}
		}
	})
}
