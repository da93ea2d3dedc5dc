package web

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"flowdeck/cards/schema"
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
	m := views.ConnectionDrawerModel{Row: s.connectionRow(c), Description: c.Description, SignIn: s.signInFacts(c), Activity: s.activity(c), Limits: s.limits(c.ID)}
	m.HasSecret = hasSecret(s, c)
	if !c.SecretEnds.IsZero() {
		m.SecretEnds = c.SecretEnds.Local().Format(time.DateOnly)
	}
	var live []store.FlowName
	for _, u := range uses {
		if u.Live {
			live = append(live, store.FlowName{ID: u.FlowID, Name: u.FlowName})
		}
		m.Uses = append(m.Uses, useModel(u, m.Row.State.Kind == "err"))
	}
	if kind := m.Row.State.Kind; urgency(kind) < 2 {
		m.Note = &views.NoteModel{Kind: kind, Title: m.Row.State.Text + ".", Text: upperFirst(ended(m.Row.Why))}
		f, ends := c.Forecast(s.Now())
		n := len(live)
		switch {
		case n == 0 || !ends:
		case f.Stopped:
			m.Note.Text += fmt.Sprintf(" %d live %s until this is put right:", n, plural(n, "flow fails", "flows fail"))
			m.Stops, m.StopsMore = flowLinks(live)
		default:
			m.Note.Text += fmt.Sprintf(" %d live %s %s:", n, plural(n, "flow stops", "flows stop"), onDay(f.At, s.Now()))
			m.Stops, m.StopsMore = flowLinks(live)
		}
	}
	return m, nil
}

// hasSecret reports whether there is a secret that may end.
func hasSecret(s *Server, c connectors.Connection) bool {
	t, known := s.Types.Type(c.Type)
	if !known {
		return false
	}
	facts, err := s.Vault.Facts(t, c)
	return err == nil && len(facts.Saved) > 0
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
	account := facts.Account
	if was := c.Life.AccountWas; was != "" && account != "" {
		account += " (was " + was + " until " + exactly(c.Life.AccountSince, now) + ")"
	}
	add("Account", account)
	for _, f := range t.Form.Fields {
		switch v := c.Settings[f.Name].(type) {
		case string:
			if !t.Form.Applies(&f, c.Settings) || v == f.Default && f.Name != "client_auth" {
				continue // it means nothing here, or nothing was chosen
			}
			add(f.Label, chosen(f, v))
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
	add("Test URL", cmp.Or(c.TestURL, "none; give one with Edit to have calls tried, an address that answers 200 to whoever is signed in"))
	if len(rows) == 0 {
		add("Sign-in", "none")
	}
	return rows
}

// chosen is a value as the form's options call it.
func chosen(f schema.Field, v string) string {
	for _, o := range f.Options {
		if o.Value == v {
			return o.Label
		}
	}
	return v
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
	if n := c.Life.Rejected; n > 0 {
		rows = append(rows, views.KVModel{Key: "Turned down", Value: fmt.Sprintf("%d %s in a row answered %d since %s, although the sign-in is fresh", n, plural(n, "call", "calls"), c.Life.RejectedWith, exactly(c.Life.RejectedSince, now))})
	}
	if n := c.Life.Failures; n > 0 {
		rows = append(rows, views.KVModel{Key: "Renewals", Value: fmt.Sprintf("%d failed in a row since %s: %s", n, exactly(c.Life.Since, now), c.Life.Said)})
	}
	changed := exactly(c.Updated, now)
	if c.UpdatedBy != "" {
		changed += ", " + c.UpdatedBy
	}
	return append(rows, views.KVModel{Key: "Created", Value: exactly(c.Created, now)}, views.KVModel{Key: "Last change", Value: changed})
}
