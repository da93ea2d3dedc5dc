package store

import "errors"

// ErrLocked means that another process has a file.
var ErrLocked = errors.New("another process has it")
