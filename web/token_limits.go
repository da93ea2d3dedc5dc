package web

import "time"

// peek returns how long the one of that key must wait; nothing is counted.
func (l *signInLimits) peek(key limitKey, every time.Duration) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	if x, ok := l.by[key]; ok {
		return until(x, l.now(), every)
	}
	return 0
}

// take returns how long the one of that key must wait; 0 when it may go on, which counts.
func (l *signInLimits) take(key limitKey, every time.Duration, burst int) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	x := l.limiter(key, every, burst)
	wait := until(x, now, every)
	if wait == 0 {
		x.AllowN(now, 1)
	}
	return wait
}
