package flows

import (
	"encoding/json"
	"slices"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// Clip is cards on their way through a clipboard, from one place, flow or server to
// another. It is text that people can read, and holds no secrets.
type Clip struct {
	Flowdeck    string            `json:"flowdeck"` // "cards"
	Format      int               `json:"format"`
	Cards       []Step            `json:"cards"`
	Connections map[string]string `json:"connections,omitempty"` // their names by id
}

const (
	clipKind = "cards"
	maxClip  = 4 << 20 // bytes
)

// Clip copies steps, with all inside of them, in the order of the document. The error
// wraps ErrNotFound when one is not there.
func (d Document) Clip(ids []string, reg *cards.Registry) (Clip, error) {
	x := &editor{doc: d.clone(), reg: reg}
	chosen, err := x.chosen(slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return id == d.Trigger.ID && len(ids) > 1 }))
	if err != nil {
		return Clip{}, err
	}
	clip := Clip{Flowdeck: clipKind, Format: Format}
	for _, id := range chosen {
		s, err := x.step(id)
		if err != nil {
			return Clip{}, err
		}
		clip.Cards = append(clip.Cards, s.clone())
	}
	return clip, nil
}

// Each calls f with every step of the clip; f may change it.
func (c *Clip) Each(f func(*Step)) { eachInChain(c.Cards, f) }

// ReadClip reads text from a clipboard. What is wrong with it is said for the person
// who pasted it: it may come from anywhere.
func ReadClip(text string) (Clip, error) {
	if len(text) > maxClip {
		return Clip{}, refuse("", "The clipboard holds too much: cards take at most %d MB", maxClip>>20)
	}
	var head struct {
		Flowdeck    any               `json:"flowdeck"`
		Format      json.Number       `json:"format"`
		Cards       json.RawMessage   `json:"cards"`
		Connections map[string]string `json:"connections"`
	}
	if err := json.Unmarshal([]byte(text), &head); err != nil || head.Flowdeck == nil {
		return Clip{}, refuse("", "The clipboard holds no cards. Copy some in a flow first, then paste them here.")
	}
	if head.Flowdeck != clipKind {
		return Clip{}, refuse("", "The clipboard holds something of Flowdeck, but no cards. A whole flow is brought in under Flows, Import.")
	}
	if n, err := head.Format.Int64(); err != nil || n < 1 {
		return Clip{}, refuse("format", "of the copied cards must be a whole number, such as %d", Format)
	} else if n > Format {
		return Clip{}, refuse("", "These cards were copied from a newer Flowdeck (format %d, this one reads up to %d).", n, Format)
	}
	v, err := schema.DecodeJSON(head.Cards)
	if err != nil {
		return Clip{}, refuse("cards", "of the clipboard cannot be read: %v", err)
	}
	list, err := stepsOf(v)
	return Clip{Flowdeck: clipKind, Format: Format, Cards: list, Connections: head.Connections}, err
}
