package httpcard

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// list answers with one item per request and says nothing of a next page.
func list(w http.ResponseWriter, body string) {
	w.Header().Set("Content-Type", "application/json")
	fmt.Fprint(w, body)
}

func TestPagesThatDoNotEnd(t *testing.T) {
	var asked atomic.Int64
	for name, c := range map[string]struct {
		in      schema.Values
		server  http.HandlerFunc
		code    string
		message string
	}{
		"a link to itself": {schema.Values{"pagination": "link"}, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Link", "<"+r.URL.String()+">; rel=next")
			list(w, `[1]`)
		}, cards.CodePageLoop, "leads back to what followed page 1"},
		"links in a circle": {schema.Values{"pagination": "link", "next_path": "next"}, func(w http.ResponseWriter, r *http.Request) {
			list(w, `{"items":[1],"next":"/x?p=`+map[string]string{"": "1", "1": "2", "2": "1"}[r.URL.Query().Get("p")]+`"}`)
		}, cards.CodePageLoop, "go round in circles"},
		"a cursor that stays": {schema.Values{"pagination": "cursor", "cursor_path": "next", "cursor_param": "c"}, func(w http.ResponseWriter, r *http.Request) {
			list(w, `{"items":[1],"next":"abc"}`)
		}, cards.CodePageLoop, "the cursor of"},
		"page numbers that are not heeded": {schema.Values{"pagination": "page"}, func(w http.ResponseWriter, r *http.Request) {
			list(w, `[1,2]`)
		}, cards.CodePageLoop, "sent the same page again"},
		"offsets that are not heeded": {schema.Values{"pagination": "offset"}, func(w http.ResponseWriter, r *http.Request) {
			list(w, `[1,2]`)
		}, cards.CodePageLoop, "sent the same page again"},
		"a link to another host": {schema.Values{"pagination": "link"}, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Link", `<https://evil.example.com/a?token=hunter2>; rel="next"`)
			list(w, `[1]`)
		}, cards.CodePageElsewhere, "leads to another host, https://evil.example.com, where"},
		"a link that is none": {schema.Values{"pagination": "link", "next_path": "next"}, func(w http.ResponseWriter, r *http.Request) {
			list(w, `{"items":[1],"next":{"href":"/x"}}`)
		}, cards.CodeInvalidResponse, "is an object, not an address"},
		"pages that grow without end": {schema.Values{"pagination": "page", "max_size": 1, "max_pages": 10000}, func(w http.ResponseWriter, r *http.Request) {
			list(w, `["`+r.URL.Query().Get("page")+strings.Repeat("x", 100<<10)+`"]`)
		}, cards.CodeTooLarge, "more than 1 MiB in all pages together"},
		"a second page that fails": {schema.Values{"pagination": "page"}, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Query().Get("page") == "2" {
				w.WriteHeader(http.StatusInternalServerError)
			}
			list(w, `["`+r.URL.Query().Get("page")+`"]`)
		}, "http_500", "(after 1 pages)"},
		"several lists": {schema.Values{"pagination": "page"}, func(w http.ResponseWriter, r *http.Request) {
			list(w, `{"data":[],"errors":[]}`)
		}, cards.CodeInvalidResponse, "one of data, errors"},
		"no list at the path": {schema.Values{"pagination": "page", "items_path": "result.items"}, func(w http.ResponseWriter, r *http.Request) {
			list(w, `{"data":[]}`)
		}, cards.CodeInvalidResponse, "there is nothing at result.items"},
		"a wait that is longer than the timeout": {schema.Values{"pagination": "page", "timeout": "2s"}, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Query().Get("page") == "2" {
				w.Header().Set("Retry-After", "60")
				w.WriteHeader(http.StatusTooManyRequests)
			}
			list(w, `[1]`)
		}, "http_429", "answered 429"},
	} {
		t.Run(name, func(t *testing.T) {
			asked.Store(0)
			_, e := get(t, func(w http.ResponseWriter, r *http.Request) {
				if asked.Add(1) > 200 {
					t.Error("more than 200 pages were asked for")
				}
				c.server(w, r)
			}, c.in)
			if e == nil || e.Code != c.code || !strings.Contains(e.Message, c.message) {
				t.Fatalf("got %v, want %s with %q", e, c.code, c.message)
			}
			if strings.Contains(e.Message, "hunter2") {
				t.Errorf("%q shows a query", e.Message)
			}
			if done, there := e.Details["pages"]; asked.Load() > 1 && (!there || done == int64(0) || e.Details["next"] == nil) {
				t.Errorf("details = %v, want how far it got", e.Details)
			}
		})
	}
}

