package web

import (
	"errors"
	"net/http"

	"flowdeck/flows"
	"flowdeck/flows/bundle"
)

// apiImport says what an import did, or would do.
type apiImport struct {
	Applied bool              `json:"applied" doc:"False on a dry run."`
	Changes []apiImportedFile `json:"changes"`
}

// apiImportedFile is what became of one file.
type apiImportedFile struct {
	File    string   `json:"file"`
	Kind    string   `json:"kind"`
	ID      string   `json:"id"`
	Name    string   `json:"name"`
	Action  string   `json:"action" enum:"created,updated,unchanged"`
	Version int64    `json:"version,omitempty" doc:"The one that was published."`
	Notes   []string `json:"notes,omitempty" doc:"What a person has to do afterwards."`
}

const zipType = "application/zip"

func bundleOperations() []*operation {
	return []*operation{
		{method: "GET", path: "/export", id: "export", tag: "Files", summary: "Export flows and connections as files", scope: "flows:read", serve: (*Server).apiExport,
			text:    "A zip file with one JSON file for each flow and connection, the same byte for byte while nothing changes. No secret is in it. Needs connections:read too.",
			query:   []apiParam{{name: "flow", kind: "string", text: "The id or alias of a flow; more than once for more. Everything when left out.", many: true}},
			answers: []apiAnswer{{status: http.StatusOK, text: "The files.", raw: zipType}}},
		{method: "POST", path: "/import", id: "import", tag: "Files", summary: "Import files", scope: "flows:write", serve: (*Server).apiImportFiles,
			text: "Takes what export gives, or one of its files. What is there by its id is updated. Needs connections:write, tables:write and variables:write when such would change, and flows:publish to publish and when a flow that is on would get another alias or other settings.",
			query: []apiParam{{name: "dry_run", kind: "boolean", text: "Only say what would be done."},
				{name: "publish", kind: "boolean", text: "Publish the drafts, and switch the flows on."}},
			body: typed[map[string]any](), raw: []string{zipType}, most: bundle.MaxBundle,
			answers: []apiAnswer{{status: http.StatusOK, text: "What was done with each file.", body: typed[apiImport]()}}},
	}
}

func (s *Server) apiExport(c *apiCall) (*apiReply, error) {
	if err := c.scope("connections:read"); err != nil {
		return nil, err
	}
	files, err := s.bundle().Export(c.Context(), bundle.Selection{Flows: c.URL.Query()["flow"]})
	if errors.Is(err, flows.ErrNotFound) {
		return nil, &apiProblem{Status: http.StatusNotFound, Code: "not_found", Title: "There is no such flow", Errors: []apiFault{{Parameter: "flow", Detail: err.Error()}}}
	}
	if err != nil {
		return nil, err
	}
	text, err := bundle.Zip(files)
	if err != nil {
		return nil, err
	}
	return (&apiReply{status: http.StatusOK, raw: text}).with("Content-Disposition", `attachment; filename="flowdeck.zip"`), nil
}

// mayImport asks for the scopes that an import needs beside flows:write.
func (c *apiCall) mayImport(list []bundle.Change) error {
	for _, x := range list {
		scope := ""
		switch {
		case x.Action == bundle.Unchanged:
		case x.Live:
			scope = "flows:publish"
		case x.Kind == "connection" || x.Kind == "table" || x.Kind == "variable":
			scope = x.Kind + "s:write"
		}
		if scope == "" {
			continue
		}
		if err := c.scope(scope); err != nil {
			return err
		}
	}
	return nil
}

func (s *Server) apiImportFiles(c *apiCall) (*apiReply, error) {
	files := []bundle.File{{Path: "body.json", Text: c.body}}
	if bundle.IsZip(c.body) {
		var err error
		if files, err = bundle.Unzip(c.body); err != nil {
			return nil, err
		}
	}
	o := bundle.Options{By: c.token.User, DryRun: c.yes("dry_run"), Publish: c.yes("publish"), Allow: c.mayImport}
	if o.Publish {
		if err := c.scope("flows:publish"); err != nil {
			return nil, err
		}
	}
	list, err := s.importFiles(c.Context(), files, o)
	if err != nil {
		return nil, err
	}
	out := apiImport{Applied: !o.DryRun}
	out.Changes = []apiImportedFile{}
	for _, x := range list {
		out.Changes = append(out.Changes, apiImportedFile{x.File, x.Kind, x.ID, x.Name, string(x.Action), x.Version, x.Notes})
	}
	return answerWith(http.StatusOK, out), nil
}
