package connectors

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"flowdeck/cards/schema"
	"flowdeck/cards/trace"
)

// settings is what client credentials at s are filled in with.
func settings(s *tokenServer, change map[string]any) map[string]any {
	v := s.oauth(change)
	delete(v, "authorize_url")
	return v
}

// Token servers that repeat what they refuse, at any place of a page that is cut
// somewhere: nothing of it may be told.
func TestNoTokenServerCanRepeatASecret(t *testing.T) {
	const secret = `cs&"<v>/+= %secret-é66`
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(private)
	key := asPEM("PRIVATE KEY", der, err)
	repeat := map[string]func(w http.ResponseWriter, words string, pad int){
		"as text": func(w http.ResponseWriter, words string, pad int) {
			w.WriteHeader(500)
			fmt.Fprint(w, strings.Repeat("x ", pad)+words)
		},
		"as a page": func(w http.ResponseWriter, words string, pad int) {
			w.WriteHeader(400)
			fmt.Fprint(w, "<html>"+strings.Repeat("x ", pad)+html.EscapeString(words))
		},
		"as an error": func(w http.ResponseWriter, words string, pad int) {
			w.WriteHeader(400)
			fmt.Fprintf(w, `{"error":"invalid_client","error_description":%q}`, strings.Repeat("x ", pad)+words)
		},
	}
	for _, how := range []string{"basic", "post", "private_key_jwt"} {
		for name, answer := range repeat {
			for pad := 60; pad < 160; pad += 3 {
				b, s := newBench(t), newTokenServer(t)
				var proofs []string
				s.answer = func(w http.ResponseWriter, r *http.Request) {
					sent, _ := url.QueryUnescape(r.PostForm.Encode())
					proofs = []string{secret, url.QueryEscape(secret), strings.TrimPrefix(r.Header.Get("Authorization"), "Basic "), r.PostForm.Get("client_assertion")}
					answer(w, sent+" "+r.Header.Get("Authorization"), pad)
				}
				id := b.add("client_credentials", settings(s, map[string]any{"client_secret": secret, "client_auth": how, "private_key": key}), Token{}, strings.TrimPrefix(s.URL, "http://"))
				record := &trace.Trace{}
				_, _, err := b.getIn(trace.With(context.Background(), record), id, s.URL+"/api")
				row, _ := b.storage.Connection(context.Background(), id)
				if len(proofs) == 0 || !strings.Contains(fmt.Sprint(err), "x x x") {
					t.Fatalf("%s, %s: the server was not asked, or its words are missing: %v", how, name, err)
				}
				told := html.UnescapeString(fmt.Sprint(err, row.StateDetail, row.Life.Said, record.Exchanges, record.Log))
				for _, p := range proofs {
					if n := min(len(p), 10); n > 0 && strings.Contains(told, p[:n]) {
						t.Fatalf("%s repeated %s after %d letters: %q is told in %s", how, name, 2*pad, p[:n], told)
					}
				}
			}
		}
	}
}

// What token servers say has no end; what is kept of it has.
func TestWordsOfTokenServersAreBounded(t *testing.T) {
	b, s := newBench(t), newTokenServer(t)
	s.answer = func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(400)
		fmt.Fprintf(w, `{"error":"invalid_client","error_description":"%s"}`, strings.Repeat("é", 400_000))
	}
	id := b.add("client_credentials", settings(s, nil), Token{}, strings.TrimPrefix(s.URL, "http://"))
	_, _, err := b.get(id, s.URL+"/api")
	row, _ := b.storage.Connection(context.Background(), id)
	if len(err.Error()) > 4000 || len(row.StateDetail)+len(row.Life.Said) > 8000 || !strings.Contains(err.Error(), "invalid_client") {
		t.Errorf("%d bytes of an error, %d and %d bytes in the row: %.200s", len(err.Error()), len(row.StateDetail), len(row.Life.Said), err)
	}
}

