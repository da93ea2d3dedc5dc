package schedule

import (
	"time"

	"flowdeck/cards/schema"
)

// Event is what a flow is given that began at now for a time of its schedule: the outputs
// of its card. Number is 0 when a person began it.
func Event(zone *time.Location, at, now time.Time, number int64) schema.Values {
	return schema.Values{"scheduled": at.In(zone).Format(time.RFC3339), "started": now.In(zone).Format("2006-01-02T15:04:05.000Z07:00"),
		"zone": zone.String(), "number": number}
}
