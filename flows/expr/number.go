package expr

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
)

// Number reads the text of a JSON number as values carry it: an int64 when it is
// whole and fits, else a float64 when that gives the same digits back, else the
// json.Number it was.
func Number(text string) any {
	if i, err := strconv.ParseInt(text, 10, 64); err == nil {
		return i
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || digits(text) != digits(strconv.FormatFloat(f, 'e', -1, 64)) {
		return json.Number(text)
	}
	return whole(f)
}

// digits is the number without sign, point, exponent and outer zeros, so that
// two spellings of a number of the same size compare equal.
func digits(text string) string {
	text, _, _ = strings.Cut(strings.ToLower(text), "e")
	text = strings.Replace(strings.TrimLeft(text, "-+"), ".", "", 1)
	return strings.Trim(text, "0")
}

// whole makes an int64 of a float64 that is one.
func whole(f float64) any {
	if f == math.Trunc(f) && math.Abs(f) < 1<<53 {
		return int64(f)
	}
	return f
}

func appendFloat(b []byte, f float64) []byte {
	format := byte('f')
	if abs := math.Abs(f); abs != 0 && (abs < 1e-6 || abs >= 1e21) {
		format = 'e'
	}
	return strconv.AppendFloat(b, f, format, -1, 64)
}
