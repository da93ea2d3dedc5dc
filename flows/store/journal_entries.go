package store

import (
	"fmt"
	"strings"

	"flowdeck/cards"
	"flowdeck/flows"
)

// rows are journal entries as their columns say them, made before their turn to be
// written comes.
type rows struct {
	attempts []any // attemptColumns for each, in one go
	bytes    int64 // of the attempts
	retries  int   // attempts beyond the first of their step
	blobs    []string
	answer   *answer
	holds    []hold
	packed   string // the attempts in one text, instead of attempts
	finished bool   // an attempt is over, and not because its process died
}

type answer struct {
	path, body string
	status     int
}

const attemptColumns = 15

// attemptsAtOnce is how many attempts one statement inserts.
const attemptsAtOnce = 32

// encodeEntries makes them; outline says that they are of a run that is kept so.
func (s *Store) encodeEntries(runID string, entries []flows.Entry, outline bool) (r rows, err error) {
	last := lastEntries(entries)
	r.attempts = make([]any, 0, attemptColumns*len(last))
	for i, e := range entries {
		switch {
		case e.Answer != nil:
			err = r.addAnswer(s, e.Answer)
		case e.Attempt != nil:
			if last[tryOf(e.Attempt)] > i {
				continue
			}
			err = r.addAttempt(s, runID, e.Attempt, outline)
		default:
			err = r.addHold(s, runID, e)
		}
		if err != nil {
			return rows{}, fmt.Errorf("encode entry of run %s: %w", runID, err)
		}
	}
	return r, nil
}

// tryAt names an attempt within its run.
type tryAt struct {
	path   flows.Path
	number int
}

func tryOf(a *flows.Attempt) tryAt { return tryAt{a.Path, a.Number} }

// lastEntries is where the last entry about each attempt stands: those before it are
// not written.
func lastEntries(entries []flows.Entry) map[tryAt]int {
	last := make(map[tryAt]int, len(entries))
	for i, e := range entries {
		if e.Attempt != nil {
			last[tryOf(e.Attempt)] = i
		}
	}
	return last
}

func (r *rows) addAnswer(s *Store, a *flows.Answer) error {
	if r.answer != nil {
		if r.answer.path != string(a.Path) {
			return flows.ErrConflict
		}
		return nil
	}
	body, blob, _, err := s.body(responseText(a.Response))
	if err != nil {
		return err
	}
	r.use(blob)
	r.answer = &answer{path: string(a.Path), body: body, status: a.Response.Status}
	return nil
}

func (r *rows) addAttempt(s *Store, runID string, a *flows.Attempt, outline bool) error {
	a, wire := keptOf(a, outline)
	var stored [4]string
	var size int64
	for i, encode := range []func() (string, error){
		func() (string, error) { return failure(a.Error) },
		func() (string, error) { return encode(a.Input) },
		func() (string, error) { return encode(a.Output) },
		func() (string, error) {
			return written(func(b []byte) ([]byte, error) { return wire(b, a.Trace), nil })
		},
	} {
		text, blob, n, err := s.body(encode())
		if err != nil {
			return err
		}
		r.use(blob)
		stored[i], size = text, size+n
	}
	r.bytes += size
	if a.Number > 1 {
		r.retries++
	}
	r.finished = r.finished || a.Status != flows.Running && (a.Error == nil || a.Error.Code != cards.CodeInterrupted)
	r.attempts = append(r.attempts, runID, string(a.Path), int64(a.Number), a.StepID, a.Card, string(a.Status),
		micros(a.Started), micros(a.Finished), micros(a.NextAt), size, a.Given, stored[0], stored[1], stored[2], stored[3])
	return nil
}

func (r *rows) use(blob string) {
	if blob != "" {
		r.blobs = append(r.blobs, blob)
	}
}

// upsertAttempts[n-1] writes n attempts.
var upsertAttempts = func() (list [attemptsAtOnce]string) {
	one := "(" + strings.Repeat("?, ", attemptColumns-1) + "?)"
	for i := range list {
		list[i] = `insert into attempts (run_id, path, number, step_id, card, status, started, finished, next_at, bytes, given,
			failure, input, output, trace) values ` + strings.Repeat(one+", ", i) + one + `
			on conflict (run_id, path, number) do update set step_id = excluded.step_id, card = excluded.card,
			status = excluded.status, started = excluded.started, finished = excluded.finished, next_at = excluded.next_at,
			bytes = excluded.bytes, given = excluded.given, failure = excluded.failure, input = excluded.input, output = excluded.output, trace = excluded.trace`
	}
	return list
}()

// write stores the attempts of a run that fence let through.
func (r *rows) write(t *tx, runID string) error {
	for _, blob := range r.blobs {
		if err := useBlob(t, blob, runID); err != nil {
			return err
		}
	}
	for at := r.attempts; len(at) > 0; {
		n := min(len(at)/attemptColumns, attemptsAtOnce)
		if err := t.execRows(upsertAttempts[n-1], at[:n*attemptColumns]); err != nil {
			return err
		}
		at = at[n*attemptColumns:]
	}
	for _, h := range r.holds {
		if err := h(t); err != nil {
			return err
		}
	}
	return nil
}
