package web

import (
	"testing"
	"time"
)

func TestPreferencesOfCallers(t *testing.T) {
	for _, x := range []struct {
		headers []string
		want    preferences
	}{
		{nil, preferences{}},
		{[]string{"respond-async"}, preferences{async: true}},
		{[]string{"Respond-Async, WAIT = 5"}, preferences{true, 5 * time.Second}},
		{[]string{"wait=10", "respond-async"}, preferences{true, 10 * time.Second}},
		{[]string{"wait=10, wait=20"}, preferences{wait: 10 * time.Second}},
		{[]string{`wait="7"`}, preferences{wait: 7 * time.Second}},
		{[]string{"respond-async; foo=bar, wait=3;x"}, preferences{true, 3 * time.Second}},
		{[]string{`foo="a, respond-async, wait=9; \" b", return=minimal`}, preferences{}},
		{[]string{"wait=0", "wait=-4, wait=soon,,;"}, preferences{}},
		{[]string{"wait=99999999"}, preferences{wait: 24 * time.Hour}},
	} {
		if got := preferred(x.headers); got != x.want {
			t.Errorf("preferred(%q) = %+v, want %+v", x.headers, got, x.want)
		}
	}
}
