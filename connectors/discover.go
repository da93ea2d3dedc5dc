package connectors

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"

	"flowdeck/cards/schema"
)

// Bounds of what is asked and read to discover a server.
const (
	discoverTimeout = 10 * time.Second
	maxMetadata     = 256 << 10 // bytes
)

// Metadata is what an authorization server says of itself: RFC 8414 section 2,
// OpenID Connect Discovery 1.0 section 3.
type Metadata struct {
	Issuer        string   `json:"issuer"`
	AuthorizeURL  string   `json:"authorization_endpoint"`
	TokenURL      string   `json:"token_endpoint"`
	KeysURL       string   `json:"jwks_uri"`
	Scopes        []string `json:"scopes_supported"`
	ClientAuth    []string `json:"token_endpoint_auth_methods_supported"`
	PKCE          []string `json:"code_challenge_methods_supported"`
	Grants        []string `json:"grant_types_supported"`
	NamesIssuer   bool     `json:"authorization_response_iss_parameter_supported"` // RFC 9207 section 3
	SigningChoice []string `json:"token_endpoint_auth_signing_alg_values_supported"`
}

// Discover asks an authorization server what it is like. at is its issuer, or the
// address of its metadata. The error is schema.Problems at the field "discover".
func (c *Clients) Discover(ctx context.Context, at string) (Metadata, error) {
	addresses, issuer, wrong := metadataAddresses(strings.TrimSpace(at))
	if wrong != "" {
		return Metadata{}, discoverProblem(wrong)
	}
	ctx, cancel := context.WithTimeout(ctx, discoverTimeout)
	defer cancel()
	var first error
	for _, address := range addresses {
		m, err := c.metadata(ctx, address, issuer)
		if err == nil {
			return m, nil
		}
		var other *otherIssuerError
		if first == nil || errors.As(err, &other) { // the one that answered says more
			first = err
		}
		var answered *notMetadataError
		if !errors.As(err, &answered) && !errors.As(err, &other) {
			break // the next address is at the same host
		}
	}
	return Metadata{}, discoverProblem(first.Error())
}

func discoverProblem(message string) error {
	return schema.Problems{{Field: "discover", Message: message}}
}

// Suffixes of well-known addresses.
const (
	wellKnownOAuth  = "/.well-known/oauth-authorization-server"
	wellKnownOpenID = "/.well-known/openid-configuration"
)

// metadataAddresses lists where the metadata may be, the likeliest first, and the
// issuer that it must name. RFC 8414 section 3.1 puts the well-known part before
// the issuer's path, OpenID Connect puts it behind.
func metadataAddresses(at string) (addresses []string, issuer, wrong string) {
	if !strings.Contains(at, "://") && at != "" {
		at = "https://" + at
	}
	u, err := url.Parse(at)
	switch {
	case at == "":
		return nil, "", "is required: give the issuer, such as https://login.example.com"
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http":
		return nil, "", "must be a whole address, https:// first"
	case u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return nil, "", "must be an address without a user name, a ? and a # part"
	}
	origin, path := u.Scheme+"://"+u.Host, strings.TrimSuffix(u.EscapedPath(), "/")
	for _, known := range []string{wellKnownOAuth, wellKnownOpenID} {
		if before, after, ok := strings.Cut(path, known); ok {
			return []string{at}, origin + before + after, ""
		}
	}
	addresses = []string{origin + wellKnownOAuth + path, origin + path + wellKnownOpenID}
	if path != "" {
		addresses = append(addresses, origin+wellKnownOpenID+path, origin+path+wellKnownOAuth)
	}
	return addresses, origin + path, ""
}

// notMetadataError is an answer that is no metadata.
type notMetadataError struct{ words string }

func (e *notMetadataError) Error() string { return e.words }

// otherIssuerError is metadata of somebody else.
type otherIssuerError struct{ address, want, got string }

func (e *otherIssuerError) Error() string {
	return fmt.Sprintf("%s names the issuer %q, not %q: if that is whom you mean, give it here", e.address, e.got, e.want)
}

func (c *Clients) metadata(ctx context.Context, address, issuer string) (Metadata, error) {
	var m Metadata
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return m, err
	}
	r.Header.Set("Accept", "application/json")
	res, err := c.tokens.Do(r)
	if err != nil {
		return m, errors.New(address + " could not be asked: " + plainError(err))
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, maxMetadata+1))
	kind, _, _ := mime.ParseMediaType(res.Header.Get("Content-Type"))
	switch {
	case err != nil:
		return m, errors.New(address + " broke off: " + plainError(err))
	case res.StatusCode/100 == 3:
		return m, &notMetadataError{fmt.Sprintf("%s sends on to %s: give that address if you trust it", address, excerpt([]byte(res.Header.Get("Location"))))}
	case res.StatusCode != http.StatusOK:
		return m, &notMetadataError{fmt.Sprintf("%s answered %d %s: is it the issuer?", address, res.StatusCode, http.StatusText(res.StatusCode))}
	case len(body) > maxMetadata:
		return m, &notMetadataError{fmt.Sprintf("%s answered more than %d KB", address, maxMetadata>>10)}
	case json.Unmarshal(body, &m) != nil:
		return m, &notMetadataError{fmt.Sprintf("%s answered no metadata but %s: %s", address, orUntold(kind), excerpt(body))}
	case strings.TrimSuffix(m.Issuer, "/") != issuer:
		// RFC 8414 section 3.3. A slash at the end is what people leave out.
		return m, &otherIssuerError{address, issuer, m.Issuer}
	}
	for name, endpoint := range map[string]string{"authorization_endpoint": m.AuthorizeURL, "token_endpoint": m.TokenURL} {
		if p := checkEndpoint(name, endpoint); len(p) > 0 {
			return m, &notMetadataError{fmt.Sprintf("%s: its %s %s", address, name, p[0].Message)}
		}
	}
	return m, nil
}

func orUntold(kind string) string {
	if kind == "" {
		return "something"
	}
	return kind
}
