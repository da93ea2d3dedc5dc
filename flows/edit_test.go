package flows

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"flowdeck/cards/schema"
)

func encoded(t *testing.T, d Document) string {
	t.Helper()
	data, err := d.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// logged returns an edit as it comes back from a log or a browser.
func logged(t *testing.T, e Edit) Edit {
	t.Helper()
	data, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	var back Edit
	if err := json.Unmarshal(data, &back); err != nil {
		t.Fatalf("%s: %v", data, err)
	}
	return back
}

func TestEditsSayWhatTheyDo(t *testing.T) {
	for _, c := range []struct {
		edit  Edit
		label string
		check string // a piece of the document afterwards
	}{
		{Edit{Op: OpInsert, Card: "http.get", Index: 1}, "Add Get", `"id": "get_2"`},
		{Edit{Op: OpInsert, Card: "control.if", Index: -1, Title: "Big?"}, "Add Big?", `"operator": "equals"`},
		{Edit{Op: OpInsert, Card: "http.close", Parent: "check/else"}, "Add Close", `"status_code": 200`},
		{Edit{Op: OpMove, Step: "close", Parent: "check/then"}, "Move Close", `"id": "close"`},
		{Edit{Op: OpRemove, Step: "close"}, "Delete Close", `"id": "again"`},
		{Edit{Op: OpDuplicate, Step: "check"}, "Duplicate If / Else", `"who": "{{ post_2.body.note }}"`},
		{Edit{Op: OpRename, Step: "get", Title: "Read customer"}, "Rename Get to Read customer", `"title": "Read customer"`},
		{Edit{Op: OpNote, Step: "get", Value: "why"}, "Edit the note of Get", `"note": "why"`},
		{Edit{Op: OpToggle, Step: "get"}, "Switch Get off", `"off": true`},
		{Edit{Op: OpConnect, Step: "get", Value: "c_1"}, "Choose the connection of Get", `"connection": "c_1"`},
		{Edit{Op: OpPolicy, Step: "get", Value: map[string]any{"on_error": "continue", "timeout": "5s"}}, "Change what happens when Get fails", `"timeout": "5s"`},
		{Edit{Op: OpSet, Step: "get", Field: "url", Value: "https://x.test"}, "Set URL of Get", `"url": "https://x.test"`},
		{Edit{Op: OpSet, Step: "get", Field: `headers.X\.Y`, Value: "z"}, "Set Headers › X.Y of Get", `"X.Y": "z"`},
		{Edit{Op: OpSet, Step: "check", Field: "conditions.0.left", Value: "{{ get.body }}"}, "Set Conditions › 1 › Left of If / Else", `"left": "{{ get.body }}"`},
		{Edit{Op: OpUnset, Step: "get", Field: "query.expand"}, "Clear Query › expand of Get", `"query": {}`},
		{Edit{Op: OpRenameKey, Step: "get", Field: "query.expand", Name: "with"}, "Rename Query › expand of Get", `"with": "orders"`},
		{Edit{Op: OpAddItem, Step: "check", Field: "conditions"}, "Add to Conditions of If / Else", `"operator": "equals"`},
		{Edit{Op: OpRemoveItem, Step: "check", Field: "conditions.0"}, "Remove from Conditions of If / Else", `"conditions": []`},
		{Edit{Op: OpOutputAdd, Step: "get", Field: "body.email", Value: "text"}, "Add the output body.email to Get", `"path": "body.email"`},
		{Edit{Op: OpOutputDrop, Step: "get", Field: "body.url"}, "Remove the output body.url from Get", `"id": "get"`},
		{Edit{Op: OpTrigger, Card: "event.manual"}, "Begin the flow with Manual", `"card": "event.manual"`},
		{Edit{Op: OpResultSet, Parent: "check/then", Field: "id", Value: "{{ post.body }}"}, "Set id of If / Else", `"id": "{{ post.body }}"`},
		{Edit{Op: OpResultUnset, Parent: "check/else", Field: "who"}, "Clear who of If / Else", `"id": "again"`},
		{Edit{Op: OpWrap, Step: "get", Card: "control.if", Index: 2}, "Put 2 cards into If / Else", `"id": "if_else"`},
		{Edit{Op: OpUnwrap, Step: "check", Field: "then"}, "", ""},
		{Edit{Op: OpWrap, Steps: []string{"get", "check"}, Card: "control.if", Field: "else"}, "Put 2 cards into If / Else", `"id": "if_else"`},
		{Edit{Op: OpRemoveAll, Steps: []string{"close", "post", "get"}}, "Delete 3 cards", `"id": "again"`},
		{Edit{Op: OpRemoveAll, Steps: []string{"check", "post"}}, "Delete If / Else", `"id": "get"`},
		{Edit{Op: OpMoveAll, Steps: []string{"close", "get"}, Parent: "check/else", Index: 0}, "Move 2 cards", `"id": "again"`},
		{Edit{Op: OpCopyAll, Steps: []string{"get", "check"}}, "Duplicate 2 cards", `"left": "{{ get_2.status_code }}"`},
		{Edit{Op: OpPaste, Parent: "check/then", Index: 0, Value: []Step{{ID: "get", Card: "http.get"}, {ID: "new", Card: "http.post", Inputs: schema.Values{"body": "{{ get.body }} {{ gone.x }}"}}}}, "Paste 2 cards", `"body": "{{ get_2.body }} {{ gone.x }}"`},
		{Edit{Op: OpReplace, Value: Document{Format: 1}}, "Replace the flow", `"chain": []`},
	} {
		before := encoded(t, flow())
		next, inverse, label, err := flow().Apply(logged(t, c.edit), registry)
		if c.label == "" {
			if err == nil {
				t.Errorf("%s of %s was not refused", c.edit.Op, c.edit.Step)
			}
			continue
		}
		if err != nil || label != c.label {
			t.Errorf("%s: label %q, %v; want %q", c.edit.Op, label, err, c.label)
			continue
		}
		after := encoded(t, next)
		if !strings.Contains(after, c.check) || after == before {
			t.Errorf("%s: the document is now\n%s\nwant it changed and with %s", c.label, after, c.check)
		}
		back, redo, _, err := next.Apply(logged(t, inverse), registry)
		if err != nil || encoded(t, back) != before {
			t.Errorf("undoing %s gives %v\n%s\nwant\n%s", c.label, err, encoded(t, back), before)
		}
		again, _, _, err := back.Apply(logged(t, redo), registry)
		if err != nil || encoded(t, again) != after {
			t.Errorf("redoing %s gives %v\n%s\nwant\n%s", c.label, err, encoded(t, again), after)
		}
	}
}

func TestImpossibleEditsAreRefused(t *testing.T) {
	for _, c := range []struct {
		edit Edit
		want string // "" for not found
	}{
		{Edit{Op: "explode"}, `op: there is no edit "explode"`},
		{Edit{Op: OpRemove, Step: "gone"}, ""},
		{Edit{Op: OpRemove, Step: "call"}, ""},
		{Edit{Op: OpInsert, Card: "no.such"}, ""},
		{Edit{Op: OpInsert, Card: "http.get", Parent: "check/maybe"}, ""},
		{Edit{Op: OpInsert, Card: "http.get", Parent: "get/then"}, ""},
		{Edit{Op: OpInsert, Card: "event.manual"}, "card: Manual begins a flow and cannot stand inside of one"},
		{Edit{Op: OpMove, Step: "check", Parent: "check/then"}, "parent: a card cannot be moved into itself"},
		{Edit{Op: OpTrigger, Card: "http.get"}, "card: Get cannot begin a flow"},
		{Edit{Op: OpToggle, Step: "call"}, "the card that begins the flow cannot be switched off; switch the flow off instead"},
		{Edit{Op: OpSet, Step: "get", Field: "url.x", Value: "y"}, `url: is text "https://api.test/c/{{ call.customer }}" and has nothing below it`},
		{Edit{Op: OpSet, Step: "get"}, "field: is required"},
		{Edit{Op: OpSet, Step: "check", Field: "conditions.7.left", Value: "y"}, ""},
		{Edit{Op: OpAddItem, Step: "get", Field: "url"}, `url: is text "https://api.test/c/{{ call.customer }}", not a list`},
		{Edit{Op: OpRenameKey, Step: "get", Field: "query.nope", Name: "x"}, ""},
		{Edit{Op: OpOutputAdd, Step: "get", Field: "body.url"}, "field: Get has this output already"},
		{Edit{Op: OpOutputAdd, Step: "get", Field: "text.x"}, `field: {{ get.text.x }} leads nowhere: Get (2) has no output "text", it has status_code, headers, body`},
		{Edit{Op: OpOutputAdd, Step: "get", Field: "body.e mail"}, `field: an output reads like body.items[0].id or headers["x-id"], got "body.e mail"`},
		{Edit{Op: OpPolicy, Step: "get", Value: map[string]any{"retry": []any{map[string]any{"tries": int64(3)}}}}, "value.retry.0.tries: is not a key that belongs here; there are attempts, backoff, interval, jitter, match, max"},
		{Edit{Op: OpRestore, Value: Step{ID: "get", Card: "http.get"}}, "value: there is a card with the id get already"},
		{Edit{Op: OpRemoveAll}, "steps: is required: the cards that are meant"},
		{Edit{Op: OpRemoveAll, Steps: []string{"get", "call"}}, "steps: the card that begins the flow stays where it is; leave it out"},
		{Edit{Op: OpRemoveAll, Steps: []string{"get", "gone"}}, ""},
		{Edit{Op: OpMoveAll, Steps: []string{"get", "check"}, Parent: "check/then"}, "parent: a card cannot be moved into itself"},
		{Edit{Op: OpWrap, Steps: []string{"get", "post"}, Card: "control.if"}, "only cards that stand side by side can be put into another one; choose a range without gaps"},
		{Edit{Op: OpPaste, Value: []Step{{ID: "x", Card: "event.manual"}}}, "Manual begins a flow and cannot stand inside of one; paste without it"},
		{Edit{Op: OpPaste, Value: []any{"x"}}, "value.0: must be an object, got text \"x\""},
		{Edit{Op: OpPaste, Value: []Step{}}, "value: there are no cards to paste"},
		{Edit{Op: OpPaste, Parent: "get/then", Value: []Step{{ID: "x", Card: "http.get"}}}, ""},
		{Edit{Op: OpUnwrap, Step: "check", Field: "then"}, "field: the cards in else would be lost; move them out or delete them first"},
	} {
		next, _, _, err := flow().Apply(c.edit, registry)
		if c.want == "" {
			if !errors.Is(err, ErrNotFound) {
				t.Errorf("%+v = %v, want ErrNotFound", c.edit, err)
			}
		} else if err == nil || err.Error() != c.want {
			t.Errorf("%+v = %v, want %s", c.edit, err, c.want)
		}
		if encoded(t, next) != encoded(t, flow()) {
			t.Errorf("%+v was refused and changed the document", c.edit)
		}
	}
}

func TestMovingListsTheReferencesItBreaks(t *testing.T) {
	broken, err := BrokenBy(flow(), Edit{Op: OpMove, Step: "get", Index: 9}, registry)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, b := range broken {
		got = append(got, b.Step+" "+b.Field+" "+b.Reference.String()+": "+b.Why)
	}
	want := []string{
		"check conditions.0.left get.status_code: {{ get.status_code }} cannot be used here: Get (4) comes later",
		"post body get.body: {{ get.body }} cannot be used here: Get (4) comes later",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if broken, err = BrokenBy(flow(), Edit{Op: OpMove, Step: "again", Index: 0}, registry); err != nil || broken != nil {
		t.Errorf("moving what nobody refers to breaks %v, %v", broken, err)
	}
}

func TestKeysKeepTheOrderOfTheirAuthor(t *testing.T) {
	doc := flow()
	for _, e := range []Edit{
		{Op: OpSet, Step: "get", Field: "query.zebra", Value: "1"},
		{Op: OpSet, Step: "get", Field: "query.apple", Value: "2"},
		{Op: OpRenameKey, Step: "get", Field: "query.zebra", Name: "yak"},
		{Op: OpSet, Step: "get", Field: "query.yak", Value: "3"},
	} {
		var err error
		if doc, _, _, err = doc.Apply(e, registry); err != nil {
			t.Fatal(err)
		}
	}
	if got, want := doc.Chain[0].Keys("query"), []string{"expand", "yak", "apple"}; !reflect.DeepEqual(got, want) {
		t.Errorf("Keys(query) = %q, want %q", got, want)
	}
}

// TestUndoRestoresTheDocumentExactly makes random edits to random documents.
func TestUndoRestoresTheDocumentExactly(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	applied := map[string]int{}
	for round := range 40 {
		doc := flow()
		for n := range 40 {
			e := randomEdit(rng, doc)
			before := encoded(t, doc)
			next, inverse, _, err := doc.Apply(e, registry)
			if encoded(t, doc) != before {
				t.Fatalf("round %d.%d: %+v changed the document it was applied to", round, n, e)
			}
			if err != nil {
				continue
			}
			applied[e.Op]++
			if rng.IntN(2) == 0 {
				inverse = logged(t, inverse)
			}
			back, redo, _, err := next.Apply(inverse, registry)
			if err != nil || encoded(t, back) != before {
				t.Fatalf("round %d.%d: %+v then %+v: %v\ngot  %s\nwant %s", round, n, e, inverse, err, encoded(t, back), before)
			}
			again, _, _, err := back.Apply(redo, registry)
			if err != nil || encoded(t, again) != encoded(t, next) {
				t.Fatalf("round %d.%d: %+v, %+v, %+v: %v\ngot  %s\nwant %s", round, n, e, inverse, redo, err, encoded(t, again), encoded(t, next))
			}
			decoded, err := DecodeDocument([]byte(encoded(t, next)))
			if err != nil || encoded(t, decoded) != encoded(t, next) {
				t.Fatalf("round %d.%d: decoding gives %v\n%s\nwant %s", round, n, err, encoded(t, decoded), encoded(t, next))
			}
			doc = next
		}
	}
	for op := range edits {
		if applied[op] == 0 {
			t.Errorf("no random edit was a successful %s", op)
		}
	}
}

func randomEdit(rng *rand.Rand, doc Document) Edit {
	pick := func(list ...string) string { return list[rng.IntN(len(list))] }
	var ids, chains []string
	chains = append(chains, "")
	eachStep(&doc, func(s *Step) {
		ids = append(ids, s.ID)
		card, _ := registry.Card(s.Card)
		for _, l := range Lanes(s, card) {
			chains = append(chains, s.ID+"/"+l.Name)
		}
	})
	values := []any{"{{ get.body }}", "text", int64(7), 2.5, true, nil, "", map[string]any{"a": "b"}, []any{"x", nil}, map[string]any{}, json.Number("123456789012345678901")}
	field := pick("url", "query", "query.a", "query.b", "query.a.b", "headers.x", `headers.a\.b`, "conditions", "conditions.0", "conditions.0.left", "conditions.1.right", "conditions.2", "lanes", "lanes", "lanes.0", "lanes.1", "catches.0", "lanes.0.title", "values.z", "fields.k", "body")
	e := Edit{Op: sortedKeys(edits)[rng.IntN(len(edits))], Step: pick(append(ids, "gone")...), Parent: pick(chains...), Index: rng.IntN(5) - 1,
		Card: pick("http.get", "http.post", "control.if", "control.switch", "control.parallel", "control.try", "event.manual", "event.endpoint", "object.set"), Field: field,
		Name: pick("a", "c", "zz"), Title: pick("", "T"), Value: values[rng.IntN(len(values))]}
	switch e.Op {
	case OpInsert:
		e.Value = nil
	case OpAddItem, OpRemoveItem, OpMoveItem:
		var lists []Edit
		eachStep(&doc, func(s *Step) {
			for _, name := range []string{"conditions", "lanes", "catches"} {
				for i := range listOf(s.Inputs[name]) {
					lists = append(lists, Edit{Step: s.ID, Field: name + "." + strconv.Itoa(i)})
				}
			}
		})
		if len(lists) > 0 && rng.IntN(3) > 0 {
			at := lists[rng.IntN(len(lists))]
			e.Step, e.Field, e.Parent = at.Step, at.Field, ""
		}
		if e.Op == OpAddItem && rng.IntN(2) == 0 {
			e.Field, e.Value = strings.TrimRight(e.Field, ".0123456789"), nil
		}
	case OpSet, OpUnset, OpRenameKey:
		if rng.IntN(4) > 0 {
			e.Parent = ""
		} else {
			e.Field = pick("who", "b", "c")
		}
	case OpResultSet, OpResultUnset:
		e.Field = pick("who", "b", "c", "who.x", "list")
	case OpOutputAdd, OpOutputDrop:
		e.Field, e.Value = pick("body.a", "body.a.b", `headers["x-y"]`, "body.url"), pick("text", "any")
	case OpOutputs:
		e.Value = []Output{{Path: "body.q", Type: schema.Number}}[:rng.IntN(2)]
	case OpPolicy:
		e.Value = Policy{OnError: pick("", "continue", OnCatch, OnCatch), Retry: []Retry{{Match: []string{"any"}, Attempts: 3}}[:rng.IntN(2)]}
	case OpTrigger:
		e.Value = nil
		if rng.IntN(3) == 0 {
			e.Value = Step{ID: pick("call", "begin"), Card: "event.manual"}
		}
	case OpRestore:
		e.Value = Step{ID: fmt.Sprint("r", rng.IntN(1000)), Card: "control.if", Blocks: map[string]Block{"then": {Chain: []Step{{ID: fmt.Sprint("q", rng.IntN(1000)), Card: "http.get"}}}}}
	case OpWrap:
		if rng.IntN(2) == 0 {
			e.Steps = []string{pick(ids...), pick(ids...)}[:1+rng.IntN(2)]
		}
		e.Field, e.Value, e.Card = pick("", "then", "else", "lane_2", "catch"), nil, pick("control.if", "control.switch", "control.parallel", "control.try")
	case OpUnwrap:
		e.Field = pick("", "then", "else", "lane", "try")
		eachStep(&doc, func(s *Step) {
			if len(s.Blocks) == 1 && rng.IntN(2) == 0 {
				e.Step, e.Field = s.ID, ""
			}
		})
	case OpRemoveAll, OpMoveAll, OpCopyAll:
		e.Steps = []string{pick(ids...), pick(ids...), pick(ids...)}[:1+rng.IntN(3)]
	case OpPaste:
		e.Value = []Step{
			{ID: pick(ids...), Card: "http.get", Inputs: schema.Values{"url": "{{ " + pick(ids...) + ".body }}"}},
			{ID: pick("get", "check", "a b"), Card: "control.if", Blocks: map[string]Block{"else": {Chain: []Step{{ID: "get", Card: "http.post", Inputs: schema.Values{"body": "{{ get.body }}"}}}}}},
		}
	case OpAll:
		e.Edits = []Edit{{Op: OpRename, Step: pick(ids...), Title: "R"}, {Op: OpRemove, Step: pick(ids...)}}
	case OpReplace:
		e.Value = flow()
	}
	return e
}

func TestAnEditKeepsTheDigitsOfNumbers(t *testing.T) {
	var e Edit
	if err := json.Unmarshal([]byte(`{"op":"set","step":"get","field":"query.n","value":{"n":12345678901234567890123}}`), &e); err != nil {
		t.Fatal(err)
	}
	doc, _, _, err := flow().Apply(e, registry)
	if err != nil {
		t.Fatal(err)
	}
	if data := []byte(encoded(t, doc)); !bytes.Contains(data, []byte("12345678901234567890123")) {
		t.Errorf("the number lost digits:\n%s", data)
	}
}
