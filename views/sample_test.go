package views

// samplePage is a flow with one card of every kind of field.
func samplePage() BuilderPage {
	pill := func(src string) PillModel { return PillModel{Number: "1", Label: src, Hue: "event"} }
	get := BuilderCard{
		ID: "get", Number: "2", Hue: "http", Icon: "globe", Title: "Get customer", Type: "API Connector", Verb: "GET", Note: "Reads one.",
		Sees: []string{"endpoint"}, CanTest: true, Adds: "output", Failing: true,
		Summary:    cut("…/customers/{{endpoint.id}}", pill),
		Connection: &ConnRow{ID: "conn-get", Name: "Acme", Kind: "OAuth 2.0", State: "err", Text: "signed out", Problem: "Sign in again."},
		Fields: []StepField{
			{ID: "f-get-url", Path: "url", Label: "URL", Kind: FieldURL, Required: true, Value: "https://api.acme.io/{{endpoint.id}}", Segments: cut("https://api.acme.io/{{endpoint.id}}", pill), Problem: "No such value."},
			{ID: "f-get-query", Path: "query", Label: "Query", Kind: FieldKeyValue, Rows: []FieldRow{{ID: "f-get-query-expand", Key: "expand", Cells: []StepField{{ID: "f-get-query-expand-v", Path: "query", Key: "expand", Label: "expand", Kind: FieldText, Value: "contacts", Segments: cut("contacts", pill)}}}}},
			{ID: "f-get-timeout", Path: "timeout", Label: "Timeout", Kind: FieldPlain, Value: "30s", Advanced: true, Chosen: true},
			{ID: "f-get-follow", Path: "follow", Label: "Follow redirects", Kind: FieldSwitch, Value: "true", Advanced: true},
		},
		Outputs: []CardOutput{{Ref: "get.status_code", Label: "Status code", Type: "number", Sample: "200"}, {Ref: "get.body.email", Label: "email", Type: "text", Depth: 1, Used: true, Declared: true, Path: "body.email"}},
		Policy:  &Policy{Summary: "retry 3×, then stop", OnError: "stop", Retries: true, InDoubt: "fail", Rules: []RetryRule{{Match: "http_5xx", Attempts: "4", Interval: "1s", Backoff: "2", Max: "1m", Jitter: true}}},
		Foot:    &CardFoot{Test: "401 · 94 ms", TestKind: "err"},
	}
	cond := FieldRow{ID: "f-if-conditions-0", Cells: []StepField{
		{ID: "f-if-conditions-0-left", Path: "conditions", Row: "0", Col: "left", Label: "Value to check", Kind: FieldText, Value: "{{get.status_code}}", Segments: cut("{{get.status_code}}", pill)},
		{ID: "f-if-conditions-0-operator", Path: "conditions", Row: "0", Col: "operator", Label: "Comparison", Kind: FieldSelect, Value: "is_empty", Options: []OptionModel{{Value: "equals", Label: "equals"}, {Value: "is_empty", Label: "is empty"}}},
	}}
	branch := BuilderCard{
		ID: "if", Number: "3", Hue: "logic", Icon: "split", Title: "If active", Type: "If / Else", Off: true, Sees: []string{"get?", "endpoint"},
		Fields: []StepField{{ID: "f-if-match", Path: "match", Label: "True when", Kind: FieldSelect}, {ID: "f-if-conditions", Path: "conditions", Kind: FieldConditions, Rows: []FieldRow{cond}}},
		Lanes: []Lane{
			{Name: "then", Title: "Then", Hue: "ok", Icon: "circle-check", Able: true, Chain: BuilderChain{Parent: "if/then", Cards: []BuilderCard{{ID: "close", Number: "3.1", Hue: "reply", Icon: "reply", Title: "Close", Type: "Reply to caller", Fields: []StepField{{ID: "f-close-body", Path: "body", Label: "Body", Kind: FieldJSON, Value: "{\n}", Segments: cut("{\n}", pill)}}}}}},
			{Name: "else", Title: "Else", Hue: "err", Icon: "circle-x", Chain: BuilderChain{Parent: "if/else"}},
		},
	}
	return BuilderPage{
		Shell: ShellModel{Title: "Customer sync", Current: "flows", Plain: true, User: UserModel{Name: "Maya Ortiz", Initials: "MO"}}, FlowID: "f", Name: "Customer sync", Revision: 7,
		Status: FlowStatus{Text: "Live", Kind: "ok", Version: "v7"}, Saved: "Saved 12:04", Undo: UndoModel{Able: true, Label: "delete Close"}, CanRun: true,
		Menu:     []MenuItemModel{{Label: "Turn off", Icon: "power"}},
		Problems: []ProblemLink{{Target: "f-get-url", Number: "2", Title: "Get customer", Text: "No such value."}}, Publish: PublishModel{Label: "Fix 1 thing", DeskLabel: "to publish", Fix: true},
		Trigger: &BuilderCard{ID: "endpoint", Number: "1", Hue: "event", Icon: "zap", Title: "API Endpoint", Type: "/api/flows/sync/invoke", Verb: "POST", Trigger: true, Adds: "input", OutputsCap: "Inputs callers send",
			Fields: []StepField{{ID: "f-endpoint-inputs", Path: "inputs", Label: "Inputs", Kind: FieldRows, Rows: []FieldRow{{ID: "f-endpoint-inputs-0", Cells: []StepField{
				{ID: "f-endpoint-inputs-0-name", Path: "inputs", Row: "0", Col: "name", Label: "Name", Kind: FieldPlain, Value: "id"},
				{ID: "f-endpoint-inputs-0-required", Path: "inputs", Row: "0", Col: "required", Label: "Required", Kind: FieldSwitch},
			}}}}},
			Outputs: []CardOutput{{Ref: "endpoint.id", Label: "id", Type: "text", Sample: "C-1", Used: true}},
			Foot:    &CardFoot{Security: "Client token", URL: "https://flows.example/api/flows/sync/invoke", SettingsURL: "/flows/f/endpoint", SettingsLabel: "Endpoint settings", CopyLabel: "Copy invoke URL"}},
		Chain:   BuilderChain{Cards: []BuilderCard{get, branch}},
		Palette: []PaletteGroup{{Title: "API Connector", Items: []PaletteItem{{Card: "http.get", Title: "Get", Summary: "Read from an API", Icon: "download", Hue: "http", Keywords: "fetch"}}}},
		Globals: []CardOutput{{Ref: "run.id", Label: "Run ID", Type: "text"}},
	}
}
