package date

import (
	"strings"
	"time"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// calendar says which days people work on.
type calendar struct {
	off      [7]bool
	holidays map[string]bool // 2026-12-25
}

const (
	weekendHelp = "- Days off are Saturday and Sunday unless **Days off** says others. **Holidays** is a list of days, of which the day counts and the time does not."
	maxHolidays = 10_000
)

func newCalendar(off []string, holidays []moment) (calendar, error) {
	c := calendar{holidays: make(map[string]bool, len(holidays))}
	working := 7
	for _, name := range off {
		day, known := weekdays[strings.ToLower(name)]
		if !known {
			return c, wrong("off", "has to be days such as saturday, sunday, got %s", schema.Describe(name))
		}
		if !c.off[day] {
			c.off[day] = true
			working--
		}
	}
	switch {
	case working == 0:
		return c, wrong("off", "leaves no day to work on")
	case len(holidays) > maxHolidays:
		return c, wrong("holidays", "may have 10,000 items, got %d", len(holidays))
	}
	for _, h := range holidays {
		c.holidays[h.at.Format(time.DateOnly)] = true
	}
	return c, nil
}

func (c calendar) works(t time.Time) bool {
	return !c.off[t.Weekday()] && (len(c.holidays) == 0 || !c.holidays[t.Format(time.DateOnly)])
}

type addWorkdaysInput struct {
	Date     moment   `json:"date" label:"Start date" form:"required" help:"The date to begin from."`
	Amount   int      `json:"amount" label:"Working days" form:"required" min:"-10000" max:"10000" help:"How many; negative to go back."`
	Off      []string `json:"off" label:"Days off" default:"saturday, sunday" format:"names" form:"advanced" help:"Days of the week that nobody works on."`
	Holidays []moment `json:"holidays" help:"A list of days that are free as well."`
	Zone     string   `json:"zone" label:"Time zone" form:"advanced" placeholder:"Europe/Berlin" help:"Whose clock and calendar count. The date's own offset when left blank."`
}

// AddWorkdays goes forward by days that people work on.
var AddWorkdays = declare(cards.Spec{
	Name:     "date.add_workdays",
	Title:    "Add Working Days",
	Icon:     "calendar-clock",
	Summary:  "Adds working days to a date.",
	Doc:      "Puts out the same time so many working days later; 0 leaves the date as it is.\n\n" + weekendHelp + "\n" + zoneRule,
	Keywords: []string{"date", "business days", "weekdays", "holidays", "due", "sla", "later"},
	Examples: []cards.Example{{
		Title: "From Friday",
		In:    schema.Values{"date": "2026-03-06T16:00:00Z", "amount": 1},
		Out:   schema.Values{"date": "2026-03-09T16:00:00Z"},
	}, {
		Title: "Over Easter",
		In:    schema.Values{"date": "2026-04-02", "amount": 2, "holidays": []any{"2026-04-03", "2026-04-06"}},
		Out:   schema.Values{"date": "2026-04-08T00:00:00Z"},
	}, {
		Title: "Back",
		In:    schema.Values{"date": "2026-03-01", "amount": -1},
		Out:   schema.Values{"date": "2026-02-27T00:00:00Z"},
	}, {
		Title: "No day to work on",
		In:    schema.Values{"date": "2026-03-01", "amount": 1, "off": "monday tuesday wednesday thursday friday saturday sunday"},
		Err:   cards.CodeInvalidInput,
	}},
}, func(_ cards.Env, in addWorkdaysInput) (output, error) {
	c, err := newCalendar(in.Off, in.Holidays)
	if err != nil {
		return output{}, err
	}
	zone, err := zoneOf("zone", in.Zone)
	if err != nil {
		return output{}, err
	}
	t := in.Date.in(zone)
	day := time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
	left, step := in.Amount, 1
	if left < 0 {
		left, step = -left, -1
	}
	days := 0
	for left > 0 {
		days += step
		if c.works(day.AddDate(0, 0, days)) {
			left--
		}
	}
	return put(plusDays(t, days))
})
