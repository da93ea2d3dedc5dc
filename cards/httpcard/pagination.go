package httpcard

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// paging says how an answer that comes in pages is gathered.
type paging struct {
	Pagination  string   `json:"pagination" label:"Follow pages by" default:"none" options:"none=None: one answer|link=Next link|cursor=Cursor|page=Page number|offset=Offset" form:"fixed,advanced" group:"Pages" help:"Gathers all pages of a list into items. The timeout and the largest answer are for all pages together."`
	ItemsPath   bodyPath `json:"items_path" label:"Items at" when:"pagination=link|cursor|page|offset" form:"fixed,advanced" group:"Pages" placeholder:"data.items" help:"Where the list stands in the body. Left empty, the body itself, or the only list in it."`
	NextPath    bodyPath `json:"next_path" label:"Next link at" when:"pagination=link" form:"fixed,advanced" group:"Pages" placeholder:"links.next" help:"Where the address of the next page stands in the body. Left empty, the Link header says it."`
	CursorPath  bodyPath `json:"cursor_path" label:"Cursor at" when:"pagination=cursor" form:"fixed,advanced,required" group:"Pages" placeholder:"meta.next_cursor" help:"Where the cursor of the next page stands in the body; data[-1].id is the id of the last item."`
	CursorParam string   `json:"cursor_param" label:"Send the cursor as" when:"pagination=cursor" form:"fixed,advanced,required" group:"Pages" placeholder:"cursor" help:"The name under which the cursor is sent."`
	CursorIn    string   `json:"cursor_in" label:"Send it in" default:"query" options:"query=Query|body=Body" when:"pagination=cursor" form:"fixed,advanced" group:"Pages" help:"In the body it becomes a key of the JSON object, or a form field."`
	PageParam   string   `json:"page_param" label:"Send the page as" default:"page" when:"pagination=page" form:"fixed,advanced" group:"Pages" help:"The query key of the page number."`
	FirstPage   int      `json:"first_page" label:"First page" default:"1" min:"0" max:"1000000000" when:"pagination=page" form:"advanced" group:"Pages" help:"The number of the page to begin with."`
	OffsetParam string   `json:"offset_param" label:"Send the offset as" default:"offset" when:"pagination=offset" form:"fixed,advanced" group:"Pages" help:"The query key of how many items are left out."`
	LimitParam  string   `json:"limit_param" label:"Send the page size as" when:"pagination=cursor|page|offset" form:"fixed,advanced" group:"Pages" placeholder:"limit" help:"The query key of how many items a page may have. Left empty, none is sent."`
	PageSize    int      `json:"page_size" label:"Page size" default:"100" min:"1" max:"100000" when:"pagination=cursor|page|offset" form:"advanced" group:"Pages" help:"How many items a page may have; sent only under a name."`
	StopWhen    string   `json:"stop_when" label:"Stop also when" default:"never" options:"never=Nothing else|false=A value is false|empty=A value is empty|equals=A value equals" when:"pagination=link|cursor|page|offset" form:"fixed,advanced" group:"Pages" help:"Beside the end that the pages have of themselves."`
	StopPath    bodyPath `json:"stop_path" label:"That value is at" when:"stop_when=false|empty|equals" form:"fixed,advanced,required" group:"Pages" placeholder:"has_more" help:"Where the value stands in the body."`
	StopValue   string   `json:"stop_value" label:"And equals" when:"stop_when=equals" form:"fixed,advanced" group:"Pages" help:"Compared as text."`
	MaxPages    int      `json:"max_pages" label:"Most pages" default:"100" min:"1" max:"10000" when:"pagination=link|cursor|page|offset" form:"advanced" group:"Pages" help:"Where to stop although there are more."`
	MaxItems    int      `json:"max_items" label:"Most items" default:"10000" min:"1" max:"1000000" when:"pagination=link|cursor|page|offset" form:"advanced" group:"Pages" help:"Where to stop although there are more."`
}

// pagedResponse is a response with what its pages held.
type pagedResponse struct {
	response
	Items []any `json:"items,omitempty" form:"advanced" group:"Pages" help:"Of followed pages: the items of all pages, in order."`
	Pages int   `json:"pages,omitempty" form:"advanced" group:"Pages" help:"Of followed pages: how many answers there were."`
	More  any   `json:"more,omitempty" form:"advanced" group:"Pages" help:"Of followed pages: true when the most pages or items were reached before the end."`
}

// on reports whether there is more than one answer to ask for.
func (p paging) on() bool { return p.Pagination != "" && p.Pagination != "none" }

// items is the list in the body of a page.
func (p paging) items(host string, body any, first bool) ([]any, error) {
	if len(p.ItemsPath.keys) > 0 {
		switch at := p.ItemsPath.in(body).(type) {
		case []any:
			return at, nil
		case nil:
			if !first || body == nil {
				return nil, nil
			}
			return nil, noItems("there is nothing at " + p.ItemsPath.text + " in the answer of " + host)
		default:
			return nil, noItems(fmt.Sprintf("at %s in the answer of %s is %s, not a list", p.ItemsPath.text, host, schema.Describe(at)))
		}
	}
	switch body := body.(type) {
	case nil:
		return nil, nil
	case []any:
		return body, nil
	case map[string]any:
		var lists []string
		for _, key := range slices.Sorted(maps.Keys(body)) {
			if _, isList := body[key].([]any); isList {
				lists = append(lists, key)
			}
		}
		if len(lists) == 1 {
			return body[lists[0]].([]any), nil
		}
		if len(lists) > 1 {
			return nil, noItems("the answer of " + host + " has several lists: fill in Items at with one of " + strings.Join(lists[:min(len(lists), 5)], ", "))
		}
	}
	return nil, noItems("the answer of " + host + " has no list: fill in Items at, or take it as one answer")
}

func noItems(message string) error {
	return &cards.Error{Code: cards.CodeInvalidResponse, Message: message}
}

// stops reports whether the condition of the author says that this page is the last.
func (p paging) stops(body any) bool {
	v := p.StopPath.in(body)
	text, _ := schema.ToText(v)
	switch p.StopWhen {
	case "false":
		return v == nil || v == false || text == "false"
	case "empty":
		list, isList := v.([]any)
		object, isObject := v.(map[string]any)
		return v == nil || v == "" || isList && len(list) == 0 || isObject && len(object) == 0
	case "equals":
		return v != nil && text == p.StopValue
	}
	return false
}

const inPages = "- **Follow pages by** gathers a list that comes in several answers: by the next link, a cursor, a page number or an offset. " +
	"All items stand in **items**, the body is that of the last page. It ends where the service says so, at an empty page, on a condition, or at a maximum, and then **more** is true. " +
	"A page that comes twice fails with `page_loop`, a link to another host with `page_elsewhere`; where the service asks to wait, the card does, as long as its timeout allows.\n"

// sevenItems are what the examples gather.
var sevenItems = []any{schema.Values{"id": 1}, schema.Values{"id": 2}, schema.Values{"id": 3}, schema.Values{"id": 4},
	schema.Values{"id": 5}, schema.Values{"id": 6}, schema.Values{"id": 7}}
