package web

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"flowdeck/cards/schema"
	"flowdeck/connectors"
	"flowdeck/flows"
)

// apiConnection is a connection without its secrets, which are never given out.
type apiConnection struct {
	ID          string         `json:"id"`
	Name        string         `json:"name"`
	Description string         `json:"description"`
	Type        string         `json:"type"`
	Hosts       []string       `json:"hosts" doc:"Where the credential may be sent."`
	TestURL     string         `json:"test_url"`
	Settings    map[string]any `json:"settings" doc:"Those of its type, without secrets."`
	Network     map[string]any `json:"network" doc:"Rate, timeout and certificates, without secrets."`
	Secrets     []string       `json:"secrets" doc:"The names of the secrets that are set."`
	State       string         `json:"state" doc:"ready, untested, needs_sign_in …"`
	StateDetail string         `json:"state_detail"`
	Expires     *time.Time     `json:"expires,omitempty"`
	LastUsed    *time.Time     `json:"last_used,omitempty"`
	LastTested  *time.Time     `json:"last_tested,omitempty"`
	TestResult  string         `json:"test_result"`
	Uses        int            `json:"uses" doc:"How many flows refer to it."`
	Created     time.Time      `json:"created"`
	Updated     time.Time      `json:"updated"`
	UpdatedBy   string         `json:"updated_by"`
}

// apiNewConnection makes a connection.
type apiNewConnection struct {
	Name        string         `json:"name"`
	Description string         `json:"description,omitempty"`
	Type        string         `json:"type" doc:"basic, header, oauth2 … as connection files name it."`
	Hosts       []string       `json:"hosts,omitempty"`
	TestURL     string         `json:"test_url,omitempty"`
	Settings    map[string]any `json:"settings,omitempty" doc:"Those of its type, secrets among them."`
	Network     map[string]any `json:"network,omitempty"`
}

// apiConnectionChange changes what is given and nothing else.
type apiConnectionChange struct {
	Name        *string         `json:"name,omitempty"`
	Description *string         `json:"description,omitempty"`
	Hosts       *[]string       `json:"hosts,omitempty"`
	TestURL     *string         `json:"test_url,omitempty"`
	Settings    *map[string]any `json:"settings,omitempty" doc:"All settings; secrets that are left out stay."`
	Network     *map[string]any `json:"network,omitempty" doc:"All network settings; secrets that are left out stay."`
}

// apiTestResult says how the test of a connection went.
type apiTestResult struct {
	OK      bool   `json:"ok"`
	Status  int    `json:"status" doc:"Of the answer; 0 when there was none."`
	Message string `json:"message"`
}

func connectionOperations() []*operation {
	one := apiAnswer{status: http.StatusOK, text: "The connection.", body: typed[apiConnection](), headers: []apiParam{etagHeader}}
	return []*operation{
		{method: "GET", path: "/connections", id: "listConnections", tag: "Connections", summary: "List connections by name", scope: "connections:read", serve: (*Server).apiListConnections,
			query: paged(), answers: []apiAnswer{{status: http.StatusOK, text: "A page of connections.", body: typed[apiPage[apiConnection]]()}}},
		{method: "POST", path: "/connections", id: "createConnection", tag: "Connections", summary: "Create a connection", scope: "connections:write", serve: (*Server).apiCreateConnection,
			text: "A type that a person signs in to is then in the state needs_sign_in: they open it in the program.",
			body: typed[apiNewConnection](), answers: []apiAnswer{{status: http.StatusCreated, text: "The new connection.", body: typed[apiConnection](), headers: []apiParam{locationHeader, etagHeader}}}},
		{method: "GET", path: "/connections/{connection}", id: "getConnection", tag: "Connections", summary: "Read a connection", scope: "connections:read", serve: (*Server).apiGetConnection,
			answers: []apiAnswer{one}},
		{method: "PATCH", path: "/connections/{connection}", id: "changeConnection", tag: "Connections", summary: "Change a connection", scope: "connections:write", serve: (*Server).apiChangeConnection,
			headers: []apiParam{ifMatchHeader}, body: typed[apiConnectionChange](), answers: []apiAnswer{one}},
		{method: "DELETE", path: "/connections/{connection}", id: "deleteConnection", tag: "Connections", summary: "Delete a connection that no flow uses", scope: "connections:write", serve: (*Server).apiDeleteConnection,
			answers: []apiAnswer{{status: http.StatusNoContent, text: "It is gone, its secrets too."}}},
		{method: "POST", path: "/connections/{connection}/test", id: "testConnection", tag: "Connections", summary: "Call the test URL", scope: "connections:write", serve: (*Server).apiTestConnection,
			answers: []apiAnswer{{status: http.StatusOK, text: "How it went.", body: typed[apiTestResult]()}}},
	}
}

func (s *Server) apiListConnections(c *apiCall) (*apiReply, error) {
	after, err := c.after("connections")
	if err != nil {
		return nil, err
	}
	list, err := s.Store.Connections(c.Context())
	if err != nil {
		return nil, err
	}
	// Cursors are compared here, and databases have orders of their own.
	key := func(x connectors.Connection) string { return strings.ToLower(x.Name) + "\n" + x.ID }
	slices.SortFunc(list, func(a, b connectors.Connection) int { return strings.Compare(key(a), key(b)) })
	var items []apiConnection
	next := ""
	for i, x := range list {
		if key(x) <= after {
			continue
		}
		if len(items) == pageSize(c.limit()) {
			next = key(list[i-1])
			break
		}
		items = append(items, s.connectionOf(x))
	}
	return answerWith(http.StatusOK, newPage(items, cursor("connections", next))), nil
}

