package web_test

import (
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"testing"

	"flowdeck/web"
)

func TestPagesLoadNothingFromElsewhereAndRunNoInlineScript(t *testing.T) {
	p := newPlace(t)
	b := p.owner()
	for _, path := range []string{"/login", "/flows", "/settings", "/nowhere"} {
		answer := b.get(path)
		csp := answer.header.Get("Content-Security-Policy")
		for _, want := range []string{"default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'", "form-action 'self'", "base-uri 'none'"} {
			if !strings.Contains(csp, want) {
				t.Errorf("%s: the policy %q lacks %s", path, csp, want)
			}
		}
		if strings.Contains(csp, "unsafe") {
			t.Errorf("%s: the policy %q lets inline code run", path, csp)
		}
		for _, inline := range []string{" style=", "<style", " onclick=", " hx-on", "<script>"} {
			if strings.Contains(answer.body, inline) {
				t.Errorf("%s holds %q, which the policy forbids", path, inline)
			}
		}
		answer.wantHeader("X-Content-Type-Options", "nosniff").wantHeader("Referrer-Policy", "same-origin").
			wantHeader("Cross-Origin-Opener-Policy", "same-origin-allow-popups").wantHeader("X-Frame-Options", "DENY")
		if answer.header.Get("X-Request-Id") == "" {
			t.Errorf("%s has no request id", path)
		}
	}
}

func TestWritesFromOtherSitesAreRefused(t *testing.T) {
	p := newPlace(t)
	b := p.owner()
	for _, headers := range [][]string{
		{"Sec-Fetch-Site", "cross-site"},
		{"Sec-Fetch-Site", "same-site"},
		{"Origin", "https://evil.example"},
		{"Origin", "null"},
	} {
		b.post("/flows", nil, headers...).want(http.StatusForbidden, "came from another site")
	}
	b.post("/flows", nil, "Sec-Fetch-Site", "same-origin", "Origin", p.url).want(http.StatusSeeOther)
	b.get("/flows").want(http.StatusOK, "Untitled flow", "1 flow")
}

func TestEndpointsMayBeCalledFromOtherSites(t *testing.T) {
	p := newPlace(t)
	b := p.browser()
	got := b.post("/api/flows/nothing/invoke", nil, "Sec-Fetch-Site", "cross-site", "Origin", "https://shop.example")
	got.want(http.StatusNotFound)
}

func TestBehindTLSBrowsersAreToldToStayThere(t *testing.T) {
	proxy := netip.MustParsePrefix("127.0.0.0/8")
	for _, tt := range []struct {
		name    string
		trusted []netip.Prefix
		proto   string
		want    string
	}{
		{"a proxy that is trusted says https", []netip.Prefix{proxy}, "https", "max-age=31536000"},
		{"a proxy that is trusted says http", []netip.Prefix{proxy}, "http", ""},
		{"somebody else says https", nil, "https", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := newPlace(t, func(s *web.Server) { s.Config.TrustedProxies = tt.trusted })
			p.browser().get("/login", "X-Forwarded-Proto", tt.proto).want(http.StatusOK).wantHeader("Strict-Transport-Security", tt.want)
		})
	}
}

func TestTheCallersAddressIsWhatTrustedProxiesSay(t *testing.T) {
	for _, tt := range []struct {
		name      string
		trusted   []string
		forwarded string
		want      string
	}{
		{"nobody is trusted", nil, "203.0.113.7", "127.0.0.1"},
		{"the proxy is trusted", []string{"127.0.0.0/8"}, "203.0.113.7", "203.0.113.7"},
		{"what the caller made up is not", []string{"127.0.0.0/8"}, "6.6.6.6, 203.0.113.7", "203.0.113.7"},
		{"two proxies are trusted", []string{"127.0.0.0/8", "10.0.0.0/8"}, "203.0.113.7, 10.1.2.3", "203.0.113.7"},
		{"nonsense is not an address", []string{"127.0.0.0/8"}, "<script>", "127.0.0.1"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := newPlace(t, func(s *web.Server) {
				for _, text := range tt.trusted {
					s.Config.TrustedProxies = append(s.Config.TrustedProxies, netip.MustParsePrefix(text))
				}
			})
			p.browser().get("/login", "X-Forwarded-For", tt.forwarded).want(http.StatusOK)
			if want := "from=" + tt.want + " "; !strings.Contains(p.logs.String(), want) {
				t.Errorf("the log is\n%swant %s", p.logs.String(), want)
			}
		})
	}
}

func TestTheLogHoldsNoQueries(t *testing.T) {
	p := newPlace(t)
	b := p.owner()
	b.get("/flows?q=hunter2").want(http.StatusOK)
	b.post("/login", url.Values{"email": {ownerEmail}, "password": {"hunter2"}})
	if strings.Contains(p.logs.String(), "hunter2") {
		t.Errorf("the log holds what was sent:\n%s", p.logs.String())
	}
	if !strings.Contains(p.logs.String(), "path=/flows status=200") {
		t.Errorf("the log does not hold the request:\n%s", p.logs.String())
	}
}

func TestBodiesHaveALimit(t *testing.T) {
	p := newPlace(t)
	p.owner()
	long := url.Values{"email": {strings.Repeat("a", 3<<20)}, "password": {"x"}}
	p.browser().post("/login", long).want(http.StatusRequestEntityTooLarge, "Too large")
}

func TestAFormThatNothingReadsInTimeIsRefused(t *testing.T) {
	p := newPlace(t)
	p.owner()
	for _, path := range []string{"/login", p.setup, "/callback/none"} {
		r, err := http.NewRequest("POST", p.url+path, strings.NewReader("--x\r\nContent-Disposition: form-data; name=\"email\"\r\n\r\n"+strings.Repeat("a", 3<<20)+"\r\n--x--\r\n"))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "Multipart/Form-Data; boundary=x")
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		want := http.StatusUnsupportedMediaType
		if path == "/callback/none" {
			want = http.StatusNotFound // programs may send links what they like
		}
		if res.StatusCode != want {
			t.Errorf("a form with parts to %s is %d, want %d", path, res.StatusCode, want)
		}
	}
}

func TestPagesAreCompressed(t *testing.T) {
	p := newPlace(t)
	b := p.owner()
	packed := b.get("/settings", "Accept-Encoding", "gzip").want(http.StatusOK).wantHeader("Content-Encoding", "gzip")
	plain := b.get("/settings", "Accept-Encoding", "identity").want(http.StatusOK).wantHeader("Content-Encoding", "")
	if len(packed.body)*2 > len(plain.body) {
		t.Errorf("%d bytes were compressed to %d", len(plain.body), len(packed.body))
	}
}
