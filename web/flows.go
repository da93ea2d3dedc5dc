package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"github.com/labstack/echo/v4"

	"flowdeck/flows"
	"flowdeck/flows/schedule"
	"flowdeck/flows/store"
	"flowdeck/flows/webhook"
	"flowdeck/views"
)

func (s *Server) flowsRoutes(app *echo.Group) {
	app.GET("/flows", s.showFlows)
	app.POST("/flows", s.createFlow)
	app.POST("/flows/sample", s.createSample)
	app.GET("/flows/import", s.showImport)
	app.POST("/flows/import", s.importFlow)
	app.GET("/imports/:import", s.showImportProgress)
	app.POST("/imports/:import/stop", s.stopImport)
	app.GET("/flows/export/choose", s.showExport)
	app.GET("/flows/export", s.exportFlows)
	app.GET("/flows/:id/details", s.showFlowDetails)
	app.POST("/flows/:id/details", s.saveFlowDetails)
	app.POST("/flows/:id/on", s.turnFlowOn)
	app.POST("/flows/:id/off", s.turnFlowOff)
	app.POST("/flows/:id/duplicate", s.duplicateFlow)
	app.GET("/flows/:id/export", s.exportFlow)
	app.DELETE("/flows/:id", s.deleteFlow)
}

func (s *Server) showFlows(c echo.Context) error {
	return s.flowsPage(c, c.QueryParams())
}

// flowsPage renders the list that query asks for: q, state, label, folder, cursor.
func (s *Server) flowsPage(c echo.Context, query url.Values) error {
	ctx := c.Request().Context()
	filter := filterOf(query, 0)
	rows, next, err := s.Store.Flows(ctx, filter)
	if err != nil {
		return err
	}
	counts, err := s.Store.FlowCounts(ctx)
	if err != nil {
		return err
	}
	labels, err := s.Store.Labels(ctx)
	if err != nil {
		return err
	}
	folders, err := s.Store.Folders(ctx)
	if err != nil {
		return err
	}
	risks, err := s.risks(ctx)
	if err != nil {
		return err
	}
	m := views.FlowsModel{Shell: s.shell(c, "Flows", "flows"), Summary: summary(counts), None: counts.All == 0, Sample: s.AddSample != nil,
		Label: filter.Label, Filter: flowsFilter(filter, counts)}
	for _, l := range labels {
		m.Labels = append(m.Labels, views.MenuItemModel{Label: l, Icon: "tag", Href: flowsURL(filter, "label", l)})
	}
	if filter.Label != "" {
		m.Labels = append([]views.MenuItemModel{{Label: "All labels", Icon: "x", Href: flowsURL(filter, "label", "")}, {}}, m.Labels...)
	}
	m.Folder, m.Folders = filter.Folder, folderMenu(filter, folders)
	m.Risks = risks
	if i := s.importBy(s.user(c).ID); i != nil {
		m.Import, m.ImportMore = s.importNote(i)
	}
	ids := make([]string, len(rows))
	for i, r := range rows {
		ids[i] = r.ID
	}
	callers, err := s.Store.Callers(ctx, ids)
	if err != nil {
		return err
	}
	for _, r := range rows {
		row := s.flowRow(r)
		row.CalledBy = callers[r.ID]
		m.Rows = append(m.Rows, row)
	}
	if next != "" {
		m.Next = flowsURL(filter, "cursor", next)
	}
	if filter.Cursor != "" {
		m.First = flowsURL(filter, "cursor", "")
	}
	return render(c, http.StatusOK, views.FlowsPage(m))
}

// flowsAgain answers an action on a flow: with the list as the person sees it, or
// by loading the page again when they are somewhere else.
func (s *Server) flowsAgain(c echo.Context, text string) error {
	if !isHTMX(c) {
		return c.Redirect(http.StatusSeeOther, "/flows")
	}
	trigger(c, "fd:toast", map[string]string{"text": text})
	at, err := url.Parse(c.Request().Header.Get("HX-Current-URL"))
	if err != nil || at.Path != "/flows" {
		c.Response().Header().Set("HX-Refresh", "true")
		return c.NoContent(http.StatusOK)
	}
	return s.flowsPage(c, at.Query())
}

func summary(n store.FlowCounts) string {
	if n.All == 0 {
		return "Chain API calls together, without code."
	}
	kept := ""
	if n.Sampled > 0 {
		kept = " kept"
	}
	return fmt.Sprintf("%d %s · %d %s%s today", n.All, plural(n.All, "flow", "flows"), n.RunsToday, plural(n.RunsToday, "run", "runs"), kept)
}

