package web

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"strconv"
	"time"

	"flowdeck/cards"
	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/flows/store"
)

// apiError is why a step, or a run, failed.
type apiError struct {
	Code      string         `json:"code" doc:"Stable: http_404, timeout, invalid_input …"`
	Message   string         `json:"message"`
	Retryable bool           `json:"retryable"`
	Details   map[string]any `json:"details,omitempty" doc:"Of a failed call: its status, headers and body."`
}

func errorOf(e *cards.Error) *apiError {
	if e == nil {
		return nil
	}
	return &apiError{e.Code, e.Message, e.Retryable, e.Details}
}

// apiRunSummary is a run in a list.
type apiRunSummary struct {
	ID       string     `json:"id"`
	Flow     string     `json:"flow" doc:"The flow's id."`
	FlowName string     `json:"flow_name"`
	Version  int64      `json:"version" doc:"0: the draft as it was."`
	Status   string     `json:"status" enum:"queued,running,waiting,succeeded,failed,cancelled"`
	Trigger  string     `json:"trigger" doc:"The card that the flow begins with."`
	Source   string     `json:"source" doc:"Who began it, in words."`
	RerunOf  string     `json:"rerun_of,omitempty"`
	Created  time.Time  `json:"created"`
	Started  *time.Time `json:"started,omitempty"`
	Finished *time.Time `json:"finished,omitempty"`
	Outline  bool       `json:"outline,omitempty" doc:"The flow keeps an outline of runs that succeed: of this one, when it has, there are no values, and it cannot be run again."`
	Code     string     `json:"error_code,omitempty"`
	Message  string     `json:"error_message,omitempty"`
}

// apiRun is a run with all it holds.
type apiRun struct {
	apiRunSummary
	Event    map[string]any  `json:"event" doc:"What began it: the outputs of the trigger."`
	Output   map[string]any  `json:"output,omitempty" doc:"What Return gave."`
	Response *cards.Response `json:"response,omitempty" doc:"What the caller was answered."`
	Error    *apiError       `json:"error,omitempty"`
	FailedAt string          `json:"error_path,omitempty" doc:"The step that failed it."`
}

// apiStart begins a run.
type apiStart struct {
	Inputs map[string]any `json:"inputs,omitempty" doc:"Values of the inputs that the trigger declares."`
	Body   any            `json:"body,omitempty" doc:"The body, of a flow that begins with an API Endpoint."`
	Draft  bool           `json:"draft,omitempty" doc:"Run the draft instead of the published version."`
}

// apiAgain begins a run again.
type apiAgain struct {
	Version string `json:"version,omitempty" enum:"live,same" doc:"The version that is live now, or the one that ran. live when left out."`
	From    string `json:"from,omitempty" enum:"start,failed" doc:"From the start, or from the step that failed, with what finished taken over. start when left out."`
}

