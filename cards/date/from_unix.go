package date

import (
	"encoding/json"
	"time"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type fromUnixInput struct {
	Number json.Number `json:"number" form:"required" help:"How many have passed since 1970 began in UTC."`
	Unit   string      `json:"unit" default:"seconds" options:"seconds|milliseconds" help:"Of what."`
	Zone   string      `json:"zone" label:"Time zone" placeholder:"Europe/Berlin" help:"Whose clock the date is written by. UTC when left blank."`
}

// FromUnix makes a date of seconds since 1970.
var FromUnix = declare(cards.Spec{
	Name:     "date.from_unix",
	Title:    "Date from UNIX",
	Summary:  "Makes a date of seconds or milliseconds since 1970.",
	Doc:      "Puts out the date that a timestamp stands for.\n\n- Decimals are parts of a second. Convert tells seconds from milliseconds by itself.",
	Keywords: []string{"date", "time", "timestamp", "epoch", "seconds", "milliseconds", "convert"},
	Examples: []cards.Example{{
		Title: "Seconds",
		In:    schema.Values{"number": 1772357400.5},
		Out:   schema.Values{"date": "2026-03-01T09:30:00.5Z"},
	}, {
		Title: "Milliseconds, in Tokyo",
		In:    schema.Values{"number": 1772357400000, "unit": "milliseconds", "zone": "Asia/Tokyo"},
		Out:   schema.Values{"date": "2026-03-01T18:30:00+09:00"},
	}, {
		Title: "Milliseconds taken for seconds",
		In:    schema.Values{"number": 1772357400000},
		Err:   cards.CodeLimit,
	}},
}, func(_ cards.Env, in fromUnixInput) (output, error) {
	zone, err := zoneOf("zone", in.Zone)
	if err != nil {
		return output{}, err
	}
	if zone == nil {
		zone = time.UTC
	}
	t, err := plus(time.Unix(0, 0).In(zone), "number", in.Number, in.Unit)
	if err != nil {
		return output{}, err
	}
	return put(t)
})
