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
	if a.EscapedPath() != b.EscapedPath() && !sameMasked(a.Path, b.Path) {
		list = append(list, "the path is "+a.EscapedPath())
	}
	have, need := a.Query(), b.Query()
	for _, key := range keysOf(have, need) {
		if !ignored(ignore, key) && !slices.EqualFunc(have[key], need[key], sameText) {
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
		return sameAround(got, x.Body, false)
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
			if !ignored(ignore, key) && !slices.EqualFunc(form[key], need[key], sameText) {
				return false
			}
		}
		return true
	}
	// a long one may have been cut before what is secret in it was masked, which made it shorter
	return strings.Contains(want, masked) && sameAround(got, want, len(want) < keptBody/2)
}

func sameText(got, want string) bool { return got == want || sameMasked(got, want) }

// sameMasked reports whether want has masked parts and got is the same around them.
func sameMasked(got, want string) bool {
	return strings.Contains(want, masked) && sameAround(got, want, true)
}

// sameAround compares text whose masked parts may be anything. Of text that is not whole
// more may follow.
func sameAround(got, want string, whole bool) bool {
	parts := strings.Split(want, masked)
	got, begins := strings.CutPrefix(got, parts[0])
	if !begins {
		return false
	}
	last := len(parts) - 1
	for _, part := range parts[1:last] {
		_, rest, found := strings.Cut(got, strings.Trim(part, "•"))
		if !found {
			return false
		}
		got = rest
	}
	end := strings.Trim(parts[last], "•")
	return strings.HasSuffix(got, end) || !whole && strings.Contains(got, end)
}

func sameValue(got, want any, ignore []string) bool {
	if text, ok := want.(string); ok && strings.Contains(text, masked) {
		x, isText := got.(string)
		return strings.Trim(text, "•") == "" || isText && sameAround(x, text, true)
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
