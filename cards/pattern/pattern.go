// Package pattern keeps regular expressions compiled. They are RE2: the time that
// they take grows with the text, never faster.
package pattern

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"regexp/syntax"
	"strings"
	"sync"
)

// MaxLength is how long a pattern may be, in bytes.
const MaxLength = 4 << 10

const maxKept = 256 // compiled

// Cache keeps regular expressions compiled. It remembers nothing that could change
// an answer.
type Cache struct {
	mu   sync.RWMutex
	kept map[string]*regexp.Regexp
}

// New returns an empty cache.
func New() *Cache { return &Cache{kept: map[string]*regexp.Regexp{}} }

// Compile returns a pattern ready to match. The error is written for its author.
func (p *Cache) Compile(pattern string) (*regexp.Regexp, error) {
	p.mu.RLock()
	re := p.kept[pattern]
	p.mu.RUnlock()
	if re != nil {
		return re, nil
	}
	if len(pattern) > MaxLength {
		return nil, errors.New("the pattern is longer than 4096 letters")
	}
	re, err := regexp.Compile(pattern)
	if err != nil {
		var wrong *syntax.Error
		if errors.As(err, &wrong) {
			return nil, fmt.Errorf("is not a pattern: %s at %q", wrong.Code, wrong.Expr)
		}
		return nil, fmt.Errorf("is not a pattern: %w", err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.kept) >= maxKept {
		clear(p.kept)
	}
	p.kept[pattern] = re
	return re, nil
}

// maxSteps is how many steps a search may take at worst, which hardly any does: some minutes.
const maxSteps = 20_000_000_000

// Affordable reports whether searching s takes bearable time at worst: every letter may
// visit every instruction of the pattern, and copy the places of all groups.
func Affordable(re *regexp.Regexp, s string) bool {
	each := len(s) * 2 * (1 + re.NumSubexp())
	return each <= maxSteps/guessed(re.String()) || each <= maxSteps/length(re)
}

// mostRepeated is how often regexp lets a part of a pattern be repeated by numbers, also when
// such repeats are nested.
const mostRepeated = 1000

// guessed is at least how many instructions a pattern has.
func guessed(pattern string) int {
	n := 3*len(pattern) + 4
	if strings.Contains(pattern, "{") {
		n *= mostRepeated
	}
	return n
}

// length is how many instructions a pattern has.
func length(re *regexp.Regexp) int {
	tree, err := syntax.Parse(re.String(), syntax.Perl)
	if err != nil {
		return math.MaxInt32
	}
	program, err := syntax.Compile(tree.Simplify())
	if err != nil {
		return math.MaxInt32
	}
	return len(program.Inst)
}

// ErrSlow is what a search fails with that is not affordable.
var ErrSlow = errors.New("the pattern could take minutes on a text as long as this; make one of them shorter")
