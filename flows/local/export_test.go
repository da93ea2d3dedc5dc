package local

import (
	"context"
	"time"
)

// Round is one round of a ticker.
func (k *Ticker) Round(ctx context.Context) (time.Duration, error) { return k.round(ctx) }

// SetDiedPause has runs that processes died of wait for another time.
func SetDiedPause(d time.Duration) { diedPause = d }
