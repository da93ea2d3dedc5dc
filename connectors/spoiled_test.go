package connectors

import (
	"context"
	"strings"
	"testing"

	"flowdeck/cards/schema"
	"flowdeck/cards/trace"
)

// What is wrong with an answer stands in the trace of limited connections, too.
func TestTheTraceOfALimitedConnectionSaysThatABodyIsDamaged(t *testing.T) {
	s := sends(t, []byte("<html>hello, this is not packed</html>"), "Content-Encoding", "gzip")
	b := newBench(t)
	id := b.with(schema.Values{"concurrency": 2}, "basic", schema.Values{"username": "jo", "password": "sesame-1"}, s.host())
	tr := &trace.Trace{}
	if _, _, err := b.fetch(trace.With(context.Background(), tr), id, s.URL); err == nil {
		t.Fatal("a damaged body was read")
	}
	if got := tr.Exchanges[0].Error; !strings.Contains(got, "cannot be unpacked") {
		t.Errorf("the trace says %q", got)
	}
}
