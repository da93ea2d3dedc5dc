package web

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"flowdeck/cards/trace"
	"flowdeck/flows"
	"flowdeck/views"
)

// mostLog bounds the lines of a log.
const mostLog = 200

// logLine is a line of what happened, with its time.
type logLine struct {
	at         time.Time
	text, kind string
}

// log tells what happened at a step, attempt by attempt.
func (d *runDrawing) log(step flows.StepInfo, tries []flows.Attempt) []views.LogModel {
	var all []logLine
	for i, a := range tries {
		if len(tries) > 1 {
			all = append(all, logLine{at: a.Started, text: "attempt " + strconv.Itoa(a.Number)})
		} else if a.Trace != nil {
			all = append(all, logLine{at: a.Started, text: "inputs ready"})
		}
		all = append(all, wireLines(a.Trace)...)
		if a.Finished.IsZero() {
			continue
		}
		switch {
		case a.Error != nil && a.Trace != nil && strings.HasPrefix(a.Error.Code, "http_"): // the answer is in the trace
		case a.Error != nil:
			all = append(all, logLine{at: a.Finished, text: a.Error.Code + ": " + a.Error.Message, kind: "err"})
		case a.Status == flows.Succeeded && a.Trace == nil:
			all = append(all, logLine{at: a.Finished, text: "done in " + took(a.Finished.Sub(a.Started)), kind: ""})
		}
		switch {
		case !a.NextAt.IsZero():
			all = append(all, logLine{at: a.Finished, text: "tried again after " + took(a.NextAt.Sub(a.Finished))})
		case a.Status == flows.Failed && i == len(tries)-1 && d.run.ErrorPath == step.Path:
			all = append(all, logLine{at: a.Finished, text: strings.ToLower(d.aftermathShort())})
		}
	}
	slices.SortStableFunc(all, func(a, b logLine) int { return cmp.Compare(a.at.UnixMicro(), b.at.UnixMicro()) })
	if len(all) > mostLog {
		all = all[len(all)-mostLog:]
	}
	var list []views.LogModel
	for _, l := range all {
		list = append(list, views.LogModel{Time: l.at.In(d.now.Location()).Format("05.000"), Text: l.text, Kind: l.kind})
	}
	return list
}

func (d *runDrawing) aftermathShort() string {
	if d.run.Trigger == endpointCard && d.run.Response == nil && d.run.RerunOf == "" {
		return "run stopped, caller got " + d.callerGot()
	}
	return "run stopped"
}

// wireLines are the decisions and the requests of an attempt.
func wireLines(t *trace.Trace) []logLine {
	if t == nil {
		return nil
	}
	var all []logLine
	for _, l := range t.Log {
		line := logLine{at: time.UnixMicro(l.At), text: l.Text}
		if l.Bad {
			line.kind = "err"
		}
		all = append(all, line)
	}
	for _, x := range t.Exchanges {
		text := x.Method + " " + x.URL
		if x.RequestSize > 0 {
			text += ", " + byteWords(x.RequestSize)
		}
		all = append(all, logLine{at: time.UnixMicro(x.At), text: text})
		end := logLine{at: time.UnixMicro(x.At + x.Total), text: strconv.Itoa(x.Status) + " in " + took(micros(x.Total))}
		switch {
		case x.Error != "":
			end.text, end.kind = x.Error, "err"
		case x.Status >= 400:
			end.kind = "err"
		}
		if x.ResponseSize > 0 && x.Error == "" {
			end.text += ", " + byteWords(x.ResponseSize)
		}
		all = append(all, end)
	}
	return all
}
