package flows

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"

	"flowdeck/cards/schema"
)

func TestADocumentReadsBackAsItWasWritten(t *testing.T) {
	doc := flow()
	text := encoded(t, doc)
	back, err := DecodeDocument([]byte(text))
	if err != nil || !reflect.DeepEqual(back, doc) {
		t.Errorf("DecodeDocument = %v\n%+v\nwant\n%+v", err, back, doc)
	}
	var plain Document
	if err := json.Unmarshal([]byte(text), &plain); err != nil || !reflect.DeepEqual(plain, doc) {
		t.Errorf("json.Unmarshal = %v\n%+v\nwant\n%+v", err, plain, doc)
	}
}

func TestAWrongDocumentIsNamedWithItsPlace(t *testing.T) {
	for _, c := range []struct{ src, want string }{
		{"{\n  \"chain\": [\n}", "line 3, column 1: expected a value"},
		{"{\n  \"format\": 1,\n  \"steps\": []\n}", "steps line 3, column 3: is not a key that belongs here; there are chain, format, trigger"},
		{"{\"format\": \"1\"}", `format line 1, column 2: must be a whole number, got text "1"`},
		{"{\"chain\": [{\"id\": \"a\", \"card\": \"b\"},\n {\"id\": 7}]}", "chain.1.id line 2, column 3: must be text, got number 7"},
		{`{"chain": [{"id": "a", "inputs": [1]}]}`, "chain.0.inputs line 1, column 24: must be an object, got a list of 1"},
		{`{"chain": [{"blocks": {"then": {"chain": [{"policy": {"timeout": "soon"}}]}}}]}`, `chain.0.blocks.then.chain.0.policy.timeout line 1, column 55: must be a duration such as "30s", got text "soon"`},
		{`{"chain": [{"outputs": [{"path": "a", "type": "colour"}]}]}`, `chain.0.outputs.0.type line 1, column 39: must be one of any, text, number, boolean, date, object, list, file, got text "colour"`},
		{`[]`, "line 1, column 1: must be an object, got a list of 0"},
		{strings.Repeat(" ", MaxDocument+1), "is longer than 4 MiB"},
	} {
		_, err := DecodeDocument([]byte(c.src))
		var p Problems
		if !errors.As(err, &p) || p.Error() != c.want {
			t.Errorf("DecodeDocument(%.80q) = %v, want %s", c.src, err, c.want)
		}
	}
}

func TestCardsNestedTooDeeplyAreRefused(t *testing.T) {
	const n = 200
	step := strings.Repeat(`{"id":"a","card":"b","blocks":{"then":{"chain":[`, n) + `{"id":"a","card":"b"}` + strings.Repeat("]}}}", n)
	_, err := DecodeDocument([]byte(`{"chain":[` + step + `]}`))
	if err == nil || !strings.Contains(err.Error(), "cards are nested more than 64 deep") {
		t.Errorf("DecodeDocument = %v, want it to refuse the depth", err)
	}
}

func FuzzDecodeDocument(f *testing.F) {
	data, err := flow().Encode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add([]byte(`{"chain":[{"id":"a","card":"b","policy":{"retry":[{"match":["any"],"attempts":2,"interval":"1s"}]}}]}`))
	f.Add([]byte(`{"chain":[{"id":"a","card":"","policy":{"retry":[{}]}}]}`))
	f.Add([]byte(`{"trigger":{"id":"x","card":"event.manual","inputs":{"inputs":[{"name":1}]}},"chain":[{"id":"x"}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		doc, err := DecodeDocument(data)
		if err != nil {
			var p Problems
			if !errors.As(err, &p) || len(p) != 1 {
				t.Errorf("DecodeDocument(%q) = %T %v", data, err, err)
			}
			return
		}
		text, err := doc.Encode()
		if err != nil {
			t.Fatal(err)
		}
		again, err := DecodeDocument(text)
		if err != nil {
			t.Fatalf("%q is written as %s, which cannot be read: %v", data, text, err)
		}
		if more, _ := again.Encode(); string(more) != string(text) {
			t.Errorf("%q is written as\n%s\nthen as\n%s", data, text, more)
		}
		Compile(doc, registry)
		Outputs(doc, registry)
		eachStep(&doc, func(s *Step) { Visible(doc, s.ID, registry) })
		for _, e := range []Edit{{Op: OpSet, Step: "x", Field: "a.b", Value: "c"}, {Op: OpTrigger, Card: "event.endpoint"}, {Op: OpDuplicate, Step: "a"}, {Op: OpRemove, Step: "a"}} {
			if _, err := BrokenBy(doc, e, registry); err != nil && !errors.Is(err, ErrNotFound) {
				var p schema.Problems
				if !errors.As(err, &p) {
					t.Errorf("%+v = %T %v", e, err, err)
				}
			}
		}
	})
}
