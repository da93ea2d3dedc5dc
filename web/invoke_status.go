package web

import (
	"net/http"
	"strings"
	"time"

	"flowdeck/cards/schema"
	"flowdeck/flows"
)

// statusAllow is what the address of a run takes.
const statusAllow = "GET, HEAD, OPTIONS"

// runStatus tells a caller who got 202 how the run is, and its answer once there
// is one. It asks for what the flow's endpoint asks for.
func (s *Server) runStatus(w http.ResponseWriter, r *http.Request, id string) error {
	run, err := s.Store.Run(r.Context(), id)
	if notFound(err) || err == nil && run.Trigger != endpointCard {
		return noRun()
	}
	if err != nil {
		return err
	}
	flow, err := s.Store.Flow(r.Context(), run.FlowID)
	if notFound(err) {
		return noRun()
	}
	if err != nil {
		return err
	}
	found, err := s.Store.FlowByAlias(r.Context(), flow.Alias)
	if err != nil {
		return err
	}
	ep := endpoint{Endpoint: found}
	allowed := ep.allowOrigin(w, r)
	if r.Method == http.MethodOptions {
		return writeOptions(w, r, allowed, statusAllow)
	}
	who, err := s.caller(r, ep, r.URL.Query())
	switch {
	case err != nil:
		return err
	case !who.began(run):
		return noRun()
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		return wrongMethod(r.Method, statusAllow)
	}
	w.Header().Set("Cache-Control", "no-store")
	if !run.Status.Done() && run.Response == nil {
		w.Header().Set("Retry-After", "1")
	}
	return writeJSON(w, r.Method, http.StatusOK, statusOf(run))
}

// statusOf is a run as its caller may see it: never its event, its steps or its error.
func statusOf(run flows.Run) schema.Values {
	v := schema.Values{"run": run.ID, "status": string(run.Status), "created": run.Created.UTC().Format(time.RFC3339Nano)}
	if run.Status.Done() {
		v["finished"] = run.Finished.UTC().Format(time.RFC3339Nano)
	}
	switch {
	case run.Response != nil:
		answer := schema.Values{"status": int64(run.Response.Status), "body": answered(run.Response)}
		headers := schema.Values{}
		for name, values := range run.Response.Headers {
			list := make([]any, len(values))
			for i, x := range values {
				list[i] = x
			}
			headers[name] = list
		}
		answer["headers"] = headers
		v["answer"] = answer
	case run.Status == flows.Succeeded && run.Output != nil:
		v["answer"] = schema.Values{"status": int64(http.StatusOK), "body": run.Output}
	case run.Status.Done() && run.Status != flows.Succeeded:
		no := failedRun(run.ID, &flows.Outcome{Status: run.Status, Error: run.Error})
		v["answer"] = schema.Values{"status": int64(no.Status), "body": schema.Values{"title": no.Title, "status": int64(no.Status), "code": no.Code, "run": run.ID}}
	}
	return v
}

func noRun() *refusal {
	return &refusal{Status: http.StatusNotFound, Code: "not_found", Title: "There is no such run",
		Detail: "It never was, its data has been deleted by age, or its flow keeps only a sample of the runs that succeed."}
}

// answered is the body of a response as a value, also when it is kept as the text of one.
func answered(r *flows.Response) any {
	text, isText := r.Body.(string)
	if !isText || r.File {
		return r.Body
	}
	for name, values := range r.Headers {
		if strings.EqualFold(name, "Content-Type") && len(values) == 1 && isJSON(mediaType(values[0])) {
			if v, err := schema.DecodeJSONText(text); err == nil {
				return v
			}
		}
	}
	return text
}
