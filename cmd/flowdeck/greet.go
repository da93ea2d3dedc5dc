package main

import (
	"fmt"
	"net"
	"strings"
)

// greet prints where everything is, for the person who started the program.
func (p *program) greet(addr net.Addr, setup, sample string) {
	at := p.address(addr)
	var b strings.Builder
	fmt.Fprintf(&b, "\nFlowdeck %s\n\n", buildVersion())
	if setup != "" {
		fmt.Fprintf(&b, "  Set up   %s%s\n           Open this address once to make the first account.\n", at, setup)
	} else {
		fmt.Fprintf(&b, "  Open     %s\n", at)
	}
	fmt.Fprintf(&b, "  Data     %s\n", p.settings.Data)
	if p.metricsAt != "" {
		fmt.Fprintf(&b, "  Metrics  %s (without a token)\n", p.metricsAt)
	}
	if sample != "" {
		fmt.Fprintf(&b, "  Sample   %s\n", strings.ReplaceAll(sample, "{url}", at))
	}
	fmt.Fprintln(&b)
	fmt.Fprint(p.to.out, b.String())
}

// address is how people reach the server, as far as it knows.
func (p *program) address(addr net.Addr) string {
	if p.settings.PublicURL != "" {
		return p.settings.PublicURL
	}
	return "http://" + reachable(addr)
}

// reachable is an address that a browser on this machine can open.
func reachable(addr net.Addr) string {
	tcp, ok := addr.(*net.TCPAddr)
	if ok && tcp.IP.IsUnspecified() {
		return fmt.Sprintf("127.0.0.1:%d", tcp.Port)
	}
	return addr.String()
}
