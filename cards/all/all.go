// Package all is the list of the cards there are. It holds nothing else.
package all

import (
	"flowdeck/cards"
	"flowdeck/cards/boolean"
	"flowdeck/cards/control"
	"flowdeck/cards/crypto"
	"flowdeck/cards/csv"
	"flowdeck/cards/date"
	"flowdeck/cards/encoding"
	"flowdeck/cards/event"
	"flowdeck/cards/file"
	"flowdeck/cards/httpcard"
	"flowdeck/cards/json"
	"flowdeck/cards/jwt"
	"flowdeck/cards/list"
	"flowdeck/cards/number"
	"flowdeck/cards/object"
	"flowdeck/cards/table"
	"flowdeck/cards/text"
	"flowdeck/cards/url"
	"flowdeck/cards/xml"
)

// Registry returns every card, in the order of the palette.
func Registry() *cards.Registry {
	return cards.NewRegistry(
		httpcard.Get, httpcard.Post, httpcard.Put, httpcard.Patch, httpcard.Delete, httpcard.Raw, httpcard.Download, httpcard.Upload, httpcard.Close,
		control.If, control.IfElseIf, control.Each, control.Repeat, control.Parallel, control.Try,
		control.Wait, control.Callback, control.Call, control.Start, control.ContinueIf, control.Return, control.ReturnIf, control.ReturnError, control.ReturnErrorIf,
		control.Assign, control.AssignIf, control.Lookup,
		text.Compose, text.Concatenate, text.Split, text.Segment, text.LowerCase, text.UpperCase, text.TitleCase, text.Capitalize,
		text.Trim, text.CleanWhitespace, text.Pad, text.Length, text.Find, text.FindLast, text.FindPattern, text.ExtractPattern,
		text.FindEmail, text.FindURL, text.FindPhone, text.Between, text.Count, text.Replace, text.ReplacePattern, text.ReplacePatterns,
		text.Random, text.Repeat, text.Truncate, text.Slug, text.RemoveAccents, text.Reverse, text.StripHTML, text.EscapeHTML, text.UnescapeHTML,
		number.Add, number.Subtract, number.Multiply, number.Divide, number.Formula, number.Round, number.RoundUp, number.RoundDown, number.Truncate,
		number.RandomInteger, number.Remainder, number.Power, number.Root, number.Minimum, number.Maximum, number.Absolute, number.Clamp,
		number.Format, number.Parse, number.ToBase, number.FromBase,
		boolean.Compare, boolean.And, boolean.Or, boolean.Xor, boolean.Xnor, boolean.Not, boolean.Parse,
		date.Now, date.Add, date.Subtract, date.AddDuration, date.Difference, date.Convert, date.ToText, date.FromText, date.Unix, date.Epoch, date.FromUnix,
		date.ToZone, date.Components, date.DayOfWeek, date.Construct, date.StartOf, date.EndOf, date.Compare, date.IsBetween, date.Earliest, date.Latest,
		date.NextWeekday, date.AddWorkdays, date.CountWorkdays, date.ParseDuration,
		object.Set, object.Construct, object.Get, object.GetMultiple, object.SetValue, object.SetMultiple, object.Merge,
		object.Keys, object.Values, object.ToList, object.FromList, object.Omit, object.Keep, object.RenameKeys, object.ClearEmpty, object.Size, object.HasKey,
		object.MapToList, object.Map, object.Filter,
		list.Construct, list.At, list.GetFirstItem, list.GetLastItem, list.Length, list.Pluck, list.Find, list.Filter, list.Count, list.Sort, list.GroupBy,
		list.RemoveDuplicates, list.Flatten, list.Includes, list.ToText, list.Union, list.Intersection, list.Difference, list.Collapse, list.Sample,
		list.AddToEnd, list.AddToStart, list.InsertAt, list.RemoveAt, list.Slice, list.Reverse, list.Chunk, list.Range, list.Zip,
		list.Sum, list.Average, list.Median, list.Minimum, list.Maximum, list.Splice,
		list.Map, list.FilterCustom, list.FindCustom, list.Reduce, list.SortCustom, list.GroupCustom, list.Every, list.Some,
		json.Parse, json.Stringify, json.Get,
		encoding.Base64Encode, encoding.Base64Decode, encoding.HexEncode, encoding.HexDecode,
		crypto.Hash, crypto.HMAC, crypto.HMACVerify, crypto.Encrypt, crypto.Decrypt, crypto.Sign, crypto.Verify, crypto.UUID, crypto.RandomBytes, crypto.RandomToken,
		jwt.Decode, jwt.Verify, jwt.Sign,
		url.EncodeComponent, url.DecodeComponent, url.Parse, url.Build,
		csv.Parse, csv.Build,
		xml.Parse, xml.Build, xml.Escape, xml.Unescape,
		file.Info, file.FromText, file.ToText, file.FromBase64, file.ToBase64, file.ExportFlow,
		table.CreateRow, table.SearchRows, table.ReadRow, table.UpdateRow, table.UpsertRow, table.DeleteRow, table.DeleteRows, table.Clear, table.CountRows,
		table.ReadTable, table.ImportCSV, table.ExportCSV,
		control.Note,
		event.Endpoint, event.Webhook, event.Schedule, event.Manual, event.Helper,
	)
}
