package curl_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"flowdeck/cards/curl"
)

func TestCommandsAreReadAsCurlReadsThem(t *testing.T) {
	type want = curl.Command
	pairs := func(list ...string) (all []curl.Pair) {
		for i := 0; i < len(list); i += 2 {
			all = append(all, curl.Pair{Name: list[i], Value: list[i+1]})
		}
		return all
	}
	for name, c := range map[string]struct {
		command string
		want    curl.Command
	}{
		"a bare address":       {`curl https://api.acme.io/v1?b=2`, want{Method: "GET", URL: "https://api.acme.io/v1?b=2"}},
		"quoted":               {`curl 'https://api.acme.io/v1?a=1&b=2#top'`, want{Method: "GET", URL: "https://api.acme.io/v1?a=1&b=2"}},
		"the prompt, a path":   {"$ /usr/bin/curl -sSL \"https://a.io\"", want{Method: "GET", URL: "https://a.io"}},
		"lines":                {"curl \\\n  -X PATCH \\\r\n https://a.io \\\n", want{Method: "PATCH", URL: "https://a.io"}},
		"a forgotten \\":       {"curl https://a.io\n -H 'A: b'\n", want{Method: "GET", URL: "https://a.io", Headers: pairs("A", "b")}},
		"letters together":     {`curl -sXPUT -d'a=1' https://a.io`, want{Method: "PUT", URL: "https://a.io", Body: curl.Body{Kind: curl.Form, Text: "a=1", Fields: pairs("a", "1")}}},
		"head":                 {`curl -I https://a.io`, want{Method: "HEAD", URL: "https://a.io"}},
		"names with =":         {`curl --request=DELETE --url=https://a.io/7`, want{Method: "DELETE", URL: "https://a.io/7"}},
		"headers":              {`curl -H 'X-A: 1' -H "Accept:  text/csv " -H 'Empty;' -H 'Accept-Encoding: gzip' -H 'User-Agent:' -A me -e http://r https://a.io`, want{Method: "GET", URL: "https://a.io", Headers: pairs("X-A", "1", "Accept", "text/csv", "Empty", "", "User-Agent", "me", "Referer", "http://r")}},
		"times":                {`curl -m 2.5 --connect-timeout 1 https://a.io`, want{Method: "GET", URL: "https://a.io", Timeout: 2500 * time.Millisecond, Connect: time.Second}},
		"a form in pieces":     {`curl https://a.io -d a=1 --data-urlencode 'b=x y&z' --data-urlencode '=ü' --data-raw '@c=3'`, want{Method: "POST", URL: "https://a.io", Headers: pairs("Content-Type", "application/x-www-form-urlencoded"), Body: curl.Body{Kind: curl.Text, Text: "a=1&b=x+y%26z&%C3%BC&@c=3"}}},
		"a form":               {`curl https://a.io -d a=1 --data-urlencode 'b=x y&z'`, want{Method: "POST", URL: "https://a.io", Body: curl.Body{Kind: curl.Form, Text: "a=1&b=x+y%26z", Fields: pairs("a", "1", "b", "x y&z")}}},
		"data in the query":    {`curl -G https://a.io?x=1 -d q='two words' -d n=3`, want{Method: "GET", URL: "https://a.io?x=1&q=two%20words&n=3"}},
		"JSON by header":       {`curl https://a.io -H 'content-type: application/json; charset=utf-8' --data-binary '{"a":[1]}'`, want{Method: "POST", URL: "https://a.io", Body: curl.Body{Kind: curl.JSON, Text: `{"a":[1]}`}}},
		"JSON of its own kind": {`curl https://a.io -H 'Content-Type: application/ld+json' -d '{}'`, want{Method: "POST", URL: "https://a.io", Headers: pairs("Content-Type", "application/ld+json"), Body: curl.Body{Kind: curl.JSON, Text: `{}`}}},
		"--json twice":         {`curl --json '{"a":' --json '1}' https://a.io`, want{Method: "POST", URL: "https://a.io", Headers: pairs("Accept", "application/json"), Body: curl.Body{Kind: curl.JSON, Text: `{"a":1}`}}},
		"not JSON after all":   {`curl https://a.io -H 'Content-Type: application/json' -d '{a}'`, want{Method: "POST", URL: "https://a.io", Headers: pairs("Content-Type", "application/json"), Body: curl.Body{Kind: curl.Text, Text: `{a}`}}},
		"XML":                  {"curl https://a.io -H 'Content-Type: text/xml' -d $'<a>\\n\\t\\u00fc\\x41\\'</a>'", want{Method: "POST", URL: "https://a.io", Headers: pairs("Content-Type", "text/xml"), Body: curl.Body{Kind: curl.Text, Text: "<a>\n\tüA'</a>"}}},
		"multipart":            {`curl https://a.io -F 'n=a b;type=text/csv' --form-string 's=@x'`, want{Method: "POST", URL: "https://a.io", Body: curl.Body{Kind: curl.Multipart, Parts: []curl.Part{{Name: "n", Value: "a b", Type: "text/csv"}, {Name: "s", Value: "@x"}}}}},
		"user":                 {`curl -u 'maya:p:w' https://a.io`, want{Method: "GET", URL: "https://a.io", SignIn: curl.SignIn{User: "maya", Password: "p:w"}}},
		"digest":               {`curl --digest -u maya:pw https://a.io`, want{Method: "GET", URL: "https://a.io", SignIn: curl.SignIn{User: "maya", Password: "pw", Digest: true}}},
		"user in the address":  {`curl https://maya:p%40w@a.io/x`, want{Method: "GET", URL: "https://a.io/x", SignIn: curl.SignIn{User: "maya", Password: "p@w"}}},
		"a Basic header":       {`curl -H 'Authorization: Basic bWF5YTpwdw==' https://a.io`, want{Method: "GET", URL: "https://a.io", SignIn: curl.SignIn{User: "maya", Password: "pw"}}},
		"tokens":               {`curl -H 'authorization: Bearer t0k' -H 'X-Api-Key: k' -b 'sid=1' 'https://a.io/?access_token=s&page=2&key=short'`, want{Method: "GET", URL: "https://a.io/?page=2&key=short", SignIn: curl.SignIn{Headers: pairs("authorization", "Bearer t0k", "X-Api-Key", "k", "Cookie", "sid=1"), Query: pairs("access_token", "s")}}},
		"--oauth2-bearer":      {`curl --oauth2-bearer t https://a.io`, want{Method: "GET", URL: "https://a.io", SignIn: curl.SignIn{Headers: pairs("Authorization", "Bearer t")}}},
		"as browsers copy":     {"curl 'https://a.io/' \\\n  -H 'authority: a.io' \\\n  -H ':path: /' \\\n  --data-raw $'{\"a\":\"it\\'s\"}' \\\n  --compressed ;", want{Method: "POST", URL: "https://a.io/", Headers: pairs("authority", "a.io"), Body: curl.Body{Kind: curl.JSON, Text: `{"a":"it's"}`}}},
		"brackets kept":        {`curl -g 'https://a.io/?ids[]=1&r=[1-3]'`, want{Method: "GET", URL: "https://a.io/?ids[]=1&r=[1-3]"}},
	} {
		got, err := curl.Parse(c.command)
		if err != nil {
			t.Errorf("%s: Parse(%s): %v", name, c.command, err)
			continue
		}
		got.Notes = nil
		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: Parse(%s)\n got %+v\nwant %+v", name, c.command, got, c.want)
		}
	}
}

