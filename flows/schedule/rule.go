// Package schedule says when a flow is due.
//
// It is arithmetic over clocks and calendars: it reads no clock, starts nothing and
// keeps nothing. Who asks it, and what is begun then, is elsewhere.
package schedule

import (
	"fmt"
	"path"
	"strconv"
	"strings"
	"sync"
	"time"

	"flowdeck/cards/schema"
)

// Card is the name of the card that a flow with a schedule begins with; its settings are a Rule.
const Card = "event.schedule"

// Rule says when a flow begins by itself, as a person filled it in.
type Rule struct {
	Every  string `json:"every" label:"Runs" default:"days" options:"minutes=Every few minutes|hours=Every few hours|days=Every day|weeks=Every week|months=Every month|cron=By a cron expression" form:"fixed" help:"How often it runs."`
	Count  int    `json:"count" label:"How many" default:"1" min:"1" max:"1440" when:"every=minutes|hours" form:"fixed" help:"Every so many minutes or hours: 15 is every 15 minutes."`
	Days   string `json:"days" label:"Days of the week" default:"mon tue wed thu fri" format:"names" placeholder:"mon tue wed thu fri" when:"every=weeks" form:"required,fixed" help:"One or several: mon, tue, wed, thu, fri, sat, sun."`
	Day    string `json:"day" label:"Day of the month" default:"1" options:"1|2|3|4|5|6|7|8|9|10|11|12|13|14|15|16|17|18|19|20|21|22|23|24|25|26|27|28|29|30|31|last=Last day" when:"every=months" form:"fixed" help:"A month that is too short for it has its turn on its last day."`
	At     string `json:"at" label:"At" default:"09:00" format:"names" placeholder:"09:00" when:"every=days|weeks|months" form:"required,fixed" help:"A time of day, or several: 09:00 17:30."`
	Cron   string `json:"cron" label:"Cron expression" placeholder:"30 8 * * mon-fri" when:"every=cron" form:"required,fixed" help:"Minute, hour, day of the month, month, day of the week; or @hourly, @daily, @weekly, @monthly, @yearly, @every 90m."`
	Zone   string `json:"zone" label:"Time zone" default:"UTC" format:"zone" placeholder:"Europe/Berlin" form:"fixed" help:"Whose clock and calendar count, such as Europe/Berlin, America/New_York or UTC."`
	Missed string `json:"missed" label:"Missed times" default:"once" options:"skip=Are skipped|once=Run once, for all of them|all=Run all, 100 at most" form:"fixed" help:"What becomes of times that passed while the server was down."`
	// Overlap is run also when it is empty: so it was before there was a choice.
	Overlap string `json:"overlap" label:"If the last run is still going" default:"run" options:"run=Run anyway|skip=Skip this time|wait=Wait for it" form:"fixed" help:"Skip this time: it has no run. Wait for it: the run begins as soon as the last one has ended; of several times that pass meanwhile one has a run, or each when all missed times are run."`
}

var form = schema.Of[Rule]()

// Read returns the schedule that settings of the card say. The error is schema.Problems,
// by field.
func Read(settings schema.Values) (*Schedule, error) {
	var r Rule
	if err := form.Decode(settings, &r); err != nil {
		return nil, err
	}
	return r.Schedule()
}

// Check says all that is wrong with the settings of the card.
func Check(settings schema.Values) schema.Problems {
	_, err := Read(settings)
	problems, _ := err.(schema.Problems)
	return problems
}

