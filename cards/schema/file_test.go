package schema

import (
	"bytes"
	"strings"
	"testing"
)

func TestFilesSurviveTheJourney(t *testing.T) {
	f := FileValue{Name: "a.bin", Type: "application/octet-stream", Data: []byte{0, 0xff, '\n', 'a'}}
	v := f.Values()
	if v["size"] != int64(4) || v["base64"] != "AP8KYQ==" || !IsFile(v) {
		t.Errorf("Values = %v", v)
	}
	data, err := EncodeJSON(v)
	if err != nil {
		t.Fatal(err)
	}
	read, err := DecodeJSON(data)
	if err != nil {
		t.Fatal(err)
	}
	got, err := FileOf(read)
	if err != nil || got.Name != f.Name || got.Type != f.Type || !bytes.Equal(got.Data, f.Data) {
		t.Errorf("FileOf(%v) = %v, %v, want %v", read, got, err, f)
	}
}

func TestFileOfSaysWhatIsMissing(t *testing.T) {
	for _, c := range []struct {
		in   any
		want string
	}{
		{"text", `must be a file: an object with name, type, size and base64, got text "text"`},
		{Values{"name": "a"}, "must be a file: an object with name, type, size and base64, got an object"},
		{Values{"base64": "***"}, "base64 cannot be read"},
		{Values{"base64": "YQ==", "size": int64(2)}, "says it has 2 bytes, but its base64 holds 1"},
	} {
		if f, err := FileOf(c.in); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("FileOf(%v) = %v, %v, want %s", c.in, f, err, c.want)
		}
	}
	for _, s := range []string{"_-8=", "_-8", "/+8", "/+\n8="} {
		if f, err := FileOf(Values{"base64": s}); err != nil || !bytes.Equal(f.Data, []byte{0xff, 0xef}) {
			t.Errorf("FileOf(%q) = %v, %v", s, f, err)
		}
	}
}
