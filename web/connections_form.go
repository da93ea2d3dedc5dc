package web

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"flowdeck/cards/schema"
	"flowdeck/connectors"
	"flowdeck/views"
)

// connectionDraft is a connection as a person has filled it in so far.
type connectionDraft struct {
	row        connectors.Connection // what is not secret; Key and Sealed of the stored one
	kind       connectors.AuthType
	filled     schema.Values // as people see it
	settings   schema.Values // as it will be stored
	network    schema.Values
	from       begunFrom
	hosts      string
	testURL    string
	discover   string   // the issuer to fill in from
	offered    []string // scopes that it offers
	said       *views.NoteModel
	changed    bool // discovery chose something that is folded away
	flow, step string
	problems   schema.Problems
	add        string // the list that shall have one more row
	fresh      bool   // nobody has seen this type's own fields yet: their defaults apply
}

// draftOf reads the posted form. old is the stored connection, when there is one.
func (s *Server) draftOf(c echo.Context, old connectors.Connection) (connectionDraft, error) {
	d := connectionDraft{row: old, hosts: strings.TrimSpace(c.FormValue("hosts")), flow: c.FormValue("flow"), step: c.FormValue("step"), add: c.FormValue("add")}
	d.row.Name, d.row.Description = strings.TrimSpace(c.FormValue("name")), strings.TrimSpace(c.FormValue("description"))
	d.testURL = strings.TrimSpace(c.FormValue("test_url"))
	d.discover, d.offered = strings.TrimSpace(c.FormValue("discover")), scopesOffered(c)
	if old.ID == "" {
		d.row.Type = c.FormValue("type")
	}
	var known bool
	if d.kind, known = s.Types.Type(d.row.Type); !known {
		return d, schema.Problems{{Field: "type", Message: "is not a kind of sign-in"}}
	}
	d.problems = connectors.CheckNames(d.row.Name, d.row.Description)
	filled, err := formValues(c, d.kind.Form, authPrefix)
	if shown := c.FormValue("shown"); shown != "" && shown != d.row.Type {
		d.fresh = true
		for _, f := range d.kind.Form.Fields {
			if f.Type == schema.Boolean {
				delete(filled, f.Name) // it was not left off, it was not there
			}
		}
	}
	takeFromCommand(c, d.kind, filled)
	d.filled, d.from = filled, begunFromOf(c, d.row.Type)
	d.settle()
	if err := d.gather(err); err != nil {
		return d, err
	}
	d.network, err = networkOf(c)
	return d, d.gather(err)
}

// authPrefix stands before the names of a type's own fields.
const authPrefix = "auth."

// networkPrefix stands before the names of the network settings, in the form as in problems.
const networkPrefix = "network."

// gather keeps err when it is the person's to put right.
func (d *connectionDraft) gather(err error) error {
	problems, ok := err.(schema.Problems)
	if !ok {
		return err
	}
	for _, p := range problems {
		p.Field = strings.TrimPrefix(p.Field, authPrefix)
		if problemOf(d.problems, p.Field) == "" && !d.awaited(p.Field) {
			d.problems = append(d.problems, p)
		}
	}
	return nil
}

func (s *Server) newConnection(c echo.Context) error {
	ctx := c.Request().Context()
	kind, ok := s.Types.Type(c.QueryParam("type"))
	if !ok {
		kind = s.Types.All()[0]
	}
	d := connectionDraft{fresh: true, kind: kind, row: connectors.Connection{Type: kind.Name}, flow: c.QueryParam("flow"), step: c.QueryParam("step")}
	d.hosts = s.hostOfStep(ctx, d.flow, d.step)
	return s.connectionForm(c, http.StatusOK, d, func(*views.ConnectionFormModel) {})
}

// hostOfStep is where the card that wants a connection sends its requests, when its URL says so.
func (s *Server) hostOfStep(ctx context.Context, flowID, stepID string) string {
	if flowID == "" {
		return ""
	}
	flow, err := s.Store.Flow(ctx, flowID)
	if err != nil {
		return ""
	}
	step, _ := flow.Draft.Step(stepID)
	at, _ := step.Inputs["url"].(string)
	before, _, templated := strings.Cut(at, "{{")
	if templated && strings.Count(before, "/") < 3 {
		return "" // the host itself is computed
	}
	return connectors.HostOf(before)
}

