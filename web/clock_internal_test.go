package web

import "time"

// testTime stands still.
func testTime() time.Time { return time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC) }
