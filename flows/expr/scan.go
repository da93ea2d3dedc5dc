package expr

import "strings"

// closing returns where the }} is that belongs to a {{ just before from. Text in
// quotes and nested braces are skipped. When there is none, end is -1 and quote
// is where a quote begins that never ends, or -1.
func closing(src string, from int) (end, quote int) {
	depth := 0
	for i := from; i < len(src); i++ {
		switch c := src[i]; c {
		case '"', '\'', '`':
			last := endOfQuote(src, i, src[i:i+1])
			if last < 0 {
				return -1, i
			}
			i = last
		case '\\':
			// Inside of JSON text people write the quotes of an expression as \".
			if i+1 < len(src) && src[i+1] == '"' {
				last := endOfQuote(src, i+1, `\"`)
				if last < 0 {
					return -1, i
				}
				i = last
			}
		case '{':
			depth++
		case '}':
			if depth == 0 {
				if strings.HasPrefix(src[i:], "}}") {
					return i, -1
				}
			} else {
				depth--
			}
		}
	}
	return -1, -1
}

// endOfQuote returns the last byte of the quoted text whose opening mark ends at i.
func endOfQuote(src string, i int, mark string) int {
	for i++; i < len(src); i++ {
		switch {
		case strings.HasPrefix(src[i:], mark):
			return i + len(mark) - 1
		case src[i] == '\\' && mark != "`":
			i++
		}
	}
	return -1
}
