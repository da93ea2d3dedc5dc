package web

import (
	"crypto/sha256"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Sign-in attempts: a burst, then one more each interval. An account allows fewer
// than an address, behind which a whole office may sit.
const (
	accountBurst = 8
	accountEvery = 30 * time.Second
	addressBurst = 30
	addressEvery = 5 * time.Second
	maxLimiters  = 10_000
)

// signInLimits slows down guessing of passwords, per account and per address.
type signInLimits struct {
	now func() time.Time
	mu  sync.Mutex
	by  map[limitKey]*rate.Limiter
}

// limitKey names an account or an address. It is a hash, because people may type
// names of any length.
type limitKey [sha256.Size]byte

func accountKey(account string) limitKey { return sha256.Sum256([]byte("account " + account)) }

// addressKey is the same for all addresses of one IPv6 network: whoever has one
// of them has all of them.
func addressKey(address string) limitKey {
	if a, err := netip.ParseAddr(address); err == nil && a.Unmap().Is6() {
		if network, err := a.WithZone("").Prefix(64); err == nil {
			address = network.String()
		}
	}
	return sha256.Sum256([]byte("address " + address))
}

func newSignInLimits(now func() time.Time) *signInLimits {
	return &signInLimits{now: now, by: map[limitKey]*rate.Limiter{}}
}

// wait returns how long this account or address must wait before the next
// attempt; 0 when it may try now, which then counts.
func (l *signInLimits) wait(account, address string) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	a := l.limiter(accountKey(account), accountEvery, accountBurst)
	b := l.limiter(addressKey(address), addressEvery, addressBurst)
	wait := max(until(a, now, accountEvery), until(b, now, addressEvery))
	if wait == 0 {
		a.AllowN(now, 1)
		b.AllowN(now, 1)
	}
	return wait
}

// ask returns how long an address must wait before it may ask again; 0 when it may
// now, which then counts.
func (l *signInLimits) ask(address string, every time.Duration, burst int) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	x := l.limiter(addressKey(address), every, burst)
	wait := until(x, now, every)
	if wait == 0 {
		x.AllowN(now, 1)
	}
	return wait
}

// succeeded forgets the account's attempts: its owner is here.
func (l *signInLimits) succeeded(account string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.by, accountKey(account))
}

func until(l *rate.Limiter, now time.Time, every time.Duration) time.Duration {
	if missing := 1 - l.TokensAt(now); missing > 0 {
		return time.Duration(missing * float64(every))
	}
	return 0
}

func (l *signInLimits) limiter(key limitKey, every time.Duration, burst int) *rate.Limiter {
	if x, ok := l.by[key]; ok {
		return x
	}
	if len(l.by) >= maxLimiters {
		l.drop()
	}
	x := rate.NewLimiter(rate.Every(every), burst)
	l.by[key] = x
	return x
}

// drop forgets the limiters that are full again; when an attacker keeps all of
// them busy, any, so that memory stays bounded.
func (l *signInLimits) drop() {
	now := l.now()
	for key, x := range l.by {
		if x.TokensAt(now) >= float64(x.Burst()) {
			delete(l.by, key)
		}
	}
	for key := range l.by {
		if len(l.by) < maxLimiters {
			return
		}
		delete(l.by, key)
	}
}

// blocked returns how long an address must wait after what was counted against it.
func (l *signInLimits) blocked(address string) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	return until(l.limiter(addressKey(address), addressEvery, addressBurst), l.now(), addressEvery)
}

// count counts one wrong attempt against an address.
func (l *signInLimits) count(address string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.limiter(addressKey(address), addressEvery, addressBurst).AllowN(l.now(), 1)
}
