package oauth

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"
)

// How long fetched keys are used.
const (
	keysFresh   = 10 * time.Minute // then they are fetched again
	keysStale   = 24 * time.Hour   // so long they are used when that fails
	keysPause   = 20 * time.Second // between two fetches because of an unknown key, or after a failure
	fetchLimit  = 256 << 10        // bytes of a set
	fetchTime   = 5 * time.Second
	mostRemotes = 1000
)

// Remotes fetches the keys of others and remembers them. A signature of none of them makes
// it look again, but not more often than every keysPause: whoever makes signatures up
// learns nothing and costs nobody anything.
type Remotes struct {
	Client *http.Client // guarded: addresses come from people
	Now    func() time.Time

	mu    sync.Mutex
	known map[string]*remote
}

type remote struct {
	fetching sync.Mutex // held by who fetches

	mu      sync.Mutex
	set     KeySet
	fetched time.Time // when set was
	tried   time.Time
	err     error // of the last try
}

// Keys returns the keys behind source, fetched anew when they are old or do not fit: a key
// that was replaced may be named as before, or not at all. locate says at which address
// they are; it is asked for each fetch. Only who needs an unknown key waits for a fetch of
// somebody else.
func (r *Remotes) Keys(ctx context.Context, source string, fits func(KeySet) bool, locate func(context.Context) (string, error)) (KeySet, error) {
	x := r.of(source)
	set, due, err := x.look(fits, r.Now())
	if !due {
		return set, err
	}
	if !x.fetching.TryLock() {
		if fits(set) {
			return set, nil
		}
		x.fetching.Lock()
	}
	defer x.fetching.Unlock()
	if set, due, err = x.look(fits, r.Now()); !due {
		return set, err
	}
	now := r.Now()
	set, err = r.fetch(context.WithoutCancel(ctx), locate)
	return x.fetchedAt(now, set, err)
}

// look returns what is known, and whether it is time to fetch.
func (x *remote) look(fits func(KeySet) bool, now time.Time) (set KeySet, due bool, err error) {
	x.mu.Lock()
	set, tried, fetched := x.set, x.tried, x.fetched
	if fetched.IsZero() {
		err = x.err
	}
	x.mu.Unlock()
	return set, now.Sub(tried) >= keysPause && (now.Sub(fetched) >= keysFresh || !fits(set)), err
}

func (x *remote) fetchedAt(now time.Time, set KeySet, err error) (KeySet, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.tried, x.err = now, err
	switch {
	case err == nil:
		x.set, x.fetched = set, now
	case now.Sub(x.fetched) > keysStale:
		x.set, x.fetched = KeySet{}, time.Time{}
		return x.set, err
	}
	return x.set, nil
}

// Forget drops what is known of a source.
func (r *Remotes) Forget(source string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.known, source)
}

func (r *Remotes) of(source string) *remote {
	r.mu.Lock()
	defer r.mu.Unlock()
	x, ok := r.known[source]
	if !ok {
		if r.known == nil || len(r.known) >= mostRemotes {
			r.known = map[string]*remote{}
		}
		x = &remote{}
		r.known[source] = x
	}
	return x
}

func (r *Remotes) fetch(ctx context.Context, locate func(context.Context) (string, error)) (KeySet, error) {
	ctx, cancel := context.WithTimeout(ctx, fetchTime)
	defer cancel()
	at, err := locate(ctx)
	if err != nil {
		return KeySet{}, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, at, nil)
	if err != nil {
		return KeySet{}, fmt.Errorf("the address of the keys: %w", err)
	}
	req.Header.Set("Accept", "application/jwk-set+json, application/json")
	res, err := r.Client.Do(req)
	if err != nil {
		return KeySet{}, fmt.Errorf("fetch the keys: %w", err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, fetchLimit+1))
	switch {
	case err != nil:
		return KeySet{}, fmt.Errorf("fetch the keys: %w", err)
	case res.StatusCode != http.StatusOK:
		return KeySet{}, fmt.Errorf("%s answered %d", req.URL.Host, res.StatusCode)
	case len(body) > fetchLimit:
		return KeySet{}, fmt.Errorf("%s answered more than %d KB", req.URL.Host, fetchLimit>>10)
	}
	set, err := ReadKeySet(body)
	if err != nil {
		return KeySet{}, fmt.Errorf("what %s answered %w", req.URL.Host, err)
	}
	if set.Len() == 0 {
		return KeySet{}, errors.New("there is no usable key at " + req.URL.Host)
	}
	return set, nil
}
