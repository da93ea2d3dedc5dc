package main

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/net/http/httpguts"

	"flowdeck/flows"
	"flowdeck/flows/otlp"
	"flowdeck/flows/runner"
)

// traceSettings say where traces of runs are sent.
type traceSettings struct {
	OTLPEndpoint string   `name:"otlp-endpoint" placeholder:"URL" help:"Send a trace of each run to this OpenTelemetry receiver, by OTLP over HTTP: http://localhost:4318. Empty: nowhere."`
	OTLPHeaders  []string `name:"otlp-headers" placeholder:"NAME=VALUE" help:"Headers for the receiver, such as Authorization; separated by commas. Give secrets by the environment."`
	TraceShare   float64  `default:"1" help:"Share of the traces that begin here that is sent, from 0 to 1. A call that is traced already is always sent."`
}

// lastSpans is how long the spans that wait may take at the end.
const lastSpans = 3 * time.Second

// receiver is where spans are posted.
func (s traceSettings) receiver() (string, error) {
	u, err := url.Parse(s.OTLPEndpoint)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.User != nil {
		return "", fmt.Errorf("--otlp-endpoint: write a URL such as http://localhost:4318, and what opens it into --otlp-headers")
	}
	if strings.Trim(u.Path, "/") == "" {
		u.Path = "/v1/traces"
	}
	return u.String(), nil
}

func (s traceSettings) check() error {
	if !(s.TraceShare >= 0 && s.TraceShare <= 1) { // NaN is neither
		return fmt.Errorf("--trace-share %g: must be from 0 to 1", s.TraceShare)
	}
	for i, h := range s.OTLPHeaders {
		name, value, ok := strings.Cut(h, "=")
		switch { // none is repeated: it may be a secret
		case !ok || strings.TrimSpace(name) == "":
			return fmt.Errorf("--otlp-headers: number %d is not NAME=VALUE", i+1)
		case !httpguts.ValidHeaderFieldName(strings.TrimSpace(name)):
			return fmt.Errorf("--otlp-headers: the name of number %d is none of a header: use letters, digits and hyphens", i+1)
		case !httpguts.ValidHeaderFieldValue(strings.TrimSpace(value)):
			return fmt.Errorf("--otlp-headers: the value of number %d holds a line break or something else that no header can have", i+1)
		}
	}
	if s.OTLPEndpoint == "" {
		return nil
	}
	_, err := s.receiver()
	return err
}

// traceparent gives requests the trace that they belong to; nil when nothing is traced.
func (p *program) traceparent() func(*flows.Run, flows.Path, int) (parent, state string) {
	if p.tracer == nil {
		return nil
	}
	return p.tracer.Traceparent
}

// watch is who is told what runs do: who counts, and who traces when that is asked for.
func (p *program) watch() (runner.Watch, error) {
	s := p.settings.traceSettings
	if s.OTLPEndpoint == "" {
		return p.tallies, nil
	}
	at, err := s.receiver()
	if err != nil {
		return nil, err
	}
	headers := map[string]string{}
	for _, h := range s.OTLPHeaders {
		name, value, _ := strings.Cut(h, "=")
		headers[strings.TrimSpace(name)] = strings.TrimSpace(value)
	}
	// The operator says where spans go, so that the guard of what flows may call has no say.
	p.tracer = otlp.New(otlp.Options{Endpoint: at, Headers: headers, Share: s.TraceShare, Service: "flowdeck", Version: buildVersion(), Client: &http.Client{}, Log: p.log})
	p.close = append(p.close, func() error {
		ctx, cancel := context.WithTimeout(context.Background(), lastSpans)
		defer cancel()
		p.tracer.Close(ctx)
		return nil
	})
	return runner.Watches{p.tallies, p.tracer}, nil
}
