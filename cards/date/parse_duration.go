package date

import (
	"time"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type durationInput struct {
	Duration string `json:"duration" form:"required" placeholder:"P1DT12H" help:"An ISO 8601 duration."`
}

type durationOutput struct {
	Duration     string `json:"duration" help:"The same, in its shortest form."`
	Negative     bool   `json:"negative" help:"Whether it goes back."`
	Years        int    `json:"years" help:"Its years."`
	Months       int    `json:"months" help:"Its months, up to 11."`
	Days         int    `json:"days" help:"Its days, with those of its weeks."`
	Hours        int64  `json:"hours" help:"Its hours."`
	Minutes      int64  `json:"minutes" help:"Its minutes, up to 59."`
	Seconds      int64  `json:"seconds" help:"Its seconds, up to 59."`
	Milliseconds int64  `json:"milliseconds" help:"Its milliseconds, up to 999."`
	Total        int64  `json:"total" label:"Seconds in all" help:"Days, hours, minutes and whole seconds as seconds, a day having 24 hours; without years and months, whose length differs."`
}

// ParseDuration takes an ISO 8601 duration apart.
var ParseDuration = declare(cards.Spec{
	Name:     "date.parse_duration",
	Title:    "Parse Duration",
	Icon:     "timer",
	Summary:  "Takes an ISO 8601 duration apart.",
	Whole:    true,
	Doc:      "Reads a duration such as `P1Y2M10DT2H30M` and puts out its parts.\n\n- P stands first and T before hours; W are weeks. Only the last part of the time may have decimals.",
	Keywords: []string{"date", "time", "ISO 8601", "interval", "period", "seconds", "hours"},
	Examples: []cards.Example{{
		Title: "Two weeks and 90 minutes",
		In:    schema.Values{"duration": "P2WT90M"},
		Out:   schema.Values{"duration": "P14DT1H30M", "days": 14, "hours": 1, "minutes": 30, "total": 1215000},
	}, {
		Title: "Part of a second",
		In:    schema.Values{"duration": "-PT1.25S"},
		Out:   schema.Values{"negative": true, "seconds": 1, "milliseconds": 250, "total": -1},
	}, {
		Title: "Not a duration",
		In:    schema.Values{"duration": "P"},
		Err:   cards.CodeInvalidInput,
	}},
}, func(_ cards.Env, in durationInput) (durationOutput, error) {
	d, err := readDuration("duration", in.Duration)
	if err != nil {
		return durationOutput{}, err
	}
	total := int64(d.days)*86400 + int64(d.time/time.Second)
	if d.negative {
		total = -total
	}
	return durationOutput{d.String(), d.negative, d.months / 12, d.months % 12, d.days, int64(d.time / time.Hour), int64(d.time % time.Hour / time.Minute),
		int64(d.time % time.Minute / time.Second), int64(d.time % time.Second / time.Millisecond), total}, nil
})
