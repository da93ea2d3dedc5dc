package schema

import (
	"encoding/json"
	"math"
	"strconv"
)

// ParseNumber reads a number as JSON writes it. It is an int64 when it is whole
// and fits, else a float64 when that holds it exactly, else the json.Number it was.
func ParseNumber(s string) (any, bool) {
	if v, ok := quickNumber(s); ok {
		return v, true
	}
	d, ok := parseDecimal(s)
	if !ok {
		return nil, false
	}
	return d.number(s), true
}

var pow10 = [...]uint64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15}

// quickNumber reads up to 18 digits, or 15 with a decimal point, and no exponent:
// both are exact without looking further.
func quickNumber(s string) (any, bool) {
	i, neg := 0, false
	if i < len(s) && s[i] == '-' {
		neg, i = true, 1
	}
	start, point := i, -1
	var m uint64
	for ; i < len(s); i++ {
		c := s[i]
		switch {
		case c >= '0' && c <= '9':
			m = m*10 + uint64(c-'0')
		case c == '.' && point < 0 && i > start:
			point = i
		default:
			return nil, false
		}
		if i-start > 18 {
			return nil, false
		}
	}
	if i == start || s[start] == '0' && i-start > 1 && point != start+1 {
		return nil, false
	}
	if point < 0 {
		if i-start > 18 {
			return nil, false
		}
		n := int64(m)
		if neg {
			n = -n
		}
		return n, true
	}
	places := i - point - 1
	if places == 0 || i-start > 16 {
		return nil, false
	}
	if m%pow10[places] == 0 {
		n := int64(m / pow10[places])
		if neg {
			n = -n
		}
		return n, true
	}
	f := float64(m) / float64(pow10[places])
	if neg {
		f = -f
	}
	return f, true
}

// number is d, which was written s, as flows carry it.
func (d decimal) number(s string) any {
	if d.digits == "" {
		return int64(0)
	}
	if d.exp >= len(d.digits) && d.exp <= 19 {
		if n, err := strconv.ParseInt(d.whole(), 10, 64); err == nil {
			return n
		}
	}
	if len(d.digits) > 17 { // more than any float64 keeps
		return json.Number(s)
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return json.Number(s)
	}
	if len(d.digits) <= 15 && d.exp > -300 && d.exp < 300 {
		return f
	}
	if back, _ := parseDecimal(strconv.FormatFloat(f, 'e', -1, 64)); back == d {
		return f
	}
	return json.Number(s)
}

// normalNumber returns any Go number as flows carry it.
func normalNumber(v any) (any, bool) {
	switch x := v.(type) {
	case int64:
		return x, true
	case float64:
		return normalFloat(x)
	case json.Number:
		return ParseNumber(string(x))
	case int:
		return int64(x), true
	case int32:
		return int64(x), true
	case int16:
		return int64(x), true
	case int8:
		return int64(x), true
	case uint8:
		return int64(x), true
	case uint16:
		return int64(x), true
	case uint32:
		return int64(x), true
	case uint:
		return ParseNumber(strconv.FormatUint(uint64(x), 10))
	case uint64:
		return ParseNumber(strconv.FormatUint(x, 10))
	case float32:
		return normalFloat(float64(x))
	}
	return nil, false
}

func normalFloat(x float64) (any, bool) {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return nil, false
	}
	if x == math.Trunc(x) && math.Abs(x) <= 1<<53 {
		return int64(x), true
	}
	return x, true
}

// FormatNumber writes a number as JSON does; false when v is no number.
func FormatNumber(v any) (string, bool) {
	switch x := v.(type) {
	case int64:
		return strconv.FormatInt(x, 10), true
	case json.Number:
		return string(x), true
	}
	n, ok := normalNumber(v)
	if !ok {
		return "", false
	}
	b, _ := appendNumber(nil, n)
	return string(b), true
}

// appendNumber appends an int64, float64 or json.Number as JSON writes it.
func appendNumber(b []byte, v any) ([]byte, bool) {
	switch x := v.(type) {
	case int64:
		return strconv.AppendInt(b, x, 10), true
	case json.Number:
		return append(b, x...), true
	case float64:
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return b, false
		}
		format := byte('f')
		if a := math.Abs(x); a != 0 && (a < 1e-6 || a >= 1e21) {
			format = 'e'
		}
		b = strconv.AppendFloat(b, x, format, -1, 64)
		if n := len(b); format == 'e' && n >= 4 && b[n-4] == 'e' && b[n-3] == '-' && b[n-2] == '0' {
			b[n-2] = b[n-1] // 1e-07 is written 1e-7
			b = b[:n-1]
		}
		return b, true
	}
	return b, false
}
