package connectors

import (
	"context"
	"net/http"

	"flowdeck/cards/schema"
)

// Auth is a way to sign in, filled in: its exported fields are the form, its
// methods are what those settings do.
type Auth interface {
	// Sign adds the credential to r. token is empty for types that need none.
	Sign(r *http.Request, token Token) error
}

// Refresher is an Auth that gets tokens by itself.
type Refresher interface {
	Auth
	// Refresh gets a new token; old is empty the first time. client is guarded and follows no redirect.
	Refresh(ctx context.Context, client *http.Client, old Token) (Token, error)
}

// Interactive is an Auth that a person must allow in a browser first.
type Interactive interface {
	Refresher
	// ConsentURL is where the person goes. verifier is the PKCE secret.
	ConsentURL(redirect, state, verifier string) (string, error)
	// Returned checks what the service sent the person back with and gives the code; it may be a *TokenError.
	Returned(answer Answer) (code string, err error)
	// Exchange trades the code for a token.
	Exchange(ctx context.Context, client *http.Client, redirect, code, verifier string) (Token, error)
}

// Checker is an Auth with rules that its form cannot say.
type Checker interface{ Check() schema.Problems }

// Answer is what an authorize endpoint put into the redirect.
type Answer struct{ Code, Issuer, Error, Description, URI string }

// AuthType is a kind of Auth that connections can choose.
type AuthType struct {
	Name    string // stored in connections, so never renamed
	Title   string
	Summary string // one line that helps to choose
	Icon    string // name of a Lucide icon
	Form    schema.Form
	// Open says that no credential is sent, so that hosts need no naming.
	Open bool

	make func() Auth
}

func newAuthType[T any, P interface {
	*T
	Auth
}](t AuthType) AuthType {
	t.Form = schema.Of[T]()
	t.make = func() Auth { return P(new(T)) }
	return t
}

// Auth fills the type in with settings. The error is schema.Problems when the settings are wrong.
func (t AuthType) Auth(settings schema.Values) (Auth, error) {
	a := t.make()
	if err := t.Form.Decode(settings, a); err != nil {
		return nil, err
	}
	if c, ok := a.(Checker); ok {
		if err := c.Check().Err(); err != nil {
			return nil, err
		}
	}
	return a, nil
}

// Interactive reports whether a person has to sign in.
func (t AuthType) Interactive() bool { _, ok := t.make().(Interactive); return ok }

// Refreshes reports whether the type gets tokens.
func (t AuthType) Refreshes() bool { _, ok := t.make().(Refresher); return ok }

// Types is the list of auth types, in the order people see them.
type Types struct {
	list   []AuthType
	byName map[string]AuthType
}

// NewTypes makes a list. It panics when a name comes twice: that is a mistake in the program.
func NewTypes(list ...AuthType) *Types {
	t := &Types{list: list, byName: map[string]AuthType{}}
	for _, x := range list {
		if _, twice := t.byName[x.Name]; twice {
			panic("connectors: two auth types named " + x.Name)
		}
		t.byName[x.Name] = x
	}
	return t
}

// AllTypes is every type there is.
func AllTypes() *Types { return NewTypes(OAuthCode, ClientCredentials, Header, Basic, Digest, None) }

// All returns the types in order.
func (t *Types) All() []AuthType { return t.list }

// Type returns the type of that name.
func (t *Types) Type(name string) (AuthType, bool) { x, ok := t.byName[name]; return x, ok }
