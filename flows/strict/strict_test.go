package strict

import (
	"strings"
	"testing"
)

func TestWhatIsWrongIsSaidWithItsPlace(t *testing.T) {
	type inner struct {
		Kind string `json:"kind" enum:"a,b"`
	}
	type thing struct {
		Name string           `json:"name"`
		Size int              `json:"size,omitempty"`
		All  []inner          `json:"all,omitempty"`
		By   map[string]inner `json:"by,omitempty"`
		Any  any              `json:"any,omitempty"`
	}
	for text, want := range map[string]string{
		`{"name":"x","size":1,"all":[{"kind":"a"}],"by":{"k":{"kind":"b"}},"any":{"x":[null]}}`: "",
		`{}`:                              "name line 1, column 1: is required",
		`{"name":"x","extra":1}`:          "extra line 1, column 13: is not a key that belongs here; there are name, size",
		`{"name":null}`:                   "name line 1, column 2: must be text",
		"{\"name\":\"x\",\n\"size\":1.5}": "size line 2, column 1: must be a whole number",
		`{"name":"x","size":9223372036854775808}`: "size line 1, column 13: must be a whole number",
		`{"name":"x","all":[{"kind":"c"}]}`:       "all.0.kind line 1, column 21: must be one of a, b",
		`{"name":"x","by":{"k.l":{}}}`:            `by.k\.l.kind line 1, column 25: is required`,
		`{"name":"x","name":"y"}`:                 `has the key "name" twice in one object`,
		`{"name":"x","any":{"a":1,"a":2}}`:        `has the key "a" twice in one object`,
		`{"name":"x"}}`:                           "nothing more",
	} {
		var x thing
		err := Read([]byte(text), 1000, &x)
		if (want == "") != (err == nil) || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("Read(%s) = %v, want %q", text, err, want)
		}
	}
	if err := Read([]byte(`{"name":"x"}`), 5, new(thing)); err == nil || !strings.Contains(err.Error(), "5 are the most") {
		t.Errorf("of 12 bytes where 5 may be: %v", err)
	}
}
