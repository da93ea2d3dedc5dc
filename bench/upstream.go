package main

import (
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"
)

// answer is what the upstream service says: a customer, as an API would give one.
const answer = `{"id":"c_1841","name":"Maya Lindqvist","email":"maya@acme.example","plan":"team","active":true,"orders":[{"id":"o_1","total":129.5},{"id":"o_2","total":80}]}`

// upstream is the service that both the flow and the plain handler call.
type upstream struct {
	*http.Server
	url string
}

func startUpstream() (*upstream, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listen for the upstream service: %w", err)
	}
	u := &upstream{url: "http://" + l.Addr().String() + "/customers/1841"}
	u.Server = &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/slow") {
			time.Sleep(20 * time.Millisecond)
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(answer))
	})}
	go func() { _ = u.Serve(l) }()
	return u, nil
}
