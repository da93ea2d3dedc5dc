package connectors

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"golang.org/x/net/dns/dnsmessage"

	"flowdeck/cards/schema"
)

// blockedHosts are hosts as URLs write them that lead to where nobody may go.
var blockedHosts = map[string][]string{
	"this machine": {"127.0.0.1", "127.1", "127.0.1", "127.255.255.254", "2130706433", "017700000001", "0x7f000001", "0x7F.1", "0x7f.0x0.0x0.0x1", "0177.0.0.1",
		"0177.0.0.01", "00000177.0.0.1", "127.0.0.1.", "127.0.0.0x1", "127.00.00.01", "[::1]", "[0:0:0:0:0:0:0:1]", "[0000::0001]", "[::1%25lo]",
		"１２７.0.0.1", "127。0。0。1", "①②⑦.0.0.1", "127.0.0.１", "%31%32%37.0.0.1"},
	"unspecified":           {"0.0.0.0", "0", "0x0", "00", "0.0", "0.1.2.3", "[::]", "[::0.0.0.0]"},
	"private":               {"10.0.0.1", "10.255.255.255", "10.1", "0xa.1", "012.0.0.1", "167772161", "172.16.0.1", "172.31.255.255", "0xac100001", "192.168.0.1", "192.168.1", "0300.0250.0.1", "3232235521", "[fc00::1]", "[fd12:3456::1]", "[fec0::1]"},
	"link-local":            {"169.254.0.1", "169.254.255.255", "[fe80::1]", "[fe80::1%25eth0]", "[febf::1]"},
	"cloud metadata":        {"169.254.169.254", "2852039166", "0xa9fea9fe", "0251.0376.0251.0376", "169.254.43518", "169.16689662", "169.254.170.2", "168.63.129.16", "100.100.100.200", "192.0.0.192", "[fd00:ec2::254]", "[fd20:ce::254]", "[::ffff:169.254.169.254]", "[::ffff:a9fe:a9fe]"},
	"a provider's":          {"100.64.0.1", "100.127.255.255", "0x64400001"},
	"documentation":         {"192.0.2.1", "198.51.100.7", "203.0.113.9", "[2001:db8::1]", "[3fff::1]"},
	"benchmarking":          {"198.18.0.1", "198.19.255.255", "[2001:2::1]"},
	"reserved":              {"192.0.0.1", "192.88.99.1", "240.0.0.1", "254.1.2.3", "0xf0000001", "[2001:10::1]", "[2001:20::1]", "[4000::1]", "[5f00::1]", "[8000::1]", "[100::1]"},
	"broadcast":             {"255.255.255.255", "4294967295", "0xffffffff"},
	"multicast":             {"224.0.0.1", "239.255.255.250", "[ff02::1]", "[ff05::2]", "[ff0e::1]"},
	"mapped":                {"[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::ffff:10.0.0.1]", "[0:0:0:0:0:ffff:c0a8:1]", "[::FFFF:0:0]"},
	"compatible":            {"[::127.0.0.1]", "[::10.0.0.1]", "[::8.8.8.8]"},
	"translated":            {"[::ffff:0:127.0.0.1]", "[::ffff:0:10.0.0.1]"},
	"NAT64":                 {"[64:ff9b::127.0.0.1]", "[64:ff9b::7f00:1]", "[64:ff9b::10.0.0.1]", "[64:ff9b::169.254.169.254]", "[64:ff9b::192.168.0.1]"},
	"NAT64, local":          {"[64:ff9b:1::8.8.8.8]", "[64:ff9b:1::7f00:1]", "[64:ff9b:1:ffff::1]"},
	"6to4":                  {"[2002:7f00:1::]", "[2002:0a00:0001::1]", "[2002:a9fe:a9fe::1]", "[2002:c0a8:101::]"},
	"Teredo":                {"[2001:0:4136:e378:8000:63bf:80ff:fffe]", "[2001:0:4136:e378:8000:63bf:f5ff:fffe]"},
	"ISATAP":                {"[2620:0:1::5efe:10.0.0.1]", "[2620:0:1::200:5efe:127.0.0.1]", "[2a00:1::5efe:a9fe:a9fe]"},
	"names of this machine": {"localhost", "LOCALHOST", "localhost.", "LocalHost", "a.localhost", "a.localhost."},
	"tricks with a user":    {"example.com@127.0.0.1", "example.com:443@127.0.0.1", "u:p@[::1]", "8.8.8.8@10.0.0.1", "example.com%2f@127.0.0.1", "8.8.8.8%23@192.168.0.1"},
}

