package views

import "testing"

func TestRunsLookAsTheyDid(t *testing.T) {
	list := RunList{URL: "/flows/f_1/runs", State: "failed", FlowID: "f_1", Oldest: "r_2", More: "/flows/f_1/runs?before=r_2",
		Chips: []ChipModel{{Label: "All", Count: -1, Href: "/flows/f_1/runs"}, {Label: "Failed", Count: 1000, Most: 1000, Href: "/flows/f_1/runs?state=failed", Pressed: true}},
		Groups: []RunGroup{{Label: "Today", Rows: []RunRow{
			{ID: "r_3", Href: "/runs/r_3", Kind: "run", Icon: "loader", Title: "Running", About: []string{"Sync", "C-10517"}, Time: "2.1 s"},
			{ID: "r_2", Href: "/runs/r_2", Kind: "err", Icon: "circle-x", Title: "Failed at Post to CRM", About: []string{"C-10516"}, Cause: "<b>taken</b>", Time: "12:06", Current: true}}}}}
	pane := RunPane{ID: "r_2", Status: TagModel{Text: "Failed", Kind: "err", Icon: "x"}, RerunAt: "/runs/r_2/rerun",
		Rerun: []MenuItemModel{{Label: "With v7, which is live now", Icon: "repeat"}},
		Facts: []RunFact{{Label: "Took", Value: "566 ms"}, {Label: "Flow", Value: "Sync", Href: "/flows/f_1/runs"}},
		Steps: []RunStep{{ID: "if_1", Href: "/runs/r_2/steps/if_1", Number: "3", Hue: "logic", Name: "If active", Kind: "ok", Icon: "circle-check", State: "Done", Text: "Took Then",
			Steps: []RunStep{
				{ID: "post", Href: "/runs/r_2/steps/if_1/post", Number: "3.1", Hue: "http", Name: "Post to CRM", Kind: "err", Icon: "circle-x", State: "Failed", Took: "388 ms",
					Text: "422 Unprocessable Entity", Bar: &BarModel{Start: 32, Width: 68, Kind: "err"}, Current: true},
				{ID: "close", Href: "/runs/r_2/steps/if_1/close", Number: "3.2", Hue: "reply", Name: "Close", Kind: "off", Icon: "minus", State: "Not run", Text: "Branch not taken", Skipped: true}}}}}
	card := RunCard{Number: "3.1", Hue: "http", Icon: "globe", Name: "Post to CRM", Text: "388 ms · 2 attempts", Builder: "/flows/f_1#card-post", Rerun: "/runs/r_2/rerun", Redo: "/runs/r_2/redo",
		Note:  &NoteModel{Kind: "err", Title: "crm.acme.io turned the request down (422).", Text: "The run stopped here."},
		Tries: []RunTry{{Label: "Attempt 1", Text: "503", Kind: "err", Href: "?try=1"}, {Label: "Attempt 2", Text: "422", Kind: "err", Href: "?try=2", Current: true}},
		Boxes: []RunBox{{ID: "box-input", Title: "Input", Rows: JSONRows(map[string]any{"url": "https://crm.acme.io/"}, "", 10), Copy: "{}", Raw: "/raw"},
			{ID: "box-output", Title: "Response", Tag: &TagModel{Text: "422", Kind: "err"}, Empty: "Nothing"}},
		Answer: []KVModel{{Key: "Content-Type", Value: "application/json"}}, Headers: "1 header",
		Bars: []BarModel{{Label: "Waiting", Width: 100, Text: "386 ms"}}, Log: []LogModel{{Time: "15.447", Text: "422 in 386 ms", Kind: "err"}},
		Same: &RunSame{Count: "7 runs", Text: "All in “Post to CRM”.", Href: "/flows/f_1/runs?q=http_422"}}
	golden(t, "runs", RunsPanes(RunsPage{Title: "Sync", FlowID: "f_1", View: "card", Back: "/runs/r_2", CanStart: true, List: list, Run: &pane, Card: &card,
		Stream: "/flows/f_1/runs/stream?run=r_2", StreamID: "stream-1"}))
	golden(t, "runs-live", RunsUpdate(RunsParts{List: &RunList{Empty: EmptyModel{Icon: "history", Hue: "http", Title: "No runs yet"}},
		Run: &RunPane{ID: "r_3", Status: TagModel{Text: "Running", Kind: "run"}, Cancel: "/runs/r_3/cancel"}, Card: &RunCard{Name: "Post", Boxes: card.Boxes[:1], Waiting: true}}))
}

func TestARedoSaysWhatCameOfIt(t *testing.T) {
	for _, c := range []struct {
		m    RedoPage
		want string
	}{
		{RedoPage{Total: 3, Waiting: 1, Running: true}, "Taking runs up again: 2 of 3"},
		{RedoPage{Total: 30, Waiting: 22, Stopped: true}, "Stopped: 8 of 30"},
		{RedoPage{Total: 3, UnderWay: 1, Failed: 2}, "All were begun: 1 of 3 under way"},
		{RedoPage{Total: 3, Succeeded: 3}, "All 3 succeeded"},
		{RedoPage{Total: 3, Failed: 3}, "All 3 failed again"},
		{RedoPage{Total: 1, Failed: 1}, "1 failed again"},
		{RedoPage{Total: 9, Succeeded: 5, Failed: 2, Refused: 1, Gone: 1}, "5 succeeded, 2 failed again, 1 refused, 1 not in the history any more"},
	} {
		if got := c.m.heading(); got != c.want {
			t.Errorf("the heading of %+v = %q, want %q", c.m, got, c.want)
		}
	}
	golden(t, "redo", RedoProgress(RedoPage{ID: "rd_1", Total: 23, Failed: 22, Succeeded: 1, Lists: []RedoList{
		{ID: "redo-failed", Title: "Failed again", Total: 22, Rest: "/runs?state=open", Runs: []RedoRun{{ID: "r_1", Text: "Sync: 503"}}},
		{ID: "redo-succeeded", Title: "Succeeded", Total: 1, Runs: []RedoRun{{ID: "r_2", Text: "Sync"}}}}}))
}

func TestTheDialogThatAsksBeforeRunningAgainLooksAsItDid(t *testing.T) {
	golden(t, "rerun", RerunDialog(RerunModel{RunID: "r_2", Version: "same", Cut: true, Writes: []RedoWrite{
		{Card: "Order (step 2)", Text: "once; it had taken effect"}, {Card: "Book (step 2 of Sync)", Text: "once; it may have taken effect"}}}))
}

func TestTheEndpointDialogLooksAsItDid(t *testing.T) {
	m := EndpointModel{FlowID: "f_1", URL: "https://flows.acme.io/api/flows/sync/invoke", Method: "POST", Post: "/flows/f_1/endpoint", TokenURL: "/flows/f_1/endpoint/token",
		Security: "token", Methods: []CheckModel{{ID: "ep-post", Name: "method", Value: "POST", Label: "POST", On: true}},
		Alias: FieldModel{ID: "ep-alias", Name: "alias", Label: "Alias", Value: "sync", Problem: "is taken"}, Token: EndpointToken{Rows: []EndpointTokenRow{{Hash: "h", Hint: "…x7Qp", Text: "made 3 Oct by Maya"}}}, Curl: "curl -X POST"}
	golden(t, "endpoint", EndpointDialog(m))
	m.Token.Fresh = "fdt_secret"
	golden(t, "endpoint-token", EndpointTokenBox(m))
}
