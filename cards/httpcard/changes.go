package httpcard

import (
	"net/http"

	"flowdeck/cards/schema"
)

// always is a card's word that it changes something whatever its inputs are.
func always(schema.Values) bool { return true }

// reads reports whether a method only asks (RFC 9110, section 9.2.1).
func reads(method string) bool {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodTrace:
		return true
	}
	return false
}
