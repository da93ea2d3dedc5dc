package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"flowdeck/connectors"
	"flowdeck/views"
)

func (s *Server) connectionsRoutes(app *echo.Group) {
	app.GET("/connections", s.showConnections)
	app.POST("/connections", s.createConnection)
	app.GET("/connections/new", s.newConnection)
	app.POST("/connections/form", s.redrawConnection)
	app.POST("/connections/discover", s.discoverConnection)
	app.GET("/connections/:id", s.showConnection)
	app.POST("/connections/:id", s.saveConnection)
	app.GET("/connections/:id/edit", s.editConnection)
	app.GET("/connections/:id/limits", s.showLimits)
	app.GET("/connections/:id/rename", s.showRename)
	app.POST("/connections/:id/rename", s.renameConnection)
	app.POST("/connections/:id/test", s.testConnection)
	app.POST("/connections/:id/rehearse", s.rehearseConnection)
	app.POST("/connections/:id/secret-ends", s.noteSecretEnds)
	app.POST("/connections/:id/authorize", s.authorizeConnection)
	app.GET("/connections/:id/delete", s.showDelete)
	app.POST("/connections/:id/delete", s.deleteConnection)

	app.GET("/oauth/start/:attempt", s.startSignIn)
	app.GET("/oauth/callback", s.signInAnswered)
	app.GET("/oauth/attempts/:attempt", s.showSignIn)
	app.POST("/oauth/attempts/:attempt/cancel", s.cancelSignIn)
	app.POST("/oauth/attempts/:attempt/back", s.backFromSignIn)
	app.POST("/oauth/attempts/:attempt/use", s.useSignedIn)
}

// connectionChanged is the event by which the list and the drawer know that they are out of date.
const connectionChanged = "fd:connections"

func (s *Server) showConnections(c echo.Context) error {
	m, err := s.connectionsPage(c, c.QueryParams())
	if err != nil {
		return err
	}
	return render(c, http.StatusOK, views.ConnectionsPage(m))
}

// showConnection is the drawer, or the page with the drawer open.
func (s *Server) showConnection(c echo.Context) error {
	ctx := c.Request().Context()
	row, err := s.Store.Connection(ctx, c.Param("id"))
	if err != nil {
		return err
	}
	if isHTMX(c) {
		drawer, err := s.connectionDrawer(ctx, row)
		if err != nil {
			return err
		}
		return render(c, http.StatusOK, views.ConnectionDrawer(drawer))
	}
	return s.connectionPage(c, row, nil)
}

// connectionPage is the list with the drawer of one connection open.
func (s *Server) connectionPage(c echo.Context, row connectors.Connection, r *views.RehearsalModel) error {
	drawer, err := s.connectionDrawer(c.Request().Context(), row)
	if err != nil {
		return err
	}
	drawer.Rehearsal = r
	m, err := s.connectionsPage(c, nil)
	if err != nil {
		return err
	}
	for i := range m.Rows {
		m.Rows[i].Selected = m.Rows[i].ID == row.ID
	}
	m.Drawer = &drawer
	return render(c, http.StatusOK, views.ConnectionsPage(m))
}

// connectionsPage is the list that query asks for: q, show.
func (s *Server) connectionsPage(c echo.Context, query url.Values) (views.ConnectionsModel, error) {
	all, err := s.Store.Connections(c.Request().Context())
	if err != nil {
		return views.ConnectionsModel{}, err
	}
	risks, err := s.risks(c.Request().Context())
	if err != nil {
		return views.ConnectionsModel{}, err
	}
	for i := range risks {
		risks[i].Here = true
	}
	words, show := strings.ToLower(strings.TrimSpace(query.Get("q"))), query.Get("show")
	m := views.ConnectionsModel{Shell: s.shell(c, "Connections", "connections"), None: len(all) == 0, Risks: risks}
	m.Filter = views.FilterModel{URL: "/connections", Param: "q", Value: query.Get("q"), Label: "Search connections",
		Placeholder: "Search name or host", Target: "#list", ChipsLabel: "Filter", Keep: map[string]string{}}
	if show != "" {
		m.Filter.Keep["show"] = show
	}
	for _, f := range connectionFilters {
		chip := views.ChipModel{Label: f.label, Icon: f.icon, Href: connectionsURL(query.Get("q"), f.name), Pressed: show == f.name}
		for _, x := range all {
			if f.fits(s, x) {
				chip.Count++
			}
		}
		if chip.Count > 0 || f.name == "" || chip.Pressed {
			m.Filter.Chips = append(m.Filter.Chips, chip)
		}
		if show != f.name {
			continue
		}
		for _, x := range all {
			if f.fits(s, x) && mentions(x, words) {
				m.Rows = append(m.Rows, s.connectionRow(x))
			}
		}
	}
	slices.SortStableFunc(m.Rows, func(a, b views.ConnectionRowModel) int { return urgency(a.State.Kind) - urgency(b.State.Kind) })
	return m, nil
}

// connectionFilters are the chips above the list.
var connectionFilters = []struct {
	name, label, icon string
	fits              func(*Server, connectors.Connection) bool
}{
	{"", "All", "", func(*Server, connectors.Connection) bool { return true }},
	{"attention", "Needs attention", "circle-alert", func(s *Server, c connectors.Connection) bool { return urgency(s.health(c).kind) < 2 }},
	{"oauth", "OAuth", "", func(s *Server, c connectors.Connection) bool {
		t, ok := s.Types.Type(c.Type)
		return ok && t.Refreshes()
	}},
	{"unused", "Not used", "", func(_ *Server, c connectors.Connection) bool { return c.Uses == 0 }},
}

func connectionsURL(q, show string) string {
	v := url.Values{}
	if q != "" {
		v.Set("q", q)
	}
	if show != "" {
		v.Set("show", show)
	}
	if len(v) == 0 {
		return "/connections"
	}
	return "/connections?" + v.Encode()
}

// mentions reports whether every word is in the name, the hosts, the type or the description.
func mentions(c connectors.Connection, words string) bool {
	text := strings.ToLower(c.Name + " " + strings.Join(c.Hosts, " ") + " " + c.TestURL + " " + c.Type + " " + c.Description)
	for _, w := range strings.Fields(words) {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
}

// urgency orders states: what stops flows first, what will stop them next.
func urgency(kind string) int {
	switch kind {
	case "err":
		return 0
	case "warn":
		return 1
	}
	return 2
}
