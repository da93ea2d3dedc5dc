package web

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/flows/bundle"
	"flowdeck/flows/store"
)

// apiFlowSummary is a flow in a list.
type apiFlowSummary struct {
	ID          string    `json:"id"`
	Name        string    `json:"name"`
	Description string    `json:"description"`
	Folder      string    `json:"folder"`
	Labels      []string  `json:"labels"`
	Alias       string    `json:"alias" doc:"Its name in URLs."`
	On          bool      `json:"on" doc:"The published version answers."`
	Version     int64     `json:"version" doc:"The published one; 0 when there is none."`
	Changed     bool      `json:"changed" doc:"The draft differs from the published version."`
	Revision    int64     `json:"revision" doc:"Of the draft; every edit raises it."`
	Created     time.Time `json:"created"`
	Updated     time.Time `json:"updated"`
	UpdatedBy   string    `json:"updated_by"`
}

// apiFlow is a flow with its draft.
type apiFlow struct {
	apiFlowSummary
	Settings    flows.Settings                  `json:"settings"`
	Connections map[string]bundle.ConnectionRef `json:"connections" doc:"The connections that steps refer to, by id."`
	Document    flows.Document                  `json:"document" doc:"The draft."`
}

// apiFlowChange changes what is given and nothing else.
type apiFlowChange struct {
	Name        *string         `json:"name,omitempty"`
	Description *string         `json:"description,omitempty"`
	Folder      *string         `json:"folder,omitempty"`
	Labels      *[]string       `json:"labels,omitempty"`
	Alias       *string         `json:"alias,omitempty" doc:"Needs the scope flows:publish when the flow is on."`
	On          *bool           `json:"on,omitempty" doc:"Needs the scope flows:publish."`
	Settings    *flows.Settings `json:"settings,omitempty" doc:"All settings: those that are left out get their defaults. Needs the scope flows:publish when the flow is on."`
}

func flowOperations() []*operation {
	flow := apiAnswer{status: http.StatusOK, text: "The flow.", body: typed[apiFlow](), headers: []apiParam{etagHeader}}
	return []*operation{
		{method: "GET", path: "/flows", id: "listFlows", tag: "Flows", summary: "List flows by name", scope: "flows:read", serve: (*Server).apiListFlows,
			query: paged(
				apiParam{name: "q", kind: "string", text: "Text in the name, the alias or the description."},
				apiParam{name: "folder", kind: "string", text: "Flows in that folder and below it."},
				apiParam{name: "label", kind: "string", text: "Flows with that label."},
				apiParam{name: "state", kind: "string", text: "Only those in that state.", enum: []string{"on", "off", "draft", "changed", "failing"}}),
			answers: []apiAnswer{{status: http.StatusOK, text: "A page of flows.", body: typed[apiPage[apiFlowSummary]]()}}},
		{method: "POST", path: "/flows", id: "createFlow", tag: "Flows", summary: "Create a flow from a flow file", scope: "flows:write", serve: (*Server).apiCreateFlow,
			text: "The body is what export gives. A flow whose id is there already is refused: import updates it.",
			body: typed[bundle.FlowFile](), answers: []apiAnswer{{status: http.StatusCreated, text: "The new flow.", body: typed[apiFlow](), headers: []apiParam{locationHeader, etagHeader}}}},
		{method: "GET", path: "/flows/{flow}", id: "getFlow", tag: "Flows", summary: "Read a flow and its draft", scope: "flows:read", serve: (*Server).apiGetFlow,
			answers: []apiAnswer{flow}},
		{method: "PATCH", path: "/flows/{flow}", id: "changeFlow", tag: "Flows", summary: "Rename, file, set up or switch a flow", scope: "flows:write", serve: (*Server).apiChangeFlow,
			text: "To switch it, and to change the alias or the settings of a flow that is on, needs flows:publish too.",
			body: typed[apiFlowChange](), answers: []apiAnswer{flow}},
		{method: "DELETE", path: "/flows/{flow}", id: "deleteFlow", tag: "Flows", summary: "Delete a flow with its versions and runs", scope: "flows:write", serve: (*Server).apiDeleteFlow,
			text: "Refused with 409 while runs are going. A flow that is on needs flows:publish too.", answers: []apiAnswer{{status: http.StatusNoContent, text: "It is gone."}}},
	}
}

func (s *Server) apiListFlows(c *apiCall) (*apiReply, error) {
	after, err := c.after("flows")
	if err != nil {
		return nil, err
	}
	rows, next, err := s.Store.Flows(c.Context(), store.FlowFilter{Query: c.text("q"), Folder: c.text("folder"), Label: c.text("label"),
		State: c.text("state"), Limit: c.limit(), Cursor: after})
	if err != nil {
		return nil, err
	}
	var items []apiFlowSummary
	for _, r := range rows {
		items = append(items, apiFlowSummary{r.ID, r.Name, r.Description, r.Folder, listed(r.Labels), r.Alias, r.On, r.Version, r.Changed && r.Version > 0, r.Revision, r.Created.UTC(), r.Updated.UTC(), r.UpdatedBy})
	}
	return answerWith(http.StatusOK, newPage(items, cursor("flows", next))), nil
}

