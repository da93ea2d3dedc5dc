package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"
)

// startNodeRED installs Node-RED into dir and starts it with a flow for each scenario
// that calls the service.
func startNodeRED(ctx context.Context, dir, upstream string, list []scenario) (*process, string, error) {
	home := filepath.Join(dir, "nodered")
	if err := os.MkdirAll(home, 0o700); err != nil {
		return nil, "", err
	}
	install := exec.CommandContext(ctx, "npm", "install", "--no-audit", "--no-fund", "--silent", "--prefix", home, "node-red")
	install.Stderr = os.Stderr
	if err := install.Run(); err != nil {
		return nil, "", fmt.Errorf("install it with npm: %w", err)
	}
	nodes, err := json.Marshal(redNodes(upstream, list))
	if err != nil {
		return nil, "", err
	}
	addr, err := freeAddress()
	if err != nil {
		return nil, "", err
	}
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, "", err
	}
	settings := fmt.Sprintf("module.exports = {uiHost: %q, uiPort: %s, httpAdminRoot: false, flowFile: 'flows.json', logging: {console: {level: 'error'}}}", host, port)
	for name, text := range map[string]string{"flows.json": string(nodes), "settings.js": settings} {
		if err := os.WriteFile(filepath.Join(home, name), []byte(text), 0o600); err != nil {
			return nil, "", err
		}
	}
	p, err := start(nil, "node", filepath.Join(home, "node_modules", "node-red", "red.js"), "--userDir", home, "--settings", filepath.Join(home, "settings.js"))
	if err != nil {
		return nil, "", err
	}
	go func() { // a full pipe would hold it up
		for p.output.Scan() {
		}
	}()
	url, first := "http://"+addr+"/", slices.IndexFunc(list, func(s scenario) bool { return s.calls > 0 })
	for began := time.Now(); time.Since(began) < time.Minute; time.Sleep(50 * time.Millisecond) {
		if res, err := http.Get(url + list[first].name); err == nil {
			res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return p, url, nil
			}
		}
	}
	p.stop()
	return nil, "", fmt.Errorf("it does not answer")
}

// redNodes are its flows: an endpoint, the calls, an answer.
func redNodes(upstream string, list []scenario) []map[string]any {
	nodes := []map[string]any{{"id": "tab", "type": "tab", "label": "bench"}}
	for _, s := range list {
		if s.calls == 0 {
			continue
		}
		at := upstream
		if s.slow {
			at += "/slow"
		}
		wire := func(i int) string { return fmt.Sprintf("%s%d", s.name, i) }
		nodes = append(nodes, map[string]any{"id": wire(0), "type": "http in", "z": "tab", "url": "/" + s.name, "method": "get", "wires": [][]string{{wire(1)}}})
		for i := range s.calls {
			nodes = append(nodes, map[string]any{"id": wire(i + 1), "type": "http request", "z": "tab", "method": "GET", "ret": "obj",
				"url": at, "persist": true, "wires": [][]string{{wire(i + 2)}}})
		}
		nodes = append(nodes, map[string]any{"id": wire(s.calls + 1), "type": "http response", "z": "tab", "statusCode": "200",
			"headers": map[string]string{"content-type": "application/json"}, "wires": []any{}})
	}
	return nodes
}
