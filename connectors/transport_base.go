package connectors

import (
	"net/http"
	"time"
)

// tokenTimeout bounds one call of a token endpoint.
const tokenTimeout = 30 * time.Second

// newTransport is the one pool of sockets. It has no timeout for answers: each
// card brings its own. It takes no proxy from the environment, because a proxy
// would resolve names behind the guard's back.
func newTransport(guard *Guard) *http.Transport {
	return &http.Transport{
		DialContext:            guard.DialContext,
		ForceAttemptHTTP2:      true,
		TLSHandshakeTimeout:    10 * time.Second,
		ExpectContinueTimeout:  time.Second,
		MaxIdleConns:           512,
		MaxIdleConnsPerHost:    128,
		IdleConnTimeout:        90 * time.Second,
		MaxResponseHeaderBytes: 1 << 20,
		WriteBufferSize:        16 << 10,
		ReadBufferSize:         16 << 10,
	}
}