func TestNoWayOfWritingABlockedAddressGetsThrough(t *testing.T) {
	reached := func(w http.ResponseWriter, r *http.Request) { t.Errorf("%s was reached", r.Host) }
	inner := httptest.NewServer(http.HandlerFunc(reached))
	defer inner.Close()
	_, port, _ := net.SplitHostPort(inner.Listener.Addr().String())
	guard, err := NewGuard(nil)
	if err != nil {
		t.Fatal(err)
	}
	vault, _ := NewVault(make([]byte, KeySize))
	clients := NewClients(newMemory(), vault, AllTypes(), guard, Options{})
	defer clients.Close()
	client, err := clients.Client(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	tried := 0
	for kind, hosts := range blockedHosts {
		for _, host := range hosts {
			for _, end := range []string{":" + port, "", ":443", ":0" + port} {
				for _, scheme := range []string{"http://", "https://"} {
					tried++
					res, err := client.Get(scheme + host + end + "/")
					var blocked *BlockedError
					if err == nil {
						res.Body.Close()
						t.Errorf("%s: %s%s%s answered", kind, scheme, host, end)
					} else if !errors.As(err, &blocked) {
						var malformed *url.Error // a URL that cannot be read is as good
						if !errors.As(err, &malformed) || malformed.Op != "parse" {
							t.Errorf("%s: %s%s%s: %v, want it blocked", kind, scheme, host, end, err)
						}
					}
				}
			}
		}
	}
	t.Logf("%d addresses in %d kinds, %d URLs tried", count(blockedHosts), len(blockedHosts), tried)
}

func count(m map[string][]string) (n int) {
	for _, list := range m {
		n += len(list)
	}
	return n
}

func TestEveryWayOutIsGuarded(t *testing.T) {
	doors := map[string]func(b *bench, at string) error{
		"a request": func(b *bench, at string) error { _, _, err := b.get("", at); return err },
		"a redirect": func(b *bench, at string) error {
			s := watch(b.t, func(w http.ResponseWriter, r *http.Request) { w.Header().Set("Location", at); w.WriteHeader(302) })
			_, _, err := b.get("", s.URL)
			return err
		},
		"the second redirect": func(b *bench, at string) error {
			s := watch(b.t, func(w http.ResponseWriter, r *http.Request) {
				if w.Header().Set("Location", at); r.URL.Path == "/" {
					w.Header().Set("Location", "/two")
				}
				w.WriteHeader(307)
			})
			_, _, err := b.get("", s.URL+"/")
			return err
		},
		"a signed request": func(b *bench, at string) error {
			u, _ := url.Parse(at)
			id := b.add("basic", schema.Values{"username": "u", "password": "p-12345678"}, Token{}, hostPort(u))
			_, _, err := b.get(id, at)
			return err
		},
		"a token endpoint": func(b *bench, at string) error {
			id := b.add("client_credentials", schema.Values{"token_url": at, "client_id": "id", "client_secret": "s-12345678"}, Token{}, "127.0.0.1:1")
			_, _, err := b.get(id, "http://127.0.0.1:1/")
			return err
		},
		"a test URL": func(b *bench, at string) error {
			id := b.add("none", nil, Token{})
			c := b.storage.rows[id]
			c.TestURL = at
			b.storage.rows[id] = c
			result, err := b.clients.Test(b.t.Context(), id)
			if err == nil && !result.OK && strings.Contains(result.Message, "FLOWDECK_EGRESS_ALLOW") {
				return &BlockedError{}
			}
			return fmt.Errorf("%q, %w", result.Message, err)
		},
		"discovery": func(b *bench, at string) error { // says so at the field
			_, err := b.clients.Discover(b.t.Context(), at)
			var p schema.Problems
			if errors.As(err, &p) && strings.Contains(p.Error(), "FLOWDECK_EGRESS_ALLOW") {
				return &BlockedError{}
			}
			return err
		},
		"own certificates": func(b *bench, at string) error {
			id := b.with(schema.Values{"min_tls": "1.3"}, "none", nil)
			_, _, err := b.get(id, at)
			return err
		},
	}
	tried := 0
	for door, through := range doors {
		for _, host := range []string{"10.0.0.1", "0xa.1", "167772161", "169.254.169.254", "[::ffff:10.0.0.1]", "[64:ff9b::10.0.0.1]", "[fe80::1]", "192.168.0.1:8080", "0.0.0.0", "public.example@10.0.0.1"} {
			if door == "a signed request" && strings.Contains(host, "@") || (door == "a token endpoint" || door == "discovery") && strings.Contains(host, "@") {
				continue // refused before, for the user name in it
			}
			tried++
			err := through(newBench(t), "http://"+host+"/")
			var blocked *BlockedError
			if !errors.As(err, &blocked) {
				t.Errorf("%s to %s: %v, want it blocked", door, host, err)
			}
		}
	}
	t.Logf("%d ways out, %d tried", len(doors), tried)
}

// nameServer answers each name with the next of its answers, the last one for ever.
type nameServer struct {
	net.PacketConn
	mu      sync.Mutex
	answers map[string][][]string // by name, in order; each of several addresses
	asked   map[string]int        // A questions
}

func newNameServer(t *testing.T, answers map[string][][]string) *nameServer {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &nameServer{PacketConn: conn, answers: answers, asked: map[string]int{}}
	done := make(chan struct{})
	go func() { s.serve(); close(done) }()
	t.Cleanup(func() { conn.Close(); <-done })
	return s
}

func (s *nameServer) resolver() *net.Resolver {
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "udp", s.LocalAddr().String())
	}}
}

