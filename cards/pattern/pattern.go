// Package pattern keeps regular expressions compiled. They are RE2: the time that
// they take grows with the text, never faster.
package pattern

import (
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"
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

// maxSteps is how many steps a search may take at worst: some seconds.
const maxSteps = 20_000_000_000

// Affordable reports whether searching s takes bearable time at worst: every letter may
// visit every instruction of the pattern, and copy the places of all groups.
func Affordable(re *regexp.Regexp, s string) bool {
	if len(s) < 64<<10 {
		return true
	}
	tree, err := syntax.Parse(re.String(), syntax.Perl)
	if err != nil {
		return false
	}
	program, err := syntax.Compile(tree.Simplify())
	return err == nil && len(s)*len(program.Inst)*2*(1+re.NumSubexp()) <= maxSteps
}

// ErrSlow is what a search fails with that is not affordable.
var ErrSlow = errors.New("the pattern could take minutes on a text as long as this; make one of them shorter")
