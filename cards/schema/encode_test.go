package schema

import (
	"encoding/json"
	"math"
	"reflect"
	"testing"
	"time"
)

func TestEncode(t *testing.T) {
	type reply struct {
		Status  int               `json:"status"`
		Size    float64           `json:"size"`
		Exact   json.Number       `json:"exact"`
		Note    string            `json:"note,omitempty"`
		At      time.Time         `json:"at"`
		Wait    Duration          `json:"wait"`
		Headers map[string]string `json:"headers"`
		Empty   map[string]any    `json:"empty"`
		Names   []string          `json:"names"`
		Parts   []condition       `json:"parts"`
		Body    any               `json:"body"`
		Count   any               `json:"count"`
		More    map[string]any    `json:"*"`
	}
	in := reply{Status: 200, Size: 2, Exact: "1.50", At: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC), Wait: Duration{time.Second},
		Headers: map[string]string{"a": "b"}, Parts: []condition{{Left: true, Operator: "less"}}, Body: []any{1.5}, Count: 3, More: Values{"extra": "x"}}
	want := Values{"status": int64(200), "size": int64(2), "exact": 1.5, "at": "2026-03-01T09:00:00Z", "wait": "1s", "headers": Values{"a": "b"},
		"empty": Values{}, "names": []any{}, "parts": []any{Values{"left": true, "operator": "less"}}, "body": []any{1.5}, "count": int64(3), "extra": "x"}
	for name, encode := range map[string]func(any) (Values, error){"Encode": Encode, "Form.Encode": Of[reply]().Encode} {
		if got, err := encode(&in); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s = %v, %v\nwant %v", name, got, err, want)
		}
	}
	in.More = Values{"status": 1}
	if got, err := Encode(in); err == nil {
		t.Errorf("Encode = %v, want an error: status is taken", got)
	}
	in = reply{Size: math.NaN()}
	if got, err := Encode(in); err == nil {
		t.Errorf("Encode = %v, want an error: NaN is no value", got)
	}
}

func TestDecodeEncodeIsTheSame(t *testing.T) {
	f := Of[everything]()
	in := Values{"url": "https://a", "count": int64(2), "inner": Values{"left": nil, "operator": "less"}, "labels": Values{"a": "b"}}
	var x everything
	if err := f.Decode(in, &x); err != nil {
		t.Fatal(err)
	}
	x.Exact = "1"
	got, err := f.Encode(x)
	if err != nil {
		t.Fatal(err)
	}
	for k, want := range in {
		if !reflect.DeepEqual(got[k], want) {
			t.Errorf("%s = %v, want %v", k, got[k], want)
		}
	}
}

func TestNormal(t *testing.T) {
	got, err := Normal(map[string]any{"a": 1, "b": json.Number("2.0"), "c": []any{float64(3), uint8(4)}, "d": []string{"x"}, "e": struct{ N int }{5}})
	want := Values{"a": int64(1), "b": int64(2), "c": []any{int64(3), int64(4)}, "d": []any{"x"}, "e": Values{"N": int64(5)}}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("Normal = %v, %v, want %v", got, err, want)
	}
	if got, err := Normal(make(chan int)); err == nil {
		t.Errorf("Normal = %v, want an error", got)
	}
}
