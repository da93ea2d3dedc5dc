package web

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

func TestNetworkSettingsAreFilledInKeptAndShown(t *testing.T) {
	w := newWorld(t, func(rw http.ResponseWriter, r *http.Request) {
		rw.Header().Set("X-RateLimit-Limit", "5000")
		rw.Header().Set("X-RateLimit-Remaining", "4990")
		rw.Header().Set("X-RateLimit-Reset", "600")
	})
	w.signIn()
	all := func(what string, got reply, status int, texts ...string) {
		t.Helper()
		for _, text := range texts {
			w.want(what, got, status, text)
		}
	}
	all("the form", w.part("/connections/new?type=none"), 200, "Network and limits", "rate, timeout, certificates", `name="network.client_key"`)
	all("wrong values", w.form(true, "/connections", "type", "none", "name", "N", "network.min_tls", "1.2", "network.rate", "often",
		"network.timeout", "30", "network.ca", "hello"), http.StatusUnprocessableEntity,
		"Must be a number", "Must be a time with its unit", "Holds no certificate", `<details class="fold" id="conn-network" open`)
	w.triggers("create", w.form(true, "/connections", "type", "none", "name", "N", "test_url", w.upstream.URL+"/me", "network.min_tls", "1.3",
		"network.rate", "5", "network.concurrency", "2", "network.timeout", "45s"), "200 in")
	row := w.only()
	if row.Network["rate"] != int64(5) || row.Network["timeout"] != "45s" || row.Network["min_tls"] != "1.3" {
		t.Errorf("stored %v", row.Network)
	}
	all("the form again", w.part("/connections/"+row.ID+"/edit"), 200, "5 a second · 2 at a time · 45s timeout · TLS 1.3", `value="45s"`)
	all("the drawer", w.part("/connections/"+row.ID), 200, "What is left", "4990 of 5000 left", "0 of 2", "in 10 min", "5 a second")
	all("what is left", w.part("/connections/"+row.ID+"/limits"), 200, "4990 of 5000 left", "every 3s")
	all("of nothing", w.part("/connections/c_none/limits"), http.StatusNotFound, "")
	w.triggers("rename", w.form(true, "/connections/"+row.ID+"/rename", "name", "M"), "Renamed")
	if now := w.only(); now.Network["rate"] != int64(5) {
		t.Errorf("a rename took the settings away: %v", now.Network)
	}
	w.triggers("an edit that takes them away", w.form(true, "/connections/"+row.ID, "name", "M", "network.min_tls", "1.2", "network.rate", "",
		"seen", fmt.Sprint(w.only().Updated.UnixMicro())), "fd:toast")
	if now := w.only(); now.Network["rate"] != nil || now.Network["timeout"] != nil {
		t.Errorf("settings that were taken away are still %v", now.Network)
	}
	if drawer := w.part("/connections/" + row.ID); !strings.Contains(drawer.body, "What is left") {
		t.Error("what the service said was forgotten with the settings")
	}
}