// Schedule returns when the rule is due. The error is schema.Problems, by field.
func (r Rule) Schedule() (*Schedule, error) {
	var problems schema.Problems
	wrong := func(field, message string, args ...any) {
		problems = append(problems, schema.Problem{Field: field, Message: fmt.Sprintf(message, args...)})
	}
	s := &Schedule{missed: r.Missed, overlap: r.Overlap, text: r.words()}
	var err error
	if s.zone, err = zoneOf(r.Zone); err != nil {
		wrong("zone", "%s", err)
	}
	switch r.Every {
	case "minutes", "hours":
		step := time.Minute
		if r.Every == "hours" {
			step = time.Hour
		}
		s.when = stepsOf(time.Duration(r.Count)*step, s.zone)
	case "cron":
		if s.when, err = cronOf(r.Cron, s.zone); err != nil {
			wrong("cron", "%s", err)
		}
	default:
		c := calendar{zone: s.zone}
		if c.times, err = timesOf(r.At); err != nil {
			wrong("at", "%s", err)
		}
		switch r.Every {
		case "weeks":
			if c.weekdays, err = weekdaysOf(r.Days); err != nil {
				wrong("days", "%s", err)
			}
		case "months":
			c.day = lastDay
			if r.Day != "last" {
				c.day, _ = strconv.Atoi(r.Day) // one of the options
			}
		}
		s.when = c
	}
	if len(problems) > 0 {
		return nil, problems
	}
	return s, nil
}

// words say the rule in a few words: "every day at 09:00".
func (r Rule) words() string {
	switch r.Every {
	case "minutes", "hours":
		if r.Count == 1 {
			return "every " + strings.TrimSuffix(r.Every, "s")
		}
		return fmt.Sprintf("every %d %s", r.Count, r.Every)
	case "cron":
		return "cron " + r.Cron
	case "weeks":
		return dayNames(r.Days) + " at " + strings.Join(names(r.At), ", ")
	case "months":
		if r.Day == "last" {
			return "the last day of the month at " + strings.Join(names(r.At), ", ")
		}
		return "day " + r.Day + " of the month at " + strings.Join(names(r.At), ", ")
	}
	return "every day at " + strings.Join(names(r.At), ", ")
}

// dayNames are the days of a week that a list names, short and in order.
func dayNames(list string) string {
	days, err := weekdaysOf(list)
	if err != nil {
		return list
	}
	var short []string
	for i := range days {
		if d := (time.Monday + time.Weekday(i)) % 7; days[d] {
			short = append(short, d.String()[:3])
		}
	}
	return strings.Join(short, ", ")
}

// names splits a list that is written with spaces or commas.
func names(text string) []string {
	return strings.FieldsFunc(text, func(c rune) bool { return c == ' ' || c == ',' || c == ';' || c == '\t' || c == '\n' })
}

// KnownZone reports whether times can be those of the zone.
func KnownZone(name string) bool {
	_, err := zoneOf(name)
	return err == nil
}

func zoneOf(name string) (*time.Location, error) {
	name = strings.TrimSpace(name)
	if zone, known := zones.Load(name); known {
		return zone.(*time.Location), nil
	}
	zone, err := time.LoadLocation(name)
	if err != nil || name != path.Clean(name) || strings.EqualFold(name, "local") {
		return nil, fmt.Errorf("is no time zone that is known: %s. Write it as in Europe/Berlin, America/New_York or UTC", schema.Describe(name))
	}
	zones.Store(name, zone)
	return zone, nil
}

// zones are those that were asked for: reading one takes longer than using it, and there
// are a few hundred.
var zones sync.Map

func timesOf(text string) (list []time.Duration, err error) {
	for _, word := range names(text) {
		t, err := time.Parse("15:04", word)
		if err != nil {
			return nil, fmt.Errorf("must be times of day such as 09:00 or 17:30, got %s", schema.Describe(word))
		}
		list = append(list, time.Duration(t.Hour())*time.Hour+time.Duration(t.Minute())*time.Minute)
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("needs a time of day, such as 09:00")
	}
	if len(list) > 24 {
		return nil, fmt.Errorf("may have 24 times, got %d; use a cron expression", len(list))
	}
	return sorted(list), nil
}

func weekdaysOf(text string) (days [7]bool, err error) {
	words := names(text)
	for _, word := range words {
		found := false
		for d := time.Sunday; d <= time.Saturday; d++ {
			full := strings.ToLower(d.String())
			if w := strings.ToLower(word); len(w) >= 3 && strings.HasPrefix(full, w) {
				days[d], found = true, true
			}
		}
		if !found {
			return days, fmt.Errorf("must be days such as mon, tue or sunday, got %s", schema.Describe(word))
		}
	}
	if len(words) == 0 {
		return days, fmt.Errorf("needs a day, such as mon")
	}
	return days, nil
}
