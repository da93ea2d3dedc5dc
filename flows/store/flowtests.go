package store

import (
	"context"
	"slices"
	"strings"
	"time"

	"flowdeck/flows"
)

// FlowTest is a test of a flow as it is kept. Body and Outcome are JSON that the
// store does not look into.
type FlowTest struct {
	ID, FlowID       string
	Name             string
	Revision         int64
	By               string
	Created, Updated time.Time
	Outcome          string // of the last time it was run; "" when it never was
	Body             string
}

const flowTestSelect = `select id, flow_id, name, revision, made_by, created, updated, outcome, body from flow_tests `

func scanFlowTest(scan scan) (t FlowTest, err error) {
	err = scan(&t.ID, &t.FlowID, &t.Name, &t.Revision, &t.By, instant{&t.Created}, instant{&t.Updated}, &t.Outcome, &t.Body)
	return t, err
}

// FlowTests returns a flow's tests, oldest first.
func (s *Store) FlowTests(ctx context.Context, flowID string) (list []FlowTest, err error) {
	err = s.each(ctx, flowTestSelect+`where flow_id = ? order by id`, []any{flowID}, func(scan scan) error {
		t, err := scanFlowTest(scan)
		list = append(list, t)
		return err
	})
	return list, failed("list tests", err)
}

// FlowTestsOf returns the tests of flows by their flow, oldest first; with nil, of all flows.
func (s *Store) FlowTestsOf(ctx context.Context, flowIDs []string) (map[string][]FlowTest, error) {
	tests := map[string][]FlowTest{}
	read := func(scan scan) error {
		t, err := scanFlowTest(scan)
		tests[t.FlowID] = append(tests[t.FlowID], t)
		return err
	}
	if flowIDs == nil {
		return tests, failed("list tests", s.each(ctx, flowTestSelect+`order by id`, nil, read))
	}
	for chunk := range slices.Chunk(flowIDs, namesAtOnce) {
		args := make([]any, namesAtOnce)
		for i := range args {
			args[i] = chunk[min(i, len(chunk)-1)]
		}
		err := s.each(ctx, flowTestSelect+`where flow_id in (?`+strings.Repeat(", ?", namesAtOnce-1)+`) order by id`, args, read)
		if err != nil {
			return nil, failed("list tests", err)
		}
	}
	return tests, nil
}

// FlowTest returns one test of a flow.
func (s *Store) FlowTest(ctx context.Context, flowID, id string) (FlowTest, error) {
	t, err := scanFlowTest(s.row(ctx, flowTestSelect+`where flow_id = ? and id = ?`, flowID, id).Scan)
	return t, failed("read test "+id, err)
}

// FlowTestByID returns a test, of whatever flow.
func (s *Store) FlowTestByID(ctx context.Context, id string) (FlowTest, error) {
	t, err := scanFlowTest(s.row(ctx, flowTestSelect+`where id = ?`, id).Scan)
	return t, failed("read test "+id, err)
}

// CreateFlowTest keeps a new test, as its first revision.
func (s *Store) CreateFlowTest(ctx context.Context, t FlowTest) error {
	_, err := s.change(ctx, `insert into flow_tests (id, flow_id, name, revision, made_by, created, updated, outcome, body) values (?, ?, ?, 1, ?, ?, ?, ?, ?)`,
		t.ID, t.FlowID, t.Name, t.By, micros(t.Created), micros(t.Created), t.Outcome, t.Body)
	return failed("create test", err)
}

// SaveFlowTest changes a test that still has t's revision, else it gives ErrConflict.
func (s *Store) SaveFlowTest(ctx context.Context, t FlowTest) error {
	n, err := s.change(ctx, `update flow_tests set name = ?, made_by = ?, updated = ?, outcome = ?, body = ?, revision = revision + 1
		where flow_id = ? and id = ? and revision = ?`, t.Name, t.By, micros(t.Updated), t.Outcome, t.Body, t.FlowID, t.ID, t.Revision)
	if err == nil && n == 0 {
		if _, err = s.FlowTest(ctx, t.FlowID, t.ID); err == nil {
			err = flows.ErrConflict
		}
	}
	return failed("save test "+t.ID, err)
}

// SetTestOutcome keeps how a test went; a test that is gone is none of its business.
func (s *Store) SetTestOutcome(ctx context.Context, flowID, id, outcome string) error {
	_, err := s.change(ctx, `update flow_tests set outcome = ? where flow_id = ? and id = ?`, outcome, flowID, id)
	return failed("keep outcome of test "+id, err)
}

// DeleteFlowTest deletes a test; there need not be one.
func (s *Store) DeleteFlowTest(ctx context.Context, flowID, id string) error {
	_, err := s.change(ctx, `delete from flow_tests where flow_id = ? and id = ?`, flowID, id)
	return failed("delete test "+id, err)
}
