package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-jose/go-jose/v4"

	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/flows/store"
	"flowdeck/oauth"
)

// benchApps is how many apps ask for tokens in turn: each may ask 200 times a second.
const benchApps = 64

const benchSecret = "bench-secret"

// measureTokens measures token requests, by secret and by signed assertion, and calls
// that bring a token beside calls of the same flow that need none.
func measureTokens(ctx context.Context, s settings) error {
	dir, err := os.MkdirTemp("", "flowdeck-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if s.binary == "" {
		s.binary = filepath.Join(dir, "flowdeck")
		if err := build(ctx, s.binary); err != nil {
			return err
		}
	}
	data := filepath.Join(dir, "data")
	key, err := prepareTokens(ctx, data)
	if err != nil {
		return err
	}
	server, at, began, err := startFlowdeck(s.binary, data)
	if err != nil {
		return err
	}
	defer server.stop()
	if _, err := firstAnswer(ctx, at+"/api/flows/open/invoke", began); err != nil {
		return err
	}
	u, err := url.Parse(at)
	if err != nil {
		return err
	}
	t := tokenBench{host: u.Host, issuer: "http://" + u.Host, key: key}
	token, err := t.token()
	if err != nil {
		return err
	}
	busy, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return err
	}
	fmt.Printf("%d processors, load before %s\n\nwhat                       callers      /s       p50       p99\n", runtime.NumCPU(), strings.Fields(string(busy))[0])
	for _, callers := range s.callers {
		assertions, err := t.assertions(int(s.duration.Seconds()*6000) + 1000)
		if err != nil {
			return err
		}
		for _, x := range []struct {
			what    string
			request func(i int64) []byte
		}{
			{"token by secret", t.bySecret},
			{"token by ES256 assertion", func(i int64) []byte { return t.byAssertion(assertions[i%int64(len(assertions))], i) }},
			{"call, public", func(int64) []byte { return t.call("open", "") }},
			{"call, with a token", func(int64) []byte { return t.call(guarded, token) }},
		} {
			l, err := flood(ctx, u.Host, callers, s.duration, x.request)
			if err != nil {
				return fmt.Errorf("%s: %w", x.what, err)
			}
			fmt.Printf("%-26s %7d %7.0f %9s %9s\n", x.what, callers, l.perSecond(), short(l.quantile(.5)), short(l.quantile(.99)))
		}
	}
	return ctx.Err()
}

// guarded is where the flow answers that asks for a token.
const guarded = "guarded"

// prepareTokens stores the apps, half of them with a secret, and two flows that differ
// in their security alone.
func prepareTokens(ctx context.Context, data string) (*ecdsa.PrivateKey, error) {
	db, err := store.Open(ctx, filepath.Join(data, "flowdeck.db"), store.Options{})
	if err != nil {
		return nil, err
	}
	defer db.Close()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	text, err := (&jose.JSONWebKey{Key: key.Public(), KeyID: "k"}).MarshalJSON()
	if err != nil {
		return nil, err
	}
	public, err := oauth.ReadKey(string(text))
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256([]byte(benchSecret))
	for i := range benchApps {
		for auth, id := range map[string]string{oauth.AuthKey: keyApp(int64(i)), oauth.AuthSecret: secretApp(int64(i))} {
			a := oauth.App{ID: id, Name: id, Active: true, Auth: auth, Scopes: []string{oauth.ScopeInvoke}, Keys: []oauth.Key{public}, Secrets: []oauth.Secret{{Hash: hex.EncodeToString(sum[:])}}}
			if err := db.CreateApp(ctx, a); err != nil {
				return nil, err
			}
		}
	}
	doc := flows.Document{Format: flows.Format, Trigger: flows.Step{ID: "call", Card: "event.endpoint"},
		Chain: []flows.Step{{ID: "reply", Card: "http.close", Inputs: schema.Values{"status_code": int64(200), "body": `"ok"`}}}}
	for name, security := range map[string]string{"open": "public", guarded: "oauth"} {
		f := flows.Flow{ID: store.NewID("f_"), Name: name, Alias: name, Draft: doc, Settings: flows.Settings{Security: security}}
		if err := db.CreateFlow(ctx, f); err != nil {
			return nil, err
		}
		if _, err := db.Publish(ctx, f.ID, 1, doc, "bench", "bench"); err != nil {
			return nil, err
		}
		if err := db.UpdateFlow(ctx, f.ID, func(f *flows.Flow) error { f.On = true; return nil }); err != nil {
			return nil, err
		}
	}
	return key, nil
}

