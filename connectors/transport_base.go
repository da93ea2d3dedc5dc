package connectors

import (
	"crypto/tls"
	"net/http"
	"time"
)

// tokenTimeout bounds one call of a token endpoint.
const tokenTimeout = 30 * time.Second

// newTransport is a pool of sockets. It has no timeout for answers: each
// card brings its own. It takes no proxy from the environment, because a proxy
// would resolve names behind the guard's back. Certificates are always verified.
func newTransport(guard *Guard, secure *tls.Config) *sockets {
	return newSockets(&http.Transport{
		TLSClientConfig:        secure,
		DialContext:            guard.DialContext,
		ForceAttemptHTTP2:      true,
		TLSHandshakeTimeout:    10 * time.Second,
		ExpectContinueTimeout:  time.Second,
		MaxIdleConns:           mostIdle,
		MaxIdleConnsPerHost:    4 * fewIdle,
		IdleConnTimeout:        idleTime,
		MaxResponseHeaderBytes: 1 << 20,
		WriteBufferSize:        16 << 10,
		ReadBufferSize:         16 << 10,
		// All requests to a host share one connection of HTTP/2. When a firewall forgets it, nobody is told.
		HTTP2: &http.HTTP2Config{SendPingTimeout: 15 * time.Second, PingTimeout: 10 * time.Second},
	})
}