func TestWhatIsNotTakenOverIsSaid(t *testing.T) {
	for command, part := range map[string]string{
		`curl -k https://a.io`:                              "-k was not taken over: certificates are always checked",
		`curl -H 'Idempotency-Key: k1' -d a=1 https://a.io`: "Idempotency-Key was not taken over",
		`curl --proxy http://p:1 https://a.io`:              "--proxy was not taken over",
		`curl -U me:secret -x p https://a.io`:               "the proxy's password was dropped",
		`curl -d @body.json https://a.io`:                   "reads the file body.json",
		`curl --data-urlencode n@f https://a.io`:            "reads the file f",
		`curl -F 'f=@a.png;type=image/png' https://a.io`:    "reads the file a.png",
		`curl -T up.bin https://a.io`:                       "reads the file up.bin",
		`curl -b cookies.txt https://a.io`:                  "reads the file cookies.txt",
		`curl -H @h.txt https://a.io`:                       "reads the file h.txt",
		`curl a.io/x`:                                       "names no scheme",
		`curl "https://a.io/$ID"`:                           "$ID is a variable",
		`curl https://a.io/${ID}`:                           "$ID is a variable",
		`curl https://a.io | jq .`:                          "What comes after | is done by the shell",
		`curl https://a.io > out`:                           "What comes after > is done by the shell",
		`curl https://a.io 2>/dev/null | jq .`:              "What comes after > is done by the shell",
		`curl -d 2 https://a.io 2>&1`:                       "What comes after > is done by the shell",
		"curl https://a.io\nrm -rf x":                       "Only the first command was read",
		`curl https://a.io --next https://b.io`:             "--next",
		"curl ^\n  https://a.io":                            "Windows",
		`curl -d '{"a":1}' https://a.io`:                    "sent as application/json",
		`curl -H 'Host: b.io' https://a.io`:                 "Host",
		`curl --cert c.pem https://a.io`:                    "client certificate",
	} {
		got, err := curl.Parse(command)
		if err != nil {
			t.Errorf("Parse(%s): %v", command, err)
			continue
		}
		if !strings.Contains(strings.Join(got.Notes, "\n"), part) {
			t.Errorf("Parse(%s) notes %q, want one with %q", command, got.Notes, part)
		}
		if strings.Contains(strings.Join(got.Notes, "\n"), "secret") {
			t.Errorf("Parse(%s) puts a password into a note: %q", command, got.Notes)
		}
	}
}

