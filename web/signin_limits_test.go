package web

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"
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

func TestWhoeverGuessesKeepsNobodyElseOut(t *testing.T) {
	now := testTime()
	l := newSignInLimits(func() time.Time { return now })
	tried := 0
	for range 500 {
		if l.wait("maya@example.com", "203.0.113.7") == 0 {
			tried++
		}
		now = now.Add(2 * time.Second)
	}
	if most := accountBurst + 1000/30 + 1; tried > most {
		t.Errorf("one address guessed %d times in 1000 seconds, want at most %d", tried, most)
	}
	if wait := l.wait("maya@example.com", "198.51.100.1"); wait > 0 {
		t.Errorf("Maya waits %s at her own address while somebody else guesses, want none", wait)
	}
	l.succeeded("maya@example.com", "198.51.100.1")
	tried = 0
	for i := range 1000 {
		if l.wait("maya@example.com", fmt.Sprintf("2001:db8:1:%x::1", i)) == 0 {
			tried++
		}
	}
	if tried > crowdBurst {
		t.Errorf("a thousand networks guessed %d times at once, want at most %d", tried, crowdBurst)
	}
	if wait := l.wait("maya@example.com", "198.51.100.1"); wait > 0 {
		t.Errorf("Maya waits %s where she signed in before, want none", wait)
	}
}

func TestAWholeOfficeSignsInAtOnce(t *testing.T) {
	l := newSignInLimits(testTime)
	for i := range 3 * addressBurst {
		account := fmt.Sprintf("a%d@example.com", i)
		if wait := l.wait(account, "203.0.113.7"); wait > 0 {
			t.Fatalf("person %d waits %s, want none", i+1, wait)
		}
		l.succeeded(account, "203.0.113.7")
	}
	for range addressBurst {
		l.wait("eve@example.com", "203.0.113.7")
	}
	for i := range addressBurst {
		l.wait(fmt.Sprintf("b%d@example.com", i), "203.0.113.7")
	}
	if l.wait("c@example.com", "203.0.113.7") == 0 {
		t.Error("after many wrong passwords the address may go on, want it to wait")
	}
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
