package main

import (
	"context"
	"fmt"

	"flowdeck/cards/all"
	"flowdeck/flows/bundle"
)

// exportSettings are those of the command that writes flows and connections to a folder.
type exportSettings struct {
	storageSettings `embed:""`
	remoteSettings  `embed:""`
	Dir             string   `arg:"" help:"Folder to write to. Files of flows that are gone are taken out of it."`
	Flow            []string `placeholder:"FLOW" help:"Id or alias of a flow to export, with the connections it uses; several with commas. Empty: everything."`
}

func (e exportSettings) run(ctx context.Context, to streams) error {
	files, err := e.files(ctx, to)
	if err != nil {
		return err
	}
	done, err := writeFiles(e.Dir, files, len(e.Flow) == 0)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(to.out, "%d files in %s: %d written, %d the same, %d removed.\n", len(files), e.Dir, done.written, done.same, done.removed)
	return err
}

// files are what is exported: by a server, or by the data folder itself.
func (e exportSettings) files(ctx context.Context, to streams) ([]bundle.File, error) {
	if e.Server != "" {
		return e.remoteExport(ctx, e.Flow)
	}
	unlock, err := e.lock(to)
	if err != nil {
		return nil, err
	}
	defer unlock()
	st, err := e.existing(ctx, e.logger(to))
	if err != nil {
		return nil, err
	}
	defer st.Close()
	return (&bundle.Bundle{Store: st, Cards: all.Registry()}).Export(ctx, bundle.Selection{Flows: e.Flow})
}
