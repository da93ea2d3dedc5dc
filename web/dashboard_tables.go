package web

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"flowdeck/connectors"
	"flowdeck/flows/store"
	"flowdeck/meter"
	"flowdeck/views"
)

// tables are the flows with the most runs, the slowest cards, and the connections: of all
// runs, or what there is of them about one flow or one connection.
func (d dashboard) tables(ctx context.Context, m *views.Dashboard) error {
	var all []connectors.Connection
	if d.of.flow == "" {
		var err error
		if all, err = d.s.Store.Connections(ctx); err != nil {
			return err
		}
	}
	m.Connection = nameOfConnection(all, cmp.Or(d.of.connection, noConnection))
	steps, err := d.slowest(ctx)
	if err != nil {
		return err
	}
	ids := []string{d.of.flow}
	for _, x := range steps {
		flow, _, _ := strings.Cut(x.Subject, "/")
		ids = append(ids, flow)
	}
	var runs, sent []store.TallySum
	if d.of == (dashSubject{}) {
		if runs, err = d.most(ctx, store.TallyRuns); err != nil {
			return err
		}
		if sent, err = d.most(ctx, store.TallyConnection); err != nil {
			return err
		}
		for _, x := range runs {
			ids = append(ids, x.Subject)
		}
	}
	slices.Sort(ids)
	drafts, err := d.s.Store.FlowTitles(ctx, slices.Compact(ids))
	if err != nil {
		return err
	}
	m.Flow = drafts[d.of.flow].Name
	for _, x := range runs {
		name := cmp.Or(drafts[x.Subject].Name, "A flow that was deleted")
		m.Flows = append(m.Flows, row(name, "", dashSubject{flow: x.Subject}.address(d.r.key), x.Count))
	}
	for _, x := range steps {
		m.Cards = append(m.Cards, d.card(x, drafts))
	}
	for _, x := range sent {
		id := cmp.Or(x.Subject, noConnection)
		m.Connections = append(m.Connections, row(nameOfConnection(all, id), "", dashSubject{connection: id}.address(d.r.key), x.Count))
	}
	return nil
}

// card is the row of a step: its title, and the flow that it stands in unless all of them do.
func (d dashboard) card(x store.TallySum, drafts map[string]store.FlowTitle) views.DashRow {
	flow, step, _ := strings.Cut(x.Subject, "/")
	f := drafts[flow]
	card, _ := d.s.Cards.Card(f.Steps[step].Card)
	r := row(cmp.Or(f.Steps[step].Title, card.Title, step), f.Name, "", x.Count)
	if f.Name != "" {
		r.Href = "/flows/" + flow + "#card-" + step
	}
	if d.of.flow != "" {
		r.Text = ""
	}
	return r
}

func nameOfConnection(all []connectors.Connection, id string) string {
	if id == noConnection {
		return "Without a connection"
	}
	for _, c := range all {
		if c.ID == id {
			return c.Name
		}
	}
	return "A connection that was deleted"
}

// most are the subjects of a kind of which there was most.
func (d dashboard) most(ctx context.Context, kind string) ([]store.TallySum, error) {
	list, err := d.sums(ctx, kind, "")
	return first(list, func(a, b store.TallySum) int { return cmp.Compare(b.Count.All(), a.Count.All()) }), err
}

// slowest are the steps that took longest: all of them, those of the flow, or those that use
// the connection now.
func (d dashboard) slowest(ctx context.Context) ([]store.TallySum, error) {
	within := ""
	if d.of.flow != "" {
		within = d.of.flow + "/"
	}
	if d.of.connection == noConnection {
		return nil, nil // no list says which they are
	}
	list, err := d.sums(ctx, store.TallySteps, within)
	if err != nil {
		return nil, err
	}
	if d.of.connection != "" {
		uses, err := d.s.Store.ConnectionUses(ctx, d.of.connection)
		if err != nil {
			return nil, err
		}
		using := map[string]bool{}
		for _, u := range uses {
			for _, step := range u.Steps {
				using[u.FlowID+"/"+step] = true
			}
		}
		list = slices.DeleteFunc(list, func(x store.TallySum) bool { return !using[x.Subject] })
	}
	return first(list, func(a, b store.TallySum) int { return cmp.Compare(b.Count.Quantile(.95), a.Count.Quantile(.95)) }), nil
}

// sums adds up what the tables tell of.
func (d dashboard) sums(ctx context.Context, kind, within string) ([]store.TallySum, error) {
	return d.s.Store.TalliesBySubject(ctx, d.r.sums, kind, within, d.since)
}

// first are as many as a table has rows.
func first(list []store.TallySum, order func(a, b store.TallySum) int) []store.TallySum {
	slices.SortFunc(list, func(a, b store.TallySum) int { return cmp.Or(order(a, b), cmp.Compare(a.Subject, b.Subject)) })
	return list[:min(len(list), mostListed)]
}

func row(name, text, href string, c meter.Count) views.DashRow {
	return views.DashRow{Name: name, Text: text, Href: href, Count: thousands(c.All()), Failed: thousands(c.Failed), Share: share(c.Failed, c.All()),
		Half: tookOrNone(c, .5), Most: tookOrNone(c, .95)}
}
