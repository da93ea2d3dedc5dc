package httpcard

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	"flowdeck/cards/schema"
)

const (
	usualTimeout = 30 * time.Second
	maxTimeout   = time.Hour
	mib          = 1 << 20
)

// limits say when an answer counts, how long to wait for it and how much of it to take.
type limits struct {
	Accept       statuses `json:"accept_status" label:"Accept these statuses" group:"Answer" form:"advanced,fixed" format:"names" placeholder:"404, 5xx" help:"Statuses that are not failures, beside 200 to 299: numbers or classes such as 404 or 5xx."`
	MaxSize      float64  `json:"max_size" label:"Largest answer, in MiB" default:"10" min:"0.001" max:"50" group:"Answer" form:"advanced" help:"An answer that is larger fails the card with too_large."`
	Timeout      patience `json:"timeout" label:"Timeout" group:"Time and redirects" form:"advanced" placeholder:"30s" help:"How long to wait for the whole answer, such as 10s or 2m. Left empty, the connection's own time, or else 30s."`
	ToConnect    patience `json:"connect_timeout" label:"Timeout to connect" group:"Time and redirects" form:"advanced" placeholder:"no limit of its own" help:"How long to wait until there is a connection to the server. Left empty, the timeout for the whole answer counts."`
	ForFirstByte patience `json:"first_byte_timeout" label:"Timeout for the first byte" group:"Time and redirects" form:"advanced" placeholder:"no limit of its own" help:"How long to wait, once the request is sent, until the answer begins. Left empty, the timeout for the whole answer counts."`
	Redirects    int      `json:"redirects" label:"Follow redirects" default:"10" min:"0" max:"20" group:"Time and redirects" form:"advanced" help:"How many redirects are followed at most. With 0 none is, and the redirect itself is the answer."`
}

// most is the number of bytes of an answer that are taken.
func (l limits) most() int64 {
	if l.MaxSize <= 0 {
		return maxAnswer
	}
	return int64(l.MaxSize * mib)
}

// whole is how long to wait for the whole answer; the connection may have a time of its own.
func (l limits) whole(connection time.Duration) time.Duration {
	switch {
	case l.Timeout.d > 0:
		return l.Timeout.d
	case connection > 0:
		return min(connection, maxTimeout)
	}
	return usualTimeout
}

// patience is how long to wait, written "30s"; 0 when nothing is said.
type patience struct{ d time.Duration }

// UnmarshalText reads a time of more than nothing and at most an hour.
func (p *patience) UnmarshalText(text []byte) error {
	var d schema.Duration
	if err := d.UnmarshalText(text); err != nil {
		return err
	}
	if d.Duration <= 0 || d.Duration > maxTimeout {
		return errors.New("must be more than 0s and at most 1h")
	}
	p.d = d.Duration
	return nil
}

// sizeOf writes a number of bytes for people.
func sizeOf(n int64) string {
	switch {
	case n < 10_000:
		return strconv.FormatInt(n, 10) + " bytes"
	case n < mib:
		return fmt.Sprintf("%.1f KiB", float64(n)/1024)
	case n < 1<<30 && n%mib == 0:
		return fmt.Sprintf("%d MiB", n/mib)
	case n < 1<<30:
		return fmt.Sprintf("%.1f MiB", float64(n)/mib)
	}
	return fmt.Sprintf("%.1f GiB", float64(n)/(1<<30))
}
