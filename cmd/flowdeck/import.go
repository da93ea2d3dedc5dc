package main

import (
	"context"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"flowdeck/cards/all"
	"flowdeck/connectors"
	"flowdeck/flows/bundle"
	"flowdeck/flows/store"
)

// importSettings are those of the command that reads flows and connections.
type importSettings struct {
	storageSettings `embed:""`
	keySettings     `embed:""`
	remoteSettings  `embed:""`
	From            string `arg:"" help:"Folder that export wrote, or one of its files, or a .zip file of them."`
	DryRun          bool   `help:"Only say what would be done."`
	Publish         bool   `help:"Publish the drafts, and switch the flows on."`
}

func (i importSettings) run(ctx context.Context, to streams) error {
	files, err := readFiles(i.From)
	if err != nil {
		return err
	}
	var list []bundle.Change
	if i.Server != "" {
		list, err = i.remoteImport(ctx, to, files, i.DryRun, i.Publish)
	} else {
		list, err = i.local(ctx, to, files)
	}
	if err != nil {
		return err
	}
	return sayChanges(to, list, i.DryRun)
}

func (i importSettings) local(ctx context.Context, to streams, files []bundle.File) ([]bundle.Change, error) {
	unlock, err := i.lock(to)
	if err != nil {
		return nil, err
	}
	defer unlock()
	vault, _, err := i.vault(i.Data)
	if err != nil {
		return nil, err
	}
	st, err := i.open(ctx, i.logger(to), 0)
	if err != nil {
		return nil, err
	}
	defer st.Close()
	b := &bundle.Bundle{Store: st, Vault: vault, Types: connectors.AllTypes(), Cards: all.Registry(), Now: time.Now}
	return b.Import(ctx, files, bundle.Options{By: store.User{Name: "flowdeck import"}, DryRun: i.DryRun, Publish: i.Publish, Told: importTold(to.err)})
}

// importTold says how far a long import is: "120 of 200 flows written, 60 a second".
func importTold(to io.Writer) func(bundle.Progress) {
	next := time.Now().Add(progressFrom)
	var last bundle.Progress
	var since time.Time
	return func(p bundle.Progress) {
		now := time.Now()
		if p.Did != last.Did || p.Done < last.Done {
			since = now
		}
		if last = p; now.Before(next) {
			return
		}
		next = now.Add(progressFrom)
		rate := ""
		if took := now.Sub(since).Seconds(); took >= 1 {
			rate = fmt.Sprintf(", %.0f a second", float64(p.Done)/took)
		}
		fmt.Fprintf(to, "%d of %d %s %s%s\n", p.Done, p.Of, p.What, p.Did, rate)
	}
}

func sayChanges(to streams, list []bundle.Change, dry bool) error {
	w := tabwriter.NewWriter(to.out, 0, 0, 2, ' ', 0)
	count := map[bundle.Action]int{}
	for _, c := range list {
		if count[c.Action]++; c.Action == bundle.Unchanged && c.Version == 0 && len(c.Notes) == 0 {
			continue
		}
		published := ""
		if c.Version > 0 {
			published = fmt.Sprintf("published v%d", c.Version)
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", c.Action, c.Kind, c.Name, c.File, published)
		for _, note := range c.Notes {
			fmt.Fprintf(w, "\t\t%s\n", note)
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	would := ""
	if dry {
		would = " A dry run: nothing was done."
	}
	_, err := fmt.Fprintf(to.out, "%d created, %d updated, %d unchanged.%s\n", count[bundle.Created], count[bundle.Updated], count[bundle.Unchanged], would)
	return err
}
