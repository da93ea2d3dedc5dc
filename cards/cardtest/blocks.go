package cardtest

import (
	"errors"
	"fmt"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// errLeft leaves a block, as the error of a real flow's Leave does.
var errLeft = errors.New("the block was left")

// Run notes the block and gives its result.
func (f *Flow) Run(block string) (schema.Values, error) {
	f.Ran = append(f.Ran, block)
	if err, planned := f.FailsIn[block]; planned {
		return nil, err
	}
	return f.Results[block], f.Fails
}

// RunWith is Run; it notes what the cards inside would see.
func (f *Flow) RunWith(block string, own schema.Values) (schema.Values, error) {
	f.Own = append(f.Own, own)
	return f.Run(block)
}

// Try is Run, with an Error as a failure.
func (f *Flow) Try(block string) (schema.Values, *cards.Failure, error) {
	out, err := f.Run(block)
	var failure *cards.Error
	if errors.As(err, &failure) {
		return nil, &cards.Failure{Err: failure, Step: block + "_1", Path: block + "_1"}, nil
	}
	return out, nil, err
}

// Finally runs a block that has a result or is planned to fail.
func (f *Flow) Finally(block string, err error) error {
	if _, own := f.Run(block); own != nil {
		return own
	}
	return err
}

// Together runs blocks one after the other.
func (f *Flow) Together(blocks []string) ([]schema.Values, error) {
	all := make([]schema.Values, len(blocks))
	for i, block := range blocks {
		var err error
		if all[i], err = f.Run(block); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// Each runs the block once per item, one after the other.
func (f *Flow) Each(block string, items []any, o cards.Rounds) (cards.Rounded, error) {
	done := cards.Rounded{}
	for i, item := range items {
		out, failure, err := f.Try(block)
		switch {
		case err != nil:
			return cards.Rounded{}, err
		case failure != nil && !o.GoOn:
			return cards.Rounded{}, failure
		case failure != nil:
			done.Failures = append(done.Failures, cards.FailedRound{Index: i, Item: item, Failure: failure})
		default:
			done.Results = append(done.Results, out)
		}
	}
	return done, nil
}

// Round runs the block.
func (f *Flow) Round(block string, n int, own schema.Values) (schema.Values, bool, error) {
	out, err := f.RunWith(block, own)
	if errors.Is(err, errLeft) {
		return nil, true, nil
	}
	return out, false, err
}

// Late gives what LateIs says for the round that own is of.
func (f *Flow) Late(own schema.Values) (schema.Values, error) {
	if f.LateIs == nil {
		return schema.Values{}, nil
	}
	return f.LateIs(own), nil
}

// Leave keeps what is told and leaves the block.
func (f *Flow) Leave(told schema.Values) error {
	f.Told = told
	return fmt.Errorf("%w early", errLeft)
}