func (s *nameServer) serve() {
	buf := make([]byte, 1500)
	for {
		n, from, err := s.ReadFrom(buf)
		if err != nil {
			return
		}
		var m dnsmessage.Message
		if m.Unpack(buf[:n]) != nil || len(m.Questions) != 1 {
			continue
		}
		m.Response, m.Authoritative, m.Additionals = true, true, nil
		s.answer(&m)
		if packed, err := m.Pack(); err == nil {
			_, _ = s.WriteTo(packed, from)
		}
	}
}

func (s *nameServer) answer(m *dnsmessage.Message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	q := m.Questions[0]
	name := strings.TrimSuffix(strings.ToLower(q.Name.String()), ".")
	list := s.answers[name]
	if len(list) == 0 {
		m.RCode = dnsmessage.RCodeNameError
		return
	}
	now := list[0]
	if q.Type == dnsmessage.TypeA {
		now = list[min(s.asked[name], len(list)-1)]
		s.asked[name]++
	}
	for _, text := range now {
		h := dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class}
		ip := net.ParseIP(text)
		if v4 := ip.To4(); v4 != nil && !strings.Contains(text, ":") {
			if q.Type == dnsmessage.TypeA {
				m.Answers = append(m.Answers, dnsmessage.Resource{Header: h, Body: &dnsmessage.AResource{A: [4]byte(v4)}})
			}
		} else if q.Type == dnsmessage.TypeAAAA {
			m.Answers = append(m.Answers, dnsmessage.Resource{Header: h, Body: &dnsmessage.AAAAResource{AAAA: [16]byte(ip.To16())}})
		}
	}
}

func TestNamesThatLeadToBlockedAddressesAreBlocked(t *testing.T) {
	answers := map[string][][]string{}
	for i, address := range []string{"127.0.0.1", "10.1.2.3", "169.254.169.254", "192.168.7.7", "100.64.1.1", "0.0.0.0", "255.255.255.255", "224.0.0.5", "198.18.0.9",
		"::1", "fd00::5", "fe80::9", "::ffff:127.0.0.1", "64:ff9b::a00:1", "64:ff9b:1::1", "2002:7f00:1::", "::127.0.0.1", "2001:db8::7"} {
		answers[fmt.Sprintf("n%d.rebind.example", i)] = [][]string{{address}}
	}
	answers["all.rebind.example"] = [][]string{{"10.0.0.1", "127.0.0.1", "::1", "fd00::1"}}
	s := newNameServer(t, answers)
	b := newBench(t)
	guard, err := NewGuard(nil)
	if err != nil {
		t.Fatal(err)
	}
	guard.resolver = s.resolver()
	b.clients = NewClients(b.storage, b.vault, AllTypes(), guard, Options{})
	defer b.clients.Close()
	for name, list := range answers {
		for _, at := range []string{"http://" + name + "/", "https://" + strings.ToUpper(name) + ".:8443/", "http://10.example@" + name + ":80/"} {
			_, _, err := b.get("", at)
			var blocked *BlockedError
			if !errors.As(err, &blocked) {
				t.Errorf("%s at %v: %v, want it blocked", at, list[0], err)
			}
		}
	}
	t.Logf("%d names tried", len(answers))
	if _, _, err := b.get("", "http://nowhere.rebind.example/"); err == nil {
		t.Error("a name that does not exist answered")
	}
}

