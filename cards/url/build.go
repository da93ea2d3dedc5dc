package url

import (
	"context"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type buildInput struct {
	Base     string         `json:"base" form:"required" placeholder:"https://api.acme.io/v1" help:"What the URL begins with."`
	Path     []string       `json:"path" label:"Path segments" format:"json" placeholder:"[\"users\", \"{{ user.id }}\"]" help:"A list of what follows in the path; each is encoded, slashes too."`
	Query    map[string]any `json:"query" help:"Names and values; a list is written several times, null is left out."`
	Fragment string         `json:"fragment" form:"advanced" help:"What follows #."`
}

type buildOutput struct {
	URL string `json:"url" label:"URL" help:"The URL."`
}

// Build puts a URL together.
var Build = cards.NewFunction(cards.Spec{
	Name:     "url.build",
	Title:    "Build URL",
	Category: category,
	Family:   cards.FamilyData,
	Icon:     "globe",
	Summary:  "Puts a URL together from its parts.",
	Doc: "Adds segments to the path of a URL, values to its query, and a fragment; all of them are encoded.\n\n" +
		"- What the URL has in its query already stays there, in front. Names come in the order of the alphabet.\n" +
		"- A URL may be 1 MiB long.",
	Keywords: []string{"url", "compose", "query", "path", "address", "link", "join"},
	Examples: []cards.Example{{
		Title: "Path and query",
		In: schema.Values{"base": "https://api.acme.io/v1/", "path": []any{"users", "maya/k", 7},
			"query": schema.Values{"tag": []any{"a", "b"}, "q": "x & y", "page": nil, "limit": 50}},
		Out: schema.Values{"url": "https://api.acme.io/v1/users/maya%2Fk/7?limit=50&q=x%20%26%20y&tag=a&tag=b"},
	}, {
		Title: "A query that is there already",
		In:    schema.Values{"base": "/search?lang=de", "query": schema.Values{"q": "ü"}, "fragment": "top 1"},
		Out:   schema.Values{"url": "/search?lang=de&q=%C3%BC#top%201"},
	}, {
		Title: "An object in the query",
		In:    schema.Values{"base": "https://api.acme.io", "query": schema.Values{"q": schema.Values{"a": 1}}},
		Err:   cards.CodeInvalidInput,
	}},
}, func(_ context.Context, _ cards.Env, in buildInput) (buildOutput, error) {
	if _, err := url.Parse(in.Base); err != nil {
		p := notURL(err).(schema.Problems)
		p[0].Field = "base"
		return buildOutput{}, p
	}
	rest, fragment, _ := strings.Cut(in.Base, "#")
	address, query, _ := strings.Cut(rest, "?")
	address = withPath(address, in.Path)
	pairs, err := queryOf(in.Query)
	if err != nil {
		return buildOutput{}, err
	}
	if query != "" {
		pairs = append([]string{query}, pairs...)
	}
	if len(pairs) > 0 {
		address += "?" + strings.Join(pairs, "&")
	}
	if in.Fragment != "" {
		fragment = encode(in.Fragment, false)
	}
	if fragment != "" {
		address += "#" + fragment
	}
	if len(address) > maxURL {
		return buildOutput{}, &cards.Error{Code: cards.CodeLimit, Message: "url: is longer than 1 MiB"}
	}
	return buildOutput{address}, nil
})

// withPath adds segments to the path of an address, which ends in one slash at most. It
// stops where that is too long.
func withPath(address string, segments []string) string {
	if len(segments) == 0 {
		return address
	}
	var b strings.Builder
	b.WriteString(strings.TrimSuffix(address, "/"))
	slash := false
	for _, segment := range segments {
		if b.Len() > maxURL {
			break
		}
		if !slash {
			b.WriteByte('/')
		}
		b.WriteString(encode(segment, false))
		slash = segment == ""
	}
	return b.String()
}

// queryOf writes names and values, encoded.
func queryOf(query schema.Values) ([]string, error) {
	var pairs []string
	for _, name := range slices.Sorted(maps.Keys(query)) {
		values, isList := query[name].([]any)
		if !isList {
			values = []any{query[name]}
		}
		for i, v := range values {
			if v == nil {
				continue
			}
			text, ok := schema.ToText(v)
			if !ok {
				at := "query." + name
				if isList {
					at = fmt.Sprintf("%s.%d", at, i)
				}
				return nil, schema.Problems{{Field: at, Message: "must be text, a number or true/false, got " + schema.Describe(v)}}
			}
			pairs = append(pairs, encode(name, false)+"="+encode(text, false))
		}
	}
	return pairs, nil
}
