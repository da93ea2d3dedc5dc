package connectors

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Guard decides where the program may connect to: only globally routable
// addresses, unless whoever runs it opened more. It checks the address that is
// dialled, at the moment it is dialled, so a name that resolves to something
// else the second time gains nothing.
type Guard struct {
	prefixes []netip.Prefix
	hosts    map[string]bool // "localhost", "localhost:9000"
	all      bool
}

// NewGuard makes a Guard that opens what allow names beside the public internet:
// networks ("10.0.0.0/8"), addresses, hosts, either with a port or without; "*"
// opens everything.
func NewGuard(allow []string) (*Guard, error) {
	g := &Guard{hosts: map[string]bool{}}
	for _, entry := range allow {
		entry = strings.ToLower(strings.TrimSpace(entry))
		switch p, err := netip.ParsePrefix(entry); {
		case entry == "":
		case entry == "*":
			g.all = true
		case err == nil:
			g.prefixes = append(g.prefixes, p.Masked())
		case strings.Contains(entry, "/"):
			return nil, fmt.Errorf("egress allow list: %q is not a network like 10.0.0.0/8, a host or a host:port", entry)
		default:
			host, port := splitPort(entry)
			if a, err := netip.ParseAddr(host); err == nil {
				host = a.Unmap().String()
			}
			g.hosts[join(host, port)] = true
		}
	}
	return g, nil
}

// CheckURL reports whether u is an address that may be asked at all; the address
// behind its name is checked when it is dialled.
func (g *Guard) CheckURL(u *url.URL) error {
	switch {
	case u.Scheme != "http" && u.Scheme != "https":
		return fmt.Errorf("%q: only http:// and https:// addresses can be called", u.Scheme+":")
	case u.Hostname() == "":
		return fmt.Errorf("the address names no host")
	}
	return nil
}

// DialContext connects as net.Dialer does. A refusal is a *BlockedError.
func (g *Guard) DialContext(ctx context.Context, network, addr string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, err
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if g.all || g.hosts[host] || g.hosts[join(host, port)] {
		return (&net.Dialer{Timeout: dialTimeout, KeepAlive: keepAlive}).DialContext(ctx, network, addr)
	}
	d := net.Dialer{Timeout: dialTimeout, KeepAlive: keepAlive,
		ControlContext: func(_ context.Context, _, resolved string, _ syscall.RawConn) error { return g.check(host, resolved) }}
	return d.DialContext(ctx, network, addr)
}

const (
	dialTimeout = 10 * time.Second
	keepAlive   = 30 * time.Second
)

// check decides about one resolved address; host is the name it came from.
func (g *Guard) check(host, resolved string) error {
	ap, err := netip.ParseAddrPort(resolved)
	if err != nil {
		return &BlockedError{Host: host, Address: resolved, Reason: "not an address"}
	}
	a := ap.Addr().WithZone("").Unmap()
	for _, p := range g.prefixes {
		if p.Contains(a) {
			return nil
		}
	}
	port := strconv.Itoa(int(ap.Port()))
	if g.hosts[a.String()] || g.hosts[join(a.String(), port)] {
		return nil
	}
	if reason := refused(ap.Addr()); reason != "" {
		return &BlockedError{Host: host, Address: a.String(), Reason: reason}
	}
	return nil
}

func splitPort(entry string) (host, port string) {
	if h, p, err := net.SplitHostPort(entry); err == nil {
		return h, p
	}
	return strings.Trim(entry, "[]"), ""
}

func join(host, port string) string {
	if port == "" {
		return host
	}
	return net.JoinHostPort(host, port)
}
