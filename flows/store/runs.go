package store

import (
	"context"
	"strings"

	"flowdeck/cards"
	"flowdeck/cards/trace"
	"flowdeck/flows"
)

const runColumns = `id, flow_id, (select f.name from flows f where f.id = runs.flow_id),
	(select f.alias from flows f where f.id = runs.flow_id), (select f.settings from flows f where f.id = runs.flow_id), version, document, status, epoch, died, cancel,
	express, outline, created, started, finished, wake, deadline, trigger_card, source, rerun_of, response_path, error_path,
	response, failure, output, event,
	(select p.parent_run from run_parents p where p.run_id = runs.id), (select p.parent_path from run_parents p where p.run_id = runs.id),
	(select p.waits from run_parents p where p.run_id = runs.id), (select p.depth from run_parents p where p.run_id = runs.id),
	(select p.handles from run_parents p where p.run_id = runs.id)`

// storedRun is a run whose bodies are not read yet.
type storedRun struct {
	flows.Run
	response, failure, output, event string
}

func (r *storedRun) scan(scan scan) error {
	var name, alias, settings *string
	var parent parentRow
	err := scan(&r.ID, &r.FlowID, &name, &alias, &settings, &r.Version, &r.Document, &r.Status, &r.Epoch, &r.Died, &r.Cancel, &r.Express, &r.Outline,
		instant{&r.Created}, instant{&r.Started}, instant{&r.Finished}, instant{&r.WakeAt}, deadline{&r.Deadline},
		&r.Trigger, &r.Source, &r.RerunOf, &r.ResponsePath, &r.ErrorPath, &r.response, &r.failure, &r.output, &r.event,
		&parent.run, &parent.path, &parent.waits, &parent.depth, &parent.handles)
	r.Parent = parent.parent()
	if name != nil && alias != nil {
		r.FlowName, r.FlowAlias = *name, *alias
	}
	if err == nil && settings != nil {
		r.Bounds, err = boundsIn(*settings)
	}
	return err
}

// boundsIn reads the limits of a run out of its flow's settings, which few have.
func boundsIn(settings string) (flows.Bounds, error) {
	if !strings.Contains(settings, `"run_steps"`) && !strings.Contains(settings, `"run_memory_mb"`) {
		return flows.Bounds{}, nil
	}
	var set flows.Settings
	err := parse(settings, &set)
	return set.Bounds(), err
}

// run reads a run's bodies.
func (s *Store) run(r storedRun) (flows.Run, error) {
	run := r.Run
	var err error
	if run.Event, err = s.values(r.event); err != nil {
		return run, err
	}
	if run.Output, err = s.values(r.output); err != nil {
		return run, err
	}
	if run.Error, err = s.failure(r.failure); err != nil || r.response == "" {
		return run, err
	}
	body, err := s.blobs.get(r.response)
	if err != nil {
		return run, err
	}
	run.Response = &flows.Response{}
	if err := parse(body, run.Response); err != nil {
		return run, err
	}
	run.Response.Body = numbers(run.Response.Body)
	return run, nil
}

func (s *Store) values(stored string) (map[string]any, error) {
	body, err := s.blobs.get(stored)
	if err != nil {
		return nil, err
	}
	return decode(body)
}

func (s *Store) failure(stored string) (*cards.Error, error) {
	body, err := s.blobs.get(stored)
	if err != nil || body == "" {
		return nil, err
	}
	e := &cards.Error{}
	if err := parse(body, e); err != nil {
		return nil, err
	}
	numbers(e.Details)
	return e, nil
}

// Run returns a run with all it holds and its flow's name.
func (s *Store) Run(ctx context.Context, id string) (flows.Run, error) {
	var r storedRun
	err := r.scan(s.row(ctx, `select `+runColumns+` from runs where id = ?`, id).Scan)
	if err != nil {
		return flows.Run{}, failed("read run "+id, err)
	}
	run, err := s.run(r)
	return run, failed("read run "+id, err)
}

const (
	attemptColumnList = `run_id, path, number, step_id, card, status, started, finished, next_at, given, failure, input, output, trace`
	attemptHeadList   = `run_id, path, number, step_id, card, status, started, finished, next_at, given, failure, '', '', ''`
)

// storedAttempt is an attempt whose bodies are not read yet.
type storedAttempt struct {
	flows.Attempt
	failure, input, output, trace string
}

func scanAttempt(scan scan) (a storedAttempt, err error) {
	err = scan(&a.RunID, &a.Path, &a.Number, &a.StepID, &a.Card, &a.Status, instant{&a.Started}, instant{&a.Finished}, instant{&a.NextAt},
		&a.Given, &a.failure, &a.input, &a.output, &a.trace)
	return a, err
}

// attempts reads attempts' bodies.
func (s *Store) attempts(stored []storedAttempt) ([]flows.Attempt, error) {
	return s.attemptsRead(stored, s.values)
}

// readValues reads a body from what its row holds.
type readValues func(stored string) (map[string]any, error)

func (s *Store) attemptsRead(stored []storedAttempt, read readValues) ([]flows.Attempt, error) {
	list := make([]flows.Attempt, len(stored))
	for i, x := range stored {
		a := x.Attempt
		var err error
		if a.Error, err = s.failure(x.failure); err != nil {
			return nil, err
		}
		if a.Input, err = read(x.input); err != nil {
			return nil, err
		}
		if a.Output, err = read(x.output); err != nil {
			return nil, err
		}
		if a.Trace, err = s.trace(x.trace); err != nil {
			return nil, err
		}
		list[i] = a
	}
	return list, nil
}

func (s *Store) trace(stored string) (*trace.Trace, error) {
	body, err := s.blobs.get(stored)
	if err != nil || body == "" {
		return nil, err
	}
	t := &trace.Trace{}
	return t, parse(body, t)
}

// Attempts returns a run's history, everything included, in the order things started.
func (s *Store) Attempts(ctx context.Context, runID string) ([]flows.Attempt, error) {
	return s.history(ctx, attemptColumnList, `run_id = ?`, runID)
}

// AttemptHeads is Attempts without inputs, outputs and traces.
func (s *Store) AttemptHeads(ctx context.Context, runID string) ([]flows.Attempt, error) {
	return s.history(ctx, attemptHeadList, `run_id = ?`, runID)
}

// AttemptsAt is Attempts of one step, for a page to show: nobody changes what is in it.
func (s *Store) AttemptsAt(ctx context.Context, runID string, path flows.Path) ([]flows.Attempt, error) {
	return s.historyRead(ctx, s.shown, attemptColumnList, `run_id = ? and path = ?`, runID, string(path))
}

func (s *Store) history(ctx context.Context, columns, where string, args ...any) ([]flows.Attempt, error) {
	return s.historyRead(ctx, s.values, columns, where, args...)
}

func (s *Store) historyRead(ctx context.Context, read readValues, columns, where string, args ...any) ([]flows.Attempt, error) {
	var stored []storedAttempt
	err := s.each(ctx, `select `+columns+` from history where `+where+` order by started, path, number`, args, func(scan scan) error {
		a, err := scanAttempt(scan)
		stored = append(stored, a)
		return err
	})
	if err != nil {
		return nil, failed("read history", err)
	}
	list, err := s.attemptsRead(stored, read)
	return list, failed("read history", err)
}