func flowsFilter(f store.FlowFilter, n store.FlowCounts) views.FilterModel {
	m := views.FilterModel{URL: "/flows", Param: "q", Value: f.Query, Label: "Search flows", Placeholder: "Search flows", Target: "#list", ChipsLabel: "Filter"}
	m.Keep = map[string]string{}
	if f.State != "" {
		m.Keep["state"] = f.State
	}
	if f.Label != "" {
		m.Keep["label"] = f.Label
	}
	if f.Folder != "" {
		m.Keep["folder"] = f.Folder
	}
	for _, x := range []struct {
		label, state string
		n            int
	}{{"All", "", n.All}, {"Live", "on", n.On}, {"Failing", "failing", n.Failing}, {"Paused", "off", n.Off}, {"Drafts", "draft", n.Drafts}} {
		if x.state == "off" && x.n == 0 && f.State != x.state {
			continue // rarely there, and the line is short on a phone
		}
		m.Chips = append(m.Chips, views.ChipModel{Label: x.label, Count: x.n, Href: flowsURL(f, "state", x.state), Pressed: f.State == x.state})
	}
	return m
}

// flowsURL is the address of the list with one thing changed. Any change but of
// the cursor begins at the first page.
func flowsURL(f store.FlowFilter, name, value string) string {
	q := url.Values{}
	for k, v := range map[string]string{"q": f.Query, "state": f.State, "label": f.Label, "folder": f.Folder} {
		if v != "" {
			q.Set(k, v)
		}
	}
	q.Set(name, value)
	if value == "" {
		q.Del(name)
	}
	if len(q) == 0 {
		return "/flows"
	}
	return "/flows?" + q.Encode()
}

// folderMenu lists the folders to choose from; none when no flow is in one.
func folderMenu(f store.FlowFilter, folders []string) (items []views.MenuItemModel) {
	if f.Folder != "" {
		items = append(items, views.MenuItemModel{Label: "All folders", Icon: "x", Href: flowsURL(f, "folder", "")}, views.MenuItemModel{})
	}
	for _, folder := range folders {
		items = append(items, views.MenuItemModel{Label: folder, Icon: "folder", Href: flowsURL(f, "folder", folder)})
	}
	return items
}

func (s *Server) flowRow(r store.FlowRow) views.FlowRowModel {
	m := views.FlowRowModel{ID: r.ID, Name: r.Name, Folder: r.Folder, Labels: r.Labels, Edited: r.Changed && r.Version > 0, On: r.On, Publishable: r.Version > 0,
		Icon: "workflow", Hue: "data", Starts: "Nothing yet", Detail: "Open it to choose"}
	if card, ok := s.Cards.Card(r.Trigger); ok {
		m.Icon, m.Hue, m.Starts, m.Detail = card.Icon, string(card.Family), card.Title, card.Summary
	}
	m.Settings = settingsName(r.Trigger)
	switch r.Trigger {
	case "event.endpoint":
		m.Detail = "/api/flows/" + r.Alias + "/invoke"
	case "event.manual":
		m.Detail = "Run form"
	case "event.helper":
		m.Detail = "Called by other flows"
	case webhook.Card:
		m.Detail = hookPrefix + r.Alias
	case schedule.Card:
		m.Detail = nextRun(r, s.Now())
	}
	switch {
	case r.On && r.Version > 0:
		m.State = views.TagModel{Text: "Live", Kind: "ok", Dot: true}
	case r.Version > 0:
		m.State = views.TagModel{Text: "Paused", Kind: "warn"}
	default:
		m.State = views.TagModel{Text: "Draft"}
	}
	if r.Version > 0 {
		m.Version = "v" + strconv.FormatInt(r.Version, 10)
	}
	m.Last = s.lastRun(r)
	if r.LastRun != "" {
		m.LastHref, m.Runs = "/runs/"+r.LastRun, runsToday(r)
	}
	return m
}

func (s *Server) lastRun(r store.FlowRow) views.StatusModel {
	at := moment(r.LastAt, s.Now())
	switch r.LastStatus {
	case "":
		return views.StatusModel{Text: "Never run", Kind: "off"}
	case flows.Succeeded:
		return views.StatusModel{Text: "OK " + at, Kind: "ok"}
	case flows.Failed:
		return views.StatusModel{Text: "Failed " + at, Kind: "err"}
	case flows.Cancelled:
		return views.StatusModel{Text: "Cancelled " + at, Kind: "off", Icon: "ban"}
	case flows.Waiting:
		return views.StatusModel{Text: "Waiting", Kind: "off", Icon: "clock"}
	}
	return views.StatusModel{Text: "Running", Kind: "run"}
}

func runsToday(r store.FlowRow) string {
	if r.RunsToday == 0 {
		return "none today"
	}
	text := capped(r.RunsToday)
	if r.Sampled {
		text += " kept"
	}
	text += " today"
	if r.FailedToday > 0 {
		text += ", " + capped(r.FailedToday) + " failed"
	}
	return text
}

func capped(n int) string {
	if n >= store.CountCap {
		return strconv.Itoa(store.CountCap) + "+"
	}
	return strconv.Itoa(n)
}
