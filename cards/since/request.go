package since

import (
	"net/url"
	"regexp"
	"slices"
	"strings"

	"flowdeck/cards/schema"
)

// address compares method, host, path and query, each on its own.
func address(before, now Side) []Change {
	all := fields("method", before.Method, now.Method)
	if before.URL == now.URL {
		return all
	}
	a, err1 := url.Parse(before.URL)
	b, err2 := url.Parse(now.URL)
	if err1 != nil || err2 != nil {
		return append(all, fields("URL", before.URL, now.URL)...)
	}
	all = append(all, fields("scheme", a.Scheme, b.Scheme, "host", a.Host, b.Host, "path", a.Path, b.Path)...)
	return append(all, pairs("query.", a.Query(), b.Query())...)
}

// pairs compares names with their values, in the order of the names.
func pairs(prefix string, before, now map[string][]string) (all []Change) {
	for _, name := range union(before, now) {
		c := Change{Changed, prefix + name, short(strings.Join(before[name], ", ")), short(strings.Join(now[name], ", "))}
		switch {
		case before[name] == nil:
			c.Kind = Added
		case now[name] == nil:
			c.Kind = Removed
		case slices.Equal(before[name], now[name]):
			continue
		}
		all = append(all, c)
	}
	return all
}

func union[V any](a, b map[string]V) []string {
	var names []string
	for name := range a {
		names = append(names, name)
	}
	for name := range b {
		if _, both := a[name]; !both {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// noise finds headers that differ from call to call by their nature.
var noise = regexp.MustCompile(`(?i)^(date|age|etag|expires|last-modified|traceparent|tracestate|b3|x-b3-.*|idempotency-key|server-timing|x-runtime|x-response-time|cf-ray|x-served-by|x-timer|x-amz-cf-id|x-amz-id-2|x-cloud-trace-context|nel|report-to)$|request-?id|correlation-?id|trace-?id`)

// headers compares headers; their names count in any case. A length follows from the body.
func (d *Diff) headers(title string, before, now [][2]string, bodyDiffers bool) {
	var kept []Change
	for _, c := range pairs("", byName(before), byName(now)) {
		if noise.MatchString(c.Path) || bodyDiffers && c.Path == "content-length" {
			d.Ignored = append(d.Ignored, c)
		} else {
			kept = append(kept, c)
		}
	}
	d.add(title, kept)
}

func byName(list [][2]string) map[string][]string {
	m := map[string][]string{}
	for _, h := range list {
		name := strings.ToLower(h[0])
		m[name] = append(m[name], h[1])
	}
	return m
}

// requestBody compares bodies as what they are: JSON, a form, or text.
func (d *Diff) requestBody() []Change {
	a, b := d.before, d.now
	if a.RequestSize > keptBody || b.RequestSize > keptBody {
		d.Notes = append(d.Notes, "Of the request bodies only the first 64 KiB, which are kept, were compared.")
		return fields("beginning", a.RequestBody, b.RequestBody)
	}
	if a.RequestBody == b.RequestBody {
		return nil
	}
	x, okA := parse(a.RequestBody)
	y, okB := parse(b.RequestBody)
	if okA && okB {
		return values(x, y)
	}
	if form(a.RequestHeaders) && form(b.RequestHeaders) {
		p, err1 := url.ParseQuery(a.RequestBody)
		q, err2 := url.ParseQuery(b.RequestBody)
		if err1 == nil && err2 == nil {
			return pairs("", p, q)
		}
	}
	return lines(a.RequestBody, b.RequestBody)
}

func parse(text string) (any, bool) {
	if strings.TrimSpace(text) == "" {
		return nil, true
	}
	v, err := schema.DecodeJSONText(text)
	return v, err == nil
}

func form(headers [][2]string) bool {
	for _, h := range headers {
		if strings.EqualFold(h[0], "Content-Type") {
			return strings.HasPrefix(h[1], "application/x-www-form-urlencoded")
		}
	}
	return false
}
