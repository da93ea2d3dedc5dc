package cardtest

import (
	"errors"
	"time"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// Flow stands in for a running flow and writes down what a control card asks of it.
type Flow struct {
	Results  map[string]schema.Values // what each block results in
	Fails    error                    // what every block fails with, when not nil
	FailsIn  map[string]error         // what a block fails with
	LateIs   func(own schema.Values) schema.Values
	Own      []schema.Values // what RunWith and Round were given, in order
	Told     schema.Values   // what Leave was told
	Ran      []string        // the blocks that ran, in order
	Answer   *cards.Response
	Returned schema.Values
	Until    time.Time       // what was waited for
	Link     *cards.Callback // what was opened
	Came     schema.Values   // what comes by the link; nil: it expires
	Called   []cards.Call
}

// errReturned ends the run, as the error of a real flow's Return does.
var errReturned = errors.New("the run has returned")

// Respond keeps the answer; a second one is refused.
func (f *Flow) Respond(r cards.Response) error {
	if f.Answer != nil {
		return &cards.Error{Code: cards.CodeResponded, Message: "this run has answered already"}
	}
	f.Answer = &r
	return nil
}

// Return keeps the outputs and ends the run.
func (f *Flow) Return(out schema.Values) error {
	f.Returned = out
	return errReturned
}

// outcome is what an example of a control card shows: its outputs, the answer it
// gave, or what it returned.
func (f *Flow) outcome(out schema.Values, err error) (schema.Values, error) {
	switch {
	case errors.Is(err, errReturned):
		return f.Returned, nil
	case errors.Is(err, errLeft):
		return f.Told, nil
	case err != nil:
		return nil, err
	case f.Answer == nil:
		return out, nil
	}
	headers := schema.Values{}
	for k, values := range f.Answer.Headers {
		list := make([]any, len(values))
		for i, v := range values {
			list[i] = v
		}
		headers[k] = list
	}
	return schema.Values{"status": int64(f.Answer.Status), "headers": headers, "body": f.Answer.Body}, nil
}