func TestPagesGoOnWhereTheServiceAsksToWait(t *testing.T) {
	var refused atomic.Bool
	out, e := get(t, func(w http.ResponseWriter, r *http.Request) {
		switch page := r.URL.Query().Get("page"); {
		case page == "2" && !refused.Swap(true):
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(http.StatusTooManyRequests)
		case page == "3":
			list(w, `[]`)
		default:
			list(w, `[`+page+`]`)
		}
	}, schema.Values{"pagination": "page"})
	if e != nil || !reflect.DeepEqual(out["items"], []any{int64(1), int64(2)}) || out["pages"] != int64(3) || out["more"] != false {
		t.Errorf("got %v, %v, want both items of 3 pages", out, e)
	}
}

// What the pages before have taken of the room is taken once, however often a page is
// asked for again.
func TestPagesThatWaitKeepTheirRoom(t *testing.T) {
	var refused atomic.Bool
	long := strings.Repeat("x", 600<<10)
	out, e := get(t, func(w http.ResponseWriter, r *http.Request) {
		switch page := r.URL.Query().Get("page"); {
		case page == "2" && !refused.Swap(true):
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(http.StatusTooManyRequests)
		case page == "3":
			list(w, `[]`)
		case page == "2":
			list(w, `["more"]`)
		default:
			list(w, `["`+long+`"]`)
		}
	}, schema.Values{"pagination": "page", "max_size": 1})
	if e != nil || len(out["items"].([]any)) != 2 {
		t.Errorf("got %v, want 2 items: 600 KiB and a few bytes are less than 1 MiB", e)
	}
}

func TestPagesEnd(t *testing.T) {
	for name, c := range map[string]struct {
		in     schema.Values
		server http.HandlerFunc
		items  int
		more   bool
	}{
		"at an accepted status": {schema.Values{"pagination": "page", "accept_status": "404"}, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Query().Get("page") == "3" {
				w.WriteHeader(http.StatusNotFound)
			}
			list(w, `["`+r.URL.Query().Get("page")+`"]`)
		}, 2, false},
		"when a value equals": {schema.Values{"pagination": "page", "items_path": "data", "stop_when": "equals", "stop_path": "left", "stop_value": "0"}, func(w http.ResponseWriter, r *http.Request) {
			list(w, `{"data":[`+r.URL.Query().Get("page")+`],"left":`+map[string]string{"1": "1", "2": "0"}[r.URL.Query().Get("page")]+`}`)
		}, 2, false},
		"at the last cursor, repeated": {schema.Values{"pagination": "cursor", "cursor_path": "next", "cursor_param": "c", "items_path": "data"}, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Query().Get("c") == "end" {
				list(w, `{"data":[],"next":"end"}`)
				return
			}
			list(w, `{"data":[1],"next":"end"}`)
		}, 1, false},
		"when a value says so, though the cursor stays": {schema.Values{"pagination": "cursor", "cursor_path": "after", "cursor_param": "c", "items_path": "data", "stop_when": "equals", "stop_path": "end", "stop_value": "true"}, func(w http.ResponseWriter, r *http.Request) {
			list(w, `{"data":[1],"after":"abc","end":`+map[string]string{"": "false", "abc": "true"}[r.URL.Query().Get("c")]+`}`)
		}, 2, false},
		"when a value says so, though the link is that of the page": {schema.Values{"pagination": "link", "next_path": "next", "items_path": "data", "stop_when": "false", "stop_path": "more"}, func(w http.ResponseWriter, r *http.Request) {
			list(w, `{"data":[1],"next":"`+r.URL.String()+`","more":false}`)
		}, 1, false},
		"at the most items": {schema.Values{"pagination": "offset", "max_items": 3}, func(w http.ResponseWriter, r *http.Request) {
			list(w, `["`+r.URL.Query().Get("offset")+`","b"]`)
		}, 3, true},
		"exactly at the most items": {schema.Values{"pagination": "link", "max_items": 1}, func(w http.ResponseWriter, r *http.Request) {
			list(w, `[1]`)
		}, 1, false},
		"at the first page when it is empty": {schema.Values{"pagination": "page"}, func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusNoContent) }, 0, false},
	} {
		out, e := get(t, c.server, c.in)
		if e != nil || len(out["items"].([]any)) != c.items || out["more"] != c.more {
			t.Errorf("%s: got %v, %v, want %d items, more %v", name, out, e, c.items, c.more)
		}
	}
}

