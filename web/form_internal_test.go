package web

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"

	"flowdeck/cards/schema"
)

func TestFormValuesReadsWhatTheFormDeclares(t *testing.T) {
	type header struct {
		Name  string `json:"name"`
		Value string `json:"value" form:"secret"`
		Query bool   `json:"query"`
	}
	type settings struct {
		URL     string         `json:"url"`
		Size    int64          `json:"size"`
		Strict  bool           `json:"strict"`
		Secret  string         `json:"secret" form:"secret"`
		Extra   map[string]any `json:"extra"`
		Headers []header       `json:"headers"`
		Scopes  []string       `json:"scopes"`
		Body    any            `json:"body"`
		Inner   struct {
			A string `json:"a"`
		} `json:"inner"`
	}
	form := schema.Of[settings]()
	for _, tt := range []struct {
		name, posted string
		want         schema.Values
		problem      string
	}{
		{"nothing", "", schema.Values{"strict": false}, ""},
		{"text is trimmed, a secret is not", "url=+a+&secret=+b+", schema.Values{"url": "a", "secret": " b ", "strict": false}, ""},
		{"numbers", "size=12", schema.Values{"size": int64(12), "strict": false}, ""},
		{"a number that is none", "size=many", schema.Values{"strict": false}, "size: must be a number, such as 30 or 2.5"},
		{"a number that is a template", "size={{ get.n }}", schema.Values{"size": "{{ get.n }}", "strict": false}, ""},
		{"switches", "strict=true", schema.Values{"strict": true}, ""},
		{"pairs", "extra.0.key=a&extra.0.value=1&extra.10.key=b&extra.10.value=&extra.2.key=&extra.2.value=", schema.Values{"extra": schema.Values{"a": "1", "b": ""}, "strict": false}, ""},
		{"a pair without a name", "extra.0.key=&extra.0.value=1", schema.Values{"strict": false}, "extra.0.key: needs a name"},
		{"a pair that is there twice", "extra.0.key=a&extra.0.value=1&extra.1.key=a", schema.Values{"extra": schema.Values{"a": "1"}, "strict": false}, "extra.1.key: is there twice"},
		{"rows, in order, without blank ones", "headers.10.name=b&headers.2.name=a&headers.2.query=true&headers.3.name=",
			schema.Values{"headers": []any{schema.Values{"name": "a", "query": true}, schema.Values{"name": "b", "query": false}}, "strict": false}, ""},
		{"plain rows", "scopes.0=read&scopes.1=+&scopes.2=write", schema.Values{"scopes": []any{"read", "write"}, "strict": false}, ""},
		{"any value", `body={"a":[1,2.50]}`, schema.Values{"body": schema.Values{"a": []any{int64(1), 2.5}}, "strict": false}, ""},
		{"any text", "body=hello", schema.Values{"body": "hello", "strict": false}, ""},
		{"members", "inner.a=x", schema.Values{"inner": schema.Values{"a": "x"}, "strict": false}, ""},
		{"what is not declared", "other=1&headers.x.name=y&headers.-1.name=z", schema.Values{"strict": false}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			q, err := url.ParseQuery(strings.ReplaceAll(tt.posted, ";", "%3B"))
			if err != nil {
				t.Fatal(err)
			}
			r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(q.Encode()))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			got, err := formValues(echo.New().NewContext(r, httptest.NewRecorder()), form, "")
			if (err == nil) != (tt.problem == "") || err != nil && err.Error() != tt.problem {
				t.Errorf("%s: problem %v, want %q", tt.posted, err, tt.problem)
			}
			if !reflect.DeepEqual(got, tt.want) {
				t.Errorf("%s: got %#v, want %#v", tt.posted, got, tt.want)
			}
		})
	}
}

func TestTriggerHeadersAreASCII(t *testing.T) {
	c := echo.New().NewContext(httptest.NewRequest(http.MethodGet, "/", nil), httptest.NewRecorder())
	trigger(c, "fd:toast", map[string]string{"text": "“Ünï” 🚀"})
	trigger(c, "fd:close", struct{}{})
	got := c.Response().Header().Get("HX-Trigger")
	want := `{"fd:close":{},"fd:toast":{"text":"\u201c\u00dcn\u00ef\u201d \ud83d\ude80"}}`
	if got != want {
		t.Errorf("HX-Trigger = %s, want %s", got, want)
	}
}

func TestPasswordHashes(t *testing.T) {
	hash := HashPassword("correct horse")
	if again := HashPassword("correct horse"); again == hash {
		t.Error("two hashes of a password are the same: there is no salt")
	}
	for _, tt := range []struct {
		hash, password string
		want           bool
	}{
		{hash, "correct horse", true},
		{hash, "correct horse ", false},
		{hash, "", false},
		{"", "", false},
		{"$argon2id$v=19$m=1,t=1,p=1$$", "", false},
		{"$2a$10$abc", "abc", false},
	} {
		if got := passwordMatches(tt.hash, tt.password); got != tt.want {
			t.Errorf("passwordMatches(%q, %q) = %v, want %v", tt.hash, tt.password, got, tt.want)
		}
	}
}

func TestSignInLimitersAreBounded(t *testing.T) {
	l := newSignInLimits(testTime)
	for i := range 3 * maxLimiters {
		l.wait("a"+string(rune(i)), "203.0.113.7")
	}
	if len(l.by) > maxLimiters+1 {
		t.Errorf("%d limiters are kept, want at most %d", len(l.by), maxLimiters)
	}
}
