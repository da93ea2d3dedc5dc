package web

import (
	"encoding/json"
	"net/http"

	"github.com/labstack/echo/v4"

	"flowdeck/flows"
	"flowdeck/flows/store"
	"flowdeck/oauth"
	"flowdeck/views"
)

// described is what there is to say about an endpoint to those who call it.
type described struct {
	endpoint
	trigger flows.Step
	text    string // the flow's description
	base    string // of the server
	address string
}

// describe reads an endpoint as it is published, or its draft when it never was.
func (s *Server) describe(c echo.Context) (described, error) {
	ctx := c.Request().Context()
	flow, err := s.Store.Flow(ctx, c.Param("id"))
	if err != nil {
		return described{}, err
	}
	trigger := flow.Draft.Trigger
	if flow.Version > 0 {
		v, err := s.Store.Version(ctx, flow.ID, flow.Version)
		if err != nil {
			return described{}, err
		}
		trigger = v.Document.Trigger
	}
	if trigger.Card != endpointCard {
		return described{}, echo.NewHTTPError(http.StatusNotFound, "This flow does not begin with an API Endpoint card.")
	}
	ep := endpoint{Endpoint: &store.Endpoint{Name: flow.Name, Alias: flow.Alias, Settings: flow.Settings}}
	return ep.described(s.baseURL(c.Request()), flow.Description, trigger), nil
}

func (ep endpoint) described(base, text string, trigger flows.Step) described {
	ep.asked = askedFor(trigger.Inputs)
	return described{ep, trigger, text, base, base + "/api/flows/" + ep.Alias + "/invoke"}
}

// method is the one that examples use.
func (d described) method() string {
	if d.takes(http.MethodPost) {
		return http.MethodPost
	}
	return d.methods()[0]
}

func (s *Server) postmanCollection(c echo.Context) error {
	d, err := s.describe(c)
	if err != nil {
		return err
	}
	return download(c, d.Alias+".postman_collection.json", d.postman())
}

func (s *Server) endpointOpenAPI(c echo.Context) error {
	d, err := s.describe(c)
	if err != nil {
		return err
	}
	return download(c, d.Alias+".openapi.json", endpointsOpenAPI(d.base, d.Name, []described{d}))
}

// everyOpenAPI describes all published endpoints to people who are signed in.
func (s *Server) everyOpenAPI(c echo.Context) error {
	list, err := s.published(c)
	if err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderCacheControl, "no-store")
	return c.JSONPretty(http.StatusOK, endpointsOpenAPI(s.baseURL(c.Request()), "Flowdeck endpoints", list), "  ")
}

// published describes every endpoint that answers.
func (s *Server) published(c echo.Context) ([]described, error) {
	ctx, base := c.Request().Context(), s.baseURL(c.Request())
	rows, err := s.Store.Endpoints(ctx)
	if err != nil {
		return nil, err
	}
	var list []described
	for _, r := range rows {
		program, err := s.Programs(ctx, r.Document)
		if err != nil {
			return nil, err
		}
		if trigger := program.Document().Trigger; trigger.Card == endpointCard {
			list = append(list, endpoint{Endpoint: &r.Endpoint}.described(base, r.Description, trigger))
		}
	}
	return list, nil
}

func download(c echo.Context, name string, v any) error {
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderCacheControl, "no-store")
	c.Response().Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	return c.Blob(http.StatusOK, "application/json", append(text, '\n'))
}

// endpointDocs is the page that tells callers about an endpoint and lets people try it.
func (s *Server) endpointDocs(c echo.Context) error {
	d, err := s.describe(c)
	if err != nil {
		return err
	}
	m := views.EndpointDocs{Shell: s.shell(c, d.Name, "flows"), Back: "/flows/" + c.Param("id"), Files: "/flows/" + c.Param("id") + "/endpoint", Name: d.Name, Text: d.text,
		URL: d.address, Methods: d.methods(), Level: d.level(), Scope: d.scope(), TokenURL: d.base + oauth.PathToken, Method: d.method()}
	m.Curl = curlOf(m.Method, d.address, m.Level, d.trigger)
	if m.Level == levelOAuth {
		m.TokenCurl = tokenCurl(d.base, m.Scope)
	}
	for i, f := range d.asked.form.Fields {
		x := d.asked.sources[i]
		row := views.EndpointInput{Name: f.Name, Type: string(f.Type), From: x.from, Required: f.Required, Help: f.Help}
		if len(x.headers) > 0 {
			row.Header = x.headers[0]
		}
		m.Inputs = append(m.Inputs, row)
	}
	return render(c, http.StatusOK, views.EndpointDocsPage(m))
}
