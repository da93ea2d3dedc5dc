package control

import (
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"
	"sync"
)

const (
	maxPattern  = 4 << 10 // bytes
	maxPatterns = 256     // kept compiled
)

// patterns keeps regular expressions compiled. It remembers nothing that could
// change an answer.
type patterns struct {
	mu   sync.RWMutex
	kept map[string]*regexp.Regexp
}

func newPatterns() *patterns { return &patterns{kept: map[string]*regexp.Regexp{}} }

func (p *patterns) compile(pattern string) (*regexp.Regexp, error) {
	p.mu.RLock()
	re := p.kept[pattern]
	p.mu.RUnlock()
	if re != nil {
		return re, nil
	}
	if len(pattern) > maxPattern {
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
	if len(p.kept) >= maxPatterns {
		clear(p.kept)
	}
	p.kept[pattern] = re
	return re, nil
}
