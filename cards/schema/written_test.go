package schema

import (
	"errors"
	"testing"
)

// day is a date that is told from an instant.
type day struct{ text string }

func (day) Type() Type { return Date }

func (d *day) UnmarshalText(b []byte) error {
	if len(b) != len("2026-03-01") {
		return errors.New("must be a day")
	}
	d.text = string(b)
	return nil
}

func (d day) MarshalText() ([]byte, error) { return []byte(d.text), nil }

func TestWrittenTypesAreFieldsOfTheirOwn(t *testing.T) {
	type form struct {
		At   day   `json:"at"`
		More []day `json:"more"`
	}
	f := Of[form]()
	if got := f.Fields[0].Type; got != Date {
		t.Errorf("the type of at is %s, want date", got)
	}
	var got form
	if err := f.Decode(Values{"at": "2026-03-01", "more": []any{"2026-03-02"}}, &got); err != nil || got.At.text != "2026-03-01" || got.More[0].text != "2026-03-02" {
		t.Errorf("Decode = %+v, %v", got, err)
	}
	for value, want := range map[string]string{
		"soon":                 `at: must be a date such as 2026-03-01 or 2026-03-01T09:30:00Z, got text "soon"`,
		"2026-03-01T09:30:00Z": `at: must be a day, got text "2026-03-01T09:30:00Z"`,
	} {
		if err := f.Decode(Values{"at": value}, &got); err == nil || err.Error() != want {
			t.Errorf("Decode of %s = %v, want %s", value, err, want)
		}
	}
}
