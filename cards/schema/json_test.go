package schema

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
)

func TestDecodeJSON(t *testing.T) {
	for src, want := range map[string]any{
		`{"a":1,"b":[true,false,null],"c":{"d":"e"}}`: Values{"a": int64(1), "b": []any{true, false, nil}, "c": Values{"d": "e"}},
		" \n[ 1 , 2.5 ]\t":                            []any{int64(1), 2.5}, `""`: "", `[]`: []any{}, `{}`: Values{}, `"é\u00e9\n\ud83d\ude00\/"`: "éé\n😀/",
		`"\ud800x"`: "\ufffdx", `12345678901234567890`: json.Number("12345678901234567890"), `{"a":1,"a":2}`: Values{"a": int64(2)},
		`[[],[[1]],2]`: []any{[]any{}, []any{[]any{int64(1)}}, int64(2)}, `null`: nil,
	} {
		for _, pad := range []string{"", strings.Repeat(" ", shareBelow)} {
			got, err := DecodeJSON([]byte(src + pad))
			if err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("DecodeJSON(%s) = %v, %v, want %v", src, got, err, want)
			}
		}
	}
}

func TestDecodeJSONSaysWhere(t *testing.T) {
	for _, c := range []struct{ src, want string }{
		{"", "line 1, column 1: expected a value, but the text ends"},
		{"{\n  \"a\": 1,\n  \"é\": x\n}", "line 3, column 8: expected a value"},
		{`{"a" 1}`, "line 1, column 6: expected a colon after the key"},
		{`{"a":1 "b":2}`, "line 1, column 8: expected a comma or }"},
		{`{a:1}`, "line 1, column 2: expected a key in double quotes"},
		{`{"a":1,}`, "line 1, column 8: expected a key in double quotes"},
		{`[1,]`, "line 1, column 4: expected a value"},
		{`[1`, "line 1, column 3: expected a comma or ], but the text ends"},
		{`[01]`, "line 1, column 2: expected a number, but 01 is none"},
		{`nul`, "line 1, column 1: expected a value"},
		{`1 2`, "line 1, column 3: expected nothing more after the value"},
		{`"a`, "line 1, column 3: expected a closing double quote, but the text ends"},
		{"\"a\nb\"", "line 1, column 3: line breaks, tabs and control characters in text must be written as escapes such as \\n"},
		{`"\x"`, "line 1, column 2: this escape is unknown; a backslash is written \\\\"},
		{`"\u12"`, "line 1, column 2: expected four hexadecimal digits after \\u"},
		{"\"a\xff\"", "line 1, column 3: this is not UTF-8 text"},
		{`"\`, "line 1, column 3: expected a closing double quote, but the text ends"},
	} {
		_, err := DecodeJSON([]byte(c.src))
		var at *JSONError
		if !errors.As(err, &at) || err.Error() != c.want {
			t.Errorf("DecodeJSON(%q)\n got %v\nwant %s", c.src, err, c.want)
		}
	}
	if _, err := DecodeJSON([]byte(strings.Repeat("[", 1<<20))); err == nil || !strings.Contains(err.Error(), "column 1001: nested too deeply") {
		t.Errorf("a million brackets gave %v", err)
	}
}

func TestEncodeJSON(t *testing.T) {
	for want, v := range map[string]any{
		`{"a":[1,1.5,null,true],"b":{}}`: Values{"b": Values{}, "a": []any{int64(1), 1.5, nil, true}},
		`"<é\"\\\n\t\u0001>"`:            "<é\"\\\n\t\x01>", `12345678901234567890`: json.Number("12345678901234567890"),
		`1e-7`: 1e-7, `"a` + "\ufffd" + `b"`: "a\xffb", `[1,"x"]`: []any{1, "x"}, `["a"]`: []string{"a"},
	} {
		if got, err := EncodeJSON(v); err != nil || string(got) != want {
			t.Errorf("EncodeJSON(%v) = %s, %v, want %s", v, got, err, want)
		}
	}
	loop := Values{}
	loop["self"] = loop
	for _, v := range []any{json.Number("1x"), make(chan int), loop} {
		if got, err := EncodeJSON(v); err == nil {
			t.Errorf("EncodeJSON of a %T = %.20s, want an error", v, got)
		}
	}
}

func FuzzDecodeJSON(f *testing.F) {
	for _, s := range []string{`{"a":[1,2.50,"\u00e9\ud83d\ude00"],"b":null}`, `[1e400,-0,12345678901234567890]`, `"\`, "\xff", `{"a":{"a":{}}}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := DecodeJSON(data)
		if valid := json.Valid(data); valid != (err == nil) && !strings.Contains(errText(err), "UTF-8") && !strings.Contains(errText(err), "deeply") {
			t.Fatalf("DecodeJSON(%q) = %v, but valid is %v", data, err, valid)
		}
		if err != nil {
			return
		}
		out, err := EncodeJSON(got)
		if err != nil {
			t.Fatal(err)
		}
		again, err := DecodeJSON(out)
		if err != nil || !reflect.DeepEqual(got, again) {
			t.Fatalf("%q became %q", data, out)
		}
	})
}

func errText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func orders(n int) []byte {
	var b bytes.Buffer
	b.WriteString(`{"orders":[`)
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(`{"id":1207741,"customer":"Maya Müller","total":199.95,"paid":true,"lines":[{"sku":"A-17","count":3},{"sku":"B-2","count":1}],"note":null}`)
	}
	b.WriteString(`]}`)
	return b.Bytes()
}

func BenchmarkDecodeJSON(b *testing.B) {
	for name, n := range map[string]int{"1": 1, "10MB": 70000} {
		data := orders(n)
		b.Run(name+"/flowdeck", func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := DecodeJSON(data); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(name+"/encoding-json", func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				d := json.NewDecoder(bytes.NewReader(data))
				d.UseNumber()
				var v any
				if err := d.Decode(&v); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkEncodeJSON(b *testing.B) {
	v, _ := DecodeJSON(orders(10))
	b.Run("flowdeck", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			EncodeJSON(v)
		}
	})
	b.Run("encoding-json", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			json.Marshal(v)
		}
	})
}

func BenchmarkForm(b *testing.B) {
	f := Of[everything]()
	in := Values{"url": "https://api.acme.io/customers/7", "count": "7", "wait": "5s", "query": Values{"a": "b"},
		"conditions": []any{Values{"left": int64(1), "operator": "less"}}, "inner": Values{"operator": "less"}, "body": Values{}}
	b.Run("decode", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var x everything
			if err := f.Decode(in, &x); err != nil {
				b.Fatal(err)
			}
		}
	})
	var x everything
	f.Decode(in, &x)
	x.Exact = "1"
	b.Run("encode", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := f.Encode(x); err != nil {
				b.Fatal(err)
			}
		}
	})
}
