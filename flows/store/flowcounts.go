package store

import (
	"context"

	"flowdeck/flows"
)

// Bounds of what counting looks at: today's runs, and the failures of the last day.
const (
	runsCap     = 10_000
	failuresCap = 2_000
)

// FlowCounts says how many flows there are in each state.
type FlowCounts struct {
	All, On, Off, Drafts int
	Failing              int // whose last run failed, since yesterday
	RunsToday            int // kept since midnight UTC; 10,000 means that many or more
	Sampled              int // flows that keep a sample of runs that succeed
}

// sampled finds out by their settings whether such flows keep a sample of runs that succeed.
func sampled(settings string) string { return settings + ` like '%"history":"sample"%'` }

// failing finds the flows whose last run failed. Its arguments are those of failingArgs.
const failing = `select x.flow_id from (select distinct flow_id from (select flow_id from runs
	where ` + unwell + ` and status = ? and id >= ? order by id desc limit ?) recent) x
	where (select r.status from runs r where r.flow_id = x.flow_id order by r.id desc limit 1) = ?`

func (s *Store) failingArgs() []any {
	return []any{string(flows.Failed), firstRunID(s.now().Add(-24 * 3600e9)), failuresCap, string(flows.Failed)}
}

// FlowCounts counts the flows and today's runs.
func (s *Store) FlowCounts(ctx context.Context) (n FlowCounts, err error) {
	args := append([]any{true, false}, s.failingArgs()...)
	args = append(args, firstRunID(s.now().UTC().Truncate(24*3600e9)), runsCap)
	err = s.row(ctx, `select (select count(*) from flows where deleted = 0),
		(select count(*) from flows where deleted = 0 and is_on = ? and version > 0),
		(select count(*) from flows where deleted = 0 and is_on = ? and version > 0),
		(select count(*) from flows where deleted = 0 and id in (`+failing+`)),
		(select count(*) from (select 1 from runs where id >= ? limit ?) z),
		(select count(*) from flows where deleted = 0 and `+sampled("settings")+`)`, args...).Scan(&n.All, &n.On, &n.Off, &n.Failing, &n.RunsToday, &n.Sampled)
	n.Drafts = n.All - n.On - n.Off
	return n, failed("count flows", err)
}
