package web

import (
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"flowdeck/cards/schema"
	"flowdeck/flows"
)

// endpointForm is the settings as a person wrote them.
type endpointForm struct {
	alias, security, origins, timeout, longest, steps, memory, maxBody, keep, keepMB, off, scope, callers, rate, atOnce, reply, grace string
	methods, apps                                                                                                                     []string
	issuers                                                                                                                           []issuerForm
}

// formOf writes a flow's settings as the form shows them.
func formOf(f flows.Flow) endpointForm {
	set := withSettings(f.Settings)
	form := endpointForm{alias: f.Alias, origins: strings.Join(f.Settings.Origins, "\n"),
		timeout: durationText(set.responseTimeout()), longest: "1h", maxBody: strconv.FormatFloat(float64(set.maxBody())/(1<<20), 'f', -1, 64),
		keep: "30", off: "404", methods: f.Settings.Methods, scope: set.scope(), callers: "any", apps: f.Settings.Apps, issuers: issuersOf(f.Settings)}
	form.security = set.level()
	if f.Settings.ListedApps {
		form.callers = "list"
	}
	if f.Settings.Rate > 0 {
		form.rate = strconv.Itoa(f.Settings.Rate)
	}
	if f.Settings.Concurrency > 0 {
		form.atOnce = strconv.Itoa(f.Settings.Concurrency)
	}
	if form.reply = "wait"; f.Settings.Async {
		form.reply = "async"
	}
	if d := f.Settings.RunTimeout.Duration; d > 0 {
		form.longest = durationText(d)
	}
	if f.Settings.RunSteps > 0 {
		form.steps = strconv.Itoa(f.Settings.RunSteps)
	}
	if f.Settings.RunMemoryMB > 0 {
		form.memory = strconv.Itoa(f.Settings.RunMemoryMB)
	}
	if f.Settings.KeepDays > 0 {
		form.keep = strconv.Itoa(f.Settings.KeepDays)
	}
	if f.Settings.KeepMB > 0 {
		form.keepMB = strconv.Itoa(f.Settings.KeepMB)
	}
	if f.Settings.OffStatus == http.StatusServiceUnavailable {
		form.off = "503"
	}
	return form
}

func postedEndpoint(v url.Values) endpointForm {
	get := func(name string) string { return strings.TrimSpace(v.Get(name)) }
	form := endpointForm{alias: strings.ToLower(get("alias")), security: get("security"), origins: get("origins"), timeout: get("timeout"),
		longest: get("longest"), steps: get("steps"), memory: get("memory"), maxBody: get("max_body"), keep: get("keep"), keepMB: get("keep_mb"), off: get("off"), scope: get("scope"), callers: get("callers"),
		rate: get("rate"), atOnce: get("at_once"), reply: get("reply"), grace: get("grace"), apps: v["app"], issuers: postedIssuers(v)}
	for _, m := range flows.EndpointMethods() {
		if slices.Contains(v["method"], m) {
			form.methods = append(form.methods, m)
		}
	}
	return form
}

// settings reads the form, or says all that is wrong with it. Most is what the server
// lets a run do.
func (f endpointForm) settings(most flows.Bounds) (set flows.Settings, problems schema.Problems) {
	problem := func(field, message string) {
		problems = append(problems, schema.Problem{Field: field, Message: message})
	}
	problems = flows.CheckAlias(f.alias)
	if set.Security = levelToken; f.security == levelPublic || f.security == levelOAuth {
		set.Security = f.security
	}
	f.callersInto(&set, problem)
	set.Methods = f.methods
	for _, line := range strings.FieldsFunc(f.origins, func(r rune) bool { return r == '\n' || r == ',' || r == ' ' || r == '\r' }) {
		origin, ok := flows.OriginOf(line)
		if !ok {
			problem("origins", quoteShort(line)+" "+flows.NotAnOrigin)
			continue
		}
		set.Origins = append(set.Origins, origin)
	}
	set.ResponseTimeout.Duration = f.duration("timeout", f.timeout, flows.MostResponseTimeout, problem)
	set.RunTimeout.Duration = f.duration("longest", f.longest, flows.MostRunTimeout, problem)
	if f.steps != "" {
		set.RunSteps = int(f.count("steps", f.steps, most.Steps, "cards", problem))
	}
	if f.memory != "" {
		set.RunMemoryMB = int(f.count("memory", f.memory, int(most.Memory>>20), "MiB", problem))
	}
	set.MaxBody = f.size("max_body", f.maxBody, flows.MostMaxBody, problem)
	set.KeepDays = int(f.count("keep", f.keep, flows.MostKeepDays, "days", problem))
	if f.keepMB != "" {
		set.KeepMB = int(f.count("keep_mb", f.keepMB, flows.MostKeepMB, "megabytes", problem))
	}
	if set.OffStatus = http.StatusNotFound; f.off == "503" {
		set.OffStatus = http.StatusServiceUnavailable
	}
	return set, problems
}

func (endpointForm) duration(field, text string, most time.Duration, problem func(field, message string)) time.Duration {
	if _, err := strconv.Atoi(text); err == nil {
		text += "s"
	}
	d, err := time.ParseDuration(strings.ReplaceAll(text, " ", ""))
	switch {
	case err != nil:
		problem(field, "must be a time such as 30s or 2m")
	case d < time.Second || d > most:
		problem(field, "must be between 1s and "+durationText(most))
	default:
		return d
	}
	return 0
}

func (endpointForm) count(field, text string, most int, unit string, problem func(field, message string)) int64 {
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > most {
		problem(field, "must be a whole number of "+unit+" from 1 to "+strconv.Itoa(most))
		return 0
	}
	return int64(n)
}

// size reads MiB, or a part of one: a program may have set any number of bytes.
func (endpointForm) size(field, text string, most int64, problem func(field, message string)) int64 {
	n, err := strconv.ParseFloat(text, 64)
	if n = math.Round(n * (1 << 20)); err != nil || !(n >= 1 && n <= float64(most)) {
		problem(field, "must be a number of MiB up to "+strconv.FormatInt(most>>20, 10)+", such as 10 or 0.5")
		return 0
	}
	return int64(n)
}

func quoteShort(s string) string {
	if r := []rune(s); len(r) > 60 {
		s = string(r[:60]) + "…"
	}
	return "“" + s + "”"
}
