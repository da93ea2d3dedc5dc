package trace

import (
	"encoding/json"
	"reflect"
	"testing"
)

// full is a T that has something in every field, so that none can be forgotten.
func full[T any]() (x T) {
	v := reflect.ValueOf(&x).Elem()
	for i := range v.NumField() {
		if v.Type().Field(i).Tag.Get("json") == "-" {
			continue // is written nowhere
		}
		switch f := v.Field(i); f.Kind() {
		case reflect.String:
			f.SetString("a \"<é>\" of " + v.Type().Field(i).Name + "\n\x01\xff")
		case reflect.Int, reflect.Int64:
			f.SetInt(int64(-1000 - i))
		case reflect.Bool:
			f.SetBool(true)
		case reflect.Slice:
			f.Set(reflect.ValueOf([][2]string{{"Host", "a.example"}, {"X-\"Odd\"", ""}}))
		}
	}
	return x
}

func TestTracesAreWrittenAsTheirTagsSay(t *testing.T) {
	type fields struct {
		Exchanges []Exchange `json:"exchanges,omitempty"`
		Log       []Line     `json:"log,omitempty"`
	}
	for name, x := range map[string]*Trace{
		"empty":       {},
		"bare":        {Exchanges: []Exchange{{}}, Log: []Line{{}}},
		"full":        {Exchanges: []Exchange{full[Exchange](), {Method: "GET"}, full[Exchange]()}, Log: []Line{full[Line](), {Text: "x"}}},
		"only a log":  {Log: []Line{full[Line]()}},
		"an ordinary": {Exchanges: []Exchange{{Method: "GET", URL: "https://a.example/?q=[{", RequestHeaders: [][2]string{{"Host", "{["}}}}},
	} {
		want, err := json.Marshal(fields{x.Exchanges, x.Log})
		if err != nil {
			t.Fatal(err)
		}
		if got := string(x.AppendJSON(nil)); got != string(want) {
			t.Errorf("%s:\n got %s\nwant %s", name, got, want)
		}
	}
}
