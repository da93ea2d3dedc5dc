package web

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"net/http"
	"time"

	"flowdeck/oauth"
)

// How often a client may ask: a burst, then one more each interval. Guessing is slowed
// down for each client and address, so that whoever guesses keeps nobody else out.
const (
	askEvery   = 5 * time.Millisecond
	askBurst   = 400
	guessEvery = 2 * time.Second
	guessBurst = 30
)

// tooOften means that a client has to wait.
type tooOften struct{ wait time.Duration }

func (*tooOften) Error() string { return "asked too often" }

// clientOf finds out which client asks, and what it proved itself with: the id of a
// key, or the hash of a secret.
func (s *Server) clientOf(r *http.Request, p oauth.Params) (*oauth.Client, string, error) {
	given, no := oauth.ReadCredentials(r.Header, p)
	if no != nil {
		return nil, "", no
	}
	var assertion oauth.Assertion
	if given.Assertion != "" {
		issuer := s.baseURL(r)
		audiences := []string{issuer, issuer + oauth.PathToken, issuer + r.URL.Path}
		if assertion, no = oauth.ReadAssertion(given.Assertion, audiences, s.Now()); no != nil {
			return nil, "", no
		}
		if given.ClientID != "" && given.ClientID != assertion.Client {
			return nil, "", &oauth.Error{Code: oauth.InvalidClient, Description: "client_id and the client_assertion name different clients."}
		}
		given.ClientID = assertion.Client
	}
	a := s.authority
	guesses := sha256.Sum256([]byte("guess " + s.addressOf(r) + " " + given.ClientID))
	if wait := a.limits.peek(guesses, guessEvery); wait > 0 {
		return nil, "", &tooOften{wait}
	}
	client, item, err := s.prove(r.Context(), given, assertion)
	if _, wrong := err.(*oauth.Error); wrong {
		a.limits.take(guesses, guessEvery, guessBurst)
	}
	if err != nil {
		return nil, "", err
	}
	if wait := a.limits.take(sha256.Sum256([]byte("client "+client.ID)), askEvery, askBurst); wait > 0 {
		return nil, "", &tooOften{wait}
	}
	a.ledger.app(client.ID, item)
	return client, item, nil
}

func (s *Server) prove(ctx context.Context, given oauth.Credentials, assertion oauth.Assertion) (*oauth.Client, string, error) {
	bad := func(words string) error {
		return &oauth.Error{Code: oauth.InvalidClient, Description: words, Basic: given.Basic}
	}
	client, err := s.authority.client(ctx, given.ClientID)
	switch {
	case err != nil:
		return nil, "", err
	case client == nil:
		return nil, "", bad("No active client has this id.")
	case given.Assertion == "" && client.Auth != oauth.AuthSecret:
		return nil, "", bad("This client proves who it is with a client_assertion (private_key_jwt).")
	case given.Assertion != "" && client.Auth != oauth.AuthKey:
		return nil, "", bad("This client proves who it is with its client secret.")
	}
	if given.Assertion == "" {
		if hash, ok := knows(client.Secrets, given.Secret, s.Now()); ok {
			return client, hash, nil
		}
		return nil, "", bad("The client secret is wrong, or not in use any more.")
	}
	kid, err := s.signedBy(ctx, client, assertion)
	if err != nil {
		return nil, "", err
	}
	sum := sha256.Sum256([]byte(client.ID + "\x00" + assertion.ID))
	fresh, err := s.Store.UseAssertion(ctx, hex.EncodeToString(sum[:20]), assertion.Expires.Add(oauth.Skew))
	if err == nil && !fresh {
		err = oauth.Replayed()
	}
	return client, kid, err
}

// signedBy checks the signature with the keys of the client, then with those at its address.
func (s *Server) signedBy(ctx context.Context, client *oauth.Client, assertion oauth.Assertion) (string, error) {
	kid, no := assertion.Verify(client, oauth.KeySet{})
	if no == nil {
		return kid, nil
	}
	if client.JWKSURL == "" {
		return "", no
	}
	fits := func(x oauth.KeySet) bool { _, no := assertion.Verify(client, x); return no == nil }
	set, err := s.authority.remotes.Keys(ctx, client.JWKSURL, fits, func(context.Context) (string, error) { return client.JWKSURL, nil })
	if err != nil {
		s.Log.WarnContext(ctx, "the keys of a client app cannot be fetched", "app", client.ID, "err", err)
		return "", &oauth.Error{Code: oauth.InvalidClient, Description: "The keys of this client cannot be fetched from its JWKS URL now."}
	}
	if kid, no = assertion.Verify(client, set); no != nil {
		return "", no
	}
	return oauth.FetchedKey + kid, nil
}

// knows finds a secret among those in use. All are compared, in the same time whatever it is.
func knows(secrets []oauth.Secret, given string, now time.Time) (hash string, ok bool) {
	sum := sha256.Sum256([]byte(given))
	var text [2 * sha256.Size]byte
	hex.Encode(text[:], sum[:])
	for _, x := range secrets {
		if subtle.ConstantTimeCompare(text[:], []byte(x.Hash)) == 1 && !x.Ended(now) {
			hash, ok = x.Hash, true
		}
	}
	return hash, ok
}