func runOperations() []*operation {
	begun := apiAnswer{status: http.StatusAccepted, text: "It has begun. Ask for it at Location.", body: typed[apiRun](), headers: []apiParam{locationHeader}}
	prefer := apiParam{name: "Prefer", kind: "string", text: "wait=30 waits up to so many seconds, 300 at most, for the end of the run: 200 with the run when it came, else 202."}
	key := apiParam{name: "Idempotency-Key", kind: "string", text: "Repeating a request with the same key within 24 hours gives the run that it began the first time."}
	ended := apiAnswer{status: http.StatusOK, text: "It has ended.", body: typed[apiRun](), headers: []apiParam{locationHeader}}
	return []*operation{
		{method: "POST", path: "/flows/{flow}/runs", id: "startRun", tag: "Runs", summary: "Run a flow, and perhaps wait for its end", scope: "runs:write", serve: (*Server).apiStartRun,
			headers: []apiParam{prefer, key}, body: typed[apiStart](), optional: true, answers: []apiAnswer{ended, begun}},
		{method: "GET", path: "/runs", id: "listRuns", tag: "Runs", summary: "List runs, newest first", scope: "runs:read", serve: (*Server).apiListRuns,
			text: "A page of a search for text may be short, even empty, and have a next one.",
			query: paged(
				apiParam{name: "flow", kind: "string", text: "Runs of that flow."},
				apiParam{name: "status", kind: "string", text: "Runs in that status; under_way is queued, running and waiting.", enum: []string{"queued", "running", "waiting", "succeeded", "failed", "cancelled", "under_way"}},
				apiParam{name: "open", kind: "boolean", text: "Only runs that failed for good and that nobody has dealt with."},
				apiParam{name: "q", kind: "string", text: "The beginning of an id, or text in the values or the error."}),
			answers: []apiAnswer{{status: http.StatusOK, text: "A page of runs.", body: typed[apiPage[apiRunSummary]]()}}},
		{method: "GET", path: "/runs/{run}", id: "getRun", tag: "Runs", summary: "Read a run", scope: "runs:read", serve: (*Server).apiGetRun,
			answers: []apiAnswer{{status: http.StatusOK, text: "The run.", body: typed[apiRun]()}}},
		{method: "GET", path: "/runs/{run}/attempts", id: "listAttempts", tag: "Runs", summary: "List what a run did, step by step", scope: "runs:read", serve: (*Server).apiListAttempts,
			query:   paged(apiParam{name: "values", kind: "boolean", text: "With inputs and outputs."}),
			answers: []apiAnswer{{status: http.StatusOK, text: "A page of attempts, in the order they started.", body: typed[apiPage[apiAttempt]]()}}},
		{method: "POST", path: "/runs/{run}/cancel", id: "cancelRun", tag: "Runs", summary: "End a run within a second", scope: "runs:write", serve: (*Server).apiCancelRun,
			text: "A run that has ended already is refused with 409.", answers: []apiAnswer{{status: http.StatusAccepted, text: "It is being ended.", headers: []apiParam{locationHeader}}}},
		{method: "POST", path: "/runs/{run}/rerun", id: "rerunRun", tag: "Runs", summary: "Run again with the same event", scope: "runs:write", serve: (*Server).apiRerun,
			text:    "Cards that took effect may do so a second time: GET /runs/{run}/rerun-plan lists them.",
			headers: []apiParam{prefer, key}, body: typed[apiAgain](), optional: true, answers: []apiAnswer{ended, begun}},
	}
}

// apiStartRun runs the published version of a flow, or its draft.
func (s *Server) apiStartRun(c *apiCall) (*apiReply, error) {
	var in apiStart
	if err := c.read(&in); err != nil {
		return nil, err
	}
	ctx := c.Context()
	flow, err := s.Store.Flow(ctx, c.PathValue("flow"))
	if err != nil {
		return nil, err
	}
	return s.beginOnce(c, flow.ID, func(once *flows.Once) (string, error) {
		run := flows.Run{ID: store.NewID("r_"), FlowID: flow.ID, FlowName: flow.Name, FlowAlias: flow.Alias, Source: c.by() + " (API)", Once: once}
		if err := s.fillRunOf(ctx, &run, flow, in); err != nil {
			return "", err
		}
		_, err := s.start(ctx, run, flow.Settings)
		return run.ID, err
	})
}

// beginOnce answers with the run that begin begins, or with the one that the call's
// Idempotency-Key has begun before, whatever has become of its flow since.
func (s *Server) beginOnce(c *apiCall, flowID string, begin func(*flows.Once) (runID string, err error)) (*apiReply, error) {
	once, err := c.once(s.Now())
	if err != nil {
		return nil, err
	}
	if once != nil {
		if before, err := s.begunReply(c, flowID, *once); !notFound(err) {
			return before, err
		}
	}
	id, err := begin(once)
	if once != nil && errors.Is(err, flows.ErrTaken) {
		return s.begunReply(c, flowID, *once)
	}
	if err != nil {
		return nil, err
	}
	return s.runReply(c, id)
}