// listed makes a list of nothing one that is empty.
func listed[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

func (s *Server) apiGetFlow(c *apiCall) (*apiReply, error) { return s.flowReply(c, http.StatusOK) }

// flowReply answers with the flow that the path names.
func (s *Server) flowReply(c *apiCall, status int) (*apiReply, error) {
	f, err := s.Store.Flow(c.Context(), c.PathValue("flow"))
	if err != nil {
		return nil, err
	}
	return s.withFlow(c.Context(), status, f)
}

func (s *Server) withFlow(ctx context.Context, status int, f flows.Flow) (*apiReply, error) {
	named, err := s.connectionNames(ctx)
	if err != nil {
		return nil, err
	}
	file := bundle.FileOf(f, named)
	summary := apiFlowSummary{f.ID, f.Name, f.Description, f.Folder, listed(f.Labels), f.Alias, f.On, f.Version, f.Changed && f.Version > 0, f.Revision, f.Created.UTC(), f.Updated.UTC(), f.UpdatedBy}
	return answerWith(status, apiFlow{summary, f.Settings, file.Connections, file.Document}).with("ETag", etag(f.Revision)), nil
}

// connectionNames are the connections there are, as files name them.
func (s *Server) connectionNames(ctx context.Context) (map[string]bundle.ConnectionRef, error) {
	return s.bundle().Named(ctx)
}

// apiCreateFlow imports one flow file, but for one that would change a flow.
func (s *Server) apiCreateFlow(c *apiCall) (*apiReply, error) {
	var file bundle.FlowFile
	if err := c.read(&file); err != nil {
		return nil, err
	}
	b, files := s.bundle(), []bundle.File{{Text: c.body}}
	seen, err := b.Import(c.Context(), files, bundle.Options{DryRun: true})
	if err != nil {
		return nil, err
	}
	if seen[0].Action != bundle.Created {
		return nil, &apiProblem{Status: http.StatusConflict, Code: "exists", Title: "There is a flow with this id",
			Detail: "Leave the id out to make another flow, import the file to update it, or replace its draft: PUT " + apiPrefix + "/flows/" + seen[0].ID + "/draft."}
	}
	made, err := b.Import(c.Context(), files, bundle.Options{By: c.token.User})
	if err != nil {
		return nil, err
	}
	f, err := s.Store.Flow(c.Context(), made[0].ID)
	if err != nil {
		return nil, err
	}
	r, err := s.withFlow(c.Context(), http.StatusCreated, f)
	if err != nil {
		return nil, err
	}
	return r.with("Location", apiPrefix+"/flows/"+f.ID), nil
}

func (s *Server) apiChangeFlow(c *apiCall) (*apiReply, error) {
	var in apiFlowChange
	if err := c.read(&in); err != nil {
		return nil, err
	}
	ctx, id := c.Context(), c.PathValue("flow")
	if in.On != nil {
		if err := c.scope("flows:publish"); err != nil {
			return nil, err
		}
	}
	err := s.Store.UpdateFlow(ctx, id, func(f *flows.Flow) error {
		before := *f
		f.UpdatedBy = c.by()
		if err := in.apply(s, f); err != nil {
			return err
		}
		return c.mayChange(before, *f)
	})
	if errors.Is(err, flows.ErrTaken) {
		return nil, schema.Problems{{Field: "alias", Message: "is taken by another flow; choose another one"}}
	}
	if err == nil && in.On != nil {
		_, err = s.switchTo(ctx, id, *in.On, c.by())
	}
	if err != nil {
		return nil, err
	}
	return s.flowReply(c, http.StatusOK)
}

// apply gives f what is to be changed, or says what is wrong with that.
func (in apiFlowChange) apply(s *Server, f *flows.Flow) error {
	d := flows.Details{Name: f.Name, Description: f.Description, Folder: f.Folder, Labels: f.Labels}
	set(&d.Name, in.Name)
	set(&d.Description, in.Description)
	set(&d.Folder, in.Folder)
	set(&d.Labels, in.Labels)
	set(&f.Alias, in.Alias)
	had := f.Settings
	set(&f.Settings, in.Settings)
	d = d.Clean()
	problems := d.Check()
	if in.Alias != nil {
		problems = append(problems, flows.CheckAlias(f.Alias)...)
	}
	if in.Settings != nil {
		f.Settings = f.Settings.Clean()
		for _, p := range append(f.Settings.Check(), s.overBounds(had, f.Settings)...) {
			problems = append(problems, schema.Problem{Field: "settings." + p.Field, Message: p.Message})
		}
	}
	f.Name, f.Description, f.Folder, f.Labels = d.Name, d.Description, d.Folder, d.Labels
	if in.On != nil && *in.On && f.Version == 0 {
		problems = append(problems, schema.Problem{Field: "on", Message: "cannot be true: the flow was never published"})
	}
	return problems.Err()
}

func set[T any](to *T, from *T) {
	if from != nil {
		*to = *from
	}
}

// mayChange asks for flows:publish when callers would notice the change at once.
func (c *apiCall) mayChange(before, after flows.Flow) error {
	live, err := before.LiveChange(after)
	if err != nil || !live {
		return err
	}
	return c.scope("flows:publish")
}

func (s *Server) apiDeleteFlow(c *apiCall) (*apiReply, error) {
	f, err := s.Store.Flow(c.Context(), c.PathValue("flow"))
	if err != nil {
		return nil, err
	}
	if f.Live() {
		if err := c.scope("flows:publish"); err != nil {
			return nil, err
		}
	}
	if err := s.dropFlow(c.Context(), c.PathValue("flow")); err != nil {
		return nil, err
	}
	return answerWith(http.StatusNoContent, nil), nil
}

// scope asks for a further scope than that of the operation.
func (c *apiCall) scope(name string) error {
	for _, has := range c.token.Scopes {
		if has == name {
			return nil
		}
	}
	return lacksScope(name)
}

func lacksScope(name string) *apiProblem {
	p := &apiProblem{Status: http.StatusForbidden, Code: "insufficient_scope", Title: "The token is not good for that",
		Detail: "It needs the scope " + name + ". Make another token in Settings."}
	return p.with("WWW-Authenticate", `Bearer realm="flowdeck", error="insufficient_scope", scope="`+strings.TrimSpace(name)+`"`)
}
