package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/alecthomas/kong"
)

// command is what the command line asks for.
type command func(context.Context, streams) error

// parse reads the command line and the environment. The command is nil when help
// was asked for, and has been printed.
func parse(args []string, to streams) (command, error) {
	for i, a := range args {
		if a == "-help" { // as Go programs spell it
			args[i] = "--help"
		}
	}
	if len(args) > 0 && args[0] == "help" {
		args = append(args[1:], "--help")
	}
	var c commands
	helped := false
	k, err := newParser(&c, to, &helped)
	if err != nil {
		return nil, err
	}
	ctx, err := k.Parse(args)
	if helped {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("%w (flowdeck -help explains)", err)
	}
	switch name, _, _ := strings.Cut(ctx.Command(), " <"); name {
	case "serve":
		return c.Serve.run, nil
	case "migrate":
		return c.Migrate.migrate, nil
	case "user add":
		return c.User.Add.run, nil
	case "user list":
		return c.User.List.run, nil
	case "user password":
		return c.User.Password.run, nil
	case "user sign-out":
		return c.User.SignOut.run, nil
	case "export":
		return c.Export.run, nil
	case "import":
		return c.Import.run, nil
	case "test":
		return c.Test.run, nil
	case "backup":
		return c.Backup.run, nil
	case "restore":
		return c.Restore.run, nil
	case "rekey":
		return c.Rekey.run, nil
	case "cards":
		return c.Cards.run, nil
	case "version":
		return func(_ context.Context, to streams) error {
			_, err := fmt.Fprintln(to.out, "flowdeck", version)
			return err
		}, nil
	}
	return nil, fmt.Errorf("unknown command %q", ctx.Command())
}

func newParser(c *commands, to streams, helped *bool) (*kong.Kong, error) {
	return kong.New(c,
		kong.Name("flowdeck"),
		kong.Description("Chain API calls into flows, without code."),
		kong.DefaultEnvars("FLOWDECK"),
		kong.Writers(to.out, to.err),
		kong.Exit(func(int) { *helped = true }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 110}),
		kong.Help(help),
	)
}

// help prints the commands and, for the program as a whole, every setting of serve.
func help(options kong.HelpOptions, ctx *kong.Context) error {
	if err := kong.DefaultHelpPrinter(options, ctx); err != nil || ctx.Selected() != nil {
		return err
	}
	serve, err := kong.Trace(ctx.Kong, []string{"serve"})
	if err != nil {
		return err
	}
	fmt.Fprint(ctx.Stdout, "\nSettings. Each can also come from the environment variable beside it.\n\n")
	return kong.DefaultHelpPrinter(options, serve)
}
