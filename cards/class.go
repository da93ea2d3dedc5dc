package cards

// Codes that say more than their class does. A flow that matches the class ("tls",
// "reset", "invalid_response") matches all of its codes.
const (
	CodeTLSExpired   = "tls_expired"   // the certificate's time is over, or has not begun
	CodeTLSUntrusted = "tls_untrusted" // self-signed, or signed by nobody known
	CodeTLSHost      = "tls_host"      // the certificate names other hosts
	CodeTLSVersion   = "tls_version"   // no version or cipher in common
	CodeTLSPlain     = "tls_plain"     // one side speaks TLS, the other plain HTTP

	CodeTruncated = "truncated" // the answer ended before the end that it announced

	CodeBadHTTP          = "bad_http"           // not HTTP at all, or broken HTTP
	CodeTooMany1xx       = "too_many_1xx"       // interim answers without end
	CodeBadEncoding      = "bad_encoding"       // packed in a way that cannot be unpacked
	CodeBadText          = "bad_text"           // bytes that are not the text they should be
	CodeBadJSON          = "bad_json"           // said to be JSON and is not
	CodeTooDeep          = "too_deep"           // nested more deeply than anything is read
	CodeRedirectLoop     = "redirect_loop"      // redirected to where it has been
	CodeTooManyRedirects = "too_many_redirects" // more than are followed
	CodeBadRedirect      = "bad_redirect"       // redirected to what is no web address
	CodePageLoop         = "page_loop"          // the next page is one that was read already
	CodePageElsewhere    = "page_elsewhere"     // the next page is at another host

	CodeTokenExpired = "token_expired" // a token whose time is over

	CodeNotEncrypted = "not_encrypted" // text that cannot have been encrypted here: cut off, or something else
)

var classes = map[string]string{
	CodeTLSExpired: CodeTLS, CodeTLSUntrusted: CodeTLS, CodeTLSHost: CodeTLS, CodeTLSVersion: CodeTLS, CodeTLSPlain: CodeTLS,
	CodeTruncated: CodeReset,
	CodeBadHTTP:   CodeInvalidResponse, CodeTooMany1xx: CodeInvalidResponse, CodeBadEncoding: CodeInvalidResponse,
	CodeBadText: CodeInvalidResponse, CodeBadJSON: CodeInvalidResponse, CodeTooDeep: CodeInvalidResponse,
	CodeRedirectLoop: CodeInvalidResponse, CodeTooManyRedirects: CodeInvalidResponse, CodeBadRedirect: CodeInvalidResponse,
	CodePageLoop: CodeInvalidResponse, CodePageElsewhere: CodeInvalidResponse,
	CodeTokenExpired: CodeInvalidToken,
	CodeNotEncrypted: CodeDecryptFailed,
}

// ClassOf returns the code that stands for code and others like it: "tls" for
// "tls_expired"; code itself when it has no class.
func ClassOf(code string) string {
	if class, ok := classes[code]; ok {
		return class
	}
	return code
}

// HasClass reports whether code is one that says more than its class.
func HasClass(code string) bool { _, ok := classes[code]; return ok }
