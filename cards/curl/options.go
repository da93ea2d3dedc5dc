package curl

import "strings"

// option says what becomes of an option: what reads it, or why it is left out.
type option struct {
	takes bool // an argument follows
	apply func(p *parser, w word, name string) error
	note  string // why it is not taken over; "" says nothing, because nothing is lost
}

// short names of options, by their letter.
var short = map[byte]string{
	'X': "request", 'H': "header", 'd': "data", 'G': "get", 'F': "form", 'u': "user", 'A': "user-agent", 'e': "referer", 'b': "cookie",
	'I': "head", 'L': "location", 'k': "insecure", 'x': "proxy", 'm': "max-time", 'T': "upload-file", 'r': "range", 'o': "output", 'O': "remote-name",
	'w': "write-out", 'c': "cookie-jar", 'D': "dump-header", 'E': "cert", 'K': "config", 'U': "proxy-user", 's': "silent", 'S': "show-error",
	'v': "verbose", 'i': "include", '#': "progress-bar", 'f': "fail", 'N': "no-buffer", 'g': "globoff", '0': "http1.0", '1': "tlsv1",
	'4': "ipv4", '6': "ipv6", 'n': "netrc", 'j': "junk-session-cookies", 'q': "disable", 'J': "remote-header-name", 'R': "remote-time", 'Z': "parallel",
	'a': "append", 'C': "continue-at", 'Y': "speed-limit", 'y': "speed-time", 'z': "time-cond", 'p': "proxytunnel", 'P': "ftp-port", 'Q': "quote", 't': "telnet-option", 'l': "list-only", 'B': "use-ascii", 'M': "manual", 'h': "help", 'V': "version",
}

// quiet are options without an argument that change nothing about the request.
const quiet = "silent show-error verbose include progress-bar fail fail-with-body fail-early no-buffer http1.0 http1.1 http2 http2-prior-knowledge http3 " +
	"tlsv1 tlsv1.0 tlsv1.1 tlsv1.2 tlsv1.3 ipv4 ipv6 junk-session-cookies disable remote-name remote-header-name remote-time parallel append " +
	"path-as-is tcp-nodelay tcp-fastopen raw no-keepalive compressed-ssh styled-output no-progress-meter basic anyauth location-trusted post301 post302 post303 " +
	"create-dirs trace-time no-alpn no-npn ssl ssl-reqd sslv2 sslv3 use-ascii list-only http0.9 remove-on-error no-clobber retry-all-errors retry-connrefused compressed location"

// quietly are options with an argument that change nothing about the request.
const quietly = "output write-out dump-header stderr trace trace-ascii retry retry-delay retry-max-time max-redirs limit-rate keepalive-time " +
	"speed-limit speed-time output-dir parallel-max continue-at happy-eyeballs-timeout-ms expect100-timeout"

// options are all that Parse knows, by their long name.
var options = declared()

