package all

import (
	"strings"
	"testing"
)

// familiar are the cards that people know from other products, by heading:
// "Name = the name of our card".
const familiar = `
Event: Helper Flow = event.helper | API Endpoint = event.endpoint | Delegated Flow = event.manual
Flow Control: Return = control.return | Continue If = control.continue_if | If/Else = control.if | If/ElseIf = control.if_else_if | Assign = control.assign | Assign If = control.assign_if | Lookup = control.lookup | Call Flow = control.call | Call Flow Async = control.call_background | Repeat = control.repeat | Wait For = control.wait | Wait Until = control.wait | Return Raw = http.close
Error Handling: If Error = control.try | Return Error = control.return_error | Return Error If = control.return_error_if
True/False: Compare = boolean.compare | And = boolean.and | Or = boolean.or | Or (Exclusive) = boolean.xor | Not = boolean.not | Xnor = boolean.xnor
Text: Compose = text.compose | Concatenate = text.concatenate | Split = text.split | Text Segment = text.segment | To Lower Case = text.lower_case | To Upper Case = text.upper_case | Trim = text.trim | Find Pattern = text.find_pattern | Replace = text.replace | Replace Pattern = text.replace_pattern | Replace Patterns = text.replace_patterns | Find = text.find | Find Last = text.find_last | Find Email = text.find_email | Length = text.length | Random = text.random | Base64 = encoding.base64_encode | Base64 Decode = encoding.base64_decode | Capitalize = text.capitalize | Title Case = text.title_case | Clean Whitespace = text.clean_whitespace | Pad = text.pad | Match = text.extract_pattern | Phone = text.find_phone | Url = text.find_url
Number: Add = number.add | Subtract = number.subtract | Multiply = number.multiply | Divide = number.divide | Formula = number.formula | Round = number.round | Round Up = number.round_up | Round Down = number.round_down | Random Integer = number.random_integer | Remainder = number.remainder | Exponent = number.power | Root = number.root | Minimum = number.minimum | Maximum = number.maximum | Absolute = number.absolute | Format = number.format
Date & Time: Now = date.now | Add = date.add | Subtract = date.subtract | Difference = date.difference | Convert = date.convert | Date to Text = date.to_text | Text to Date = date.from_text | UNIX = date.unix | EPOCH = date.epoch | Components = date.components | Day of Week = date.day_of_week
Object: Construct = object.construct | Get = object.get | Get Multiple = object.get_multiple | Set = object.set_value | Set Multiple = object.set_multiple | Merge = object.merge | Keys = object.keys | Values = object.values | Clear Empty = object.clear_empty | Omit = object.omit | Size = object.size | Map to List = object.map_to_list | Map = object.map | Filter = object.filter | Extend = object.merge
List: Construct = list.construct | At = list.at | Get First Item = list.get_first_item | Get Last Item = list.get_last_item | Length = list.length | Pluck = list.pluck | Find = list.find | Filter = list.filter | Filter Custom = list.filter_custom | Find Custom = list.find_custom | For Each = control.each | For Each - Ignore Errors = control.each | Map = list.map | Reduce = list.reduce | Sort = list.sort | Flatten = list.flatten | Includes = list.includes | List to Text = list.to_text | Remove Duplicates = list.remove_duplicates | Union (Combine Unique) = list.union | Intersection = list.intersection | Difference = list.difference | Collapse = list.collapse | Sample = list.sample | Add to End = list.add_to_end | Add to Start = list.add_to_start | Slice = list.slice | Reverse = list.reverse | Zip = list.zip | Group = list.group_by | Sum = list.sum | Average = list.average | Splice = list.splice
JSON: Parse = json.parse | Stringify = json.stringify
XML: Parse = xml.parse | Build = xml.build | Escape = xml.escape
URL: Encode Component = url.encode_component | Decode Component = url.decode_component | Parse = url.parse | Build = url.build
Encryption: HMAC = crypto.hmac | Hash = crypto.hash | Encrypt = crypto.encrypt | Decrypt = crypto.decrypt | Sign = crypto.sign | Verify Signature = crypto.verify
JWT: Sign = jwt.sign | Verify = jwt.verify | Decode = jwt.decode
API Connector: Get = http.get | Post = http.post | Put = http.put | Patch = http.patch | Delete = http.delete | Raw Request = http.raw | Close = http.close
File: Download = http.download | Upload = http.upload | Info = file.info | Multipart Upload = http.upload | CSV Read = csv.parse | CSV Write = csv.build | Create from Text = file.from_text | Read Text = file.to_text
Flows: Export Flow = flow.export
Tables: Create Row = table.create_row | Search Rows = table.search_rows | Read Row = table.read_row | Update Row = table.update_row | Delete Row = table.delete_row | Clear Table = table.clear | Read Table = table.read_table | Export to CSV = table.export_csv | Import from CSV = table.import_csv | Count Rows = table.count_rows
`

func TestFamiliarCardsAreThere(t *testing.T) {
	r := Registry()
	seen := map[string]bool{}
	for line := range strings.Lines(strings.TrimSpace(familiar)) {
		heading, list, _ := strings.Cut(strings.TrimSpace(line), ": ")
		for entry := range strings.SplitSeq(list, " | ") {
			title, name, named := strings.Cut(entry, " = ")
			title = heading + "/" + title
			if seen[title] {
				t.Errorf("%s is listed twice", title)
			}
			seen[title] = true
			if _, there := r.Card(name); !named || !there {
				t.Errorf("%s should be the card %q, which there is not", title, name)
			}
		}
	}
	if len(seen) < 140 {
		t.Errorf("only %d familiar cards are listed", len(seen))
	}
}