// No header can carry a token of a megabyte, and nothing is done with one.
func TestTokensThatNoHeaderCarriesAreRefused(t *testing.T) {
	for _, name := range []string{"access_token", "refresh_token"} {
		b, s := newBench(t), newTokenServer(t)
		s.answer = func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprintf(w, `{"access_token":"good-12345678","%s":"%s"}`, name, strings.Repeat("a/+=", 200_000))
		}
		id := b.add("client_credentials", settings(s, nil), Token{}, strings.TrimPrefix(s.URL, "http://"))
		if _, _, err := b.get(id, s.URL+"/api"); err == nil || !strings.Contains(err.Error(), "token_too_long") || len(err.Error()) > 1000 || b.token(id).Access != "" {
			t.Errorf("%s: %.300v", name, err)
		}
	}
}

// An answer that is a redirect which is not followed is seen by flows like any other.
func TestARedirectThatIsNotFollowedShowsNoSecret(t *testing.T) {
	const secret = "hk2-abcdefgh"
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Location", "/landing?key="+r.Header.Get("X-Api-Key"))
		w.WriteHeader(http.StatusFound)
	}))
	defer s.Close()
	b := newBench(t)
	id := b.add("header", schema.Values{"headers": []any{schema.Values{"name": "X-Api-Key", "value": secret}}}, Token{}, strings.TrimPrefix(s.URL, "http://"))
	client, err := b.clients.Client(context.Background(), id)
	if err != nil {
		t.Fatal(err)
	}
	still := *client
	still.CheckRedirect = func(next *http.Request, via []*http.Request) error {
		_ = client.CheckRedirect(next, via)
		return http.ErrUseLastResponse
	}
	res, err := still.Get(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if got := res.Header.Get("Location"); got != "/landing?key="+Mask {
		t.Errorf("the address is %q, want its secret masked", got)
	}
}

// What a server sends that is no HTTP is quoted by errors, which flows and the history keep.
func TestNoBrokenAnswerShowsASecret(t *testing.T) {
	const secret = "hk2-abcdefgh"
	for name, answer := range map[string]string{"in its status": "HTTP/1.1 %s\r\n\r\n", "in a header": "HTTP/1.1 200 OK\r\nyou sent %s\r\n\r\n"} {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			conn, _, err := http.NewResponseController(w).Hijack()
			if err != nil {
				t.Error(err)
				return
			}
			fmt.Fprintf(conn, answer, r.Header.Get("X-Api-Key"))
			conn.Close()
		}))
		defer s.Close()
		b := newBench(t)
		id := b.add("header", schema.Values{"headers": []any{schema.Values{"name": "X-Api-Key", "value": secret}}}, Token{}, strings.TrimPrefix(s.URL, "http://"))
		for _, ctx := range []context.Context{context.Background(), trace.With(context.Background(), &trace.Trace{})} {
			_, _, err := b.getIn(ctx, id, s.URL)
			if err == nil || strings.Contains(err.Error(), secret) || !strings.Contains(err.Error(), Mask) {
				t.Errorf("%s: %v, want an error with the secret masked", name, err)
			}
		}
	}
}

// The answer to a challenge is good for as long as its nonce is: flows do not get it back.
func TestDigestAnswersAreMaskedLikeSecrets(t *testing.T) {
	var given string
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if given = r.Header.Get("Authorization"); given == "" {
			w.Header().Set("WWW-Authenticate", `Digest realm="r", nonce="n-1", qop="auth", algorithm=SHA-256`)
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		fmt.Fprint(w, given, base64.StdEncoding.EncodeToString([]byte(given)))
	}))
	defer s.Close()
	b := newBench(t)
	id := b.add("digest", schema.Values{"username": "jo", "password": "sesame-12345"}, Token{}, strings.TrimPrefix(s.URL, "http://"))
	for range 2 {
		_, body, err := b.get(id, s.URL)
		proof := response.FindStringSubmatch(given)
		if err != nil || len(proof) != 2 || strings.Contains(body, proof[1]) || !strings.Contains(body, Mask) {
			t.Fatalf("answer %q, %v: want %v masked", body, err, proof)
		}
	}
}
