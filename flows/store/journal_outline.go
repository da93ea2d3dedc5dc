package store

import (
	"strconv"

	"flowdeck/cards/schema"
	"flowdeck/cards/trace"
	"flowdeck/flows"
)

// An outline is what is kept of a run that succeeded when its flow says so: who called,
// which steps ran and when, and how their calls were answered, and no values. Attempts
// that failed are whole in it. A run that is written down when it is over never has its
// values on the disk; one that was written down before loses them when it ends, but for
// its answer and its output: who was told to ask later may still ask for them.

// outlineTraces is how many calls of a run that was written down before its end are kept
// in outline; of more, nothing is.
const outlineTraces = 64

// outlineEvent is what is kept of an event: how an endpoint was called, and by whom, who
// alone may ask about the run.
func outlineEvent(event schema.Values) schema.Values {
	method, called := event["method"]
	if !called {
		return nil
	}
	kept := schema.Values{"method": method}
	by, _ := event["caller"].(schema.Values)
	for _, name := range []string{"client_id", "subject", "issuer"} {
		if v := by[name]; v != nil && v != "" {
			kept["caller"] = by
		}
	}
	return kept
}

// outlined is what is kept of the answer among entries that are written when their run is
// over, and the other entries, without what arrived for steps.
func outlined(entries []flows.Entry) (said *answer, rest []flows.Entry) {
	rest = make([]flows.Entry, 0, len(entries))
	for _, e := range entries {
		switch {
		case e.Answer == nil && e.Signal == nil:
			rest = append(rest, e)
		case e.Answer != nil && said == nil:
			said = outlineAnswer(e.Answer)
		}
	}
	return said, rest
}

// outlineAnswer is what is kept of an answer.
func outlineAnswer(a *flows.Answer) *answer {
	return &answer{path: string(a.Path), body: `{"status":` + strconv.Itoa(a.Response.Status) + `}`, status: a.Response.Status}
}

// keptOf is what is kept of an attempt, and how its trace is written: in outline one that
// succeeded has no values.
func keptOf(a *flows.Attempt, outline bool) (*flows.Attempt, func([]byte, *trace.Trace) []byte) {
	if !outline || a.Status != flows.Succeeded {
		return a, appendTrace
	}
	bare := *a
	bare.Input, bare.Output = nil, nil
	return &bare, appendOutline
}

// outlineRun takes its values from a run that was written down before it ended.
func (s *Store) outlineRun(t *tx, runID string) (bytes int64, _ error) {
	var run flows.Run
	var event string
	if err := t.row(`select source, event from runs where id = ?`, []any{runID}, &run.Source, &event); err != nil {
		return 0, err
	}
	values, err := s.values(event)
	if err != nil {
		return 0, err
	}
	run.ID, run.Event = runID, outlineEvent(values)
	if event, err = encode(run.Event); err != nil {
		return 0, err
	}
	_, err = t.exec(`update runs set event = ?, summary = '', search = ?, bytes = 0 where id = ?`, event, searchText(run, true), runID)
	if err == nil {
		err = s.outlineAttempts(t, runID)
	}
	if err == nil {
		_, err = t.exec(`update signals set body = '' where run_id = ?`, runID)
	}
	if err == nil {
		_, err = t.exec(`update callbacks set page = '{}' where run_id = ?`, runID)
	}
	return int64(len(event)), err
}

// outlineAttempts does it for the attempts that are written already.
func (s *Store) outlineAttempts(t *tx, runID string) error {
	type call struct {
		path   string
		number int64
		trace  string
	}
	var calls []call
	err := t.each(`select path, number, trace from attempts where run_id = ? and status = 'succeeded' and trace <> '' order by path, number limit ?`,
		[]any{runID, outlineTraces}, func(scan scan) error {
			var c call
			err := scan(&c.path, &c.number, &c.trace)
			calls = append(calls, c)
			return err
		})
	if err == nil {
		_, err = t.exec(`update attempts set input = '', output = '', trace = '', bytes = 0 where run_id = ? and status <> 'failed'`, runID)
	}
	for _, c := range calls {
		if err != nil {
			break
		}
		var wire *trace.Trace
		if wire, err = s.trace(c.trace); err == nil {
			text := string(wire.AppendOutline(nil))
			_, err = t.exec(`update attempts set trace = ?, bytes = ? where run_id = ? and path = ? and number = ?`, text, len(text), runID, c.path, c.number)
		}
	}
	return err
}

// dropUses has the files forgotten that a run in outline refers to no more.
func dropUses(t *tx, runID string) error {
	_, err := t.exec(`delete from blob_uses where owner = ?
		and not exists (select 1 from runs r where r.id = ? and '`+blobMark+`' || blob in (r.response, r.failure, r.output, r.event))
		and not exists (select 1 from attempts a where a.run_id = ? and '`+blobMark+`' || blob in (a.failure, a.input, a.output, a.trace))`, runID, runID, runID)
	return err
}
