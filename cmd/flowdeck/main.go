// Command flowdeck chains API calls into flows, without code.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // a server may have no time zones of its own
)

// version is set when a release is built: -ldflags "-X main.version=1.2.3".
var version = "dev"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], streams{os.Stdin, os.Stdout, os.Stderr}); err != nil {
		fmt.Fprintln(os.Stderr, "flowdeck:", err)
		stop()
		os.Exit(1)
	}
}

// streams are where a command reads and writes.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

// run carries out one command.
func run(ctx context.Context, args []string, io streams) error {
	cmd, err := parse(args, io)
	if err != nil || cmd == nil {
		return err
	}
	return cmd(ctx, io)
}
