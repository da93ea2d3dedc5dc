package web

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
)

func TestSignInLimitsKeepNothingOfWhatIsTyped(t *testing.T) {
	l := newSignInLimits(testTime)
	used := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := used()
	for i := range 200 {
		l.wait(strings.Repeat("x", 100_000)+fmt.Sprint(i), "203.0.113.7")
	}
	if grown := int64(used()) - int64(before); grown > 2<<20 {
		t.Errorf("200 attempts with long names keep %d bytes, want less than 2 MiB", grown)
	}
	runtime.KeepAlive(l)
}

func TestOneNetworkIsOneAddress(t *testing.T) {
	l := newSignInLimits(testTime)
	for i := range addressBurst {
		if wait := l.wait(fmt.Sprintf("a%d@example.com", i), fmt.Sprintf("2001:db8:1:2::%x", i+1)); wait > 0 {
			t.Fatalf("attempt %d waits %s, want none", i+1, wait)
		}
	}
	if l.wait("b@example.com", "2001:db8:1:2:ffff::1") == 0 {
		t.Error("another address of the same network may try, want it to wait")
	}
	if wait := l.wait("b@example.com", "2001:db8:1:3::1"); wait > 0 {
		t.Errorf("another network waits %s, want none", wait)
	}
	if wait := l.wait("c@example.com", "203.0.113.8"); wait > 0 {
		t.Errorf("another address waits %s, want none", wait)
	}
}
