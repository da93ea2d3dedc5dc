// Package web turns requests into calls and results into pages.
//
// It holds no rule about flows, cards or sign-in to other services and speaks
// no SQL: it parses what was sent, calls the package that knows, and renders
// what came back. Errors become statuses in one place, fail.go.
package web
