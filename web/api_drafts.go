package web

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/flows/store"
)

// apiPublish says what to write at a version.
type apiPublish struct {
	Message string `json:"message,omitempty" doc:"What changed, for people."`
}

// apiVersionSummary is a version in a list.
type apiVersionSummary struct {
	Number  int64     `json:"number"`
	Message string    `json:"message"`
	By      string    `json:"by"`
	At      time.Time `json:"at"`
	Live    bool      `json:"live" doc:"It is the one that answers."`
}

// apiVersion is a version with what it says.
type apiVersion struct {
	apiVersionSummary
	Document flows.Document `json:"document"`
}

// apiCardTest is what a card is tested with.
type apiCardTest struct {
	Values map[string]map[string]any `json:"values,omitempty" doc:"Outputs of earlier steps that the card refers to, by the step's id."`
}

// apiCardResult is what a card did.
type apiCardResult struct {
	Input  map[string]any `json:"input" doc:"What it was given, secrets masked."`
	Output map[string]any `json:"output,omitempty"`
	Error  *apiError      `json:"error,omitempty" doc:"Why it failed; a failed call is an answer like any other."`
	Took   int64          `json:"took_ms"`
	Calls  int            `json:"requests" doc:"How many HTTP requests it made."`
}

func draftOperations() []*operation {
	return []*operation{
		{method: "GET", path: "/flows/{flow}/draft", id: "getDraft", tag: "Drafts and versions", summary: "Read a flow's draft", scope: "flows:read", serve: (*Server).apiGetDraft,
			answers: []apiAnswer{{status: http.StatusOK, text: "The document.", body: typed[flows.Document](), headers: []apiParam{etagHeader}}}},
		{method: "PUT", path: "/flows/{flow}/draft", id: "replaceDraft", tag: "Drafts and versions", summary: "Replace a flow's draft", scope: "flows:write", serve: (*Server).apiReplaceDraft,
			text:    "The builder can undo it. A draft may be unfinished: publishing says what is missing.",
			headers: []apiParam{required(ifMatchHeader)}, body: typed[flows.Document](),
			answers: []apiAnswer{{status: http.StatusOK, text: "The flow with its new draft.", body: typed[apiFlow](), headers: []apiParam{etagHeader}}}},
		{method: "POST", path: "/flows/{flow}/publish", id: "publishFlow", tag: "Drafts and versions", summary: "Publish the draft and switch the flow on", scope: "flows:publish", serve: (*Server).apiPublishFlow,
			headers: []apiParam{ifMatchHeader}, body: typed[apiPublish](), optional: true,
			answers: []apiAnswer{{status: http.StatusCreated, text: "The new version.", body: typed[apiVersionSummary](), headers: []apiParam{locationHeader}}}},
		{method: "GET", path: "/flows/{flow}/versions", id: "listVersions", tag: "Drafts and versions", summary: "List what was published, newest first", scope: "flows:read", serve: (*Server).apiListVersions,
			query: paged(), answers: []apiAnswer{{status: http.StatusOK, text: "A page of versions.", body: typed[apiPage[apiVersionSummary]]()}}},
		{method: "GET", path: "/flows/{flow}/versions/{version}", id: "getVersion", tag: "Drafts and versions", summary: "Read a version", scope: "flows:read", serve: (*Server).apiGetVersion,
			answers: []apiAnswer{{status: http.StatusOK, text: "The version.", body: typed[apiVersion]()}}},
		{method: "POST", path: "/flows/{flow}/steps/{step}/test", id: "testCard", tag: "Drafts and versions", summary: "Run one card of the draft, for real", scope: "cards:test", serve: (*Server).apiTestCard,
			body: typed[apiCardTest](), optional: true,
			answers: []apiAnswer{{status: http.StatusOK, text: "What it did.", body: typed[apiCardResult]()}}},
	}
}

func required(p apiParam) apiParam { p.required = true; return p }

func (s *Server) apiGetDraft(c *apiCall) (*apiReply, error) {
	f, err := s.Store.Flow(c.Context(), c.PathValue("flow"))
	if err != nil {
		return nil, err
	}
	f.Draft.Chain = listed(f.Draft.Chain)
	return answerWith(http.StatusOK, f.Draft).with("ETag", etag(f.Revision)), nil
}

func (s *Server) apiReplaceDraft(c *apiCall) (*apiReply, error) {
	for {
		reply, err := s.replaceSeen(c)
		if !errors.Is(err, flows.ErrConflict) { // else somebody saved meanwhile, which If-Match may allow
			return reply, err
		}
	}
}

