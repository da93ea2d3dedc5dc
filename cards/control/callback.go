package control

import (
	"maps"
	"time"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// question is one thing that a form page asks for.
type question struct {
	Name     string `json:"name" form:"required,fixed" placeholder:"comment" help:"Letters, digits and _; other cards use the answer by this name."`
	Type     string `json:"type" default:"text" options:"text=Text|number=Number|boolean=True / false|date=Date" form:"fixed" help:"What people fill in."`
	Required bool   `json:"required" form:"fixed" help:"Nobody can answer without it."`
	Options  string `json:"options" label:"Choices" form:"fixed" placeholder:"low, medium, high" help:"The texts to choose among, with commas between them. Empty: any."`
	Help     string `json:"help" label:"Question" form:"fixed" help:"What to ask, in words. Empty: the name is shown."`
}

type callbackInput struct {
	Kind        string     `json:"kind" label:"Answered by" default:"form" options:"form=A person, on a form page|request=A program, with a request" form:"fixed" help:"What the link leads to."`
	Title       string     `json:"title" default:"Approval needed" when:"kind=form" help:"The heading of the page."`
	Description string     `json:"description" format:"multiline" when:"kind=form" help:"What it is about. Blank lines begin a new paragraph."`
	Fields      []question `json:"fields" label:"Questions" form:"fixed" when:"kind=form" help:"What the page asks for. Each answer becomes an output that you can drag."`
	Buttons     string     `json:"buttons" default:"two" options:"two=Approve and reject|one=Submit" form:"fixed" when:"kind=form" help:"How the page is answered."`
	AskName     bool       `json:"ask_name" label:"Ask for a name" default:"true" form:"fixed,advanced" when:"kind=form" help:"Whoever is not signed in says who they are."`
	Methods     string     `json:"methods" label:"Methods" default:"post" options:"post=POST|any=POST and GET" form:"fixed" when:"kind=request" help:"Programs that check mail open links in it with GET: leave it at POST when the link is mailed."`
	Amount      float64    `json:"amount" label:"Wait at most" default:"7" help:"How long the link can be used."`
	Unit        string     `json:"unit" default:"days" options:"minutes=Minutes|hours=Hours|days=Days|weeks=Weeks" form:"fixed" help:"What the amount counts."`
	OnTimeout   string     `json:"on_timeout" label:"When nobody answers" default:"fail" options:"fail=Fail with timeout|continue=Go on" form:"fixed" help:"What happens when the link expires."`
}

type callbackOutput struct {
	Outcome    string         `json:"outcome" help:"approved, rejected, answered or timeout."`
	Approved   bool           `json:"approved" help:"Whether somebody approved."`
	AnsweredBy string         `json:"answered_by" label:"Answered by" help:"The name of who is signed in, or gave a name."`
	SignedIn   bool           `json:"signed_in" label:"Signed in" form:"advanced" help:"Whether that person was signed in, so that the name is sure."`
	AnsweredAt string         `json:"answered_at" label:"Answered at" help:"When."`
	Method     string         `json:"method" form:"advanced" help:"POST or GET."`
	Body       any            `json:"body" help:"The value when a program sent JSON, otherwise text."`
	Query      map[string]any `json:"query" form:"advanced" help:"What stood after the question mark."`
	Headers    map[string]any `json:"headers" form:"advanced" help:"Names are in lower case."`
	Answers    schema.Values  `json:"*"`
}

// sending is what the cards that send the link see.
type sending struct {
	URL     string    `json:"url" label:"Link" help:"Opens the form page, or takes the request. It works once."`
	Expires time.Time `json:"expires" help:"Until when it works."`
}

// Callback waits until somebody answers by a link.
var Callback = cards.NewControl(cards.Spec{
	Name:     "control.wait_callback",
	Title:    "Wait for Callback",
	Category: category,
	Family:   cards.FamilyLogic,
	Icon:     "user-round",
	Summary:  "Waits until somebody answers by a link: an approval, a form, a request.",
	Doc: "Makes a link that works once, runs the cards under **Send the link**, and waits.\n\n" +
		"- Put the cards that mail or post the link under **Send the link**; only there can they see it, as **Link**.\n" +
		"- **A form page** shows title, description and questions with buttons to approve and reject. It needs no sign-in: the link cannot be guessed. Whoever is signed in to Flowdeck is named in **Answered by**; others are asked for a name.\n" +
		"- **A request** is POSTed, with JSON, a form or text of at most 1 MB; body, query and headers are outputs.\n" +
		"- The first answer counts. Whoever comes later is told that it was answered.\n" +
		"- When nobody answers in time, the card fails with `timeout`, or goes on with the outcome `timeout`.\n" +
		"- While a run only waits, the flow's run timeout stands still. The page of the run shows the link too.",
	Keywords:    []string{"wait", "callback", "approval", "approve", "reject", "form", "human", "webhook", "resume", "pause", "signal", "task token", "ask"},
	Blocks:      []cards.BlockSpec{{Name: "send", Title: "Send the link", Inside: schema.Of[sending]()}},
	OutputsFrom: "fields",
	Examples: []cards.Example{{
		Title: "Nobody answers, and the flow goes on",
		In:    schema.Values{"title": "Leave for Maya", "on_timeout": "continue"},
		Out:   schema.Values{"outcome": "timeout", "approved": false},
	}, {
		Title: "Nobody answers",
		In:    schema.Values{"kind": "request", "amount": 2, "unit": "hours"},
		Err:   cards.CodeTimeout,
	}, {
		Title: "Not for longer than a year",
		In:    schema.Values{"amount": 53, "unit": "weeks"},
		Err:   cards.CodeInvalidInput,
	}},
}, func(flow cards.Flow, in callbackInput) (callbackOutput, error) {
	d, err := span(in.Amount, in.Unit, "amount")
	if err != nil {
		return callbackOutput{}, err
	}
	cb := in.callback(flow.Now().Add(d))
	url, err := flow.Open(cb)
	if err != nil {
		return callbackOutput{}, err
	}
	if _, err := flow.RunWith("send", schema.Values{"url": url, "expires": cb.Expires.UTC().Format(time.RFC3339)}); err != nil {
		return callbackOutput{}, err
	}
	v, err := flow.Await(cb)
	switch {
	case err != nil:
		return callbackOutput{}, err
	case v == nil && in.OnTimeout == "fail":
		return callbackOutput{}, &cards.Error{Code: cards.CodeTimeout, Message: "nobody answered by " + cb.Expires.UTC().Format(time.RFC1123)}
	case v == nil:
		return callbackOutput{Outcome: "timeout"}, nil
	}
	return answered(v), nil
})

func (in callbackInput) callback(expires time.Time) cards.Callback {
	cb := cards.Callback{Expires: expires.UTC().Truncate(time.Microsecond), Get: in.Methods == "any"}
	if in.Kind != "form" {
		return cb
	}
	p := &cards.Page{Title: in.Title, Description: in.Description, Approve: "Submit", AskName: in.AskName}
	if in.Buttons == "two" {
		p.Approve, p.Reject = "Approve", "Reject"
	}
	for _, q := range in.Fields {
		p.Fields = append(p.Fields, schema.Values{"name": q.Name, "type": q.Type, "required": q.Required, "options": q.Options, "help": q.Help})
	}
	cb.Page = p
	return cb
}

// answered reads an answer as the outputs of the card; what it does not have itself
// are answers to questions.
func answered(v schema.Values) callbackOutput {
	v = maps.Clone(v)
	take := func(name string) any {
		x := v[name]
		delete(v, name)
		return x
	}
	text := func(name string) string { s, _ := take(name).(string); return s }
	yes := func(name string) bool { b, _ := take(name).(bool); return b }
	object := func(name string) map[string]any { m, _ := take(name).(map[string]any); return m }
	return callbackOutput{Outcome: text("outcome"), Approved: yes("approved"), AnsweredBy: text("answered_by"), SignedIn: yes("signed_in"),
		AnsweredAt: text("answered_at"), Method: text("method"), Body: take("body"), Query: object("query"), Headers: object("headers"), Answers: v}
}
