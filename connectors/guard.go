package connectors

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
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
	resolver *net.Resolver          // net.DefaultResolver when nil
	passed   atomic.Pointer[string] // the host and port of the URL that was let through last
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
	if last := g.passed.Load(); last != nil && *last == u.Host {
		return nil
	}
	if err := g.checkLiteral(u); err != nil {
		return err
	}
	if host := u.Host; u.Port() != "" { // else the port is the scheme's
		g.passed.Store(&host)
	}
	return nil
}

// checkLiteral refuses an address that stands in the URL itself, however it is
// written, before anything is done about it. A name waits until it is dialled.
func (g *Guard) checkLiteral(u *url.URL) error {
	host := strings.ToLower(strings.TrimSuffix(asciiHost(u.Hostname()), "."))
	a, err := netip.ParseAddr(host)
	local := host == "localhost" || strings.HasSuffix(host, ".localhost") // RFC 6761, section 6.3
	if err != nil && !local {
		var ok bool
		if a, ok = loose4(host); !ok {
			return nil
		}
	}
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	if g.all || g.hosts[host] || g.hosts[join(host, port)] {
		return nil
	}
	if local {
		if g.check(host, net.JoinHostPort("::1", port)) == nil {
			return nil
		}
		a = netip.AddrFrom4([4]byte{127, 0, 0, 1})
	}
	return g.check(host, net.JoinHostPort(a.String(), port))
}

// loose4 reads IPv4 addresses as inet_aton does: 127.1, 2130706433, 0x7f.0.0.1, 0177.0.0.1.
func loose4(host string) (netip.Addr, bool) {
	if last := host[strings.LastIndexByte(host, '.')+1:]; last == "" || last[0] < '0' || last[0] > '9' {
		return netip.Addr{}, false
	}
	parts := strings.Split(host, ".")
	if len(parts) > 4 {
		return netip.Addr{}, false
	}
	var sum uint64
	for i, p := range parts {
		n, err := strconv.ParseUint(p, 0, 64)
		if err != nil && len(p) > 1 && p[0] == '0' && strings.Trim(p, "0123456789") == "" {
			n, err = strconv.ParseUint(p, 10, 64) // 08 is no octal number; some read it as 8
		}
		if err != nil || strings.ContainsAny(p, "_ob") && !strings.HasPrefix(p, "0x") {
			return netip.Addr{}, false
		}
		if last := i == len(parts)-1; last {
			if n >= 1<<(8*(5-len(parts))) {
				return netip.Addr{}, false
			}
			sum |= n
		} else if n > 255 {
			return netip.Addr{}, false
		} else {
			sum |= n << (8 * (3 - i))
		}
	}
	return netip.AddrFrom4([4]byte{byte(sum >> 24), byte(sum >> 16), byte(sum >> 8), byte(sum)}), true
}

// DialContext connects as net.Dialer does. A refusal is a *BlockedError.
func (g *Guard) DialContext(ctx context.Context, network, addr string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, err
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if g.all || g.hosts[host] || g.hosts[join(host, port)] {
		return (&net.Dialer{Timeout: dialTimeout, KeepAlive: keepAlive, Resolver: g.resolver}).DialContext(ctx, network, addr)
	}
	d := net.Dialer{Timeout: dialTimeout, KeepAlive: keepAlive, Resolver: g.resolver,
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
