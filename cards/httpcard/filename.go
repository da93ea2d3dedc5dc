package httpcard

import (
	"mime"
	"net/url"
	"path"
	"regexp"
	"strings"
)

// unquoted finds the name in a Content-Disposition that breaks the rules, mostly because a
// name with blanks stands there without quotes.
var unquoted = regexp.MustCompile(`(?i)(?:^|;)\s*filename\s*=\s*(?:"([^"]*)"|([^;]*))`)

// fileName is what a Content-Disposition calls a file (RFC 6266), else the end of
// its address: never a path, never empty.
func fileName(disposition string, from *url.URL) string {
	if _, params, err := mime.ParseMediaType(disposition); err == nil {
		if name := base(params["filename"]); name != "" {
			return name
		}
	}
	if found := unquoted.FindStringSubmatch(disposition); found != nil {
		if name := base(strings.TrimSpace(found[1] + found[2])); name != "" {
			return name
		}
	}
	if from != nil {
		if name := base(from.Path); name != "" {
			return name
		}
	}
	return "file"
}

func base(name string) string {
	name = path.Base(strings.ReplaceAll(text(name), `\`, "/"))
	if name == "." || name == ".." || name == "/" {
		return ""
	}
	if len(name) > 255 {
		name = strings.ToValidUTF8(name[len(name)-255:], "")
	}
	return name
}
