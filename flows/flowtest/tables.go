package flowtest

import (
	"context"
	"strings"

	"flowdeck/cards"
	"flowdeck/flows"
)

const runID = "r_test"

// Codes of what the recording does not have.
const (
	codeNoCall  = "call_not_recorded"
	codeNoTable = "table_not_recorded"
)

const tableNotRecorded = "this table card was not recorded; save the test again"

// recordWhole keeps what a card gave at last, its output or its failure.
func (t *Test) recordWhole(a flows.Attempt) {
	switch {
	case a.Status == flows.Succeeded:
		t.Given[a.Path] = a.Output
		delete(t.Failed, a.Path)
	case a.Status == flows.Failed && a.Error != nil:
		if t.Failed == nil {
			t.Failed = map[flows.Path]ExchangeError{}
		}
		t.Failed[a.Path] = ExchangeError{Code: a.Error.Code, Message: a.Error.Message, Details: a.Error.Details}
	}
}

// pathOf is the place of the step that has the key of an environment.
func pathOf(key string) flows.Path { return flows.Path(strings.TrimPrefix(key, runID+"/")) }

// recordedTables gives a step tables that fail it: as in the recording, or because the
// recording does not have it. Outputs are played back without asking any table.
func recordedTables(failed map[flows.Path]ExchangeError) func(flows.Path) cards.Tables {
	return func(p flows.Path) cards.Tables {
		if x, there := failed[p]; there {
			return noTables{x.error()}
		}
		return noTables{&cards.Error{Code: codeNoTable, Message: tableNotRecorded}}
	}
}

// noTables fails whoever asks.
type noTables struct{ err error }

func (n noTables) Table(context.Context, string) (cards.Table, error) { return cards.Table{}, n.err }

func (n noTables) Row(context.Context, string, string) (cards.Row, error) { return cards.Row{}, n.err }

func (n noTables) EachRow(context.Context, string, cards.RowQuery, func(cards.Row) error) error {
	return n.err
}

func (n noTables) WriteRows(context.Context, string, string, []cards.RowWrite) ([]cards.Written, error) {
	return nil, n.err
}

func (n noTables) DeleteRows(context.Context, string, string, []string) (int64, error) {
	return 0, n.err
}

func (n noTables) ClearTable(context.Context, string, string) (int64, error) { return 0, n.err }
