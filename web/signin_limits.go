package web

import (
	"crypto/sha256"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Sign-in attempts: a burst, then one more each interval. One address may try one account
// few times, and all accounts more often: a whole office may sit behind it. All addresses
// together may try an account as often as no single one can, so that whoever guesses from
// one place does not keep its owner out.
const (
	accountBurst = 8
	accountEvery = 30 * time.Second
	addressBurst = 30
	addressEvery = 5 * time.Second
	crowdBurst   = 60
	crowdEvery   = 5 * time.Second
	maxLimiters  = 10_000
)

// signInLimits slows down guessing of passwords, per account and per address.
type signInLimits struct {
	now func() time.Time
	mu  sync.Mutex
	by  map[limitKey]*rate.Limiter
	own map[limitKey]bool // accounts with addresses that they signed in from
}

// limitKey names an account or an address. It is a hash, because people may type
// names of any length.
type limitKey [sha256.Size]byte

func accountKey(account string) limitKey { return sha256.Sum256([]byte("account " + account)) }

// ownKey names an account at an address.
func ownKey(account, address string) limitKey {
	return sha256.Sum256([]byte("account at " + network(address) + " " + account))
}

func addressKey(address string) limitKey { return sha256.Sum256([]byte("address " + network(address))) }

// network is the same for all addresses of one IPv6 network: whoever has one of them has
// all of them.
func network(address string) string {
	if a, err := netip.ParseAddr(address); err == nil && a.Unmap().Is6() {
		if network, err := a.WithZone("").Prefix(64); err == nil {
			return network.String()
		}
	}
	return address
}

func newSignInLimits(now func() time.Time) *signInLimits {
	return &signInLimits{now: now, by: map[limitKey]*rate.Limiter{}, own: map[limitKey]bool{}}
}

// wait returns how long this account or address must wait before the next
// attempt; 0 when it may try now, which then counts.
func (l *signInLimits) wait(account, address string) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	own := ownKey(account, address)
	a := l.limiter(own, accountEvery, accountBurst)
	b := l.limiter(addressKey(address), addressEvery, addressBurst)
	c := l.limiter(accountKey(account), crowdEvery, crowdBurst)
	wait := max(until(a, now, accountEvery), until(b, now, addressEvery))
	if !l.own[own] { // others' attempts do not keep people out where they were before
		wait = max(wait, until(c, now, crowdEvery))
	}
	if wait == 0 {
		a.AllowN(now, 1)
		b.AllowN(now, 1)
		c.AllowN(now, 1)
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

// succeeded forgets the account's attempts at an address: its owner is here. The attempt
// does not count against the address either, or the thirty-first of an office would wait.
func (l *signInLimits) succeeded(account, address string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	own, now := ownKey(account, address), l.now()
	delete(l.by, own)
	for _, key := range []limitKey{addressKey(address), accountKey(account)} {
		if x, ok := l.by[key]; ok {
			x.AllowN(now, -1)
		}
	}
	if len(l.own) >= maxLimiters {
		clear(l.own)
	}
	l.own[own] = true
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