func TestEachPageIsAnotherRequestToTheService(t *testing.T) {
	var keys []string
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		keys = append(keys, r.Header.Get("Idempotency-Key"))
		list(w, map[string]string{"1": `[1]`, "2": `[]`}[r.URL.Query().Get("page")])
	}))
	defer s.Close()
	_, err := Post.Call(t.Context(), cards.Env{HTTP: s.Client(), Key: "k"}, schema.Values{"url": s.URL, "pagination": "page", "body": schema.Values{}})
	if err != nil || !reflect.DeepEqual(keys, []string{"", ""}) {
		t.Errorf("keys = %q, %v, want none: one key would get the first page again", keys, err)
	}
}

func TestNextLink(t *testing.T) {
	for header, want := range map[string]string{
		``:                                   "",
		`</a>; rel=next`:                     "/a",
		`<https://a/b?c=1,2;3>; rel="next"`:  "https://a/b?c=1,2;3",
		`</p>; rel="prev", </n>; rel="next"`: "/n",
		`</n>; title="a, \"b\"; rel=prev"; REL="Last  NEXT"`: "/n",
		`</n>; rel="prev"; rel="next"`:                       "",
		`</a>; rel="nextish", </b>;rel=next`:                 "/b",
		`</a>; crossorigin; rel=next`:                        "/a",
		`<`:                                                  "",
		`</a`:                                                "",
		`</a>; rel="next`:                                    "/a",
	} {
		if got := nextLink(http.Header{"Link": {header}}); got != want {
			t.Errorf("nextLink(%s) = %q, want %q", header, got, want)
		}
	}
	if got := nextLink(http.Header{"Link": {`</p>; rel=prev`, `</n>; rel=next`}}); got != "/n" {
		t.Errorf("of two headers got %q", got)
	}
}

func TestBodyPaths(t *testing.T) {
	body := schema.Values{"data": []any{schema.Values{"id": int64(1)}, schema.Values{"id": int64(2)}}, "meta": schema.Values{"next-page": "x", "a.b": "y"}}
	for path, want := range map[string]any{
		"data[0].id": int64(1), "data[-1].id": int64(2), "data[2].id": nil, "data[-3]": nil, "meta.next-page": "x", `meta["a.b"]`: "y",
		"data.id": nil, "meta[0]": nil, "none.at.all": nil,
	} {
		var p bodyPath
		if err := p.UnmarshalText([]byte(path)); err != nil || !reflect.DeepEqual(p.in(body), want) {
			t.Errorf("%s leads to %v, %v, want %v", path, p.in(body), err, want)
		}
	}
	for _, path := range []string{".a", "a..b", "a[", "a[x]", "a b", "a.", `a["b]`} {
		if err := new(bodyPath).UnmarshalText([]byte(path)); err == nil {
			t.Errorf("%q was read as a path", path)
		}
	}
}
