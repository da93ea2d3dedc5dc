package store

import (
	"crypto/rand"
	"errors"
	"strings"

	"flowdeck/flows"
)

// WithAlias calls take with aliases made from want until one is free.
func WithAlias(want string, take func(alias string) error) error {
	err := take(want)
	for range 4 {
		if !errors.Is(err, flows.ErrTaken) {
			break
		}
		err = take(short(want, 50) + "-" + strings.ToLower(rand.Text()[:6]))
	}
	return err
}
