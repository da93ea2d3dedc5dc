package expr

import (
	"errors"

	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/vm"
)

// memoryBudget is how many elements the lists and objects may have in all that
// one expression makes.
const memoryBudget = 1_000_000

// run evaluates the program of c.
func (c *code) run(scope Scope) (any, error) {
	env := make(map[string]any, len(c.refs)+2)
	for i := range c.refs {
		env[loaded(i)] = c.refs[i].value(scope)
	}
	if c.ticks {
		env[counterName] = new(int)
	}
	if c.makes {
		env[scaleName] = new(int)
	}
	machine := vm.VM{MemoryBudget: memoryBudget}
	v, err := machine.Run(c.program, env)
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

func (c *code) failure(err error) *Error {
	message := err.Error()
	var own *Error
	var theirs *file.Error
	switch {
	case errors.As(err, &own):
		message = own.Message
	case errors.As(err, &theirs):
		message = plain(theirs.Message)
	}
	return &Error{Message: "{{ " + c.src + " }}: " + message}
}
