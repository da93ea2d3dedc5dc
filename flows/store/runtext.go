package store

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"flowdeck/cards/schema"
	"flowdeck/flows"
)

const (
	searchBytes    = 2 << 10 // of a run's event
	searchEndBytes = 1 << 10 // of its output and its error
	summaryBytes   = 80
)

// searchText is what a search for text finds a run by: the end of its id, who
// called, and, unless an outline is kept, the values of its event.
func searchText(run flows.Run, outline bool) string {
	b := gather{limit: searchBytes}
	b.add(run.ID[max(0, len(run.ID)-12):])
	b.add(run.Source)
	if !outline {
		b.values(run.Event["caller"])
		b.values(run.Event)
	}
	return strings.ToLower(b.String())
}

// searchEnd is what the end of a run adds to that.
func searchEnd(o flows.Outcome) string {
	b := gather{limit: searchEndBytes}
	if o.Error != nil {
		b.add(o.Error.Code)
		b.add(o.Error.Message)
	}
	if !o.Outline {
		b.values(o.Output)
	}
	return strings.ToLower(b.String())
}

// gather collects words until there are enough of them.
type gather struct {
	strings.Builder
	limit int
}

func (b *gather) add(word string) {
	if room := b.limit - b.Len(); word != "" && room > 1 {
		b.WriteByte('\n')
		b.WriteString(short(word, room-1))
	}
}

// values adds keys and values in a fixed order. Headers are left out: they are long and say little.
func (b *gather) values(v any) {
	if b.Len() >= b.limit {
		return
	}
	switch v := v.(type) {
	case schema.Values:
		for _, k := range keys(v) {
			if k == "headers" || k == "raw_body" {
				continue
			}
			if word, ok := scalar(v[k]); ok {
				b.add(k + " " + word)
			} else {
				b.values(v[k])
			}
		}
	case []any:
		for _, x := range v {
			b.values(x)
		}
	default:
		if word, ok := scalar(v); ok {
			b.add(word)
		}
	}
}

// summary is the first values of an event in short, the telling ones first.
func summary(event schema.Values) string {
	var parts []string
	for _, from := range []any{event, event["body"], event["query"]} {
		v, _ := from.(schema.Values)
		names := keys(v)
		slices.SortStableFunc(names, func(a, b string) int { return telling(a) - telling(b) })
		for _, k := range names {
			word, ok := scalar(v[k])
			part := k + " " + word // an input stands in the body or the query as well
			if ok && k != "method" && k != "raw_body" && k != "body" && len(parts) < 2 && !slices.Contains(parts, part) {
				parts = append(parts, part)
			}
		}
	}
	return short(strings.Join(parts, ", "), summaryBytes)
}

func telling(key string) int {
	switch key = strings.ToLower(key); {
	case key == "email":
		return 0
	case key == "id", strings.HasSuffix(key, "_id"), strings.HasSuffix(key, "id") && len(key) < 12:
		return 1
	case key == "name", key == "title":
		return 2
	}
	return 3
}

func keys(v schema.Values) []string {
	list := make([]string, 0, len(v))
	for k := range v {
		list = append(list, k)
	}
	slices.Sort(list)
	return list
}

func scalar(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, v != ""
	case bool:
		return fmt.Sprint(v), true
	}
	return schema.FormatNumber(v)
}

// short cuts s to at most n bytes, between characters.
func short(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// stepOf is the id of the step that a path ends with: "get" of "if_1/then/loop[3]/get".
func stepOf(p flows.Path) string {
	s := string(p)
	s = s[strings.LastIndexByte(s, '/')+1:]
	if i := strings.IndexAny(s, "[#"); i >= 0 {
		s = s[:i]
	}
	return s
}
