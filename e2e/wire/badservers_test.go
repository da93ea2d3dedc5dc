package wire

import (
	"encoding/json"
	"fmt"

	"flowdeck/cards/httpcard"
	"flowdeck/cards/schema"
)

type group struct {
	title string
	cases []bad
}

// badServers lists what servers do, grouped as people look for it.
func badServers(s *servers) []group {
	at := func(path string) string { return s.base() + path[1:] }
	on := func(port int) string { return fmt.Sprintf("https://api.example.com:%d/good", port) }
	soon := schema.Values{"timeout": "300ms"}
	seven := schema.Values{"id": int64(7)}
	raw := &httpcard.Raw
	return []group{
		{"Nobody answers", []bad{
			{does: "has a name that does not exist", url: "https://nowhere.example.com/", code: "dns"},
			{does: "has a name that the name server cannot look up now", url: "https://flaky.example.com/", code: "dns", retry: true},
			{does: "does not run: the connection is refused", url: fmt.Sprintf("http://api.example.com:%d/", s.closed), code: "connect", retry: true},
			{does: "has a name that leads to a private address", url: "http://intranet.example.com/", code: "blocked"},
			{does: "accepts and never answers", url: at("/never"), in: soon, code: "timeout", retry: true},
			{does: "closes the connection before it answers", url: at("/close-before"), code: "reset", retry: true},
			{does: "resets the connection before it answers", url: at("/reset-before"), code: "reset", retry: true},
		}},
		{"TLS", []bad{
			{does: "has a certificate that expired", url: on(s.expired.Port()), code: "tls_expired"},
			{does: "has a certificate that is not valid yet", url: on(s.young.Port()), code: "tls_expired"},
			{does: "signed its certificate itself", url: on(s.self.Port()), code: "tls_untrusted"},
			{does: "has a certificate of an unknown authority", url: on(s.foreign.Port()), code: "tls_untrusted"},
			{does: "has a certificate for another host", url: on(s.wrongHost.Port()), code: "tls_host"},
			{does: "speaks only TLS 1.1", url: on(s.old.Port()), code: "tls_version"},
			{does: "speaks plain HTTP where https:// was asked for", url: on(s.plain.Port()), code: "tls_plain"},
			{does: "speaks TLS where http:// was asked for", url: at("/tls-alert"), code: "tls_plain"},
			{does: "has a good certificate", url: on(s.safe.Port()), status: 200, shows: "the answer", body: seven},
		}},
		{"Too slow, too much", []bad{
			{does: "sends its headers byte by byte", url: at("/slow-headers"), in: soon, code: "timeout", retry: true},
			{does: "sends its body byte by byte", url: at("/slow-body"), in: soon, code: "timeout", retry: true, status: 200},
			{does: "sends a body without end", url: at("/endless"), code: "too_large", status: 200},
			{does: "announces a terabyte", url: at("/huge"), code: "too_large", status: 200},
			{does: "sends a bomb: a little that unpacks to a lot", url: at("/gzip-bomb"), code: "too_large", status: 200},
			{does: "sends headers without end", url: at("/headers-huge"), code: "too_large"},
			{does: "sends interim answers (1xx) without end", url: at("/interim-endless"), code: "too_many_1xx"},
			{does: "sends 100, 102 and 103 before it answers", url: at("/interim-few"), status: 200, shows: "the answer", body: seven},
		}},
		{"Broken off", []bad{
			{does: "resets the connection in the middle of the body", url: at("/reset-body"), code: "reset", retry: true, status: 200},
			{does: "announces more bytes than it sends", url: at("/length-long"), code: "truncated", retry: true, status: 200},
			{does: "announces fewer bytes than it sends", url: at("/length-short"), code: "bad_json", status: 200},
			{does: "announces two lengths", url: at("/length-twice"), code: "bad_http"},
			{does: "ends in the middle of a chunk", url: at("/chunk-cut"), code: "truncated", retry: true, status: 200},
			{does: "sends chunks that are none", url: at("/chunk-garbage"), code: "bad_http", status: 200},
			{does: "sends half of a gzip body", url: at("/gzip-cut"), code: "truncated", retry: true, status: 200},
			{does: "closes a kept connection just when a GET is sent on it", url: at("/stale"), status: 200, shows: "the answer: the transport asks again on a new connection", body: seven},
		}},
		{"Not HTTP", []bad{
			{does: "speaks another protocol", url: at("/garbage"), code: "bad_http"},
			{does: "answers like HTTP/0.9, without status or headers", url: at("/http09"), code: "bad_http"},
			{does: "sends a status line without a status", url: at("/bad-status"), code: "bad_http"},
			{does: "sends a header without a colon", url: at("/header-broken"), code: "bad_http"},
			{does: "sends a header with a control character", url: at("/header-null"), code: "bad_http"},
			{does: "hides a header in another by a lone line break", url: at("/header-injected"), code: "bad_http"},
			{does: "switches to a protocol that nobody asked for", url: at("/switching"), in: soon, code: "http_101", status: 101},
		}},
		{"Packed bodies", []bad{
			{does: "packs its answer with gzip", url: at("/gzip"), status: 200, shows: "the answer, unpacked", body: seven},
			{does: "spoils a gzip body", url: at("/gzip-spoiled"), code: "bad_encoding", status: 200},
			{does: "says gzip and sends plain JSON", url: at("/gzip-not"), code: "bad_encoding", status: 200},
			{does: "packs in a way that nobody knows", url: at("/packed-else"), code: "bad_encoding", status: 200},
		}},
		{"JSON and text", []bad{
			{does: "sends JSON that is none", url: at("/json-bad"), code: "bad_json", status: 200},
			{does: "sends JSON that stops in the middle", url: at("/json-cut"), code: "bad_json", status: 200},
			{does: "sends JSON nested 100,000 deep", url: at("/json-deep"), code: "too_deep", status: 200},
			{does: "sends numbers beyond 2^53", url: at("/json-numbers"), status: 200, shows: "every digit, as sent",
				body: schema.Values{"id": int64(9007199254740993), "big": json.Number("123456789012345678901234567890"), "price": 0.1}},
			{does: "sends JSON that is not UTF-8", url: at("/json-utf8"), code: "bad_text", status: 200},
			{does: "says JSON and sends an HTML page with 200", url: at("/json-html"), code: "bad_json", status: 200},
			{does: "sends an HTML page with 200", url: at("/html"), status: 200, shows: "the page as text", body: "<!doctype html><title>Down for maintenance</title><h1>We will be back</h1>"},
			{does: "sends an HTML page with 500", url: at("/html-500"), code: "http_500", retry: true, status: 500},
			{does: "sends Latin-1 and says so", url: at("/latin1"), status: 200, shows: "the text, decoded", body: "Müller"},
			{does: "names a character set that does not exist", url: at("/charset-none"), status: 200, shows: "the text, when it is UTF-8", body: "Müller"},
			{does: "says UTF-8 and sends Latin-1", url: at("/charset-lies"), code: "bad_text", status: 200},
		}},
		{"Redirects", []bad{
			{does: "redirects to itself", url: at("/loop"), code: "redirect_loop", status: 302},
			{does: "redirects to and fro", url: at("/loop-two"), code: "redirect_loop", status: 302},
			{does: "redirects on and on", url: at("/redirect-far"), code: "too_many_redirects", status: 302},
			{does: "redirects to a name inside the network", url: at("/redirect-inside"), code: "blocked"},
			{does: "redirects to a metadata service", url: at("/redirect-direct"), code: "blocked", status: 302},
			{does: "redirects to ftp://", url: at("/redirect-ftp"), code: "bad_redirect", status: 302},
			{does: "redirects to something that is no address", url: at("/redirect-bad"), code: "bad_redirect", status: 302},
			{does: "redirects without saying where", url: at("/redirect-none"), code: "http_302", status: 302},
		}},
		{"Statuses", []bad{
			{does: "answers 429 with Retry-After in seconds", url: at("/429-seconds"), code: "http_429", retry: true, status: 429},
			{does: "answers 429 with Retry-After as a date", url: at("/429-date"), code: "http_429", retry: true, status: 429},
			{does: "answers 503 with Retry-After", url: at("/503-after"), code: "http_503", retry: true, status: 503},
			{does: "answers 204 with a body", url: at("/204-body"), status: 200 + 4, shows: "no body"},
			{does: "answers 304 to a request that had no condition", url: at("/304"), code: "http_304", status: 304},
			{does: "answers HEAD with a length and no body", url: at("/head"), card: raw, in: schema.Values{"method": "HEAD"}, status: 200, shows: "no body", body: ""},
		}},
	}
}
