// Package csv holds the cards that read and write CSV.
//
// They compute and touch nothing.
package csv

import "flowdeck/cards/schema"

const category = "CSV"

// delimiters by their stored names.
var delimiters = map[string]rune{"comma": ',', "semicolon": ';', "tab": '\t', "pipe": '|'}

func problem(field, message string) error {
	return schema.Problems{{Field: field, Message: message}}
}
