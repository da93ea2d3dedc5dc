package web

import (
	"encoding/json"
	"net/http"
	"time"

	"flowdeck/flows"
	"flowdeck/flows/store"
)

// apiAttempt is one try at one step of a run.
type apiAttempt struct {
	Path     string         `json:"path" doc:"Where in the run: loop[3]/get."`
	Number   int            `json:"number" doc:"1 is the first."`
	Step     string         `json:"step"`
	Card     string         `json:"card"`
	Status   string         `json:"status"`
	Started  time.Time      `json:"started"`
	Finished *time.Time     `json:"finished,omitempty"`
	NextAt   *time.Time     `json:"next_at,omitempty" doc:"When the next attempt is due."`
	Error    *apiError      `json:"error,omitempty"`
	Input    map[string]any `json:"input,omitempty" doc:"Secrets masked."`
	Output   map[string]any `json:"output,omitempty"`
}

func (s *Server) apiListAttempts(c *apiCall) (*apiReply, error) {
	id := c.PathValue("run")
	if _, err := s.runRowOf(c.Context(), id); err != nil {
		return nil, err
	}
	p := store.AttemptPage{Heads: !c.yes("values"), Limit: c.limit()}
	after, err := c.after("attempts")
	if err != nil {
		return nil, err
	}
	if after != "" {
		p.After = &flows.Attempt{}
		if err := readPlace(after, p.After); err != nil {
			return nil, err
		}
	}
	list, more, err := s.Store.AttemptsPage(c.Context(), id, p)
	if err != nil {
		return nil, err
	}
	var items []apiAttempt
	for _, a := range list {
		items = append(items, apiAttempt{string(a.Path), a.Number, a.StepID, a.Card, string(a.Status), a.Started.UTC(),
			whenSet(a.Finished), whenSet(a.NextAt), errorOf(a.Error), a.Input, a.Output})
	}
	next := ""
	if more {
		next = place(list[len(list)-1])
	}
	return answerWith(http.StatusOK, newPage(items, cursor("attempts", next))), nil
}

// attemptPlace says after which attempt a page begins.
type attemptPlace struct {
	Started int64
	Path    flows.Path
	Number  int
}

func place(a flows.Attempt) string {
	text, _ := json.Marshal(attemptPlace{a.Started.UnixMicro(), a.Path, a.Number}) // it is always JSON
	return string(text)
}

func readPlace(text string, into *flows.Attempt) error {
	var at attemptPlace
	if err := json.Unmarshal([]byte(text), &at); err != nil {
		return flows.ErrNotFound
	}
	into.Started, into.Path, into.Number = time.UnixMicro(at.Started), at.Path, at.Number
	return nil
}
