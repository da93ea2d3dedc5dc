// Package event holds the cards that begin a flow.
//
// They say what a flow begins with. Who receives the call or presses the button
// is elsewhere.
package event

const category = "Events"

// input is one of the inputs that a flow declares.
type input struct {
	Name     string `json:"name" form:"required,fixed" placeholder:"customer_id" help:"Letters, digits and _; other cards use the input by this name."`
	Type     string `json:"type" default:"text" options:"text=Text|number=Number|boolean=True / false|date=Date|object=Object|list=List|any=Any" form:"fixed" help:"Text that holds a number or a date becomes one."`
	Required bool   `json:"required" form:"fixed" help:"A call without it is refused."`
	Help     string `json:"help" label:"Description" form:"fixed" help:"What to put in, for whoever calls."`
}