func TestMistakesAreSaidWithTheirPlace(t *testing.T) {
	for command, want := range map[string]struct {
		at   int
		part string
	}{
		``:                                   {0, "begins with curl"},
		`wget https://a.io`:                  {0, "must begin with curl"},
		`curl`:                               {4, "names no address"},
		`curl 'https://a.io`:                 {5, "not closed"},
		`curl "https://a.io`:                 {5, "not closed"},
		`curl -d $'x https://a.io`:           {8, "not closed"},
		`curl https://a.io https://b.io`:     {18, "second address"},
		`curl https://a.io?a=1&b=2`:          {21, "outside of quotes"},
		`curl https://a.io/$(whoami)`:        {18, "run a command"},
		"curl https://a.io/`id`":             {18, "run a command"},
		`curl https://a.io -H`:               {18, "needs a value"},
		`curl https://a.io -H 'no colon'`:    {21, "Name: value"},
		`curl https://a.io --fancy`:          {18, "--fancy is not an option"},
		`curl -sW https://a.io`:              {5, "-W is not an option"},
		`curl ftp://a.io`:                    {5, "is not HTTP"},
		`curl 'http://a b'`:                  {5, "not an address"},
		`curl https://a.io:x`:                {5, "port"},
		`curl https://a.io/{a,b}`:            {5, "several requests"},
		`curl 'https://a.io/[1-9]'`:          {5, "several requests"},
		`curl -m soon https://a.io`:          {8, "number of seconds"},
		`curl -F a=1 -d b=2 https://a.io`:    {15, "either -d or -F"},
		`curl -X 'A B' https://a.io`:         {14, "not a method"},
		`curl https://a.io -d $'\xff'`:       {21, "not text"},
		`curl https://a.io -d $'\U00FFFFFF'`: {23, "no such character"},
		`curl ` + strings.Repeat("a", 2<<20): {1 << 20, "longer than"},
	} {
		_, err := curl.Parse(command)
		var e *curl.Error
		if !errors.As(err, &e) {
			t.Errorf("Parse(%.60s) = %v, want an error with %q", command, err, want.part)
			continue
		}
		if e.At != want.at || !strings.Contains(e.Message, want.part) {
			t.Errorf("Parse(%.60s) = %d %q, want %d with %q", command, e.At, e.Message, want.at, want.part)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{`curl https://a.io`, `curl -u a:b -d '{"a":1}' "https://a.io/$X"`, `curl $'\x41\u00fc' -F a=@b ^` + "\n", `curl -H 'A: b' \`, `curl -sX`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, command string) {
		c, err := curl.Parse(command)
		var e *curl.Error
		if err != nil && (!errors.As(err, &e) || e.At < 0 || e.At > len(command) || e.Message == "") {
			t.Fatalf("Parse(%q) = %v, which says no place in the command", command, err)
		}
		if err == nil && (c.Method == "" || !strings.HasPrefix(strings.ToLower(c.URL), "http")) {
			t.Fatalf("Parse(%q) = %+v, which is no request", command, c)
		}
	})
}