// once is what the call's Idempotency-Key makes of the run that it begins; nil without a key.
func (c *apiCall) once(now time.Time) (*flows.Once, error) {
	key, wrong := c.Header.Get("Idempotency-Key"), ""
	switch {
	case len(c.Header.Values("Idempotency-Key")) > 1:
		wrong = "may be there once"
	case key == "":
		return nil, nil
	case len(key) > 255:
		wrong = "is longer than 255 letters"
	}
	if wrong != "" {
		return nil, &apiProblem{Status: http.StatusBadRequest, Code: "invalid_parameter", Title: "A header is wrong",
			Errors: []apiFault{{Parameter: "Idempotency-Key", Detail: wrong}}}
	}
	sum := sha256.Sum256([]byte(c.URL.Path + "\n" + string(c.body)))
	return &flows.Once{Kind: flows.OnceRequest, Name: c.token.User.ID + " " + key, Request: hex.EncodeToString(sum[:]), Expires: now.Add(keysKept)}, nil
}

// begunReply answers with the run that an Idempotency-Key has begun; flows.ErrNotFound is
// that it has begun none.
func (s *Server) begunReply(c *apiCall, flowID string, o flows.Once) (*apiReply, error) {
	id, request, err := s.Store.Begun(c.Context(), flowID, o.Kind, o.Name)
	if err != nil {
		return nil, err
	}
	if request != o.Request {
		return nil, &apiProblem{Status: http.StatusUnprocessableEntity, Code: "key_reused", Title: "The Idempotency-Key belongs to another request",
			Detail: "It was used with another body, or for something else. Use a new key for a new request.", Run: id}
	}
	r, err := s.runReply(c, id)
	if notFound(err) {
		return nil, &apiProblem{Status: http.StatusConflict, Code: "run_gone", Title: "The run of this Idempotency-Key is not kept any longer",
			Detail: "It was begun. Use another key to begin another one.", Run: id}
	}
	return r, err
}

// fillRunOf gives a run its document and its event.
func (s *Server) fillRunOf(ctx context.Context, run *flows.Run, flow flows.Flow, in apiStart) (err error) {
	if in.Draft {
		if err := s.ready(ctx, flow); err != nil {
			return err
		}
		run.Document, err = s.Store.PutDocument(ctx, flow.Draft)
	} else if flow.Version == 0 {
		return &apiProblem{Status: http.StatusConflict, Code: "never_published", Title: "The flow was never published", Detail: "Publish it, or run its draft with \"draft\": true."}
	} else {
		var found *store.Endpoint
		if found, err = s.Store.FlowByAlias(ctx, flow.Alias); err == nil {
			run.Version, run.Document = found.Version, found.Document
		}
	}
	if err != nil {
		return err
	}
	program, err := s.Programs(ctx, run.Document)
	if err != nil {
		return err
	}
	trigger := program.Document().Trigger
	run.Trigger = trigger.Card
	given := schema.Values{}
	for name, v := range in.Inputs {
		given[name] = v
	}
	event, problems := triggerEvent(trigger, given, in.Body, s.Now())
	run.Event = event
	return problems.Err()
}

// runReply answers with a run, after waiting for its end as long as the caller wants.
func (s *Server) runReply(c *apiCall, id string) (*apiReply, error) {
	waited := min(preferred(c.Header.Values("Prefer")).wait, mostWait)
	if waited > 0 {
		if err := s.awaitEnd(c.Context(), id, waited); err != nil {
			return nil, err
		}
	}
	run, err := s.Store.Run(c.Context(), id)
	if err != nil {
		return nil, err
	}
	r := answerWith(http.StatusAccepted, runOf(run))
	if run.Status.Done() {
		r.status = http.StatusOK
	}
	if waited > 0 {
		r = r.with("Preference-Applied", "wait="+strconv.Itoa(int(waited/time.Second)))
	}
	return r.with("Location", apiPrefix+"/runs/"+id), nil
}

