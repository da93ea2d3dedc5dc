package path

import (
	"math/rand/v2"
	"strings"
	"testing"

	"flowdeck/cards/schema"
)

func read(t *testing.T, src string) any {
	t.Helper()
	v, err := schema.DecodeJSONText(src)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func write(t *testing.T, v any) string {
	t.Helper()
	data, err := schema.EncodeJSON(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

const order = `{"id":7,"items":[{"sku":"A"},{"sku":"B"}],"next-page":"x","a.b":1,"0":"zero"}`

func TestGet(t *testing.T) {
	for path, want := range map[string]string{
		"": order, "id": "7", "items[0].sku": `"A"`, "items.1.sku": `"B"`, "items[-1].sku": `"B"`, `["next-page"]`: `"x"`, "next-page": `"x"`,
		`["a.b"]`: "1", "0": `"zero"`, "items": `[{"sku":"A"},{"sku":"B"}]`,
	} {
		p, err := Parse(path)
		if err != nil {
			t.Fatalf("Parse(%q) = %v", path, err)
		}
		if got, there := p.Get(read(t, order)); !there || write(t, got) != write(t, read(t, want)) {
			t.Errorf("%s is %v, %v, want %s", path, got, there, want)
		}
	}
	for _, path := range []string{"name", "items[2]", "items[-3]", "items.x", "id.x", "[0]", "items[0][0]"} {
		p, _ := Parse(path)
		if got, there := p.Get(read(t, order)); there {
			t.Errorf("%s is %v, want nothing", path, got)
		}
	}
}

func TestTextThatIsNoPath(t *testing.T) {
	for _, path := range []string{".a", "a..b", "a.", "a[", "a[x]", `a["x]`, "a[0]b", strings.Repeat("a.", 200) + "a"} {
		if p, err := Parse(path); err == nil {
			t.Errorf("Parse(%q) = %v, want an error", path, p.steps)
		}
	}
}

func TestSetAndRemove(t *testing.T) {
	for _, c := range []struct{ in, path, want string }{
		{`{"a":1}`, "b", `{"a":1,"b":9}`}, {`{"a":1}`, "a", `{"a":9}`}, {`{}`, "a.b.c", `{"a":{"b":{"c":9}}}`}, {`{"a":null}`, "a.b", `{"a":{"b":9}}`},
		{`{"a":[1,2]}`, "a[0]", `{"a":[9,2]}`}, {`{"a":[1,2]}`, "a[2]", `{"a":[1,2,9]}`}, {`{"a":[1,2]}`, "a[-1]", `{"a":[1,9]}`}, {`{}`, "a[0].b", `{"a":[{"b":9}]}`},
		{`{"a":1}`, "", "9"},
	} {
		p, _ := Parse(c.path)
		in := read(t, c.in)
		got, err := p.Set(in, int64(9))
		if err != nil || write(t, got) != c.want {
			t.Errorf("Set %s in %s = %v, %v, want %s", c.path, c.in, got, err, c.want)
		}
		if write(t, in) != c.in {
			t.Errorf("Set %s changed what it was given: %s", c.path, write(t, in))
		}
	}
	for _, c := range []struct{ in, path, want string }{
		{`{"a":1}`, "a.b", `"b" needs an object to stand in, and there is number 1`}, {`{"a":{}}`, "a[0]", "[0] needs a list to stand in, and there is an object"},
		{`{"a":[1]}`, "a[5]", "position 5 of a list of 1 cannot be set; the next one is 1"}, {`{}`, "a[2]", "begin with [0]"}, {`{"a":[]}`, "a.b", `"b" needs an object to stand in, and there is a list of 0`},
	} {
		p, _ := Parse(c.path)
		if got, err := p.Set(read(t, c.in), 9); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("Set %s in %s = %v, %v, want %q", c.path, c.in, got, err, c.want)
		}
	}
	for _, c := range []struct{ in, path, want string }{
		{`{"a":1,"b":2}`, "a", `{"b":2}`}, {`{"a":{"b":1}}`, "a.b", `{"a":{}}`}, {`{"a":[1,2,3]}`, "a[1]", `{"a":[1,3]}`}, {`{"a":[{"b":1}]}`, "a[0].b", `{"a":[{}]}`},
		{`{"a":1}`, "x.y", `{"a":1}`}, {`{"a":1}`, "", `{"a":1}`},
	} {
		p, _ := Parse(c.path)
		in := read(t, c.in)
		if got := p.Remove(in); write(t, got) != c.want || write(t, in) != c.in {
			t.Errorf("Remove %s from %s = %s, want %s", c.path, c.in, write(t, got), c.want)
		}
	}
}

func TestWhatIsSetIsThere(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	paths := []string{"a", "a.b", "a.b[0]", "b[0].c", "a.c", `["x y"].z`, "b[-1].d"}
	for range 2000 {
		v := any(schema.Values{})
		for range r.IntN(6) {
			p, _ := Parse(paths[r.IntN(len(paths))])
			if next, err := p.Set(v, r.Int64N(9)); err == nil {
				if got, there := p.Get(next); !there || schema.TypeOf(got) != schema.Number {
					t.Fatalf("%s in %s is %v", p, write(t, next), got)
				}
				if _, there := p.Get(p.Remove(next)); there && schema.TypeOf(p.parent(next)) != schema.List {
					t.Fatalf("%s is still in %s", p, write(t, p.Remove(next)))
				}
				v = next
			}
		}
	}
}

// parent is what the last step stands in.
func (p Path) parent(v any) any {
	at, _ := Path{steps: p.steps[:len(p.steps)-1]}.Get(v)
	return at
}
