package date

import (
	"time"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type convertInput struct {
	Date   any    `json:"date" label:"Date & time" form:"required" help:"A date, text that is one, or seconds or milliseconds since 1970."`
	Zone   string `json:"zone" label:"Time zone" placeholder:"Europe/Berlin" help:"The time zone of what comes out, and of text that names none."`
	Format string `json:"format" placeholder:"DD.MM.YYYY HH:mm" help:"How Custom is written."`
}

type convertOutput struct {
	Date   time.Time `json:"date" help:"The date and time."`
	ISO    string    `json:"iso" label:"ISO" help:"As ISO 8601, to the millisecond."`
	Epoch  int64     `json:"epoch" help:"Milliseconds since 1970 began in UTC."`
	Unix   int64     `json:"unix" label:"UNIX" help:"Seconds since 1970 began in UTC."`
	Human  string    `json:"human" help:"For people: Sunday, March 1, 2026 9:30 AM."`
	HTTP   string    `json:"http" label:"HTTP" help:"As headers of HTTP have it: Sun, 01 Mar 2026 09:30:00 GMT."`
	Custom string    `json:"custom" help:"As Format says; empty without one."`
}

// Convert writes a date in a variety of ways.
var Convert = declare(cards.Spec{
	Name:    "date.convert",
	Title:   "Convert",
	Icon:    "calendar-clock",
	Summary: "Writes a date in a variety of ways.",
	Whole:   true,
	Doc: "Takes a date however it is written and puts it out in the ways that people and services ask for.\n\n" +
		"- Text is read when it can mean one date only: ISO 8601, those of mail and HTTP, `March 1, 2026`. 9 to 11 digits are seconds since 1970, 12 to 15 milliseconds. For `03/04/2026` there is Text to Date.\n" +
		layoutHelp + "\n" + zoneRule,
	Keywords: []string{"date", "time", "iso", "epoch", "unix", "format", "time zone", "human", "custom", "timestamp"},
	Examples: []cards.Example{{
		Title: "A timestamp",
		In:    schema.Values{"date": 1772357400, "zone": "Europe/Berlin", "format": "DD.MM.YYYY HH:mm"},
		Out: schema.Values{"date": "2026-03-01T10:30:00+01:00", "iso": "2026-03-01T10:30:00.000+01:00", "epoch": 1772357400000, "unix": 1772357400,
			"human": "Sunday, March 1, 2026 10:30 AM", "custom": "01.03.2026 10:30"},
	}, {
		Title: "The date of a message",
		In:    schema.Values{"date": "Sun, 01 Mar 2026 10:30:00 +0100"},
		Out:   schema.Values{"date": "2026-03-01T10:30:00+01:00", "http": "Sun, 01 Mar 2026 09:30:00 GMT", "custom": ""},
	}, {
		Title: "Which of the two is the month?",
		In:    schema.Values{"date": "03/04/2026"},
		Err:   cards.CodeInvalidInput,
	}},
}, func(_ cards.Env, in convertInput) (convertOutput, error) {
	zone, err := zoneOf("zone", in.Zone)
	if err != nil {
		return convertOutput{}, err
	}
	text, ok := schema.ToText(in.Date)
	if !ok {
		return convertOutput{}, wrong("date", "must be a date, got %s", schema.Describe(in.Date))
	}
	t, err := guess(text, zone)
	if err != nil {
		return convertOutput{}, wrong("date", "%v, got %s", err, schema.Describe(in.Date))
	}
	if zone != nil {
		t = t.In(zone)
	}
	if t, err = fitting(t); err != nil {
		return convertOutput{}, err
	}
	out := convertOutput{Date: t, ISO: isoText(t), Epoch: t.UnixMilli(), Unix: t.Unix(), Human: write(t, fullParts), HTTP: t.UTC().Format("Mon, 02 Jan 2006 15:04:05 GMT")}
	if in.Format != "" {
		layout, err := layoutOf("format", in.Format)
		if err != nil {
			return convertOutput{}, err
		}
		out.Custom = write(t, layout)
	}
	return out, nil
})
