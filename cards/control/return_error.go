package control

import (
	"maps"
	"regexp"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type errorInput struct {
	Code    string         `json:"code" default:"failed" placeholder:"order_unknown" help:"Names the error for catch blocks: letters, digits and _."`
	Message string         `json:"message" form:"required" help:"What went wrong, in words for whoever reads it."`
	Status  int            `json:"status_code" label:"Status code" default:"500" min:"400" max:"599" help:"What the caller of an endpoint is answered with when nothing catches the error."`
	Body    map[string]any `json:"body" label:"More values" help:"Names and values that say more. A catch block sees them as the body of the error."`
}

var codeName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,63}$`)

// reserved are codes that mean something to Flowdeck itself.
var reserved = map[string]bool{"any": true, cards.CodeCancelled: true, cards.CodeBug: true, cards.CodeInterrupted: true, cards.CodeUnknownOutcome: true}

// failure is the error that the inputs ask for.
func (in errorInput) failure() error {
	if !codeName.MatchString(in.Code) {
		return schema.Problems{{Field: "code", Message: "must be small letters, digits and _, beginning with a letter, got " + schema.Describe(in.Code)}}
	}
	if reserved[in.Code] {
		return schema.Problems{{Field: "code", Message: in.Code + " is a code of Flowdeck's own; choose another"}}
	}
	details := schema.Values{"status_code": int64(in.Status)}
	if len(in.Body) > 0 {
		details["body"] = maps.Clone(in.Body)
	}
	return &cards.Error{Code: in.Code, Message: in.Message, Details: details, Answer: in.Status}
}

// ReturnError fails, on purpose.
var ReturnError = cards.NewControl(cards.Spec{
	Name:     "control.return_error",
	Title:    "Return Error",
	Category: category,
	Family:   cards.FamilyReply,
	Icon:     "circle-alert",
	Summary:  "Fails with an error of your own.",
	Doc: "Fails with the code and the message that you give. The nearest **Try / Catch** around it may catch the error by its code; otherwise the run fails.\n\n" +
		"- The caller of an endpoint then gets the status and the message as a problem document (RFC 9457), unless **Close** has answered before.\n" +
		"- A catch block sees **code**, **message**, **status** and the other values as **body**.",
	Keywords: []string{"throw", "fail", "raise", "error", "exception", "abort", "stop"},
	Examples: []cards.Example{{
		Title: "An error of your own",
		In:    schema.Values{"code": "order_unknown", "message": "There is no such order.", "status_code": 404},
		Err:   "order_unknown",
	}, {
		Title: "Only a message",
		In:    schema.Values{"message": "This cannot be."},
		Err:   "failed",
	}, {
		Title: "A code must be a name",
		In:    schema.Values{"code": "Order unknown!", "message": "There is no such order."},
		Err:   cards.CodeInvalidInput,
	}},
}, func(_ cards.Flow, in errorInput) (struct{}, error) { return struct{}{}, in.failure() })
