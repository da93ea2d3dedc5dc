package views

import (
	"encoding/json"
	"strings"
)

// PickModel is one of many that can be ticked.
type PickModel struct {
	Value, Name, Text string
	On                bool
}

// IssuerModel is another issuer that an endpoint trusts.
type IssuerModel struct {
	New                           bool // the empty row at the end
	URL, Audience, Scopes, Claims FieldModel
}

// FileModel is a link to a file or a page about an endpoint.
type FileModel struct {
	Label, Href, Icon string
	Download          bool
}

// OldAliasModel is an alias at which the endpoint still answers.
type OldAliasModel struct{ Alias, Until string }

// EndpointTokenRow is a client token that works, without the token.
type EndpointTokenRow struct{ Hash, Hint, Text, Ends, LastUsed string }

// EndpointInput is a declared input, for those who call.
type EndpointInput struct {
	Name, Type, From, Header, Help string
	Required                       bool
}

// EndpointDocs is the page about an endpoint for those who call it.
type EndpointDocs struct {
	Shell                                                        ShellModel
	Back, Files, Name, Text, URL, Method, Level, Scope, TokenURL string
	Curl, TokenCurl                                              string
	Methods                                                      []string
	Inputs                                                       []EndpointInput
}

// hxVals are values that a request carries beside those of its form.
func hxVals(name, value string) string {
	text, _ := json.Marshal(map[string]string{name: value}) // text always can be written
	return string(text)
}

func lower(s string) string { return strings.ToLower(s) }