// replaceSeen replaces the draft that there is; flows.ErrConflict says that it is another by then.
func (s *Server) replaceSeen(c *apiCall) (*apiReply, error) {
	ctx := c.Context()
	f, err := s.Store.Flow(ctx, c.PathValue("flow"))
	if err != nil {
		return nil, err
	}
	if err := c.ifMatch(etag(f.Revision), true); err != nil {
		return nil, err
	}
	var next flows.Document
	if err := c.read(&next); err != nil {
		return nil, err
	}
	b := s.bundle()
	if err := b.CheckDocument(c.body, next); err != nil {
		return nil, wrongBody(err)
	}
	change, differs, err := b.Replacement(f.Draft, next, c.token.User)
	if err != nil {
		return nil, err
	}
	if differs {
		if _, err := s.Store.SaveDraft(ctx, f.ID, f.Revision, next, change); err != nil {
			return nil, err
		}
	}
	return s.flowReply(c, http.StatusOK)
}

func (s *Server) apiPublishFlow(c *apiCall) (*apiReply, error) {
	var in apiPublish
	if err := c.read(&in); err != nil {
		return nil, err
	}
	f, err := s.Store.Flow(c.Context(), c.PathValue("flow"))
	if err != nil {
		return nil, err
	}
	if err := c.ifMatch(etag(f.Revision), false); err != nil {
		return nil, err
	}
	n, err := s.publishDraft(c.Context(), f, in.Message, c.by())
	if err != nil {
		return nil, err
	}
	v, err := s.Store.Version(c.Context(), f.ID, n)
	if err != nil {
		return nil, err
	}
	return answerWith(http.StatusCreated, apiVersionSummary{v.Number, v.Message, v.By, v.At.UTC(), true}).
		with("Location", apiPrefix+"/flows/"+f.ID+"/versions/"+strconv.FormatInt(n, 10)), nil
}

func (s *Server) apiListVersions(c *apiCall) (*apiReply, error) {
	after, err := c.after("versions")
	if err != nil {
		return nil, err
	}
	f, err := s.Store.Flow(c.Context(), c.PathValue("flow"))
	if err != nil {
		return nil, err
	}
	list, err := s.Store.Versions(c.Context(), f.ID)
	if err != nil {
		return nil, err
	}
	before, _ := strconv.ParseInt(after, 10, 64)
	var items []apiVersionSummary
	next := ""
	for _, v := range list {
		if before > 0 && v.Number >= before {
			continue
		}
		if len(items) == pageSize(c.limit()) {
			next = strconv.FormatInt(items[len(items)-1].Number, 10)
			break
		}
		items = append(items, apiVersionSummary{v.Number, v.Message, v.By, v.At.UTC(), f.On && v.Number == f.Version})
	}
	return answerWith(http.StatusOK, newPage(items, cursor("versions", next))), nil
}

func pageSize(limit int) int {
	if limit == 0 {
		return 50
	}
	return limit
}

func (s *Server) apiGetVersion(c *apiCall) (*apiReply, error) {
	n, err := strconv.ParseInt(c.PathValue("version"), 10, 64)
	if err != nil {
		return nil, flows.ErrNotFound
	}
	f, err := s.Store.Flow(c.Context(), c.PathValue("flow"))
	if err != nil {
		return nil, err
	}
	v, err := s.Store.Version(c.Context(), f.ID, n)
	if err != nil {
		return nil, err
	}
	v.Document.Chain = listed(v.Document.Chain)
	return answerWith(http.StatusOK, apiVersion{apiVersionSummary{v.Number, v.Message, v.By, v.At.UTC(), f.On && v.Number == f.Version}, v.Document}), nil
}

// apiTestCard runs a card with the values that are given for earlier steps.
func (s *Server) apiTestCard(c *apiCall) (*apiReply, error) {
	var in apiCardTest
	if err := c.read(&in); err != nil {
		return nil, err
	}
	d, x, err := s.stepToTest(c.Context(), c.PathValue("flow"), c.PathValue("step"))
	if err != nil {
		return nil, err
	}
	lookup, mark, err := s.namedIn(c.Context(), d, func(step string) (schema.Values, bool) { v, ok := in.Values[step]; return v, ok })
	if err != nil {
		return nil, err
	}
	inputs, wrong := flows.Inputs(d.flow.Draft, x.step.ID, s.Cards, lookup)
	for _, p := range x.problem {
		wrong = append(wrong, schema.Problem{Field: p.Field, Message: p.Message})
	}
	if len(wrong) > 0 {
		return nil, wrong
	}
	t, err := s.try(c.Context(), d.flow.ID, x, inputs, store.NewID("t_"), c.by(), mark)
	if err != nil {
		var problems schema.Problems
		if errors.As(err, &problems) {
			return nil, problems
		}
		return nil, err
	}
	result := apiCardResult{Input: t.Input, Output: t.Output, Error: errorOf(t.Error), Took: t.Took.Milliseconds()}
	if result.Input == nil {
		result.Input = map[string]any{}
	}
	if t.Trace != nil {
		result.Calls = len(t.Trace.Exchanges)
	}
	return answerWith(http.StatusOK, result), nil
}
