package web

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/iotest"
	"time"
)

func TestBodiesOfCallsShareOneBudget(t *testing.T) {
	const large = 10 << 20
	body := make([]byte, large)
	b := newBodyBudget()
	var places []bodyPlace
	for len(places) <= bodyRoom/large {
		p := b.place()
		announced := int64(large)
		if len(places)%2 == 1 {
			announced = -1
		}
		data, err := p.read(bytes.NewReader(body), announced, large)
		if errors.Is(err, errNoRoom) {
			p.leave()
			break
		}
		if err != nil || len(data) != large {
			t.Fatalf("%d bytes are read (%v), want %d", len(data), err, large)
		}
		places = append(places, p)
	}
	if got, want := len(places), bodyRoom/large; got != want {
		t.Fatalf("%d bodies of 10 MiB had room, want %d", got, want)
	}
	small := b.place()
	if _, err := small.read(strings.NewReader("{}"), 2, large); err != nil {
		t.Errorf("a small body: %v", err)
	}
	places[0].leave()
	again := b.place()
	if _, err := again.read(bytes.NewReader(body), large, large); err != nil {
		t.Errorf("the room of an answered call was not given back: %v", err)
	}
}

// {} is two bytes that become an object of many.
func TestWhatABodyBecomesTakesRoomToo(t *testing.T) {
	body := "[" + strings.Repeat("{},", 2<<20) + "{}]"
	b := newBodyBudget()
	read := func(kind string) (bodyPlace, error) {
		p := b.place()
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
		r.Header.Set("Content-Type", kind)
		_, err := readBody(httptest.NewRecorder(), r, 10<<20, &p)
		if err != nil {
			p.leave()
		}
		return p, err
	}
	first, err := read("application/json")
	if err != nil {
		t.Fatalf("the first body: %v", err)
	}
	var no *refusal
	if _, err := read("application/json"); !errors.As(err, &no) || no.Code != codeOverloaded {
		t.Errorf("the second body: %v, want it refused: there is no room for what it becomes", err)
	}
	if _, err := read("text/plain"); err != nil {
		t.Errorf("a text: %v", err)
	}
	first.leave()
	if again, err := read("application/json"); err != nil {
		t.Errorf("after the first has left: %v", err)
	} else {
		again.leave()
	}
}

func TestWhatIsAnnouncedTakesNoRoom(t *testing.T) {
	const limit = 100 << 20
	for _, x := range []struct {
		about     string
		sent      int
		announced int64
		most      int64
	}{
		{"nothing of much", 0, limit, 0},
		{"a little of much", 1000, limit, 0},
		{"a little, in chunks", 2, -1, 0},
		{"a mebibyte of much", 1 << 20, limit, 2 << 20},
		{"a mebibyte, in chunks", 1 << 20, -1, 2 << 20},
		{"all of it", 5_000_000, 5_000_000, 5_000_000},
		{"more than was announced", 300_000, 100_000, 600_000},
	} {
		p := newBodyBudget().place()
		data, err := p.read(iotest.DataErrReader(bytes.NewReader(bytes.Repeat([]byte("x"), x.sent))), x.announced, limit)
		if err != nil || len(data) != x.sent || strings.Trim(string(data), "x") != "" || p.size > x.most {
			t.Errorf("%s: %d bytes (%v) take %d, want %d that take at most %d", x.about, len(data), err, p.size, x.sent, x.most)
		}
	}
}

// TestCallsInChunksLeaveRoomForOthers has more calls under way than bodies of the largest
// size would have room.
func TestCallsInChunksLeaveRoomForOthers(t *testing.T) {
	handler, open := gated()
	w := newWorld(t, handler)
	w.publish("slow", public, slowDoc(w))
	const calls = 30
	var refused atomic.Int64
	var all sync.WaitGroup
	for range calls {
		all.Go(func() {
			r, err := http.NewRequest("POST", w.url+"/api/flows/slow/invoke", io.MultiReader(strings.NewReader("{}")))
			if err != nil {
				t.Error(err)
				return
			}
			res, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Error(err)
				return
			}
			_ = res.Body.Close()
			if res.StatusCode != http.StatusOK {
				refused.Add(1)
			}
		})
	}
	for range 1000 {
		if int64(w.s.begun.Load())+refused.Load() == calls {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	open()
	all.Wait()
	if n := refused.Load(); n > 0 {
		t.Errorf("%d of %d calls with two bytes each are refused", n, calls)
	}
}
