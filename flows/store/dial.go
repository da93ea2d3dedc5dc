package store

import (
	"net"
	"time"
)

const (
	// dialPatience is how long a connection to the database may take.
	dialPatience = 10 * time.Second
	// unheard is how long what was sent to the database may stay without an echo.
	unheard = 15 * time.Second
)

// dialer connects to the database, and notices when it is gone without a word, as a machine that is
// off is: who waits for it, or says something to it, would else wait for a quarter of an hour.
func dialer() *net.Dialer {
	return &net.Dialer{Timeout: dialPatience, Control: giveUp,
		KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: 5 * time.Second, Interval: 2 * time.Second, Count: 3}}
}