func TestTheAddressThatIsDialledIsTheOneThatWasChecked(t *testing.T) {
	listen := func(address string) (*httptest.Server, string) {
		l, err := net.Listen("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Connection", "close")
			fmt.Fprint(w, l.Addr())
		}))
		s.Listener.Close()
		s.Listener = l
		s.Start()
		t.Cleanup(s.Close)
		_, port, _ := net.SplitHostPort(l.Addr().String())
		return s, port
	}
	open, port := listen("127.0.0.2:0")
	listen("127.0.0.1:" + port)
	names := newNameServer(t, map[string][][]string{
		"flips.example": {{"127.0.0.2"}, {"127.0.0.1"}},
		"both.example":  {{"127.0.0.1", "127.0.0.2"}},
	})
	guard, err := NewGuard([]string{"127.0.0.2/32"})
	if err != nil {
		t.Fatal(err)
	}
	guard.resolver = names.resolver()
	b := newBench(t)
	b.clients = NewClients(b.storage, b.vault, AllTypes(), guard, Options{})
	defer b.clients.Close()
	want := open.Listener.Addr().String()
	if _, body, err := b.get("", "http://flips.example:"+port+"/"); err != nil || body != want {
		t.Fatalf("the first time: %q, %v, want %s", body, err, want)
	}
	names.mu.Lock()
	asked := names.asked["flips.example"]
	names.mu.Unlock()
	if asked != 1 {
		t.Errorf("the name was looked up %d times for one request, want once", asked)
	}
	var blocked *BlockedError
	if _, body, err := b.get("", "http://flips.example:"+port+"/"); !errors.As(err, &blocked) || blocked.Address != "127.0.0.1" {
		t.Errorf("the second time: %q, %v, want 127.0.0.1 blocked", body, err)
	}
	for range 5 {
		if _, body, err := b.get("", "http://both.example:"+port+"/"); err == nil && body != want {
			t.Errorf("of two addresses %s was dialled", body)
		}
	}
}

func TestEgressEntriesOpenWhatTheyNameAndNoMore(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer s.Close()
	_, port, _ := net.SplitHostPort(s.Listener.Addr().String())
	for _, x := range []struct {
		allow, host string
		open        bool
	}{
		{"127.0.0.0/8", "127.0.0.1", true}, {"127.0.0.1", "127.0.0.1", true}, {"127.0.0.1:" + port, "127.0.0.1", true}, {"127.0.0.1:1", "127.0.0.1", false},
		{"127.0.0.0/8", "[::ffff:127.0.0.1]", true}, {"::ffff:127.0.0.1", "127.0.0.1", true}, {"10.0.0.0/8", "127.0.0.1", false}, {"::1", "127.0.0.1", false},
		{"localhost", "127.0.0.1", false}, {"LOCALHOST:" + port, "127.0.0.1", false}, {"0.0.0.0/0", "127.0.0.1", true}, {"*", "127.0.0.1", true},
		{"127.0.0.1/32, 10.0.0.0/8", "127.0.0.1", true}, {"example.com", "127.0.0.1", false}, {"127.0.0.1.nip.io", "127.0.0.1", false},
	} {
		g, err := NewGuard(strings.Split(x.allow, ","))
		if err != nil {
			t.Fatal(err)
		}
		vault, _ := NewVault(make([]byte, KeySize))
		clients := NewClients(newMemory(), vault, AllTypes(), g, Options{})
		client, _ := clients.Client(t.Context(), "")
		res, err := client.Get("http://" + x.host + ":" + port + "/")
		if res != nil {
			res.Body.Close()
		}
		if (err == nil) != x.open {
			t.Errorf("allow %q: %s gives %v, want open %v", x.allow, x.host, err, x.open)
		}
		clients.Close()
	}
}
