package date

import (
	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type toTextInput struct {
	Date   moment `json:"date" form:"required" help:"The date to write."`
	Format string `json:"format" form:"required" default:"YYYY-MM-DD" placeholder:"MM/DD/YYYY" help:"How to write it, such as MM/DD/YYYY."`
	Zone   string `json:"zone" label:"Time zone" placeholder:"Europe/Berlin" help:"Whose clock it is written by. The date's own offset when left blank."`
}

type toTextOutput struct {
	Text string `json:"text" help:"The date as text."`
}

// ToText writes a date by a format.
var ToText = declare(cards.Spec{
	Name:     "date.to_text",
	Title:    "Date to Text",
	Icon:     "type",
	Summary:  "Writes a date by a format, such as MM/DD/YYYY.",
	Doc:      "Puts out a date as text, in the way and the time zone that are asked for.\n\n" + layoutHelp + "\n" + zoneRule,
	Keywords: []string{"date", "time", "format", "string", "write", "custom", "pattern"},
	Examples: []cards.Example{{
		Title: "For people",
		In:    schema.Values{"date": "2026-03-01T22:30:00Z", "format": "dddd, MMMM Do [at] h:mm a", "zone": "Europe/Berlin"},
		Out:   schema.Values{"text": "Sunday, March 1st at 11:30 pm"},
	}, {
		Title: "For a file name",
		In:    schema.Values{"date": "2026-03-01T22:30:05.250Z", "format": "YYYYMMDD-HHmmss.SSS"},
		Out:   schema.Values{"text": "20260301-223005.250"},
	}, {
		Title: "Weeks",
		In:    schema.Values{"date": "2024-12-30", "format": "GGGG-[W]WW-E, [Q]Q, z"},
		Out:   schema.Values{"text": "2025-W01-1, Q4, UTC"},
	}, {
		Title: "Letters that mean nothing",
		In:    schema.Values{"date": "2026-03-01", "format": "dd.MM.yyyy"},
		Err:   cards.CodeInvalidInput,
	}},
}, func(_ cards.Env, in toTextInput) (toTextOutput, error) {
	layout, err := layoutOf("format", in.Format)
	if err != nil {
		return toTextOutput{}, err
	}
	zone, err := zoneOf("zone", in.Zone)
	if err != nil {
		return toTextOutput{}, err
	}
	return toTextOutput{write(in.Date.in(zone), layout)}, nil
})
