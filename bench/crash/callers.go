package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// call is one call of a flow, and what its caller was told.
type call struct {
	id     string // what the run's event says
	alias  string
	status int    // of the answer; 0 when there was none
	run    string // that the caller was told of; "" when none
	body   answer
	at     time.Time // of the answer
}

// answer is what flows and refusals say to callers.
type answer struct {
	Run  string `json:"run"`
	ID   string `json:"id"` // of a run that the API began
	Call string `json:"call"`
	Code string `json:"code"`
}

// callers call flows, one call after the other each, whether the server lives or not.
type callers struct {
	url, token string
	client     *http.Client
	quit       chan struct{}
	once       sync.Once
	all        sync.WaitGroup
	next       atomic.Int64

	mu   sync.Mutex
	made []call
}

func newCallers(url, token string) *callers {
	return &callers{url: url, token: token, quit: make(chan struct{}),
		client: &http.Client{Timeout: 15 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 256}}}
}

func (c *callers) start(ctx context.Context, n int) {
	for range n {
		c.all.Go(func() { c.work(ctx) })
	}
}

// stop has every caller end after the call that it makes.
func (c *callers) stop() {
	c.once.Do(func() { close(c.quit) })
	c.all.Wait()
	c.client.CloseIdleConnections()
}

func (c *callers) stopped() bool {
	select {
	case <-c.quit:
		return true
	default:
		return false
	}
}

func (c *callers) work(ctx context.Context) {
	mix := []string{orders, orders, orders, orders, quick, quick, quick, loops, loops, later, parent, parent, manual, manual}
	for !c.stopped() && ctx.Err() == nil {
		x := call{id: fmt.Sprint("call-", c.next.Add(1)), alias: mix[rand.IntN(len(mix))]}
		if x.alias == manual {
			c.begin(ctx, &x)
		} else {
			c.invoke(ctx, &x)
		}
		c.mu.Lock()
		c.made = append(c.made, x)
		c.mu.Unlock()
		pause := time.Duration(rand.IntN(60)) * time.Millisecond
		if x.status == 0 {
			pause += 20 * time.Millisecond // nobody is there
		}
		time.Sleep(pause)
	}
}

// invoke calls an endpoint once: who gets no answer does not know whether there is a run.
func (c *callers) invoke(ctx context.Context, x *call) {
	c.ask(ctx, x, c.url+"/api/flows/"+x.alias+"/invoke?call="+x.id, `{}`, nil)
	x.run = x.body.Run
}

// begin starts a run by the API, and repeats the request with the same key until it is answered.
func (c *callers) begin(ctx context.Context, x *call) {
	header := map[string]string{"Authorization": "Bearer " + c.token, "Idempotency-Key": x.id}
	for tries := 0; tries < 200 && ctx.Err() == nil; tries++ {
		c.ask(ctx, x, c.url+"/api/v1/flows/f_"+manual+"/runs", `{"inputs":{"call":"`+x.id+`"}}`, header)
		if x.status == http.StatusAccepted || x.status == http.StatusOK {
			x.run = x.body.ID
			return
		}
		if c.stopped() && tries > 50 {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func (c *callers) ask(ctx context.Context, x *call, url, body string, header map[string]string) {
	x.status = 0
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, io.NopCloser(strings.NewReader(body))) // a body that cannot be sent twice
	if err != nil {
		return
	}
	req.Header.Set("Content-Type", "application/json")
	for name, value := range header {
		req.Header.Set(name, value)
	}
	res, err := c.client.Do(req)
	if err != nil {
		return
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		return // half an answer is none
	}
	x.body = answer{}
	if json.Unmarshal(data, &x.body) == nil {
		x.status, x.at = res.StatusCode, time.Now()
	}
}

func (c *callers) count() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.made)
}

func (c *callers) calls() []call { return c.made }
