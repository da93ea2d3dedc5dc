package web

import (
	"context"
	"strconv"

	"flowdeck/cards/trace"
	"flowdeck/flows"
	"flowdeck/views"
)

// account is the name of the connection that a step of this run signs in with: ""
// without one, or when it is gone.
func (d *runDrawing) account(ctx context.Context, stepID string) string {
	doc, err := d.s.Store.Document(ctx, d.run.Document)
	if err != nil {
		return ""
	}
	step, _ := doc.Step(stepID)
	return d.s.accountName(ctx, step.Connection)
}

func (s *Server) accountName(ctx context.Context, connection string) string {
	if connection == "" {
		return ""
	}
	c, err := s.Store.Connection(ctx, connection)
	if err != nil {
		return ""
	}
	return c.Name
}

// mostCalls bounds the requests of one attempt that a page lists.
const mostCalls = 50

// calls are the requests of an attempt, each with its command.
func (d *runDrawing) calls(step flows.StepInfo, a flows.Attempt, account string) (list []views.RunCall, har string) {
	if a.Trace == nil || len(a.Trace.Exchanges) == 0 {
		return nil, ""
	}
	all := a.Trace.Exchanges
	for i, x := range all[:min(len(all), mostCalls)] {
		list = append(list, d.call(i, x, account))
	}
	if d.outlined() && a.Status == flows.Succeeded {
		for i := range list {
			list[i].Curl, list[i].Hint = "", "" // there is more to them than is kept
		}
		return list, ""
	}
	return list, history{}.at("/runs/"+d.run.ID+"/har/"+escapePath(step.Path), "try", strconv.Itoa(a.Number))
}

func (d *runDrawing) call(i int, x trace.Exchange, account string) views.RunCall {
	c := views.RunCall{Method: x.Method, URL: x.URL, Took: took(micros(x.Total)), Status: "no answer", Kind: "err"}
	if x.Purpose != "" || i > 0 {
		c.Purpose = exchangeName(i, x)
	}
	if x.Status > 0 {
		c.Status, c.Kind = statusWords(strconv.Itoa(x.Status)), "ok"
	}
	if exchangeKind(x) != "" {
		c.Kind = "err"
	}
	c.Curl, c.Hint = commandOf(x, account)
	return c
}
