package schema

import "strings"

// decimal is the number 0.digits × 10^exp, in its only form: no zero leads or
// trails the digits, and zero has none. Two equal numbers are equal decimals.
type decimal struct {
	neg    bool
	digits string
	exp    int
}

const maxExponent = 1 << 30 // keeps sums of exponents within an int

// parseDecimal reads a number by JSON's grammar.
func parseDecimal(s string) (decimal, bool) {
	var d decimal
	i := 0
	if i < len(s) && s[i] == '-' {
		d.neg, i = true, 1
	}
	start := i
	for i < len(s) && isDigit(s[i]) {
		i++
	}
	whole := s[start:i]
	if whole == "" || whole[0] == '0' && len(whole) > 1 {
		return d, false
	}
	fraction := ""
	if i < len(s) && s[i] == '.' {
		start = i + 1
		for i++; i < len(s) && isDigit(s[i]); i++ {
		}
		if fraction = s[start:i]; fraction == "" {
			return d, false
		}
	}
	exp, i, ok := parseExponent(s, i)
	if !ok || i != len(s) {
		return d, false
	}
	digits := whole
	if strings.Trim(fraction, "0") != "" {
		digits = whole + fraction
	}
	trimmed := strings.TrimLeft(digits, "0")
	d.exp = exp + len(whole) - (len(digits) - len(trimmed))
	d.digits = strings.TrimRight(trimmed, "0")
	if d.digits == "" {
		return decimal{}, true
	}
	return d, true
}

func parseExponent(s string, i int) (exp, next int, ok bool) {
	if i >= len(s) || s[i] != 'e' && s[i] != 'E' {
		return 0, i, true
	}
	i++
	neg := false
	if i < len(s) && (s[i] == '+' || s[i] == '-') {
		neg = s[i] == '-'
		i++
	}
	start := i
	for ; i < len(s) && isDigit(s[i]); i++ {
		exp = min(exp*10+int(s[i]-'0'), maxExponent)
	}
	if neg {
		exp = -exp
	}
	return exp, i, i > start
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// whole spells out a whole number.
func (d decimal) whole() string {
	s := d.digits + strings.Repeat("0", d.exp-len(d.digits))
	if d.neg {
		return "-" + s
	}
	return s
}

func (d decimal) compare(o decimal) int {
	switch {
	case d == o:
		return 0
	case d.sign() != o.sign():
		return d.sign() - o.sign()
	}
	r := d.exp - o.exp
	if r == 0 {
		r = strings.Compare(d.digits, o.digits)
	}
	if d.neg {
		return -r
	}
	return r
}

func (d decimal) sign() int {
	switch {
	case d.digits == "":
		return 0
	case d.neg:
		return -1
	}
	return 1
}

func decimalOf(v any) (decimal, bool) {
	s, ok := FormatNumber(v)
	if !ok {
		return decimal{}, false
	}
	return parseDecimal(s)
}
