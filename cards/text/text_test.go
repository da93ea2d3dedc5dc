package text

import (
	"testing"

	"flowdeck/cards"
	"flowdeck/cards/cardtest"
)

var all = []cards.Card{Compose, Concatenate, Split, Segment, LowerCase, UpperCase, TitleCase, Capitalize, Trim, CleanWhitespace, Pad, Length,
	Find, FindLast, FindPattern, ExtractPattern, FindEmail, FindURL, FindPhone, Between, Count, Replace, ReplacePattern, ReplacePatterns,
	Random, Repeat, Truncate, Slug, RemoveAccents, Reverse, StripHTML, EscapeHTML, UnescapeHTML}

func TestExamples(t *testing.T) { cardtest.Run(t, cardtest.World(), all...) }
