package schema

import (
	"encoding/base64"
	"errors"
	"fmt"
)

// FileValue is a file as flows carry it: an object of its name, its media type, its
// size in bytes and its content in Base64.
type FileValue struct {
	Name string
	Type string // "application/pdf"; "" when nobody knows
	Data []byte
}

// Values returns the file as flows carry it.
func (f FileValue) Values() Values {
	return Values{"name": f.Name, "type": f.Type, "size": int64(len(f.Data)), "base64": base64.StdEncoding.EncodeToString(f.Data)}
}

// IsFile reports whether v looks like a file: an object that has "base64".
func IsFile(v any) bool {
	object, _ := v.(map[string]any)
	_, ok := object["base64"].(string)
	return ok
}

// FileOf returns the file that a value is. The error says what is missing, in
// words for the person who chose the value.
func FileOf(v any) (FileValue, error) {
	object, isObject := v.(map[string]any)
	packed, hasData := object["base64"].(string)
	if !isObject || !hasData {
		return FileValue{}, fmt.Errorf("must be a file: an object with name, type, size and base64, got %s", Describe(v))
	}
	data, err := unpackBase64(packed)
	if err != nil {
		return FileValue{}, err
	}
	if size, named := object["size"]; named && size != nil {
		if order, ok := CompareNumbers(size, int64(len(data))); !ok || order != 0 {
			return FileValue{}, fmt.Errorf("is a file that says it has %s bytes, but its base64 holds %d; a part of it was lost", bare(size), len(data))
		}
	}
	f := FileValue{Data: data}
	f.Name, _ = object["name"].(string)
	f.Type, _ = object["type"].(string)
	return f, nil
}

func bare(v any) string {
	if s, ok := ToText(v); ok {
		return cut(s, 40)
	}
	return Describe(v)
}

var errBase64 = errors.New("is a file whose base64 cannot be read")

// unpackBase64 reads Base64 as it is met: with or without padding and line breaks,
// in the common alphabet or the one for URLs.
func unpackBase64(s string) ([]byte, error) {
	for _, e := range []*base64.Encoding{base64.StdEncoding, base64.RawStdEncoding, base64.URLEncoding, base64.RawURLEncoding} {
		if data, err := e.DecodeString(s); err == nil {
			return data, nil
		}
	}
	return nil, errBase64
}
