package web

import (
	"net/http"

	"flowdeck/meter"
)

// metricsPath is where Prometheus asks by default. It takes a personal token.
const metricsPath = "/metrics"

func metricsOperations() []*operation {
	return []*operation{{method: "GET", path: metricsPath, id: "readMetrics", tag: "Server", scope: "metrics:read",
		summary: "Read the metrics of this server",
		text:    "As Prometheus reads them. The same is at /metrics, outside of the API.",
		answers: []apiAnswer{{status: http.StatusOK, text: "The metrics.", raw: meter.Type}},
		serve:   (*Server).readMetrics}}
}

func (s *Server) readMetrics(*apiCall) (*apiReply, error) {
	p := &meter.Page{}
	if s.Metrics != nil {
		s.Metrics(p)
	}
	return &apiReply{status: http.StatusOK, raw: []byte(p.String())}, nil
}
