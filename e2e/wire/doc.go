// Package wire holds the tests of cards on real wires: against a server that breaks
// every rule, and against servers that others wrote. It has no code of its own.
package wire
