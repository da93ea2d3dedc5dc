package httpcard

import (
	"maps"
	"mime"
	"net/http"
	"strings"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type closeInput struct {
	StatusCode int            `json:"status_code" label:"Status code" default:"200" min:"200" max:"599" help:"What the answer begins with: 200 says that all is well."`
	Headers    map[string]any `json:"headers" help:"Sent with the answer."`
	BodyType   string         `json:"body_type" label:"Body type" default:"json" options:"json=JSON|text=Text|file=File" form:"fixed,advanced" help:"JSON sends any value as JSON. Text sends the text as it is. File sends the bytes of a file, with its type and name."`
	Body       any            `json:"body" when:"body_type=json|text" format:"@body_type" help:"What the caller gets."`
	File       any            `json:"file" when:"body_type=file" placeholder:"A file from an earlier card" form:"required" help:"A file from another card, sent as it is with its type and name."`
}

// Close answers whoever called the flow's endpoint.
var Close = cards.NewControl(cards.Spec{
	Name:     "http.close",
	Title:    "Close",
	Category: category,
	Family:   cards.FamilyReply,
	Icon:     "reply",
	Summary:  "Replies to the caller; the flow runs on.",
	Doc: "Sends the answer to whoever called the flow's endpoint, right away. The cards after it still run.\n\n" +
		"- A run answers once: a second Close fails with `already_responded`.\n" +
		"- A flow that was not called by an endpoint has no caller; the answer is then only kept in the run.\n" +
		"- Statuses 204 and 304 have no body.",
	Keywords: []string{"reply", "respond", "response", "answer", "return", "http", "end"},
	Examples: []cards.Example{{
		Title: "Answer with JSON",
		In:    schema.Values{"body": schema.Values{"synced": true, "crm_id": "crm_51"}},
		Out: schema.Values{"status": 200, "headers": schema.Values{"Content-Type": []any{"application/json"}},
			"body": schema.Values{"synced": true, "crm_id": "crm_51"}},
	}, {
		Title: "Refuse in words",
		In:    schema.Values{"status_code": "409", "body_type": "text", "body": "This customer is not active.", "headers": schema.Values{"x-reason": "inactive"}},
		Out: schema.Values{"status": 409, "headers": schema.Values{"Content-Type": []any{"text/plain; charset=utf-8"}, "X-Reason": []any{"inactive"}},
			"body": "This customer is not active."},
	}, {
		Title: "Send a file",
		In:    schema.Values{"body_type": "file", "file": schema.FileValue{Name: "hello.txt", Type: "text/plain", Data: []byte("hello")}.Values()},
		Out: schema.Values{"status": 200, "headers": schema.Values{"Content-Type": []any{"text/plain"}, "Content-Disposition": []any{"attachment; filename=hello.txt"}},
			"body": schema.FileValue{Name: "hello.txt", Type: "text/plain", Data: []byte("hello")}.Values()},
	}, {
		Title: "Only a status",
		In:    schema.Values{"status_code": 204},
		Out:   schema.Values{"status": 204, "headers": schema.Values{}, "body": nil},
	}, {
		Title: "Pass on headers of another answer; those of its connection are left out",
		In:    schema.Values{"status_code": 304, "headers": schema.Values{"etag": `"51"`, "content-length": "120", "connection": "close"}},
		Out:   schema.Values{"status": 304, "headers": schema.Values{"Etag": []any{`"51"`}}, "body": nil},
	}, {
		Title: "A status must be one",
		In:    schema.Values{"status_code": 99},
		Err:   cards.CodeInvalidInput,
	}},
}, func(flow cards.Flow, in closeInput) (struct{}, error) {
	r, err := reply(in)
	if err != nil {
		return struct{}{}, err
	}
	return struct{}{}, flow.Respond(r)
})

// reply is the answer that the inputs ask for.
func reply(in closeInput) (cards.Response, error) {
	headers, err := requestHeaders(withoutOwn(in.Headers))
	if err != nil {
		return cards.Response{}, err
	}
	r := cards.Response{Status: in.StatusCode, Headers: headers}
	if in.BodyType != "file" && (in.Body == nil || in.Body == "") {
		return r, nil
	}
	if in.StatusCode == http.StatusNoContent || in.StatusCode == http.StatusNotModified {
		return r, schema.Problems{{Field: "body", Message: "must be empty: an answer with this status has none; use status 200 to send it"}}
	}
	if in.BodyType == "file" {
		return fileReply(r, headers, in.File)
	}
	// Objects and lists stay values, to be read in the run's history; whoever sends them
	// writes them as JSON. Text that is to be JSON is written here.
	kind := schema.TypeOf(in.Body)
	whole := in.BodyType == "json" && (kind == schema.Object || kind == schema.List)
	r.Body = in.Body
	if whole && schema.Exceeds(in.Body, mostEncoded) {
		setType(headers, jsonType)
		return r, nil
	}
	data, contentType, err := encodeBody(in.BodyType, in.Body)
	if err != nil {
		return r, err
	}
	setType(headers, contentType)
	if whole {
		r.Encoded = data
	} else {
		r.Body = string(data)
	}
	return r, nil
}

// withoutOwn are headers but for those that the connection to the caller has of its own:
// whoever passes on the headers of another answer has these among them.
func withoutOwn(headers map[string]any) map[string]any {
	kept := maps.Clone(headers)
	maps.DeleteFunc(kept, func(name string, _ any) bool { return ownHeaders[http.CanonicalHeaderKey(strings.TrimSpace(name))] })
	return kept
}

// mostEncoded is how large an answer may be and still be kept as JSON beside its value:
// whoever sends a larger one writes it while it is being sent.
const mostEncoded = 1 << 20

func setType(headers http.Header, contentType string) {
	if headers.Get("Content-Type") == "" {
		headers.Set("Content-Type", contentType)
	}
}

// fileReply answers with the bytes of a file. They are unpacked when they are sent.
func fileReply(r cards.Response, headers http.Header, body any) (cards.Response, error) {
	object, _ := body.(map[string]any)
	if !schema.IsFile(body) {
		return r, schema.Problems{{Field: "file", Message: "must be a file: an object with name, type, size and base64, got " + schema.Describe(body)}}
	}
	kind, _ := object["type"].(string)
	if kind == "" {
		kind = "application/octet-stream"
	}
	setType(headers, kind)
	if name, _ := object["name"].(string); name != "" && headers.Get("Content-Disposition") == "" {
		headers.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	}
	r.Body, r.File = body, true
	return r, nil
}
