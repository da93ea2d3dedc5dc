package date

import (
	"time"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

const maxCounted = 366_000 // days: 1,000 years

type countWorkdaysInput struct {
	Start    moment   `json:"start" label:"Start date" form:"required" help:"The first day that counts."`
	End      moment   `json:"end" label:"End date" form:"required" help:"The day that is counted to; it does not count."`
	Off      []string `json:"off" label:"Days off" default:"saturday, sunday" format:"names" form:"advanced" help:"Days of the week that nobody works on."`
	Holidays []moment `json:"holidays" help:"A list of days that are free as well."`
	Zone     string   `json:"zone" label:"Time zone" form:"advanced" placeholder:"Europe/Berlin" help:"Whose calendar counts. The dates' own offsets when left blank."`
}

type countWorkdaysOutput struct {
	Number int `json:"number" help:"How many working days there are."`
}

// CountWorkdays counts the days that people work on.
var CountWorkdays = declare(cards.Spec{
	Name:     "date.count_workdays",
	Title:    "Count Working Days",
	Icon:     "timer",
	Summary:  "Counts the working days between two dates.",
	Doc:      "Counts from the day of the start up to, not including, the day of the end. When the end comes first the number is negative.\n\n" + weekendHelp + " They may be 1,000 years apart.\n" + zoneRule,
	Keywords: []string{"date", "business days", "weekdays", "holidays", "between", "sla"},
	Examples: []cards.Example{{
		Title: "A week",
		In:    schema.Values{"start": "2026-03-02", "end": "2026-03-09"},
		Out:   schema.Values{"number": 5},
	}, {
		Title: "With a holiday",
		In:    schema.Values{"start": "2026-04-01", "end": "2026-04-08", "holidays": []any{"2026-04-03", "2026-04-06"}},
		Out:   schema.Values{"number": 3},
	}, {
		Title: "The end comes first",
		In:    schema.Values{"start": "2026-03-09", "end": "2026-03-02"},
		Out:   schema.Values{"number": -5},
	}, {
		Title: "Too far apart",
		In:    schema.Values{"start": "0001-01-01", "end": "9999-01-01"},
		Err:   cards.CodeInvalidInput,
	}},
}, func(_ cards.Env, in countWorkdaysInput) (countWorkdaysOutput, error) {
	c, err := newCalendar(in.Off, in.Holidays)
	if err != nil {
		return countWorkdaysOutput{}, err
	}
	zone, err := zoneOf("zone", in.Zone)
	if err != nil {
		return countWorkdaysOutput{}, err
	}
	midnight := func(m moment) time.Time {
		y, month, d := m.in(zone).Date()
		return time.Date(y, month, d, 0, 0, 0, 0, time.UTC)
	}
	day, end, sign := midnight(in.Start), midnight(in.End), 1
	if end.Before(day) {
		day, end, sign = end, day, -1
	}
	if (end.Unix()-day.Unix())/86400 > maxCounted {
		return countWorkdaysOutput{}, wrong("end", "must be within 1,000 years of the start")
	}
	n := 0
	for ; day.Before(end); day = day.AddDate(0, 0, 1) {
		if c.works(day) {
			n++
		}
	}
	return countWorkdaysOutput{sign * n}, nil
})