// redrawConnection shows the form for another type, for a service that is known, or
// with another row; nothing is saved.
func (s *Server) redrawConnection(c echo.Context) error {
	old, err := s.storedConnection(c, c.FormValue("id"))
	if err != nil {
		return err
	}
	d, err := s.draftOf(c, old)
	if err != nil {
		return err
	}
	d.problems = nil
	if p, ok := connectors.PresetNamed(c.FormValue("pick")); ok && old.ID == "" {
		d.begin(p, s.Types)
	}
	return s.connectionForm(c, http.StatusOK, d, func(*views.ConnectionFormModel) {})
}

func (s *Server) editConnection(c echo.Context) error {
	row, err := s.Store.Connection(c.Request().Context(), c.Param("id"))
	if err != nil {
		return err
	}
	return s.connectionForm(c, http.StatusOK, s.asStored(row), func(*views.ConnectionFormModel) {})
}

// asStored is a draft that nobody has changed yet.
func (s *Server) asStored(row connectors.Connection) connectionDraft {
	kind, _ := s.Types.Type(row.Type)
	return connectionDraft{row: row, kind: kind, filled: row.Settings, network: row.Network, hosts: strings.Join(row.Hosts, " "), testURL: row.TestURL}
}

func (s *Server) storedConnection(c echo.Context, id string) (connectors.Connection, error) {
	if id == "" {
		return connectors.Connection{}, nil
	}
	return s.Store.Connection(c.Request().Context(), id)
}

// connectionForm answers with the form, as a dialog or as a page; adjust has the last word.
func (s *Server) connectionForm(c echo.Context, status int, d connectionDraft, adjust func(*views.ConnectionFormModel)) error {
	m := views.ConnectionFormModel{ID: d.row.ID, Title: "New connection", Text: "Saved once, usable in every flow", Dialog: isHTMX(c) && c.FormValue("page") == "",
		Name: d.row.Name, Description: d.row.Description, Type: d.kind.Name, Hosts: d.hosts, TestURL: d.testURL, NeedsHosts: !d.kind.Open,
		Interactive: d.kind.Interactive(), Problems: byField(d.problems), Flow: d.flow, Step: d.step, Submit: "Create connection"}
	for field, message := range m.Problems {
		m.Problems[field] = upperFirst(message)
	}
	var saved map[string]bool
	if d.row.ID != "" {
		facts, err := s.Vault.Facts(d.kind, d.row)
		if errors.Is(err, connectors.ErrSealed) {
			m.Note = &views.NoteModel{Kind: "warn", Title: "Its secrets cannot be opened.", Text: "They were sealed with another master key. Enter all of them again, or have that key brought back."}
		} else if err != nil {
			return err
		}
		saved = facts.Saved
		m.Title, m.Text, m.Submit = "Edit “"+cmp.Or(d.row.Name, "connection")+"”", d.kind.Title+". Flows keep using it.", "Save"
		m.Seen = strconv.FormatInt(d.row.Updated.UnixMicro(), 10)
	} else {
		for _, t := range s.Types.All() {
			m.Types = append(m.Types, views.ChoiceModel{Value: t.Name, Label: t.Title, Help: t.Summary, Icon: t.Icon})
		}
	}
	if m.FromCommand = d.row.ID == "" && (c.FormValue("curl") != "" || c.FormValue("command") != ""); m.FromCommand {
		saved = secretsIn(d.kind.Form, d.filled, "")
	}
	if m.Interactive {
		m.Redirect = s.redirectURL(c.Request())
		m.Submit = "Connect"
	}
	f := fieldReader{filled: d.filled, saved: saved, problems: m.Problems, add: d.add, fresh: d.fresh, post: authPrefix}
	m.Fields, m.Advanced = f.fields(d.kind.Form)
	s.networkSection(&m, d, saved)
	s.presetSection(&m, d)
	discoverSection(&m, d)
	m.Summary = advancedSummary(m)
	m.Unfold = unfolded(m, d.add) || d.changed || d.filled["client_auth"] == "private_key_jwt" && !saved["private_key"]
	adjust(&m)
	if m.Dialog {
		return render(c, status, views.ConnectionForm(m))
	}
	return render(c, status, views.ConnectionsPage(views.ConnectionsModel{Shell: s.shell(c, m.Title, "connections"), Form: &m}))
}

// redirectURL is what people register at a service.
func (s *Server) redirectURL(r *http.Request) string { return s.baseURL(r) + "/oauth/callback" }
