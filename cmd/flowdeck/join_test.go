package main

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/flows/store"
	"flowdeck/flows/store/storetest"
)

// Two servers on one database: the first account is made at either, and what one leaves when it
// is stopped the other one drives on.
func TestTwoServersOnOneDatabase(t *testing.T) {
	t.Setenv("FLOWDECK_MASTER_KEY", base64.StdEncoding.EncodeToString([]byte(strings.Repeat("k", 32))))
	dsn := storetest.StartPostgres(t).Database(t)
	one, two := start(t, "--database", dsn, "--data", t.TempDir()), start(t, "--database", dsn, "--data", t.TempDir())
	setup := regexp.MustCompile(`http://\S+/setup/\S+`).FindString(one.out.String())
	form := url.Values{"name": {"Maya"}, "email": {"maya@example.com"}, "password": {"correct horse battery"}, "again": {"correct horse battery"}}
	if status, body := two.call(http.MethodPost, strings.Replace(setup, one.url, two.url, 1), form.Encode(), "Content-Type", "application/x-www-form-urlencoded"); status != http.StatusSeeOther {
		t.Fatalf("the setup address that the first server printed answers %d %s at the second", status, body)
	}
	st, err := store.Open(t.Context(), dsn, store.Options{Blobs: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	doc := flows.Document{Format: flows.Format, Trigger: flows.Step{ID: "endpoint", Card: "event.endpoint"}, Chain: []flows.Step{
		{ID: "wait", Card: "control.wait", Inputs: schema.Values{"amount": int64(4), "unit": "seconds"}},
		{ID: "answer", Card: "http.close", Inputs: schema.Values{"body_type": "text", "body": "late"}},
	}}
	publish(t, st, "waits", doc)
	status, body := one.call(http.MethodPost, one.url+"/api/flows/waits/invoke", "", "Prefer", "respond-async")
	if status != http.StatusAccepted {
		t.Fatalf("the call answers %d %s", status, body)
	}
	if err := one.stop(); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(15 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		rows, _, err := st.Runs(t.Context(), store.RunFilter{})
		if err != nil || len(rows) != 1 {
			t.Fatalf("%d runs, %v", len(rows), err)
		}
		if rows[0].Status == flows.Succeeded {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("the run that the first server left is %s", rows[0].Status)
		}
	}
}
