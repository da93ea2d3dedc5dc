package cards

// Where a caller of an endpoint puts its client token.
const (
	TokenHeader = "X-Api-Client-Token"
	TokenKey    = "clientToken" // of the query
)

// withheld are headers of a call that open something, here or elsewhere.
var withheld = map[string]bool{"Cookie": true, "Authorization": true, "Proxy-Authorization": true, TokenHeader: true}

// Withheld reports whether no flow is given that header of a call, so that what it holds never
// becomes data of a run. The name is written as http.CanonicalHeaderKey has it.
func Withheld(header string) bool { return withheld[header] }
