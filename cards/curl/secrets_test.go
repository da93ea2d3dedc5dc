package curl

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// What a command signs in with is kept apart, however a service calls it, and nothing
// of it is among what becomes a card.
func TestCredentialsAreKeptApartWhateverTheyAreCalled(t *testing.T) {
	const secret = "zq9k8j7h6g5f4d3s2a1p0"
	commands := map[string]string{
		"a key as the user":         "curl -u " + secret + ": https://a.io/x",
		"a key in the address":      "curl https://" + secret + "@a.io/x",
		"a key as the user, packed": "curl -H 'Authorization: Basic enE5azhqN2g2ZzVmNGQzczJhMXAwOg==' https://a.io/x",
	}
	for _, name := range strings.Fields("X-Api-Key Ocp-Apim-Subscription-Key X-Auth-Key x-functions-key DD-APPLICATION-KEY Fastly-Key X-Authorization X-Password X-Access-Key X-Session Authentication PRIVATE-TOKEN X-Signature X-Hub-Signature-256 X-RapidAPI-Key Cookie Api-Token Token X-Consumer-Key Session-Id X-Credential Proxy-Authorization X-Amz-Security-Token") {
		commands["the header "+name] = "curl -H '" + name + ": " + secret + "' https://a.io/x"
	}
	for _, name := range strings.Fields("api_key apikey apiKey access_token key token hapikey private_token subscription-key x-api-key refresh_token client_secret auth sig signature X-Goog-Signature X-Amz-Signature app_key secret_key authtoken session_id jwt pass password") {
		commands["the key "+name] = "curl 'https://a.io/x?" + name + "=" + secret + "&a=1'"
	}
	for name, command := range commands {
		c, err := Parse(command)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if rest := fmt.Sprint(c.URL, c.Headers, c.Body, c.Notes, c.SignIn.User); c.SignIn.Empty() || strings.Contains(rest, secret) || strings.Contains(rest, "enE5azhq") {
			t.Errorf("%s: the sign-in is %+v, the rest %s", name, c.SignIn, rest)
		}
	}
}

func TestWhatIsNoCredentialStaysInTheCard(t *testing.T) {
	for _, h := range []string{"X-Idempotency-Key", "Surrogate-Key", "X-Request-Id", "Accept", "X-Tenant", "X-Monkey"} {
		c, err := Parse("curl -H '" + h + ": abc' https://a.io/x")
		if err != nil || !c.SignIn.Empty() || len(c.Headers) != 1 {
			t.Errorf("%s: %+v, %v", h, c, err)
		}
	}
	for _, q := range []string{"page_token", "pageToken", "next_token", "key", "sort_key", "passenger", "id", "design"} {
		c, err := Parse("curl 'https://a.io/x?" + q + "=abc'")
		if err != nil || !c.SignIn.Empty() {
			t.Errorf("%s: %+v, %v", q, c, err)
		}
	}
	if c, err := Parse("curl -u maya https://a.io/x"); err != nil || c.SignIn.User != "maya" {
		t.Errorf("a user whose password curl would ask for: %+v, %v", c, err)
	}
}

func TestCredentialsInBodiesAreTold(t *testing.T) {
	for command, told := range map[string]bool{
		"curl https://a.io/t -d grant_type=password -d password=x1 -d client_secret=y": true,
		`curl https://a.io/t --json '{"password":"x1","user":"jo"}'`:                   true,
		`curl https://a.io/t --json '{"user":"jo","pageToken":"x"}'`:                   false,
		"curl https://a.io/t -d a=1":                                                   false,
	} {
		c, err := Parse(command)
		if err != nil || strings.Contains(strings.Join(c.Notes, " "), "The body holds “") != told {
			t.Errorf("%s: %v, %v; want it told: %v", command, c.Notes, err, told)
		}
	}
}

// A long command of whatever is read in a moment, and little is said about it.
func TestHugeCommandsAreReadInAMoment(t *testing.T) {
	const size = MaxCommand / 4 // enough to tell what grows with the square, little enough for the race detector
	fill := func(each func(i int) string) string {
		var b strings.Builder
		b.WriteString("curl https://a.io/x")
		for i := 0; b.Len() < size; i++ {
			b.WriteString(" " + each(i))
		}
		return b.String()
	}
	for name, command := range map[string]string{
		"files":   fill(func(i int) string { return fmt.Sprint("-T f", i) }),
		"headers": fill(func(i int) string { return fmt.Sprintf("-H 'a%d: b'", i) }),
		"secrets": fill(func(i int) string { return fmt.Sprintf("-H 'X-Token: %d'", i) }),
		"fields":  fill(func(i int) string { return fmt.Sprint("-d a=", i) }),
		"parts":   fill(func(i int) string { return fmt.Sprint("-F a=@f", i) }),
		"query":   "curl 'https://a.io/x?" + strings.Repeat("token=a&", size/8) + "'",
		"ranges":  "curl https://a.io/" + strings.Repeat("[{", size/2),
		"quotes":  "curl " + strings.Repeat("'a'\"b\"$'c'", size/11),
		"names":   fill(func(i int) string { return fmt.Sprint("-d $A", i) }),
		"lines":   "curl https://a.io/" + strings.Repeat("\n", 4*size-20),
		"JSON":    "curl https://a.io/ --json '" + strings.Repeat(`{"a":[`, size/6) + "'",
	} {
		began := time.Now()
		c, _ := Parse(command)
		if took := time.Since(began); took > time.Minute || // what grows with the square takes hours
			len(c.Notes) > 50 {
			t.Errorf("%s: %v, %d notes", name, took, len(c.Notes))
		}
	}
}
