package web

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"flowdeck/flows"
)

// apiPick says which failed runs are meant: those that nobody has dealt with.
type apiPick struct {
	Flow  string `json:"flow,omitempty" doc:"Runs of that flow; of every flow when left out."`
	Query string `json:"q,omitempty" doc:"The beginning of an id, or text in the values or the error."`
}

// apiPlanned says which failed runs are meant, and with which version.
type apiPlanned struct {
	apiPick
	Version string `json:"version,omitempty" enum:"same,live" doc:"The version that ran, or the one that is live now. same when left out."`
}

// apiWrite is a card that would run a second time.
type apiWrite struct {
	Flow      string `json:"flow"`
	Step      string `json:"step"`
	Title     string `json:"title"`
	Runs      int    `json:"runs" doc:"In how many of the runs."`
	Times     int    `json:"times" doc:"How often, loops counted."`
	Succeeded int    `json:"succeeded" doc:"Of these, how often it had taken effect."`
	Unknown   int    `json:"unknown" doc:"How often it may have: it was begun, and its outcome is not known."`
	Failed    int    `json:"failed" doc:"How often it had failed."`
}

// apiRedoPlan is what a redo would do.
type apiRedoPlan struct {
	Total int    `json:"total" doc:"How many runs it would take up, 1,000 at most."`
	More  bool   `json:"more" doc:"There are more than it takes up at once."`
	UpTo  string `json:"up_to" doc:"The newest of them: name it to begin with these runs and no newer ones."`
	apiRerunPlan
}

// apiRerunPlan is what running a run again would repeat.
type apiRerunPlan struct {
	FromFailed []apiWrite `json:"from_failed" doc:"What may take effect a second time from the step that failed."`
	FromStart  []apiWrite `json:"from_start" doc:"What may from the start."`
	Incomplete bool       `json:"incomplete" doc:"There were too many cards to look at all of them."`
}

func planOf(w weighed) apiRerunPlan {
	return apiRerunPlan{FromFailed: writesOf(w.failed), FromStart: writesOf(w.start), Incomplete: w.cut}
}

// apiNewRedo begins a redo.
type apiNewRedo struct {
	apiPick
	From    string `json:"from" enum:"failed,start" doc:"The step that failed, with what finished taken over; or the start, with the same event."`
	Version string `json:"version,omitempty" enum:"same,live" doc:"The version that ran, or the one that is live now. same when left out."`
	UpTo    string `json:"up_to,omitempty" doc:"Required, and from the plan: whoever begins a redo has seen what it repeats."`
}

// apiRedo is how far a redo has come.
type apiRedo struct {
	ID        string       `json:"id"`
	Status    string       `json:"status" enum:"running,stopped,done"`
	Created   time.Time    `json:"created"`
	By        string       `json:"by"`
	Flow      string       `json:"flow,omitempty"`
	From      string       `json:"from" enum:"failed,start"`
	Version   string       `json:"version" enum:"same,live"`
	Total     int          `json:"total"`
	Waiting   int          `json:"waiting"`
	Refused   int          `json:"refused"`
	UnderWay  int          `json:"under_way"`
	Succeeded int          `json:"succeeded"`
	Failed    int          `json:"failed"`
	Gone      int          `json:"gone" doc:"Begun, and not in the history any more."`
	Refusals  []apiRefused `json:"refusals,omitempty" doc:"100 at most."`
}

// apiRefused is a run that was not taken up.
type apiRefused struct {
	Run    string `json:"run"`
	Detail string `json:"detail"`
}

// apiDismiss says that nothing more is to be done about a failed run.
type apiDismiss struct {
	Note string `json:"note,omitempty" doc:"1,000 letters at most."`
}

func redoOperations() []*operation {
	begun := apiAnswer{status: http.StatusAccepted, text: "It has begun. Ask for it at Location.", body: typed[apiRedo](), headers: []apiParam{locationHeader}}
	is := apiAnswer{status: http.StatusOK, text: "The redo.", body: typed[apiRedo]()}
	return []*operation{
		{method: "POST", path: "/redo-plans", id: "planRedo", tag: "Runs", summary: "See what taking failed runs up again would repeat", scope: "runs:read", serve: (*Server).apiPlanRedo,
			text: "Nothing begins.", body: typed[apiPlanned](), optional: true, answers: []apiAnswer{{status: http.StatusOK, text: "The plan.", body: typed[apiRedoPlan]()}}},
		{method: "GET", path: "/runs/{run}/rerun-plan", id: "planRerun", tag: "Runs", summary: "See what running a run again would repeat", scope: "runs:read", serve: (*Server).apiPlanRerun,
			text: "Nothing begins. Cards of the flows that the run called are listed, too.", answers: []apiAnswer{{status: http.StatusOK, text: "The plan.", body: typed[apiRerunPlan]()}}},
		{method: "POST", path: "/redos", id: "createRedo", tag: "Runs", summary: "Take failed runs up again, in the background", scope: "runs:write", serve: (*Server).apiCreateRedo,
			text: "Runs that fail after the plan was made are left out. Eight at a time are under way, those that wait for something included.", body: typed[apiNewRedo](), answers: []apiAnswer{begun}},
		{method: "GET", path: "/redos/{redo}", id: "getRedo", tag: "Runs", summary: "See how far a redo has come", scope: "runs:read", serve: (*Server).apiGetRedo, answers: []apiAnswer{is}},
		{method: "POST", path: "/redos/{redo}/stop", id: "stopRedo", tag: "Runs", summary: "Have a redo begin nothing more", scope: "runs:write", serve: (*Server).apiStopRedo,
			text: "What was begun goes on. A redo that is over is refused with 409.", answers: []apiAnswer{is}},
		{method: "POST", path: "/runs/{run}/dismiss", id: "dismissRun", tag: "Runs", summary: "Say that nothing more is to be done about a failed run", scope: "runs:write", serve: (*Server).apiDismiss,
			text: "It leaves the list of failed runs to look at. One that is not on it, or not any more, is refused with 409.", body: typed[apiDismiss](), optional: true, answers: []apiAnswer{{status: http.StatusNoContent, text: "It is dismissed."}}},
	}
}

