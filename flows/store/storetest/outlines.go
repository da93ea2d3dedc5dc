package storetest

import (
	"strings"
	"testing"
	"time"

	"flowdeck/cards"
	"flowdeck/cards/schema"
	"flowdeck/cards/trace"
	"flowdeck/flows"
	"flowdeck/flows/store"
)

// told is in every value of the runs that testOutlines has.
const told = "secret-of-the-caller"

// testOutlines has a run of which an outline is kept leave no value behind, however it is
// written down, and one that failed keep all.
func testOutlines(t *testing.T, open Opener) {
	s := open(t, store.Options{})
	newFlow(t, s, "f_1")
	record := &trace.Trace{}
	record.Add(trace.Exchange{Method: "GET", URL: "http://a.example/customers?of=" + told, Status: 200, RequestHeaders: [][2]string{{"X-Told", told}},
		RequestBody: told, ResponseSize: 12, At: start.UnixMicro(), Total: 900})
	record.Say(start, "sent "+told, false)
	made := 0 // files are named after what they hold: each run has some of its own
	values := func(long int) schema.Values {
		return schema.Values{"told": told + strings.Repeat("x", long+made)}
	}
	attempt := func(path flows.Path, number int, status flows.Status, long int) flows.Entry {
		a := &flows.Attempt{Path: path, Number: number, StepID: string(path), Card: "http.get", Status: status, Input: values(0),
			Started: start.Add(time.Duration(number) * time.Second), Finished: start.Add(time.Duration(number+1) * time.Second), Trace: record}
		if a.Output = values(long); status == flows.Failed {
			a.Output, a.Error = nil, &cards.Error{Code: "http_503", Message: "busy"}
		}
		return flows.Entry{Attempt: a}
	}
	answer := flows.Entry{Answer: &flows.Answer{Path: "close", Response: flows.Response{Status: 201, Body: values(0)}}}
	for _, long := range []int{0, 70 << 10} {
		var entries []flows.Entry
		run := func(outline bool) flows.Run {
			made++
			entries = []flows.Entry{attempt("get", 1, flows.Failed, 0), attempt("get", 2, flows.Succeeded, long), attempt("put", 1, flows.Succeeded, 0), answer}
			return flows.Run{ID: store.NewID("r_"), FlowID: "f_1", Version: 1, Status: flows.Running, Epoch: 1, Source: "10.0.0.7", Outline: outline, Created: start, Started: start,
				Event: schema.Values{"method": "POST", "caller": schema.Values{"client_id": "app_1"}, "body": values(long), "email": told}}
		}
		end := flows.Outcome{Status: flows.Succeeded, Output: values(0), Outline: true, At: start.Add(time.Minute)}
		for name, write := range map[string]func(flows.Run, flows.Outcome){
			"at its end": func(r flows.Run, o flows.Outcome) { must(t, s.Record(ctx, r, entries, o)) },
			"behind": func(r flows.Run, o flows.Outcome) {
				must(t, s.Leave(r, entries, o))
				for began := time.Now(); time.Since(began) < 10*time.Second; time.Sleep(time.Millisecond) {
					if _, err := s.Run(ctx, r.ID); err == nil {
						return
					}
				}
			},
			"at its beginning": func(r flows.Run, o flows.Outcome) {
				must(t, s.Create(ctx, r))
				must(t, s.Finish(ctx, r.ID, 1, entries, o))
			},
			"bit by bit": func(r flows.Run, o flows.Outcome) {
				must(t, s.Create(ctx, r, entries[0]))
				must(t, s.Append(ctx, r.ID, 1, entries[1:2]))
				must(t, s.Finish(ctx, r.ID, 1, entries[2:], o))
			},
		} {
			r := run(true)
			write(r, end)
			kept, err := s.Run(ctx, r.ID)
			must(t, err)
			if !kept.Outline || kept.Status != flows.Succeeded || kept.Response == nil || kept.Response.Status != 201 || kept.Source != r.Source {
				t.Errorf("the run written %s = %+v", name, kept)
			}
			want(t, "the event of the run written "+name, kept.Event, schema.Values{"method": "POST", "caller": schema.Values{"client_id": "app_1"}})
			list, err := s.Attempts(ctx, r.ID)
			must(t, err)
			if len(list) != 3 {
				t.Fatalf("the run written %s has %d attempts, want 3", name, len(list))
			}
			for _, a := range list {
				if a.Status == flows.Failed {
					want(t, "the failed attempt of the run written "+name, []any{a.Input, a.Trace.Exchanges[0].RequestBody}, []any{values(0), told})
					continue
				}
				if a.Input != nil || a.Output != nil || a.Trace == nil || len(a.Trace.Log) > 0 || len(a.Trace.Exchanges) != 1 {
					t.Errorf("the attempt %s of the run written %s = %+v %+v", a.Path, name, a, a.Trace)
					continue
				}
				want(t, "its call", a.Trace.Exchanges[0], trace.Exchange{Method: "GET", URL: "http://a.example/customers", Status: 200, ResponseSize: 12, At: start.UnixMicro(), Total: 900})
			}
			found, _, err := s.Runs(ctx, store.RunFilter{Query: told})
			must(t, err)
			for _, x := range found {
				if x.ID == r.ID {
					t.Errorf("the run written %s is found by a value", name)
				}
			}
			row, err := s.LastRun(ctx, "f_1")
			must(t, err)
			want(t, "the row of the run written "+name, []any{row.ID, row.Key, row.Outline, row.ResponseStatus, row.Retries}, []any{r.ID, "", true, 201, 1})
			p, err := s.Prune(ctx, time.Now().Add(2*time.Hour))
			must(t, err)
			if name == "bit by bit" || name == "at its beginning" {
				if kept.Output == nil || kept.Response.Body == nil {
					t.Errorf("the run written %s has no output or answer: who was told to ask later cannot", name)
				}
			} else if kept.Output != nil || kept.Response.Body != nil {
				t.Errorf("the run written %s has its output or its answer", name)
			}
			if long > 0 && (name == "bit by bit" || name == "at its beginning") && p.Blobs == 0 {
				t.Errorf("the files of the run written %s are still there", name)
			}

			whole := run(true)
			write(whole, flows.Outcome{Status: flows.Failed, Error: &cards.Error{Code: "dns"}, ErrorPath: "put", At: end.At})
			kept, err = s.Run(ctx, whole.ID)
			must(t, err)
			if kept.Outline || kept.Response.Body == nil {
				t.Errorf("the failed run written %s is not whole: %+v", name, kept)
			}
			want(t, "its event", kept.Event, whole.Event)
			list, err = s.Attempts(ctx, whole.ID)
			must(t, err)
			if len(list) != 3 || list[2].Output == nil || list[1].Trace.Exchanges[0].RequestBody != told {
				t.Errorf("the attempts of the failed run written %s are not whole", name)
			}
			samples, err := s.SampleOutputs(ctx, "f_1")
			must(t, err)
			if samples["get"] == nil || samples["start"]["body"] == nil {
				t.Errorf("after the run written %s, samples are %v, want those of a run that has values", name, samples)
			}
		}
	}
}
