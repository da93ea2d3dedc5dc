package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"time"

	"flowdeck/cmd/flowdeck/sample"
)

// startSample serves the sample service, when it is asked for, and adds the flow
// that uses it. It returns what stops it and the words to greet with.
func (p *program) startSample(ctx context.Context) (stop func(), words string, err error) {
	if !p.settings.Sample {
		return func() {}, "", nil
	}
	listener, err := net.Listen("tcp", p.settings.SampleAddr)
	if err != nil {
		return nil, "", fmt.Errorf("serve the sample: %w (choose another address with --sample-addr)", err)
	}
	server := &http.Server{Handler: sample.New().Handler(), ReadHeaderTimeout: 10 * time.Second, IdleTimeout: time.Minute}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = server.Serve(listener) // ends when it is closed
	}()
	stop = func() { _ = server.Close(); <-done }
	seeder := sample.Seeder{Store: p.store, Vault: p.vault, Addr: p.settings.SampleAddr, Key: p.key}
	p.web.Config.SampleURL = "http://" + p.settings.SampleAddr
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
