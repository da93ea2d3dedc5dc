package main

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
)

// servePlain is what somebody would write by hand in the place of the flow: call
// the service, read its JSON, answer with it. It runs in a process of its own, so
// that its processor time can be told apart.
func servePlain(url string) error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("listen for the plain handler: %w", err)
	}
	client := &http.Client{Transport: &http.Transport{MaxIdleConns: 4096, MaxIdleConnsPerHost: 4096}}
	fmt.Println("http://" + l.Addr().String())
	mux := http.NewServeMux()
	for _, s := range scenarios() {
		at := url
		if s.slow {
			at += "/slow"
		}
		mux.HandleFunc("/"+s.name, func(w http.ResponseWriter, r *http.Request) {
			var body any = "done"
			var err error
			for range s.calls {
				if body, err = ask(client, at, r); err != nil {
					http.Error(w, err.Error(), http.StatusBadGateway)
					return
				}
			}
			w.Header().Set("Content-Type", "application/json")
			_ = json.NewEncoder(w).Encode(body)
		})
	}
	return http.Serve(l, mux)
}

func ask(client *http.Client, url string, r *http.Request) (body any, err error) {
	req, err := http.NewRequestWithContext(r.Context(), http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	res, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	err = json.NewDecoder(res.Body).Decode(&body)
	return body, err
}
