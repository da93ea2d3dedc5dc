package sample_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"flowdeck/cmd/flowdeck/sample"
)

func TestTheServiceAnswersAsItsIndexSays(t *testing.T) {
	server := httptest.NewServer(sample.New().Handler())
	defer server.Close()
	basic := func(r *http.Request) { r.SetBasicAuth(sample.Username, sample.Password) }
	bearer := func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+sample.Token) }
	wrong := func(r *http.Request) { r.SetBasicAuth(sample.Username, "guess") }
	nobody := func(*http.Request) {}
	for _, tt := range []struct {
		request, body string
		as            func(*http.Request)
		status        int
		says          string
	}{
		{"GET /", "", nobody, 200, `"basic":"demo:demo-password"`},
		{"GET /customers", "", nobody, 401, "sign in"},
		{"GET /customers", "", wrong, 401, "is wrong"},
		{"GET /customers?plan=gold&q=MAYA", "", basic, 200, `"total":1`},
		{"GET /customers/C-1002", "", bearer, 200, `"name":"Jonas Brandt"`},
		{"GET /customers/C-0", "", basic, 404, "no customer has the id"},
		{"POST /customers", `{"name":"Nia","email":"nia@example.com"}`, basic, 201, `"id":"C-1006"`},
		{"POST /customers", `{"name":"Nia","email":"NIA@example.com"}`, basic, 409, "already used by C-1006"},
		{"POST /customers", `{"name":"Nia"}`, basic, 422, "are required"},
		{"POST /customers", `{`, basic, 400, "not JSON"},
		{"POST /tickets", `{"customer":"C-1001","subject":"Call"}`, basic, 201, `"id":"T-5001"`},
		{"GET /tickets", "", basic, 200, `"subject":"Call"`},
		{"PUT /echo?a=1", `{"x": 2}`, basic, 200, `"query":{"a":"1"}`},
		{"POST /echo", "plain", nobody, 200, `"body":"plain"`},
		{"GET /slow?ms=1", "", nobody, 200, `"waited_ms":1`},
		{"GET /fail?status=429", "", nobody, 429, "Too Many Requests"},
		{"GET /fail?status=200", "", nobody, 500, "always fails"},
		{"GET /nowhere", "", nobody, 404, "nothing at /nowhere"},
	} {
		t.Run(tt.request, func(t *testing.T) {
			method, path, _ := strings.Cut(tt.request, " ")
			r, err := http.NewRequest(method, server.URL+path, strings.NewReader(tt.body))
			if err != nil {
				t.Fatal(err)
			}
			tt.as(r)
			res, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			text, err := io.ReadAll(res.Body)
			if err != nil {
				t.Fatal(err)
			}
			if res.StatusCode != tt.status || !strings.Contains(string(text), tt.says) || !json.Valid(text) {
				t.Errorf("%s = %d %s, want %d with %s", tt.request, res.StatusCode, text, tt.status, tt.says)
			}
			if strings.Contains(string(text), "Authorization") {
				t.Errorf("%s tells the sign-in: %s", tt.request, text)
			}
		})
	}
}

func TestFlakyWorksTheThirdTime(t *testing.T) {
	service := sample.New().Handler()
	var got []int
	for range 3 {
		w := httptest.NewRecorder()
		service.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/flaky", nil))
		got = append(got, w.Code)
	}
	if got[0] != 503 || got[1] != 503 || got[2] != 200 {
		t.Errorf("three calls of /flaky answer %v, want 503, 503, 200", got)
	}
}

func TestSlowEndsWhenTheCallerGoesAway(t *testing.T) {
	server := httptest.NewServer(sample.New().Handler())
	client := &http.Client{Timeout: 50 * time.Millisecond}
	if res, err := client.Get(server.URL + "/slow?ms=30000"); err == nil {
		_ = res.Body.Close()
		t.Error("a caller that waits 50 ms got an answer after 30 s")
	}
	server.Close() // waits for the handler
}