func keyApp(i int64) string    { return fmt.Sprintf("app_key%d", i%benchApps) }
func secretApp(i int64) string { return fmt.Sprintf("app_secret%d", i%benchApps) }

// tokenBench makes the requests.
type tokenBench struct {
	host, issuer string
	key          *ecdsa.PrivateKey
}

func (t tokenBench) token() (string, error) {
	res, err := http.PostForm(t.issuer+oauth.PathToken, url.Values{"grant_type": {"client_credentials"}, "client_id": {secretApp(0)}, "client_secret": {benchSecret}})
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	var answer struct {
		Token string `json:"access_token"`
	}
	if err := json.NewDecoder(res.Body).Decode(&answer); err != nil || answer.Token == "" {
		return "", errors.Join(err, fmt.Errorf("no token: %s", res.Status))
	}
	return answer.Token, nil
}

// assertions are signed before anything is measured.
func (t tokenBench) assertions(n int) ([]string, error) {
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: t.key}, (&jose.SignerOptions{}).WithHeader("kid", "k"))
	if err != nil {
		return nil, err
	}
	list := make([]string, n)
	for i := range list {
		id := keyApp(int64(i))
		body, err := json.Marshal(map[string]any{"iss": id, "sub": id, "aud": t.issuer, "jti": rand.Text(), "exp": time.Now().Add(9 * time.Minute).Unix()})
		if err != nil {
			return nil, err
		}
		x, err := signer.Sign(body)
		if err != nil {
			return nil, err
		}
		if list[i], err = x.CompactSerialize(); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func (t tokenBench) post(path, body string) []byte {
	return fmt.Appendf(nil, "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s", path, t.host, len(body), body)
}

func (t tokenBench) bySecret(i int64) []byte {
	return t.post(oauth.PathToken, "grant_type=client_credentials&client_id="+secretApp(i)+"&client_secret="+benchSecret)
}

func (t tokenBench) byAssertion(assertion string, _ int64) []byte {
	return t.post(oauth.PathToken, "grant_type=client_credentials&client_assertion_type="+url.QueryEscape(oauth.AssertionType)+"&client_assertion="+assertion)
}

func (t tokenBench) call(flow, token string) []byte {
	header := ""
	if token != "" {
		header = "Authorization: Bearer " + token + "\r\n"
	}
	return []byte("GET /api/flows/" + flow + "/invoke HTTP/1.1\r\nHost: " + t.host + "\r\n" + header + "\r\n")
}

// flood has callers send what request makes, each over one connection, for d. An answer
// other than 200 ends it.
func flood(ctx context.Context, host string, callers int, d time.Duration, request func(i int64) []byte) (load, error) {
	ctx, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	var all sync.WaitGroup
	var n atomic.Int64
	waits, errs := make([][]time.Duration, callers), make([]error, callers)
	began := time.Now()
	for c := range callers {
		all.Go(func() {
			errs[c] = func() error {
				conn, err := net.Dial("tcp", host)
				if err != nil {
					return err
				}
				defer conn.Close()
				in := bufio.NewReader(conn)
				for ctx.Err() == nil {
					sent := time.Now()
					if _, err := conn.Write(request(n.Add(1) - 1)); err != nil {
						return err
					}
					res, err := http.ReadResponse(in, nil)
					if err != nil {
						return err
					}
					body, err := io.ReadAll(res.Body)
					if err != nil || res.StatusCode != http.StatusOK {
						return errors.Join(err, fmt.Errorf("answered %s: %s", res.Status, bytes.TrimSpace(body)))
					}
					waits[c] = append(waits[c], time.Since(sent))
				}
				return nil
			}()
		})
	}
	all.Wait()
	l := load{callers: callers, took: time.Since(began)}
	for _, w := range waits {
		l.waits = append(l.waits, w...)
	}
	slices.Sort(l.waits)
	return l, errors.Join(errs...)
}
