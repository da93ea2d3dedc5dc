package date

import (
	"strings"
	"time"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type fromTextInput struct {
	Text   string `json:"text" form:"required" help:"The date as text."`
	Format string `json:"format" placeholder:"MM/DD/YYYY" help:"How it is written. Without one it has to be a way that means one date only, such as ISO 8601."`
	Zone   string `json:"zone" label:"Time zone" placeholder:"Europe/Berlin" help:"Whose clock it was written by, when the text does not say. UTC when left blank."`
}

// FromText reads a date by a format.
var FromText = declare(cards.Spec{
	Name:    "date.from_text",
	Title:   "Text to Date",
	Icon:    "calendar",
	Summary: "Reads a date that is written by a format, such as MM/DD/YYYY.",
	Doc: "Makes a date of text. All of the text has to fit the format, and what it says has to be true: there is no February 30.\n\n" +
		layoutHelp + "\n" +
		"- What the format does not have is the first of its kind: the first day, 00:00. `YY` is 1969 to 2068. Names may be in capital letters.\n" +
		"- A time that the clock skips in spring is moved forward; of one that comes twice in autumn the first counts.",
	Keywords: []string{"date", "time", "parse", "read", "string", "format", "custom", "iso"},
	Examples: []cards.Example{{
		Title: "By a format",
		In:    schema.Values{"text": "03/04/2026 5:07 pm", "format": "MM/DD/YYYY h:mm A", "zone": "America/New_York"},
		Out:   schema.Values{"date": "2026-03-04T17:07:00-05:00"},
	}, {
		Title: "ISO 8601 needs none",
		In:    schema.Values{"text": "2026-03-01 09:30", "zone": "Europe/Berlin"},
		Out:   schema.Values{"date": "2026-03-01T09:30:00+01:00"},
	}, {
		Title: "A time that the clock skips",
		In:    schema.Values{"text": "2026-03-29 02:30", "zone": "Europe/Berlin"},
		Out:   schema.Values{"date": "2026-03-29T03:30:00+02:00"},
	}, {
		Title: "There is no such day",
		In:    schema.Values{"text": "30.02.2026", "format": "DD.MM.YYYY"},
		Err:   cards.CodeInvalidInput,
	}},
}, func(_ cards.Env, in fromTextInput) (output, error) {
	zone, err := zoneOf("zone", in.Zone)
	if err != nil {
		return output{}, err
	}
	var t time.Time
	if in.Format == "" {
		t, err = guess(in.Text, zone)
	} else {
		layout, wrongLayout := layoutOf("format", in.Format)
		if wrongLayout != nil {
			return output{}, wrongLayout
		}
		t, err = read(strings.TrimSpace(in.Text), layout, zone)
	}
	if err != nil {
		return output{}, wrong("text", "%v, got %s", err, schema.Describe(in.Text))
	}
	return put(t)
})
