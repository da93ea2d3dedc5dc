package connectors

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// maxToken bounds a token, in bytes: no server takes headers that are longer.
const maxToken = 64 << 10

// readToken reads a token endpoint's answer: JSON or a form, whatever the
// Content-Type claims. A 200 that holds an error is an error.
func readToken(host string, res *http.Response, body []byte, use tokenUse) (Token, error) {
	f := answerFields(res.Header.Get("Content-Type"), body)
	at, access := tokenAt(f, use.TokenPath)
	get := func(name string) string { return text(at[name]) }
	if e := (&TokenError{Host: host, Status: res.StatusCode, Code: text(f["error"]), Description: text(f["error_description"]), URI: text(f["error_uri"]), After: tokenPause(res, time.Now())}); res.StatusCode/100 != 2 || e.Code != "" || access == "" {
		switch {
		case e.Description != "":
		case e.Code == "" && res.StatusCode/100 == 2 && use.TokenPath != "":
			e.Description = "the answer holds no " + use.TokenPath + insteadOf(f, body)
		case e.Code == "" && res.StatusCode/100 == 2:
			e.Description = "the answer holds no access_token" + insteadOf(f, body)
		case e.Code == "" && res.StatusCode/100 == 3 && res.Header.Get("Location") != "":
			e.Description = "it sends on to " + excerpt([]byte(res.Header.Get("Location"))) + ", and no secret follows there: is the token URL right?"
		case e.Code == "":
			e.Description = excerpt(body)
		}
		return Token{}, e
	}
	kind, known := tokenType(get("token_type"))
	if !known && use.TokenPrefix == "" {
		return Token{}, &TokenError{Host: host, Code: "unknown_token_type",
			Description: fmt.Sprintf("the token is of type %q, which cannot be sent like a Bearer token; if the service takes it with another word before it, name that under Advanced", excerpt([]byte(kind)))}
	}
	if most := max(len(access), len(get("refresh_token"))); most > maxToken {
		return Token{}, &TokenError{Host: host, Code: "token_too_long", Description: fmt.Sprintf("a token of %d bytes: none may have more than %d", most, maxToken)}
	}
	t := Token{Access: access, Refresh: get("refresh_token"), Type: kind, Scopes: scopesOf(at["scope"]), Account: accountOf(text(f["id_token"]))}
	t.life, _ = seconds(at["expires_in"])
	t.refreshLife = refreshLife(at)
	return t, nil
}

// tokenAt finds the object that holds the token and its companions, and the token.
// path leads to the token or to that object; "" is the answer itself.
func tokenAt(f map[string]any, path string) (map[string]any, string) {
	if path == "" {
		return f, text(f["access_token"])
	}
	at, names := f, strings.Split(path, ".")
	for i, name := range names {
		inner, object := at[name].(map[string]any)
		switch {
		case object:
			at = inner
		case i == len(names)-1:
			return at, text(at[name])
		default:
			return at, ""
		}
	}
	return at, text(at["access_token"])
}

// answerFields decodes by what the body looks like: services send JSON as
// text/plain and forms as text/html.
func answerFields(contentType string, body []byte) map[string]any {
	f := map[string]any{}
	kind, _, _ := mime.ParseMediaType(contentType)
	trimmed := strings.TrimSpace(strings.TrimPrefix(string(body), "\ufeff"))
	if strings.HasPrefix(trimmed, "{") || strings.HasSuffix(kind, "json") {
		d := json.NewDecoder(strings.NewReader(trimmed))
		d.UseNumber()
		if d.Decode(&f) == nil {
			flattenError(f)
			return f
		}
		f = map[string]any{} // a form called JSON, perhaps
	}
	if strings.ContainsAny(trimmed, "<>\n ") {
		return f
	}
	q, err := url.ParseQuery(trimmed)
	if err != nil {
		return f
	}
	for k := range q {
		f[k] = q.Get(k)
	}
	return f
}

// flattenError takes the words out of an error given as an object or under other names.
func flattenError(f map[string]any) {
	if o, ok := f["error"].(map[string]any); ok {
		f["error"] = firstText(o, "code", "status", "type", "message")
		if text(f["error_description"]) == "" {
			f["error_description"] = firstText(o, "message", "description")
		}
	}
	if text(f["error_description"]) == "" {
		f["error_description"] = firstText(f, "errorSummary", "message", "detail", "error_message")
	}
	if text(f["error"]) == "" && text(f["access_token"]) == "" {
		if f["error"] = firstText(f, "errorCode"); grantIsGone(text(f["status"])) {
			f["error"] = text(f["status"])
		}
	}
}

func firstText(o map[string]any, names ...string) string {
	for _, n := range names {
		if s := text(o[n]); s != "" {
			return s
		}
	}
	return ""
}

func text(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	}
	return ""
}

// tokenType is how the type is written in a header, and whether we know how to send
// such a token (RFC 6749 section 7.1). Slack calls its bearer tokens by whom they
// stand for, Apigee has a name of its own.
func tokenType(s string) (string, bool) {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "", "bearer", "bearertoken", "bot", "user":
		return "Bearer", true
	case "token", "oauth":
		return s, true
	}
	return s, false
}

func scopesOf(v any) string {
	if list, ok := v.([]any); ok {
		var b []string
		for _, x := range list {
			if s := text(x); s != "" {
				b = append(b, s)
			}
		}
		return strings.Join(b, " ")
	}
	return text(v)
}

// seconds reads expires_in: a number, a text, with a fraction or not. What is
// not positive, or longer than ten years, says nothing.
func seconds(v any) (time.Duration, bool) {
	s, err := strconv.ParseFloat(strings.TrimSpace(text(v)), 64)
	if err != nil || !(s > 0) || s > 10*365*24*3600 {
		return 0, false
	}
	return time.Duration(s * float64(time.Second)), true
}

// accountOf reads who signed in from an id_token. It came straight from the
// token endpoint and is only shown, so its signature is not checked.
func accountOf(idToken string) string {
	parts := strings.Split(idToken, ".")
	if len(parts) != 3 {
		return ""
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return ""
	}
	var claims map[string]any
	if json.Unmarshal(payload, &claims) != nil {
		return ""
	}
	return firstText(claims, "email", "preferred_username", "upn", "name", "sub")
}

// insteadOf says what an answer holds that should hold a token. Its values are not
// told: one of them may be the token, under another name.
func insteadOf(f map[string]any, body []byte) string {
	trimmed := strings.TrimSpace(string(body))
	maps.DeleteFunc(f, func(_ string, v any) bool { return v == "" || v == "=" }) // a bare token reads as a form's name
	switch {
	case len(f) > 0:
		return excerpt([]byte(", only " + strings.Join(slices.Sorted(maps.Keys(f)), ", ")))
	case strings.HasPrefix(trimmed, "<"):
		return ": " + excerpt(body)
	}
	return fmt.Sprintf(": it has %d bytes that are neither JSON nor a form", len(trimmed))
}

// excerpt is the beginning of an answer that says nothing in the usual way.
func excerpt(body []byte) string {
	const most = 300
	s := strings.Join(strings.Fields(strings.ToValidUTF8(string(body), "�")), " ")
	if s == "" {
		return "the answer is empty"
	}
	if len(s) > most {
		cut := most
		for !utf8.RuneStart(s[cut]) {
			cut--
		}
		return fmt.Sprintf("%s… (%d bytes)", s[:cut], len(body))
	}
	return s
}
