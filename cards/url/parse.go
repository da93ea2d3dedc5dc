package url

import (
	"context"
	"errors"
	"net/url"
	"strconv"
	"strings"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type parseInput struct {
	URL string `json:"url" label:"URL" form:"required" help:"A whole URL, or the end of one, such as /orders?page=2."`
}

type parseOutput struct {
	Scheme   string         `json:"scheme" help:"https, without the colon."`
	Username string         `json:"username" help:"The user name in front of the host. A password there is not put out."`
	Host     string         `json:"host" help:"The name or address of the server, without the port."`
	Port     any            `json:"port" help:"The port, a number; nothing when the URL names none."`
	Path     string         `json:"path" help:"The path, decoded."`
	Query    map[string]any `json:"query" help:"The query's names and values, decoded; a name that comes several times has a list."`
	Fragment string         `json:"fragment" help:"What follows #, decoded."`
	Origin   string         `json:"origin" help:"Scheme, host and port, such as https://api.acme.io:8443."`
}

const maxURL = 1 << 20

// Parse takes a URL apart.
var Parse = cards.NewFunction(cards.Spec{
	Name:     "url.parse",
	Title:    "Parse URL",
	Category: category,
	Family:   cards.FamilyData,
	Icon:     "route",
	Summary:  "Takes a URL apart.",
	Whole:    true,
	Doc: "Puts out the parts of a URL, decoded.\n\n" +
		"- In the query, `+` is a space. A name without a value has empty text.\n" +
		"- A URL may be 1 MiB long. What is not a URL fails the card and the message says why.",
	Keywords: []string{"url", "split", "host", "query", "path", "address", "domain", "link"},
	Examples: []cards.Example{{
		Title: "All parts",
		In:    schema.Values{"url": "https://maya:x@api.acme.io:8443/v1/my%20orders?tag=a&tag=b&q=x+y&flag#top"},
		Out: schema.Values{"scheme": "https", "username": "maya", "host": "api.acme.io", "port": 8443, "path": "/v1/my orders", "fragment": "top", "origin": "https://api.acme.io:8443",
			"query": schema.Values{"tag": []any{"a", "b"}, "q": "x y", "flag": ""}},
	}, {
		Title: "The end of one",
		In:    schema.Values{"url": "/orders?page=2"},
		Out:   schema.Values{"scheme": "", "host": "", "port": nil, "path": "/orders", "query": schema.Values{"page": "2"}, "origin": ""},
	}, {
		Title: "A broken one",
		In:    schema.Values{"url": "https://api.acme.io/%zz"},
		Err:   cards.CodeInvalidInput,
	}},
}, func(_ context.Context, _ cards.Env, in parseInput) (parseOutput, error) {
	if len(in.URL) > maxURL {
		return parseOutput{}, &cards.Error{Code: cards.CodeLimit, Message: "url: is longer than 1 MiB"}
	}
	u, err := url.Parse(in.URL)
	if err != nil {
		return parseOutput{}, notURL(err)
	}
	out := parseOutput{Scheme: u.Scheme, Username: u.User.Username(), Host: u.Hostname(), Path: u.Path, Fragment: u.Fragment, Query: schema.Values{}}
	if port := u.Port(); port != "" {
		n, err := strconv.ParseUint(port, 10, 16)
		if err != nil {
			return parseOutput{}, schema.Problems{{Field: "url", Message: "has a port that is none: " + port}}
		}
		out.Port = int64(n)
	}
	if u.Scheme != "" && u.Host != "" {
		out.Origin = u.Scheme + "://" + u.Host
	}
	query, err := url.ParseQuery(strings.ReplaceAll(u.RawQuery, ";", "%3B")) // which ParseQuery refuses
	if err != nil {
		return parseOutput{}, schema.Problems{{Field: "url", Message: "has a query that cannot be read: " + err.Error()}}
	}
	for name, values := range query {
		if len(values) == 1 {
			out.Query[name] = values[0]
			continue
		}
		list := make([]any, len(values))
		for i, v := range values {
			list[i] = v
		}
		out.Query[name] = list
	}
	return out, nil
})

// notURL says why text is no URL, without repeating it: it may hold a password.
func notURL(err error) error {
	if wrong := (*url.Error)(nil); errors.As(err, &wrong) {
		err = wrong.Err
	}
	return schema.Problems{{Field: "url", Message: "is not a URL: " + err.Error()}}
}
