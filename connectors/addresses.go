package connectors

import "net/netip"

// refused says what kind of address a is when it is not one of the public
// internet, or "" when it is. An address that carries an IPv4 address inside is
// what it carries.
func refused(a netip.Addr) string {
	a = a.WithZone("").Unmap()
	if a.Is4() {
		return lookUp(notPublic4, a)
	}
	if reason := lookUp(notPublic6, a); reason != "" {
		return reason
	}
	if v4, ok := embedded(a); ok {
		if reason := lookUp(notPublic4, v4); reason != "" {
			return reason + " (" + v4.String() + " inside an IPv6 address)"
		}
	}
	if !unicast6.Contains(a) && !nat64.Contains(a) {
		return "not a public address"
	}
	return ""
}

type network struct {
	prefix netip.Prefix
	is     string
}

func lookUp(table []network, a netip.Addr) string {
	for _, n := range table {
		if n.prefix.Contains(a) {
			return n.is
		}
	}
	return ""
}

// The IANA special-purpose registries, with the metadata services of clouds first.
var (
	notPublic4 = networks(
		"169.254.169.254/32", "a cloud metadata service",
		"169.254.170.0/24", "a cloud metadata service",
		"100.100.100.200/32", "a cloud metadata service",
		"168.63.129.16/32", "a cloud metadata service",
		"192.0.0.192/32", "a cloud metadata service",
		"0.0.0.0/8", "an unspecified address",
		"10.0.0.0/8", "a private address",
		"100.64.0.0/10", "an address inside a provider's network",
		"127.0.0.0/8", "this machine",
		"169.254.0.0/16", "a link-local address",
		"172.16.0.0/12", "a private address",
		"192.0.0.0/24", "a reserved address",
		"192.0.2.0/24", "a documentation address",
		"192.88.99.0/24", "a reserved address",
		"192.168.0.0/16", "a private address",
		"198.18.0.0/15", "a benchmarking address",
		"198.51.100.0/24", "a documentation address",
		"203.0.113.0/24", "a documentation address",
		"224.0.0.0/4", "a multicast address",
		"240.0.0.0/4", "a reserved address",
	)
	notPublic6 = networks(
		"fd00:ec2::254/128", "a cloud metadata service",
		"fd20:ce::254/128", "a cloud metadata service",
		"::/128", "an unspecified address",
		"::1/128", "this machine",
		"64:ff9b:1::/48", "a private address",
		"100::/64", "a discarding address",
		"2001:2::/48", "a benchmarking address",
		"2001:10::/28", "a reserved address",
		"2001:20::/28", "a reserved address",
		"2001:db8::/32", "a documentation address",
		"3fff::/20", "a documentation address",
		"fc00::/7", "a private address",
		"fe80::/10", "a link-local address",
		"fec0::/10", "a private address",
		"ff00::/8", "a multicast address",
	)
	unicast6  = netip.MustParsePrefix("2000::/3")
	teredo    = netip.MustParsePrefix("2001::/32")
	sixToFour = netip.MustParsePrefix("2002::/16")
	nat64     = netip.MustParsePrefix("64:ff9b::/96")
	compat    = netip.MustParsePrefix("::/96")
	siit      = netip.MustParsePrefix("::ffff:0:0:0/96")
)

// embedded returns the IPv4 address that an IPv6 address leads to.
func embedded(a netip.Addr) (netip.Addr, bool) {
	b := a.As16()
	switch {
	case nat64.Contains(a), compat.Contains(a), siit.Contains(a):
		return netip.AddrFrom4([4]byte(b[12:16])), true
	case sixToFour.Contains(a):
		return netip.AddrFrom4([4]byte(b[2:6])), true
	case teredo.Contains(a): // the client's address, inverted
		return netip.AddrFrom4([4]byte{^b[12], ^b[13], ^b[14], ^b[15]}), true
	case (b[8] == 0 || b[8] == 2) && b[9] == 0 && b[10] == 0x5e && b[11] == 0xfe: // ISATAP
		return netip.AddrFrom4([4]byte(b[12:16])), true
	}
	return netip.Addr{}, false
}

// networks reads pairs of prefix and meaning.
func networks(pairs ...string) []network {
	var t []network
	for i := 0; i < len(pairs); i += 2 {
		t = append(t, network{netip.MustParsePrefix(pairs[i]), pairs[i+1]})
	}
	return t
}
