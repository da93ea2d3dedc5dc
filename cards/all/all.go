// Package all is the list of the cards there are. It holds nothing else.
package all

import (
	"flowdeck/cards"
	"flowdeck/cards/control"
	"flowdeck/cards/event"
	"flowdeck/cards/httpcard"
	"flowdeck/cards/object"
	"flowdeck/cards/text"
	"flowdeck/cards/xml"
)

// Registry returns every card, in the order of the palette.
func Registry() *cards.Registry {
	return cards.NewRegistry(
		httpcard.Get, httpcard.Post, httpcard.Put, httpcard.Patch, httpcard.Delete, httpcard.Raw, httpcard.Close,
		control.If, control.Return,
		text.Compose, text.Concatenate, text.Split, text.Segment, text.LowerCase, text.UpperCase, text.TitleCase, text.Capitalize,
		text.Trim, text.CleanWhitespace, text.Pad, text.Length, text.Find, text.FindLast, text.FindPattern, text.ExtractPattern,
		text.FindEmail, text.FindURL, text.FindPhone, text.Between, text.Count, text.Replace, text.ReplacePattern, text.ReplacePatterns,
		text.Random, text.Repeat, text.Truncate, text.Slug, text.RemoveAccents, text.Reverse, text.StripHTML, text.EscapeHTML, text.UnescapeHTML,
		object.Set, object.Construct, object.Get, object.GetMultiple, object.SetValue, object.SetMultiple, object.Merge,
		object.Keys, object.Values, object.ToList, object.FromList, object.Omit, object.Keep, object.RenameKeys, object.ClearEmpty, object.Size, object.HasKey,
		xml.Parse, xml.Build,
		event.Endpoint, event.Manual,
	)
}
