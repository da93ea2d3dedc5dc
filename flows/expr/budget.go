package expr

import (
	"fmt"
	"time"
)

// What one expression may spend.
const (
	// maxTicks is how many items its loops may look at.
	maxTicks = 1_000_000
	// maxMade is how many bytes its functions may take and make in all: each text has a
	// bound of its own, a loop may make many of them.
	maxMade = 256 << 20
	// maxTime ends what is slow for another reason.
	maxTime = 10 * time.Second
	// memoryBudget is how many elements the lists and objects that it makes may have in all.
	memoryBudget = 1_000_000
)

// budget is what one evaluation has spent.
type budget struct {
	ticks, made int
	until       time.Time
}

// tick counts one item that a loop looks at.
func (b *budget) tick() error {
	if b.ticks++; b.ticks > maxTicks {
		return &Error{Message: "the expression looks at more than 1,000,000 items"}
	}
	if b.ticks%256 == 0 {
		return b.clock()
	}
	return nil
}

// clock ends an expression that takes too long.
func (b *budget) clock() error {
	now := time.Now()
	if b.until.IsZero() {
		b.until = now.Add(maxTime)
	}
	if now.After(b.until) {
		return &Error{Message: fmt.Sprintf("the expression takes longer than %d seconds", maxTime/time.Second)}
	}
	return nil
}

// weigh counts what a function of the language has made, by its own measure.
func (b *budget) weigh(v any, weight int) error {
	switch v := v.(type) {
	case string:
		b.made += weight * len(v)
	case []string:
		b.made += weight * 16 * len(v)
	case []any:
		b.made += weight * 16 * len(v)
	case map[string]any:
		b.made += weight * 48 * len(v)
	}
	if b.made > maxMade {
		return &Error{Message: "the expression makes more than 256 MiB"}
	}
	return nil
}

// take makes v a value as flows carry it and counts everything in it.
func (b *budget) take(v any) (any, error) {
	switch v := v.(type) {
	case nil, bool, int64:
		return v, nil
	case int:
		return int64(v), nil
	}
	var s shaper
	v, err := s.shape(v)
	if err != nil {
		return nil, err
	}
	if b.made += s.text + 16*s.values; b.made > maxMade {
		return nil, &Error{Message: "the functions of the expression work on more than 256 MiB"}
	}
	return v, nil
}