// mostWait is how long a caller may wait for the end of a run.
const mostWait = 5 * time.Minute

// awaitEnd waits until a run has ended, or the time is up.
func (s *Server) awaitEnd(ctx context.Context, id string, most time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, most)
	defer cancel()
	changes := s.Engine.Watch(ctx, id)
	look := time.NewTicker(liveLook) // another process may drive it
	defer look.Stop()
	for {
		row, err := s.runRowOf(context.WithoutCancel(ctx), id)
		if err != nil || row.Status.Done() {
			return err
		}
		select {
		case _, open := <-changes:
			if !open {
				changes = nil
			}
		case <-look.C:
		case <-s.stopping:
			return nil
		case <-ctx.Done():
			return nil
		}
		select {
		case <-time.After(liveGap / 4): // a run of many steps is not looked at after each
		case <-ctx.Done():
		}
	}
}

func (s *Server) apiListRuns(c *apiCall) (*apiReply, error) {
	after, err := c.after("runs")
	if err != nil {
		return nil, err
	}
	rows, next, err := s.Store.Runs(c.Context(), store.RunFilter{FlowID: c.text("flow"), Status: flows.Status(c.text("status")), Query: c.text("q"), Open: c.yes("open"), Before: after, Limit: c.limit()})
	if err != nil {
		return nil, err
	}
	var items []apiRunSummary
	for _, r := range rows {
		items = append(items, apiRunSummary{r.ID, r.FlowID, r.FlowName, r.Version, string(r.Status), r.Trigger, r.Source, r.RerunOf,
			r.Created.UTC(), whenSet(r.Started), whenSet(r.Finished), r.Outline, r.ErrorCode, r.ErrorMessage})
	}
	return answerWith(http.StatusOK, newPage(items, cursor("runs", next))), nil
}

// whenSet is a time that may not have come.
func whenSet(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

func runOf(r flows.Run) apiRun {
	run := apiRun{Event: r.Event, Output: r.Output, Response: r.Response, Error: errorOf(r.Error), FailedAt: string(r.ErrorPath),
		apiRunSummary: apiRunSummary{r.ID, r.FlowID, r.FlowName, r.Version, string(r.Status), r.Trigger, r.Source, r.RerunOf,
			r.Created.UTC(), whenSet(r.Started), whenSet(r.Finished), r.Outline, "", ""}}
	if r.Error != nil {
		run.Code, run.Message = r.Error.Code, r.Error.Message
	}
	if run.Event == nil {
		run.Event = map[string]any{}
	}
	return run
}

func (s *Server) apiGetRun(c *apiCall) (*apiReply, error) {
	run, err := s.Store.Run(c.Context(), c.PathValue("run"))
	if err != nil {
		return nil, err
	}
	return answerWith(http.StatusOK, runOf(run)), nil
}

func (s *Server) apiCancelRun(c *apiCall) (*apiReply, error) {
	id := c.PathValue("run")
	err := s.Engine.Cancel(c.Context(), id)
	if errors.Is(err, flows.ErrConflict) {
		return nil, &apiProblem{Status: http.StatusConflict, Code: "ended", Title: "The run has ended already", Run: id}
	}
	if err != nil {
		return nil, err
	}
	return answerWith(http.StatusAccepted, nil).with("Location", apiPrefix+"/runs/"+id), nil
}

func (s *Server) apiRerun(c *apiCall) (*apiReply, error) {
	var in apiAgain
	if err := c.read(&in); err != nil {
		return nil, err
	}
	old, err := s.runRowOf(c.Context(), c.PathValue("run"))
	if err != nil {
		return nil, err
	}
	again := s.runAgain
	if in.From == store.FromFailed {
		again = s.goOn
	}
	return s.beginOnce(c, old.FlowID, func(once *flows.Once) (string, error) {
		run, err := again(c.Context(), old.ID, in.Version == "same", c.by(), once)
		return run.ID, err
	})
}
