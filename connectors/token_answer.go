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

// readToken reads a token endpoint's answer: JSON or a form, whatever the
// Content-Type claims. A 200 that holds an error is an error.
func readToken(host string, res *http.Response, body []byte) (Token, error) {
	f := answerFields(res.Header.Get("Content-Type"), body)
	get := func(name string) string { return text(f[name]) }
	if res.StatusCode/100 != 2 || get("error") != "" || get("access_token") == "" {
		e := &TokenError{Host: host, Status: res.StatusCode, Code: get("error"), Description: get("error_description"), URI: get("error_uri")}
		switch {
		case e.Description != "":
		case e.Code == "" && res.StatusCode/100 == 2:
			e.Description = "the answer holds no access_token" + insteadOf(f, body)
		case e.Code == "":
			e.Description = excerpt(body)
		}
		return Token{}, e
	}
	t := Token{Access: get("access_token"), Refresh: get("refresh_token"), Type: tokenType(get("token_type")),
		Scopes: scopesOf(f["scope"]), Account: accountOf(get("id_token"))}
	t.life, _ = seconds(f["expires_in"])
	return t, nil
}

// answerFields decodes by what the body looks like: services send JSON as
// text/plain and forms as text/html.
func answerFields(contentType string, body []byte) map[string]any {
	f := map[string]any{}
	kind, _, _ := mime.ParseMediaType(contentType)
	trimmed := strings.TrimSpace(string(body))
	if strings.HasPrefix(trimmed, "{") || strings.HasSuffix(kind, "json") {
		d := json.NewDecoder(strings.NewReader(trimmed))
		d.UseNumber()
		if d.Decode(&f) == nil {
			flattenError(f)
			return f
		}
		return map[string]any{}
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
		f["error"] = firstText(f, "errorCode")
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

// tokenType is how the type is written in a header: "bearer" and nothing mean Bearer.
func tokenType(s string) string {
	if s == "" || strings.EqualFold(s, "bearer") {
		return "Bearer"
	}
	return s
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
