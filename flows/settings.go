package flows

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"flowdeck/cards/schema"
)

// Limits of what a flow may be set to.
const (
	MostMaxBody         = 100 << 20
	MostResponseTimeout = 10 * time.Minute
	MostRunTimeout      = 24 * time.Hour
	MostRunSteps        = 10_000_000
	MostRunMemoryMB     = 1 << 16 // MiB
	MostKeepDays        = 3650
	MostKeepMB          = 1 << 20
)

// EndpointMethods returns the methods that an endpoint may be narrowed to.
func EndpointMethods() []string {
	return []string{"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"}
}

// Clean returns s as it is kept: origins as browsers send them, none twice.
func (s Settings) Clean() Settings {
	var origins []string
	for _, text := range s.Origins {
		if origin, ok := OriginOf(text); ok {
			text = origin
		}
		if !slices.Contains(origins, text) {
			origins = append(origins, text)
		}
	}
	s.Origins = origins
	return s
}

// Check says all that is wrong with settings, by the names they have in JSON.
func (s Settings) Check() (p schema.Problems) {
	add := func(field, message string, args ...any) {
		p = append(p, schema.Problem{Field: field, Message: fmt.Sprintf(message, args...)})
	}
	if s.Security != "" && s.Security != "token" && s.Security != "oauth" && s.Security != "public" {
		add("security", "must be oauth, token or public, got “%s”", firstLetters(s.Security, 60))
	}
	if s.Mode != "" && s.Mode != "standard" && s.Mode != "express" {
		add("mode", "must be standard or express, got “%s”", firstLetters(s.Mode, 60))
	}
	if s.History != "" && s.History != "full" && !s.Outline() {
		add("history", "must be full, outline or sample, got “%s”", firstLetters(s.History, 60))
	}
	s.checkCallers(add)
	for _, m := range s.Methods {
		if !slices.Contains(EndpointMethods(), m) {
			add("methods", "cannot hold “%s”; there are %s", firstLetters(m, 60), strings.Join(EndpointMethods(), ", "))
		}
	}
	for _, origin := range s.Origins {
		if _, ok := OriginOf(origin); !ok {
			add("origins", "“%s” %s", firstLetters(origin, 60), NotAnOrigin)
		}
	}
	for _, d := range []struct {
		field string
		is    Duration
		most  time.Duration
	}{{"response_timeout", s.ResponseTimeout, MostResponseTimeout}, {"run_timeout", s.RunTimeout, MostRunTimeout}} {
		if d.is.Duration != 0 && (d.is.Duration < time.Second || d.is.Duration > d.most) {
			add(d.field, "must be between 1s and %s", d.most)
		}
	}
	if s.RunSteps < 0 || s.RunSteps > MostRunSteps {
		add("run_steps", "must be a whole number of cards up to %d, or 0 for the server's limit", MostRunSteps)
	}
	if s.RunMemoryMB < 0 || s.RunMemoryMB > MostRunMemoryMB {
		add("run_memory_mb", "must be a whole number of MiB up to %d, or 0 for the server's limit", MostRunMemoryMB)
	}
	if s.MaxBody < 0 || s.MaxBody > MostMaxBody {
		add("max_body", "must be a whole number of bytes up to %d, or 0 for 10 MiB", MostMaxBody)
	}
	if s.KeepDays < 0 || s.KeepDays > MostKeepDays {
		add("keep_days", "must be a whole number of days up to %d, or 0 for 30", MostKeepDays)
	}
	if s.KeepMB < 0 || s.KeepMB > MostKeepMB {
		add("keep_mb", "must be a whole number of megabytes up to %d, or 0 for no limit", MostKeepMB)
	}
	if s.OffStatus != 0 && s.OffStatus != http.StatusNotFound && s.OffStatus != http.StatusServiceUnavailable {
		add("off_status", "must be 404 or 503, got %d", s.OffStatus)
	}
	return p
}

// NotAnOrigin says behind a text why it is no origin.
const NotAnOrigin = "is not an origin; write https://app.example.com, or * for every page. A part of a name cannot be *, and letters such as ü are written as browsers send them: xn--…"

// originHost is what browsers send as the host of an origin: what is written otherwise
// would never be theirs.
var originHost = regexp.MustCompile(`^([a-z0-9._-]+|\[[0-9a-f:.]+\])(:[0-9]+)?$`)

// OriginOf reads an origin as browsers send it: scheme, host and a port that is not the
// usual one, nothing else.
func OriginOf(text string) (string, bool) {
	if text == "*" || text == "null" {
		return text, text == "*"
	}
	u, err := url.Parse(strings.ToLower(text))
	if err != nil || !originHost.MatchString(u.Host) || u.User != nil || u.RawQuery != "" || u.Fragment != "" || u.Path != "" && u.Path != "/" {
		return "", false
	}
	if u.Scheme != "http" && u.Scheme != "https" {
		return "", false
	}
	host := u.Host
	if usual := map[string]string{"http": ":80", "https": ":443"}[u.Scheme]; u.Port() != "" {
		host = strings.TrimSuffix(host, usual)
	}
	return u.Scheme + "://" + host, true
}
