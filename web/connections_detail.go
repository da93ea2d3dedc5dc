package web

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"flowdeck/connectors"
	"flowdeck/flows/store"
	"flowdeck/views"
)

// connectionDrawer is all that people may know of a connection.
func (s *Server) connectionDrawer(ctx context.Context, c connectors.Connection) (views.ConnectionDrawerModel, error) {
	uses, err := s.Store.ConnectionUses(ctx, c.ID)
	if err != nil {
		return views.ConnectionDrawerModel{}, err
	}
	m := views.ConnectionDrawerModel{Row: s.connectionRow(c), Description: c.Description, SignIn: s.signInFacts(c), Activity: s.activity(c)}
	live := 0
	for _, u := range uses {
		if u.Live {
			live++
		}
		m.Uses = append(m.Uses, useModel(u, m.Row.State.Kind == "err"))
	}
	if kind := m.Row.State.Kind; urgency(kind) < 2 {
		m.Note = &views.NoteModel{Kind: kind, Title: m.Row.State.Text + ".", Text: m.Row.Why}
		if m.Row.Why != "" && !strings.HasSuffix(m.Row.Why, ".") {
			m.Note.Text += "."
		}
		switch {
		case kind == "err" && live > 0:
			m.Note.Text += fmt.Sprintf(" %d live %s until this is put right.", live, plural(live, "flow fails", "flows fail"))
		case kind == "warn" && live > 0 && c.State == connectors.Ready:
			m.Note.Text += fmt.Sprintf(" %d live %s then.", live, plural(live, "flow stops", "flows stop"))
		}
	}
	return m, nil
}

func useModel(u store.Use, broken bool) views.ConnectionUseModel {
	steps := make([]string, len(u.Steps))
	for i, id := range u.Steps {
		steps[i] = titleOf(id)
	}
	tag := views.TagModel{Text: "Draft"}
	switch {
	case u.Live && broken:
		tag = views.TagModel{Text: "Failing", Kind: "err"}
	case u.Live:
		tag = views.TagModel{Text: "Live", Kind: "ok"}
	}
	return views.ConnectionUseModel{Flow: u.FlowName, Href: "/flows/" + u.FlowID, Steps: strings.Join(steps, ", "), Tag: tag}
}

// titleOf reads a step's id as the title it was made from: get_customer, "Get customer".
func titleOf(id string) string {
	return upperFirst(strings.ReplaceAll(id, "_", " "))
}

// signInFacts lists what signs the connection in, without what is secret.
func (s *Server) signInFacts(c connectors.Connection) []views.KVModel {
	t, known := s.Types.Type(c.Type)
	if !known {
		return []views.KVModel{{Key: "Type", Value: c.Type + " (not known to this program)"}}
	}
	facts, err := s.Vault.Facts(t, c)
	if err != nil {
		return []views.KVModel{{Key: "Secrets", Value: "cannot be opened: the master key is not the one they were sealed with"}}
	}
	now := s.Now()
	var rows []views.KVModel
	add := func(key, value string) {
		if value != "" {
			rows = append(rows, views.KVModel{Key: key, Value: value})
		}
	}
	add("Account", facts.Account)
	for _, f := range t.Form.Fields {
		switch v := c.Settings[f.Name].(type) {
		case string:
			add(f.Label, v)
		case []any:
			for _, x := range v {
				if row, ok := x.(map[string]any); ok {
					rows = append(rows, views.KVModel{Key: fmt.Sprint(row["name"]), Secret: true})
				}
			}
		}
		if facts.Saved[f.Name] {
			rows = append(rows, views.KVModel{Key: f.Label, Secret: true})
		}
	}
	if t.Refreshes() {
		add("Granted", facts.Scopes)
		switch {
		case !facts.SignedIn:
			add("Access token", "none")
		case facts.Ends.IsZero():
			add("Access token", "does not say when it ends")
		case facts.Ends.Before(now):
			add("Access token", "ended "+exactly(facts.Ends, now))
		default:
			add("Access token", "until "+exactly(facts.Ends, now))
		}
	}
	if t.Interactive() {
		add("Refresh token", map[bool]string{true: "yes, renews by itself", false: "none"}[facts.Renews])
	}
	if !t.Open {
		add("Sent only to", strings.Join(c.Hosts, ", "))
	}
	add("Test URL", c.TestURL)
	if len(rows) == 0 {
		add("Sign-in", "none")
	}
	return rows
}

func (s *Server) activity(c connectors.Connection) []views.KVModel {
	now := s.Now()
	rows := []views.KVModel{{Key: "Last used", Value: "never"}, {Key: "Last test", Value: "never"}}
	if !c.LastUsed.IsZero() {
		rows[0].Value = exactly(c.LastUsed, now)
	}
	if !c.LastTested.IsZero() {
		rows[1].Value = exactly(c.LastTested, now) + ", " + cmp.Or(c.TestResult, "no result")
	}
	changed := exactly(c.Updated, now)
	if c.UpdatedBy != "" {
		changed += ", " + c.UpdatedBy
	}
	return append(rows, views.KVModel{Key: "Created", Value: exactly(c.Created, now)}, views.KVModel{Key: "Last change", Value: changed})
}
