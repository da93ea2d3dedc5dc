package bundle

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"unicode/utf8"

	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/flows/flowtest"
	"flowdeck/flows/store"
)

// TestFile is a test of a flow as a file.
type TestFile struct {
	Flowdeck int    `json:"flowdeck" doc:"Format of the file: 1"`
	Kind     string `json:"kind" enum:"flow test"`
	ID       string `json:"id"`
	Flow     string `json:"flow" doc:"Id of the flow that it tests"`
	Name     string `json:"name"`
	Test     any    `json:"test"`
}

const (
	testName   = "flow test"
	testFolder = "tests"
)

var testKind = kind{name: testName, export: exportTests, read: readTest}

func exportTests(ctx context.Context, x *exporting) error {
	var flowIDs []string
	for _, f := range x.flows {
		if !x.all {
			flowIDs = append(flowIDs, f.ID)
		}
	}
	all, err := x.Store.FlowTestsOf(ctx, flowIDs)
	if err != nil {
		return err
	}
	for _, f := range x.flows {
		tests := all[f.ID]
		var names, ids []string
		for _, t := range tests {
			names, ids = append(names, t.Name), append(ids, t.ID)
		}
		for n, name := range fileNames(names, ids) {
			t := tests[n]
			body, err := schema.DecodeJSONText(t.Body)
			if err != nil {
				return err
			}
			if err := x.add(testFolder+"/"+f.Alias, name, TestFile{Flowdeck: Format, Kind: testName, ID: t.ID, Flow: f.ID, Name: t.Name, Test: body}); err != nil {
				return err
			}
		}
	}
	return nil
}

// testItem is a test about to be imported.
type testItem struct {
	src  *source
	file TestFile
	body string
	here *store.FlowTest // nil when there is none yet
	flow string          // id here
}

func readTest(_ *Bundle, src *source) item {
	x := &testItem{src: src}
	if !src.into(&x.file) {
		return nil
	}
	before := len(*src.problems)
	src.checkID(x.file.ID, "t_")
	if x.file.ID == "" {
		src.fail([]string{"id"}, "is required: t_ and up to 60 letters, digits, hyphens and underscores")
	}
	if x.file.Flow == "" {
		src.fail([]string{"flow"}, "is required: the id of the flow that it tests")
	}
	if x.file.Name = strings.TrimSpace(x.file.Name); x.file.Name == "" || utf8.RuneCountInString(x.file.Name) > 200 {
		src.fail([]string{"name"}, "must have between 1 and 200 characters")
	}
	data, err := json.Marshal(x.file.Test)
	if err == nil {
		_, err = flowtest.Parse(data)
	}
	var wrong schema.Problems
	switch {
	case errors.As(err, &wrong):
		for _, p := range wrong {
			src.fail([]string{"test"}, "%s", strings.TrimSpace(p.Field+" "+p.Message))
		}
	case err != nil:
		src.fail([]string{"test"}, "%s", err)
	}
	if len(*src.problems) > before {
		return nil
	}
	x.body = string(data)
	return x
}

func (i *testItem) key() (kind, id, name string) { return testName, i.file.ID, i.file.Name }

func (i *testItem) plan(ctx context.Context, x *importing, c *Change) error {
	c.Action = Created
	if x.options.Copy {
		c.Action = Unchanged
		c.Notes = append(c.Notes, "The copy of a flow begins without tests.")
		return nil
	}
	here, err := x.Store.FlowTestByID(ctx, i.file.ID)
	switch {
	case errors.Is(err, flows.ErrNotFound):
	case err != nil:
		return err
	case here.FlowID != i.file.Flow:
		i.src.fail([]string{"id"}, "is the id of a test of another flow here; choose another one")
		return nil
	default:
		i.here = &here
		if c.Action = Updated; here.Name == i.file.Name && sameJSON(here.Body, i.body) {
			c.Action = Unchanged
		}
	}
	if _, err := x.Store.Flow(ctx, i.file.Flow); errors.Is(err, flows.ErrNotFound) {
		if !x.comes[i.file.Flow] {
			i.src.fail([]string{"flow"}, "names a flow that is neither here nor in this bundle")
		}
	} else if err != nil {
		return err
	}
	return nil
}

func (i *testItem) apply(ctx context.Context, x *importing, _ *Change) error {
	now := x.Now()
	if i.here == nil {
		return x.Store.CreateFlowTest(ctx, store.FlowTest{ID: i.file.ID, FlowID: i.file.Flow, Name: i.file.Name, By: x.by.Name, Created: now, Body: i.body})
	}
	t := *i.here
	t.Name, t.Body, t.By, t.Updated, t.Outcome = i.file.Name, i.body, x.by.Name, now, ""
	return x.Store.SaveFlowTest(ctx, t)
}

// sameJSON reports whether two texts say the same, whatever the order of their keys.
func sameJSON(a, b string) bool {
	x, err := schema.DecodeJSONText(a)
	if err != nil {
		return false
	}
	y, err := schema.DecodeJSONText(b)
	return err == nil && schema.Equal(x, y)
}
