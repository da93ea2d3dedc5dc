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
	client := &http.Client{Transport: &http.Transport{MaxIdleConns: 1024, MaxIdleConnsPerHost: 1024}}
	fmt.Println("http://" + l.Addr().String())
	return http.Serve(l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := forward(client, url, w, r); err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
		}
	}))
}

func forward(client *http.Client, url string, w http.ResponseWriter, r *http.Request) error {
	req, err := http.NewRequestWithContext(r.Context(), http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	res, err := client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	var customer any
	if err := json.NewDecoder(res.Body).Decode(&customer); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	return json.NewEncoder(w).Encode(customer)
}