func (s *Server) apiPlanRedo(c *apiCall) (*apiReply, error) {
	var in apiPlanned
	if err := c.read(&in); err != nil {
		return nil, err
	}
	if in.Version == "" {
		in.Version = sameVersion
	}
	if in.Version != sameVersion && in.Version != liveVersion {
		return nil, &apiProblem{Status: http.StatusUnprocessableEntity, Code: "invalid", Title: "There is no such choice",
			Errors: []apiFault{{Pointer: "/version", Detail: "must be same or live"}}}
	}
	p, err := s.pick(c.Context(), in.Flow, in.Query, "")
	if err != nil {
		return nil, err
	}
	w, err := s.weigh(c.Context(), p, in.Version)
	return answerWith(http.StatusOK, apiRedoPlan{Total: len(p.runs), More: p.more, UpTo: p.upTo, apiRerunPlan: planOf(w)}), err
}

// apiPlanRerun is apiPlanRedo for one run, whatever became of it.
func (s *Server) apiPlanRerun(c *apiCall) (*apiReply, error) {
	old, err := s.Store.Run(c.Context(), c.PathValue("run"))
	if err == nil {
		err = repeatable(old)
	}
	if err != nil {
		return nil, err
	}
	w, err := s.weigh(c.Context(), alone(old), sameVersion)
	return answerWith(http.StatusOK, planOf(w)), err
}

func writesOf(list []*written) []apiWrite {
	writes := []apiWrite{}
	for _, x := range list {
		writes = append(writes, apiWrite{x.flowID, x.stepID, strings.TrimSpace(x.number + " " + x.title), x.runs, x.times, x.done, x.doubtful, x.failed})
	}
	return writes
}

func (s *Server) apiCreateRedo(c *apiCall) (*apiReply, error) {
	var in apiNewRedo
	if err := c.read(&in); err != nil {
		return nil, err
	}
	if in.UpTo == "" {
		return nil, &apiProblem{Status: http.StatusUnprocessableEntity, Code: "invalid", Title: "Make a plan first",
			Errors: []apiFault{{Pointer: "/up_to", Detail: "is required: POST /redo-plans says what would be repeated, and has it"}}}
	}
	if in.Version == "" {
		in.Version = sameVersion
	}
	p, err := s.pick(c.Context(), in.Flow, in.Query, in.UpTo)
	if err != nil {
		return nil, err
	}
	r, err := s.newRedo(c.Context(), p, in.From, in.Version, c.by())
	if err != nil {
		return nil, err
	}
	reply, err := s.redoReply(c, r.ID, http.StatusAccepted)
	if err != nil {
		return nil, err
	}
	return reply.with("Location", apiPrefix+"/redos/"+r.ID), nil
}

func (s *Server) redoReply(c *apiCall, id string, status int) (*apiReply, error) {
	r, err := s.Store.Redo(c.Context(), id)
	if err != nil {
		return nil, err
	}
	n, err := s.Store.RedoCounts(c.Context(), id)
	if err != nil {
		return nil, err
	}
	refused, err := s.Store.RefusedRedoRuns(c.Context(), id, 100)
	if err != nil {
		return nil, err
	}
	out := apiRedo{ID: r.ID, Status: string(r.Status), Created: r.Created.UTC(), By: r.By, Flow: r.FlowID, From: r.From, Version: r.Version, Total: r.Total,
		Waiting: n.Waiting, Refused: n.Refused, UnderWay: n.UnderWay, Succeeded: n.Succeeded, Failed: n.Failed, Gone: n.Gone}
	for _, x := range refused {
		out.Refusals = append(out.Refusals, apiRefused{x.RunID, x.Problem})
	}
	return answerWith(status, out), nil
}

func (s *Server) apiGetRedo(c *apiCall) (*apiReply, error) {
	return s.redoReply(c, c.PathValue("redo"), http.StatusOK)
}

func (s *Server) apiStopRedo(c *apiCall) (*apiReply, error) {
	err := s.stopRedo(c.Context(), c.PathValue("redo"))
	if errors.Is(err, flows.ErrConflict) {
		return nil, &apiProblem{Status: http.StatusConflict, Code: "ended", Title: "The redo is over already"}
	}
	if err != nil {
		return nil, err
	}
	return s.redoReply(c, c.PathValue("redo"), http.StatusOK)
}

func (s *Server) apiDismiss(c *apiCall) (*apiReply, error) {
	var in apiDismiss
	if err := c.read(&in); err != nil {
		return nil, err
	}
	id := c.PathValue("run")
	if _, err := s.Store.Run(c.Context(), id); err != nil {
		return nil, err
	}
	n, err := s.dismissThese(c.Context(), []string{id}, c.by(), in.Note)
	if err == nil && n == 0 {
		return nil, &apiProblem{Status: http.StatusConflict, Code: "not_open", Title: "The run is not one that somebody has to look at", Run: id}
	}
	return answerWith(http.StatusNoContent, nil), err
}
