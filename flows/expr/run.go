package expr

import (
	"errors"

	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/vm"
)

// run evaluates the program of c.
func (c *code) run(scope Scope) (any, error) {
	machine := vm.VM{MemoryBudget: memoryBudget}
	v, err := machine.Run(c.program, c.env(scope))
	if err != nil {
		return nil, c.failure(err)
	}
	s := shaper{}
	v, err = s.shape(v)
	if err != nil {
		return nil, c.failure(err)
	}
	return v, nil
}

// env is what the program of c sees: the values of its references, and its budget.
func (c *code) env(scope Scope) map[string]any {
	env := make(map[string]any, len(c.refs)+1)
	for i := range c.refs {
		env[loaded(i)] = c.refs[i].value(scope)
	}
	if c.spends || c.bare {
		env[budgetName] = new(budget)
	}
	return env
}

// failure is an error of an evaluation, with the expression and the place in it.
func (c *code) failure(err error) *Error {
	e := cause(err)
	if e.About = "{{ " + c.src + " }}: "; c.bare {
		e.About = c.src + ": "
	}
	e.Message = e.About + e.Message
	return e
}

// cause is what went wrong, in our words, and where in the expression.
func cause(err error) *Error {
	e := &Error{Message: err.Error()}
	var own *Error
	var theirs *file.Error
	if errors.As(err, &theirs) {
		e.Message, e.Cause = plain(theirs.Message), 1+theirs.From
	}
	if errors.As(err, &own) {
		e.Message = own.Message
	}
	return e
}
