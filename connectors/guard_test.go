package connectors

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
)

func TestGuardKnowsAddressesThatAreNotPublic(t *testing.T) {
	for _, a := range []string{
		"0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.255.255.254", "168.63.129.16",
		"169.254.0.1", "169.254.169.254", "169.254.170.2", "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.0.192", "192.0.2.1", "192.88.99.1",
		"192.168.1.1", "198.18.0.1", "198.19.255.255", "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
		"::", "::1", "fe80::1", "fe80::1%eth0", "fec0::1", "fc00::1", "fd00:ec2::254", "ff02::1", "100::1", "2001:db8::1", "3fff::1", "2001:2::1", "2001:10::1", "2001:20::1",
		"::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", // mapped
		"::127.0.0.1", "::8.8.8.8", // compatible
		"::ffff:0:127.0.0.1",                             // translated
		"64:ff9b::127.0.0.1", "64:ff9b::169.254.169.254", // NAT64
		"64:ff9b:1::8.8.8.8",                                    // NAT64 inside a network
		"2002:7f00:1::", "2002:a9fe:a9fe::1", "2002:c0a8:101::", // 6to4
		"2001:0:4136:e378:8000:63bf:80ff:fffe",                    // Teredo of 127.0.0.1
		"2001:0:4136:e378:8000:63bf:f5ff:fffe",                    // Teredo of 10.0.0.1
		"2620:0:1::5efe:10.0.0.1", "2620:0:1::200:5efe:127.0.0.1", // ISATAP
		"4000::1", "5f00::1", "8000::1",
	} {
		if reason := refused(netip.MustParseAddr(a)); reason == "" {
			t.Errorf("%s passed as public", a)
		}
	}
	for _, a := range []string{"1.1.1.1", "8.8.8.8", "172.32.0.1", "100.128.0.1", "192.0.3.1", "198.20.0.1", "223.255.255.255", "169.253.1.1",
		"2606:4700:4700::1111", "2a00:1450:4001:81b::200e", "64:ff9b::8.8.8.8", "::ffff:8.8.8.8"} {
		if reason := refused(netip.MustParseAddr(a)); reason != "" {
			t.Errorf("%s was refused as %s", a, reason)
		}
	}
}

func TestGuardOpensWhatTheOperatorNames(t *testing.T) {
	for _, x := range []struct {
		allow, host, address string
		open                 bool
	}{
		{"10.0.0.0/8", "api", "10.1.2.3:80", true},
		{"10.0.0.0/8", "api", "[::ffff:10.1.2.3]:80", true},
		{"10.0.0.0/8", "api", "11.1.2.3:80", true},
		{"10.0.0.0/8", "api", "192.168.0.1:80", false},
		{"fd00::/8", "api", "[fd12::1]:443", true},
		{"127.0.0.1:9000", "127.0.0.1", "127.0.0.1:9000", true},
		{"127.0.0.1:9000", "127.0.0.1", "127.0.0.1:9001", false},
		{"127.0.0.1", "localhost", "127.0.0.1:1", true},
		{"[::1]:9000", "::1", "[::1]:9000", true},
		{"::1", "::1", "[::1]:9000", true},
		{"", "8.8.8.8", "8.8.8.8:443", true},
	} {
		g, err := NewGuard([]string{x.allow})
		if err != nil {
			t.Fatal(err)
		}
		err = g.check(x.host, x.address)
		if (err == nil) != x.open {
			t.Errorf("allow %q: %s at %s = %v, want open %v", x.allow, x.host, x.address, err, x.open)
		}
	}
	if _, err := NewGuard([]string{"10.0.0.0/99"}); err == nil {
		t.Error("a network that is none was taken")
	}
}

func TestGuardDialsNamesOnlyWhereTheyMayLead(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer server.Close()
	_, port, _ := net.SplitHostPort(server.Listener.Addr().String())
	for _, x := range []struct {
		allow, host string
		open        bool
	}{
		{"", "127.0.0.1", false}, {"", "localhost", false}, {"", "::ffff:127.0.0.1", false}, {"", "0.0.0.0", false},
		{"localhost", "localhost", true}, {"localhost:" + port, "LOCALHOST", true}, {"localhost:1", "localhost", false},
		{"127.0.0.0/8", "localhost", true}, {"*", "127.0.0.1", true},
	} {
		g, err := NewGuard([]string{x.allow})
		if err != nil {
			t.Fatal(err)
		}
		conn, err := g.DialContext(context.Background(), "tcp4", net.JoinHostPort(x.host, port))
		if conn != nil {
			conn.Close()
		}
		if (err == nil) != x.open {
			t.Errorf("allow %q: dial %s = %v, want open %v", x.allow, x.host, err, x.open)
		}
		var blocked *BlockedError
		if !x.open && (!errors.As(err, &blocked) || blocked.CardCode() != "blocked" ||
			!strings.Contains(err.Error(), "FLOWDECK_EGRESS_ALLOW") || !strings.Contains(err.Error(), "127.0.0.1") && x.host != "0.0.0.0") {
			t.Errorf("allow %q: dial %s = %v, want a blocked error that names address and setting", x.allow, x.host, err)
		}
	}
}

func TestGuardStopsRedirectsToThisMachine(t *testing.T) {
	inner := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the inner server was reached") }))
	defer inner.Close()
	outer := httptest.NewServer(http.RedirectHandler(inner.URL, http.StatusFound))
	defer outer.Close()
	guard, err := NewGuard([]string{strings.TrimPrefix(outer.URL, "http://")})
	if err != nil {
		t.Fatal(err)
	}
	vault, _ := NewVault(make([]byte, KeySize))
	clients := NewClients(newMemory(), vault, AllTypes(), guard, Options{})
	defer clients.Close()
	client, err := clients.Client(context.Background(), "")
	if err != nil {
		t.Fatal(err)
	}
	_, err = client.Get(outer.URL)
	var blocked *BlockedError
	if !errors.As(err, &blocked) {
		t.Errorf("got %v, want a blocked error", err)
	}
	for _, bad := range []string{"ftp://example.com/", "file:///etc/passwd", "gopher://127.0.0.1/", "http:///x"} {
		u, err := url.Parse(bad)
		if err != nil {
			t.Fatal(err)
		}
		if guard.CheckURL(u) == nil {
			t.Errorf("%s may be called", bad)
		}
	}
}
