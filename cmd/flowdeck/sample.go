package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"time"

	"flowdeck/cmd/flowdeck/sample"
)

// listenForSample takes the sample service's address, so that flows may call it.
func (p *program) listenForSample() (err error) {
	p.sample, err = net.Listen("tcp", p.settings.SampleAddr)
	if err != nil {
		return fmt.Errorf("serve the sample: %w (choose another address with --sample-addr)", err)
	}
	p.close = append(p.close, func() error { _ = p.sample.Close(); return nil }) // the server has closed it by then, mostly
	return nil
}

// startSample serves the sample service, when it is asked for, and adds the flow
// that uses it. It returns what stops it and the words to greet with.
func (p *program) startSample(ctx context.Context) (stop func(), words string, err error) {
	if p.sample == nil {
		return func() {}, "", nil
	}
	addr := p.sample.Addr().String()
	server := &http.Server{Handler: sample.New().Handler(), ReadHeaderTimeout: 10 * time.Second, IdleTimeout: time.Minute}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = server.Serve(p.sample) // ends when it is closed
	}()
	stop = func() { _ = server.Close(); <-done }
	seeder := sample.Seeder{Store: p.store, Vault: p.vault, Addr: addr, Key: p.key}
	p.web.Config.SampleURL = "http://" + addr
	p.web.AddSample = seeder.Add
	there, err := seeder.Once(ctx)
	if err != nil {
		stop()
		return nil, "", err
	}
	words = p.web.Config.SampleURL
	if there {
		words += "\n           A flow that uses it is live. Call it:\n\n" +
			"    curl {url}/api/flows/" + sample.Alias + "/invoke \\\n" +
			"      -H 'x-api-client-token: " + seeder.ClientToken() + "' \\\n" +
			"      --json '{\"customer_id\": \"C-1001\"}'"
	}
	return stop, words, nil
}
