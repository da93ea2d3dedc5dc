package web

import (
	"context"
	"errors"
	"strings"

	"flowdeck/cards/since"
	"flowdeck/flows"
	"flowdeck/views"
)

// compare draws what is different since the step last worked; nil when there is
// nothing to compare with.
func (d *runDrawing) compare(ctx context.Context, step flows.StepInfo, a flows.Attempt, account string) (*views.RunCompare, error) {
	if a.Error == nil || a.Trace == nil || len(a.Trace.Exchanges) == 0 {
		return nil, nil
	}
	good, version, err := d.s.Store.LastSuccess(ctx, d.run.FlowID, step.ID, step.Path, a.Started)
	if errors.Is(err, flows.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	before := sideOf(good)
	before.Version, before.Connection = versionWords(version), account
	if good.RunID != d.run.ID {
		then, err := d.s.Store.Run(ctx, good.RunID)
		if err != nil {
			return nil, err
		}
		if then.Document != d.run.Document {
			other := &runDrawing{s: d.s, run: then}
			before.Connection = other.account(ctx, step.ID)
		}
	}
	now := sideOf(a)
	now.Version, now.Connection = versionWords(d.run.Version), account
	diff := since.Compare(before, now)
	m := &views.RunCompare{Href: "/runs/" + good.RunID + "/steps/" + escapePath(good.Path), When: d.exactly(good.Started), Notes: diff.Notes,
		Ignored: changeRows(diff.Ignored), Summary: "Since it last worked, " + ago(a.Started.Sub(good.Started)) + ": " + diff.Summary() + "."}
	m.Summary = strings.Replace(m.Summary, " ago:", " before:", 1)
	for _, p := range diff.Parts {
		m.Parts = append(m.Parts, views.RunDiff{Title: p.Title, Rows: changeRows(p.Changes)})
	}
	return m, nil
}

func versionWords(n int64) string {
	if n == 0 {
		return "draft"
	}
	return "v" + literal(n)
}

// sideOf is one attempt as it is compared: by its last request.
func sideOf(a flows.Attempt) since.Side {
	s := since.Side{}
	if a.Trace != nil && len(a.Trace.Exchanges) > 0 {
		x := a.Trace.Exchanges[len(a.Trace.Exchanges)-1]
		s = since.Side{Method: x.Method, URL: x.URL, RequestHeaders: x.RequestHeaders, RequestBody: x.RequestBody, RequestSize: x.RequestSize,
			Status: x.Status, ResponseHeaders: x.ResponseHeaders, ResponseSize: x.ResponseSize, Error: x.Error,
			DNS: micros(x.DNS), Connect: micros(x.Connect + x.TLS), Wait: micros(x.Wait), Took: micros(x.Total)}
	}
	values := a.Output
	if a.Error != nil {
		values = a.Error.Details
		if s.Error == "" && s.Status < 400 {
			s.Error = a.Error.Code + ": " + a.Error.Message
		}
	}
	s.ResponseBody, s.ResponseCut = values["body"], values["body_cut"] == true
	return s
}

func changeRows(list []since.Change) []views.RunChange {
	var rows []views.RunChange
	for _, c := range list {
		rows = append(rows, views.RunChange{Kind: string(c.Kind), Path: c.Path, Before: c.Before, After: c.After})
	}
	return rows
}
