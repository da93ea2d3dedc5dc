package flows

import (
	"slices"
	"strings"

	"flowdeck/cards/schema"
)

// maxNested is how deep steps may stand inside of steps in a document's text;
// deeper than Compile allows, so that Compile can say it in better words.
const maxNested = 64

func (d *Document) read(r *reader, v any) {
	r.object(v, map[string]func(any){
		"format":  func(v any) { d.Format = r.whole(v) },
		"trigger": func(v any) { d.Trigger.read(r, v) },
		"chain":   func(v any) { d.Chain = r.chain(v) },
	})
}

func (r *reader) chain(v any) []Step {
	if v == nil {
		return nil
	}
	if len(r.path) > 5*maxNested {
		r.fail("cards are nested more than %d deep", maxNested)
		return nil
	}
	var chain []Step
	r.list(v, func(v any) {
		var s Step
		s.read(r, v)
		chain = append(chain, s)
	})
	return chain
}

func (s *Step) read(r *reader, v any) {
	r.object(v, map[string]func(any){
		"id":         func(v any) { s.ID = r.text(v) },
		"card":       func(v any) { s.Card = r.text(v) },
		"title":      func(v any) { s.Title = r.text(v) },
		"note":       func(v any) { s.Note = r.text(v) },
		"off":        func(v any) { s.Off = r.yes(v) },
		"connection": func(v any) { s.Connection = r.text(v) },
		"inputs":     func(v any) { s.Inputs = r.values(v) },
		"outputs":    func(v any) { r.list(v, func(v any) { s.Outputs = append(s.Outputs, r.output(v)) }) },
		"policy":     func(v any) { s.Policy.read(r, v) },
		"blocks": func(v any) {
			s.Blocks = map[string]Block{}
			r.members(v, func(name string, v any) { s.Blocks[name] = r.block(v) })
		},
		"order": func(v any) {
			s.Order = map[string][]string{}
			r.members(v, func(name string, v any) { s.Order[name] = r.texts(v) })
		},
	})
}

func (r *reader) values(v any) schema.Values {
	m, ok := v.(map[string]any)
	if !ok {
		r.fail("must be an object, got %s", schema.Describe(v))
	}
	return m
}

func (r *reader) output(v any) Output {
	var o Output
	r.object(v, map[string]func(any){
		"path": func(v any) { o.Path = r.text(v) },
		"type": func(v any) { o.Type = r.typeName(v) },
	})
	return o
}

// types are the types of outputs that can be declared.
var types = []schema.Type{schema.Any, schema.Text, schema.Number, schema.Boolean, schema.Date, schema.Object, schema.List, schema.File}

func (r *reader) typeName(v any) schema.Type {
	t := schema.Type(r.text(v))
	if !slices.Contains(types, t) {
		r.fail("must be one of %s, got %s", joinTypes(), schema.Describe(v))
	}
	return t
}

func joinTypes() string {
	names := make([]string, len(types))
	for i, t := range types {
		names[i] = string(t)
	}
	return strings.Join(names, ", ")
}

func (r *reader) block(v any) Block {
	var b Block
	b.read(r, v)
	return b
}

func (b *Block) read(r *reader, v any) {
	r.object(v, map[string]func(any){
		"chain":  func(v any) { b.Chain = r.chain(v) },
		"result": func(v any) { b.Result = r.values(v) },
		"order":  func(v any) { b.Order = r.texts(v) },
	})
}

func (p *Policy) read(r *reader, v any) {
	r.object(v, map[string]func(any){
		"timeout":  func(v any) { p.Timeout = r.duration(v) },
		"on_error": func(v any) { p.OnError = r.text(v) },
		"in_doubt": func(v any) { p.InDoubt = r.text(v) },
		"retry":    func(v any) { r.list(v, func(v any) { p.Retry = append(p.Retry, r.retry(v)) }) },
	})
}

func (r *reader) retry(v any) Retry {
	var x Retry
	r.object(v, map[string]func(any){
		"match":    func(v any) { x.Match = r.texts(v) },
		"attempts": func(v any) { x.Attempts = r.whole(v) },
		"interval": func(v any) { x.Interval = r.duration(v) },
		"backoff":  func(v any) { x.Backoff = r.number(v) },
		"max":      func(v any) { x.Max = r.duration(v) },
		"jitter":   func(v any) { x.Jitter = r.yes(v) },
	})
	return x
}