// connectionOf is a connection as the API shows it.
func (s *Server) connectionOf(x connectors.Connection) apiConnection {
	out := apiConnection{ID: x.ID, Name: x.Name, Description: x.Description, Type: x.Type, Hosts: listed(x.Hosts), TestURL: x.TestURL,
		Settings: x.Settings, Network: x.Network, Secrets: []string{}, State: string(x.State), StateDetail: x.StateDetail, Expires: whenSet(x.Expires),
		LastUsed: whenSet(x.LastUsed), LastTested: whenSet(x.LastTested), TestResult: x.TestResult, Uses: x.Uses,
		Created: x.Created.UTC(), Updated: x.Updated.UTC(), UpdatedBy: x.UpdatedBy}
	if out.Settings == nil {
		out.Settings = map[string]any{}
	}
	if out.Network == nil {
		out.Network = map[string]any{}
	}
	if kind, known := s.Types.Type(x.Type); known {
		if facts, err := s.Vault.Facts(kind, x); err == nil { // else the master key is another one
			for name := range facts.Saved {
				out.Secrets = append(out.Secrets, name)
			}
			slices.Sort(out.Secrets)
		}
	}
	return out
}

func (s *Server) connectionReply(c *apiCall, status int, id string) (*apiReply, error) {
	x, err := s.Store.Connection(c.Context(), id)
	if err != nil {
		return nil, err
	}
	return answerWith(status, s.connectionOf(x)).with("ETag", etag(x.Updated.UnixMicro())), nil
}

func (s *Server) apiGetConnection(c *apiCall) (*apiReply, error) {
	return s.connectionReply(c, http.StatusOK, c.PathValue("connection"))
}

func (s *Server) apiCreateConnection(c *apiCall) (*apiReply, error) {
	var in apiNewConnection
	if err := c.read(&in); err != nil {
		return nil, err
	}
	kind, known := s.Types.Type(in.Type)
	if !known {
		var names []string
		for _, t := range s.Types.All() {
			names = append(names, t.Name)
		}
		return nil, schema.Problems{{Field: "type", Message: "is not a kind of sign-in; there are " + strings.Join(names, ", ")}}
	}
	if in.Settings == nil {
		in.Settings = map[string]any{}
	}
	row := connectors.Connection{Name: strings.TrimSpace(in.Name), Description: strings.TrimSpace(in.Description), Hosts: in.Hosts, TestURL: strings.TrimSpace(in.TestURL)}
	problems := append(connectors.CheckNames(row.Name, row.Description), connectors.CheckKeys(kind, in.Settings, in.Network)...)
	if len(problems) > 0 {
		return nil, problems
	}
	row, err := s.newConnectionRow(kind, row, in.Settings, in.Network, c.by())
	if err == nil && kind.Interactive() {
		row.State = connectors.NeedsSignIn
	}
	if err == nil {
		err = takenName(s.Store.CreateConnection(c.Context(), row))
	}
	if err != nil {
		return nil, err
	}
	r, err := s.connectionReply(c, http.StatusCreated, row.ID)
	if err != nil {
		return nil, err
	}
	return r.with("Location", apiPrefix+"/connections/"+row.ID), nil
}

func (s *Server) apiChangeConnection(c *apiCall) (*apiReply, error) {
	var in apiConnectionChange
	if err := c.read(&in); err != nil {
		return nil, err
	}
	for {
		reply, err := s.apiChangeSeen(c, in)
		if !errors.Is(err, errChanged) { // else to what it has become meanwhile
			return reply, err
		}
	}
}

// apiChangeSeen changes a connection as it is now; errChanged says that it is another by then.
func (s *Server) apiChangeSeen(c *apiCall, in apiConnectionChange) (*apiReply, error) {
	row, err := s.Store.Connection(c.Context(), c.PathValue("connection"))
	if err != nil {
		return nil, err
	}
	if err := c.ifMatch(etag(row.Updated.UnixMicro()), false); err != nil {
		return nil, err
	}
	kind, known := s.Types.Type(row.Type)
	if !known {
		return nil, schema.Problems{{Field: "type", Message: "is not known to this program"}}
	}
	settings, network := row.Settings, schema.Values(nil)
	set(&row.Name, in.Name)
	set(&row.Description, in.Description)
	set(&row.Hosts, in.Hosts)
	set(&row.TestURL, in.TestURL)
	set(&settings, in.Settings)
	set(&network, in.Network)
	row.Name = strings.TrimSpace(row.Name)
	problems := append(connectors.CheckNames(row.Name, row.Description), connectors.CheckKeys(kind, settings, network)...)
	if len(problems) > 0 {
		return nil, problems
	}
	if err := s.changeConnection(c.Context(), kind, row, settings, network, c.by(), row.Revision); err != nil {
		return nil, err
	}
	return s.connectionReply(c, http.StatusOK, row.ID)
}

func (s *Server) apiDeleteConnection(c *apiCall) (*apiReply, error) {
	id := c.PathValue("connection")
	if _, err := s.Store.Connection(c.Context(), id); err != nil {
		return nil, err
	}
	switch err := s.Store.DeleteConnection(c.Context(), id); {
	case errors.Is(err, flows.ErrInUse):
		return nil, &apiProblem{Status: http.StatusConflict, Code: "in_use", Title: "Flows use this connection", Detail: "Choose another one in them first."}
	case err != nil:
		return nil, err
	}
	s.Clients.Forget(id)
	return answerWith(http.StatusNoContent, nil), nil
}

func (s *Server) apiTestConnection(c *apiCall) (*apiReply, error) {
	id := c.PathValue("connection")
	if _, err := s.Store.Connection(c.Context(), id); err != nil {
		return nil, err
	}
	result, err := s.Clients.Test(c.Context(), id)
	if err != nil {
		return nil, err
	}
	return answerWith(http.StatusOK, apiTestResult{result.OK, result.Status, result.Message}), nil
}
