package flowtest

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"flowdeck/cards/schema"
)

// request is one as the flow made it, or as it was recorded.
type request struct {
	method, url string
	headers     http.Header
	body        string
}

func requestOf(x Exchange) request {
	q := request{method: x.Method, url: x.URL, headers: http.Header{}, body: x.Body}
	for _, h := range x.Headers {
		q.headers.Add(h[0], h[1])
	}
	return q
}

// text is the request as people compare it.
func (q request) text() string {
	text := q.method + " " + q.url
	for _, name := range []string{"Content-Type", "Accept"} {
		if v := q.headers.Get(name); v != "" {
			text += "\n" + name + ": " + v
		}
	}
	if q.body != "" {
		text += "\n\n" + shown(q.body)
	}
	return text
}

// masked stands in recordings for what was secret; anything matches it.
const masked = "••••"

// differs says in what a request is not the recorded one. Order of query keys and of
// the keys of a JSON body, and what ignore names, do not count.
func (q request) differs(x Exchange, ignore []string) []string {
	var list []string
	if q.method != x.Method {
		list = append(list, "the method is "+q.method+", not "+x.Method)
	}
	list = append(list, differentURL(q.url, x.URL, ignore)...)
	for _, h := range x.Headers {
		if got := q.headers.Get(h[0]); !ignored(ignore, h[0]) && !strings.Contains(h[1], masked) && got != h[1] {
			list = append(list, "the header "+h[0]+" is "+quoted(got)+", not "+quoted(h[1]))
		}
	}
	if x.BodySize > 0 {
		if !sameBeginning(q.body, x) {
			list = append(list, "the body differs")
		}
	} else if !sameBody(q.body, x.Body, ignore) {
		list = append(list, "the body differs")
	}
	return list
}

func differentURL(got, want string, ignore []string) []string {
	a, errA := url.Parse(got)
	b, errB := url.Parse(want)
	if errA != nil || errB != nil {
		if got == want {
			return nil
		}
		return []string{"the address differs"}
	}
	var list []string
	if a.Scheme != b.Scheme || !strings.EqualFold(a.Host, b.Host) {
		list = append(list, "the server is "+a.Scheme+"://"+a.Host)
	}
	if a.EscapedPath() != b.EscapedPath() && !strings.Contains(b.Path, masked) {
		list = append(list, "the path is "+a.EscapedPath())
	}
	have, need := a.Query(), b.Query()
	for _, key := range keysOf(have, need) {
		if ignored(ignore, key) || strings.Contains(strings.Join(need[key], ""), masked) {
			continue
		}
		if !slices.Equal(have[key], need[key]) {
			list = append(list, "the query key "+key+" is "+quoted(strings.Join(have[key], ", "))+", not "+quoted(strings.Join(need[key], ", ")))
		}
	}
	return list
}

func keysOf(a, b url.Values) []string {
	var keys []string
	for k := range a {
		keys = append(keys, k)
	}
	for k := range b {
		if _, both := a[k]; !both {
			keys = append(keys, k)
		}
	}
	slices.Sort(keys)
	return keys
}

func quoted(s string) string { return "“" + s + "”" }

func ignored(list []string, name string) bool {
	return slices.ContainsFunc(list, func(s string) bool { return strings.EqualFold(s, name) })
}

// sameBeginning compares a body of which the recording has the size and the beginning.
func sameBeginning(got string, x Exchange) bool {
	if strings.Contains(x.Body, masked) {
		return sameAround(got, x.Body)
	}
	return int64(len(got)) == x.BodySize && strings.HasPrefix(got, x.Body)
}

// sameBody compares JSON by its values, and everything else as it is written.
func sameBody(got, want string, ignore []string) bool {
	if got == want {
		return true
	}
	a, errA := schema.DecodeJSONText(got)
	b, errB := schema.DecodeJSONText(want)
	if errA == nil && errB == nil {
		return sameValue(a, b, ignore)
	}
	form, errA := url.ParseQuery(got)
	need, errB := url.ParseQuery(want)
	if errA == nil && errB == nil && strings.Contains(want, "=") && !strings.ContainsAny(want, " \n") {
		for _, key := range keysOf(form, need) {
			if !ignored(ignore, key) && !strings.Contains(strings.Join(need[key], ""), masked) && !slices.Equal(form[key], need[key]) {
				return false
			}
		}
		return true
	}
	return strings.Contains(want, masked) && sameAround(got, want)
}

// sameAround compares text whose masked parts may be anything.
func sameAround(got, want string) bool {
	parts := strings.Split(want, masked)
	if !strings.HasPrefix(got, parts[0]) {
		return false
	}
	for _, part := range parts {
		part = strings.Trim(part, "•")
		i := strings.Index(got, part)
		if i < 0 {
			return false
		}
		got = got[i+len(part):]
	}
	return true
}

func sameValue(got, want any, ignore []string) bool {
	if text, ok := want.(string); ok && strings.Contains(text, masked) {
		return true
	}
	switch w := want.(type) {
	case map[string]any:
		g, ok := got.(map[string]any)
		if !ok {
			return false
		}
		for k, v := range w {
			if x, has := g[k]; !ignored(ignore, k) && (!has || !sameValue(x, v, ignore)) {
				return false
			}
		}
		for k := range g {
			if _, has := w[k]; !has && !ignored(ignore, k) {
				return false
			}
		}
		return true
	case []any:
		g, ok := got.([]any)
		if !ok || len(g) != len(w) {
			return false
		}
		for i := range w {
			if !sameValue(g[i], w[i], ignore) {
				return false
			}
		}
		return true
	}
	return schema.Equal(got, want)
}
