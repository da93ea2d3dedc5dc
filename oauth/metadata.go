package oauth

// Where our endpoints are, below the issuer.
const (
	PathToken      = "/oauth2/v1/token"
	PathKeys       = "/oauth2/v1/keys"
	PathIntrospect = "/oauth2/v1/introspect"
	PathRevoke     = "/oauth2/v1/revoke"
	PathMetadata   = "/.well-known/oauth-authorization-server"
	// PathAudience is what access tokens are for: our endpoints.
	PathAudience = "/api"
)

// Metadata is what we say of ourselves: RFC 8414 section 2.
type Metadata struct {
	Issuer         string   `json:"issuer"`
	Token          string   `json:"token_endpoint"`
	Keys           string   `json:"jwks_uri"`
	Introspection  string   `json:"introspection_endpoint"`
	Revocation     string   `json:"revocation_endpoint"`
	ResponseTypes  []string `json:"response_types_supported"` // required, and none: there is no authorization endpoint
	Grants         []string `json:"grant_types_supported"`
	Auth           []string `json:"token_endpoint_auth_methods_supported"`
	AuthAlgs       []string `json:"token_endpoint_auth_signing_alg_values_supported"`
	IntrospectAuth []string `json:"introspection_endpoint_auth_methods_supported"`
	IntrospectAlgs []string `json:"introspection_endpoint_auth_signing_alg_values_supported"`
	RevokeAuth     []string `json:"revocation_endpoint_auth_methods_supported"`
	RevokeAlgs     []string `json:"revocation_endpoint_auth_signing_alg_values_supported"`
	Documentation  string   `json:"service_documentation,omitempty"`
}

// NewMetadata describes the server that is known as issuer.
func NewMetadata(issuer string) Metadata {
	auth, algs := []string{"private_key_jwt", "client_secret_basic", "client_secret_post"}, Algorithms()
	return Metadata{Issuer: issuer, Token: issuer + PathToken, Keys: issuer + PathKeys, Introspection: issuer + PathIntrospect, Revocation: issuer + PathRevoke,
		ResponseTypes: []string{}, Grants: []string{"client_credentials"},
		Auth: auth, AuthAlgs: algs, IntrospectAuth: auth, IntrospectAlgs: algs, RevokeAuth: auth, RevokeAlgs: algs}
}
