package xml

import (
	"context"
	"strings"
	"testing"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// Names can be as long as a document; what is said about them is short.
func TestMistakesInHugeDocumentsAreToldInShort(t *testing.T) {
	name := strings.Repeat("n", 4<<20)
	for what, text := range map[string]string{
		"an end that does not fit": "<" + name + "></a>", "no end": "<" + name + ">", "the other one": "<a></" + name + ">", "an attribute twice": "<a " + name + `="1" ` + name + `="2"/>`,
		"an entity": "<a>&" + name + ";</a>", "a document type": `<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>`,
	} {
		_, err := Parse.Call(context.Background(), cards.Env{}, schema.Values{"text": text})
		if err == nil || len(err.Error()) > 1000 {
			t.Errorf("%s: %.80v…", what, err)
		}
	}
}
