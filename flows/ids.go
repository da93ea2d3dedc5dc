package flows

import (
	"strconv"
	"strings"

	"flowdeck/cards"
	"flowdeck/flows/expr"
)

// Reserved names that no step can have: what they mean is the same in every flow.
const (
	reservedRun  = "run"
	reservedFlow = "flow"
	// The values that the server keeps for flows, and its secrets.
	reservedVars    = "vars"
	reservedSecrets = "secrets"
)

// NewStepID returns an id that no step of doc has, from the card's title: "get", "get_2".
func NewStepID(doc Document, card cards.Card) string {
	taken := map[string]bool{}
	eachStep(&doc, func(s *Step) { taken[s.ID] = true })
	return newID(card.Title, taken)
}

// newID makes an id of a title and takes it.
func newID(title string, taken map[string]bool) string {
	base := identifier(title)
	id := base
	for n := 2; taken[id] || !validID(id); n++ {
		id = base + "_" + strconv.Itoa(n)
	}
	taken[id] = true
	return id
}

// identifier makes a title a name: "API Endpoint" is "api_endpoint".
func identifier(title string) string {
	var b strings.Builder
	for _, c := range strings.ToLower(title) {
		switch {
		case 'a' <= c && c <= 'z', '0' <= c && c <= '9' && b.Len() > 0:
			b.WriteRune(c)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "_"):
			b.WriteByte('_')
		}
	}
	if id := strings.TrimSuffix(b.String(), "_"); id != "" {
		return id
	}
	return "step"
}

func validID(id string) bool {
	return expr.IsStep(id) && !isReserved(id) && len(id) <= maxID
}

func isReserved(id string) bool {
	return id == reservedRun || id == reservedFlow || id == reservedVars || id == reservedSecrets
}

const maxID = 64

// splitChain reads the name of a chain: "if_1/then".
func splitChain(parent string) (step, block string) {
	step, block, _ = strings.Cut(parent, "/")
	return step, block
}