func declared() map[string]option {
	all := map[string]option{
		"url":            {takes: true, apply: (*parser).address},
		"request":        {takes: true, apply: func(p *parser, w word, _ string) error { p.method = w.text; return nil }},
		"header":         {takes: true, apply: (*parser).header},
		"proxy-header":   {takes: true, note: "a proxy is set by whoever runs the server"},
		"data":           {takes: true, apply: (*parser).data},
		"data-ascii":     {takes: true, apply: (*parser).data},
		"data-binary":    {takes: true, apply: (*parser).data},
		"data-raw":       {takes: true, apply: (*parser).data},
		"data-urlencode": {takes: true, apply: (*parser).data},
		"json":           {takes: true, apply: (*parser).data},
		"get":            {apply: func(p *parser, _ word, _ string) error { p.inQuery = true; return nil }},
		"form":           {takes: true, apply: (*parser).part},
		"form-string":    {takes: true, apply: (*parser).part},
		"user":           {takes: true, apply: (*parser).user},
		"oauth2-bearer":  {takes: true, apply: func(p *parser, w word, _ string) error { p.secret("Authorization", "Bearer "+w.text); return nil }},
		"digest":         {apply: func(p *parser, _ word, _ string) error { p.SignIn.Digest = true; return nil }},
		"user-agent":     {takes: true, apply: func(p *parser, w word, _ string) error { p.add("User-Agent", w.text); return nil }},
		"referer": {takes: true, apply: func(p *parser, w word, _ string) error {
			p.add("Referer", strings.TrimSuffix(w.text, ";auto"))
			return nil
		}},
		"range":           {takes: true, apply: func(p *parser, w word, _ string) error { p.add("Range", "bytes="+w.text); return nil }},
		"cookie":          {takes: true, apply: (*parser).cookie},
		"head":            {apply: func(p *parser, _ word, _ string) error { p.head = true; return nil }},
		"globoff":         {apply: func(p *parser, _ word, _ string) error { p.plain = true; return nil }},
		"max-time":        {takes: true, apply: (*parser).seconds},
		"connect-timeout": {takes: true, apply: (*parser).seconds},
		"upload-file":     {takes: true, apply: (*parser).upload},
		"insecure":        {note: "certificates are always checked; a connection can name a certificate authority of your own"},
		"proxy-insecure":  {note: "certificates are always checked"},
		"proxy":           {takes: true, note: "requests go straight to the service"},
		"preproxy":        {takes: true, note: "requests go straight to the service"},
		"socks5":          {takes: true, note: "requests go straight to the service"},
		"socks5-hostname": {takes: true, note: "requests go straight to the service"},
		"socks4":          {takes: true, note: "requests go straight to the service"},
		"socks4a":         {takes: true, note: "requests go straight to the service"},
		"noproxy":         {takes: true},
		"proxytunnel":     {note: "requests go straight to the service"},
		"proxy-user":      {takes: true, note: "requests go straight to the service, so the proxy's password was dropped"},
		"cookie-jar":      {takes: true, note: "cards keep no cookies between calls"},
		"cert":            {takes: true, note: "a client certificate belongs in a connection, under Network and limits"},
		"key":             {takes: true, note: "a client key belongs in a connection, under Network and limits"},
		"pass":            {takes: true, note: "the password of a key belongs in a connection"},
		"cert-type":       {takes: true},
		"key-type":        {takes: true},
		"cacert":          {takes: true, note: "a certificate authority belongs in a connection, under Network and limits"},
		"capath":          {takes: true, note: "a certificate authority belongs in a connection, under Network and limits"},
		"ciphers":         {takes: true, note: "the server chooses the ciphers"},
		"tls-max":         {takes: true},
		"resolve":         {takes: true, note: "names are looked up as everywhere else"},
		"connect-to":      {takes: true, note: "requests go to the host of the address"},
		"interface":       {takes: true, note: "the server chooses the way out"},
		"dns-servers":     {takes: true, note: "names are looked up as everywhere else"},
		"doh-url":         {takes: true, note: "names are looked up as everywhere else"},
		"unix-socket":     {takes: true, note: "cards call services over the network only"},
		"local-port":      {takes: true},
		"netrc":           {note: "the password file is not here; choose a connection for this card"},
		"netrc-optional":  {note: "the password file is not here; choose a connection for this card"},
		"netrc-file":      {takes: true, note: "the password file is not here; choose a connection for this card"},
		"config":          {takes: true, note: "the file is not here"},
		"ntlm":            {note: "there is no such sign-in"},
		"negotiate":       {note: "there is no such sign-in"},
		"aws-sigv4":       {takes: true, note: "there is no such sign-in"},
		"delegation":      {takes: true},
		"request-target":  {takes: true, note: "the request goes to the path of the address"},
		"time-cond":       {takes: true, note: "set the header If-Modified-Since instead"},
		"proto":           {takes: true},
		"proto-default":   {takes: true},
		"proto-redir":     {takes: true},
		"max-filesize":    {takes: true},
		"next":            {note: "only the first request was read"},
	}
	for _, name := range strings.Fields(quiet) {
		all[name] = option{}
	}
	for _, name := range strings.Fields(quietly) {
		all[name] = option{takes: true}
	}
	return all
}
