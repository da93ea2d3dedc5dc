package web

import (
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"flowdeck/cards"
	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/views"
)

// explain says who said what, why, and what can be done, when an attempt failed.
func (d *runDrawing) explain(m *views.RunCard, step flows.StepInfo, a flows.Attempt, tries int) {
	if a.Error == nil {
		return
	}
	who := d.whoSaid(a)
	note := &views.NoteModel{Kind: "err", Icon: "circle-x", Title: sentenceOf(who, a.Error)}
	if a.Status != flows.Failed {
		note.Kind, note.Icon = "warn", ""
	}
	what := advice(a.Error)
	if tries > 1 {
		what, _, _ = strings.Cut(what, " A retry rule") // there is one
	}
	text := []string{retryWords(d, step, a, tries), what, d.aftermath(step, a)}
	note.Text = strings.Join(strings.Fields(strings.Join(text, " ")), " ")
	m.Note = note
	if d.run.Status.Done() && d.flow.ID != "" && d.run.ErrorPath == step.Path {
		m.Rerun = "/runs/" + d.run.ID + "/rerun"
		if d.resumable() {
			m.Redo = "/runs/" + d.run.ID + "/redo"
		}
	}
}

// whoSaid is the service that an attempt was about.
func (d *runDrawing) whoSaid(a flows.Attempt) string {
	if a.Trace != nil && len(a.Trace.Exchanges) > 0 {
		if u, err := url.Parse(a.Trace.Exchanges[len(a.Trace.Exchanges)-1].URL); err == nil && u.Host != "" {
			return u.Host
		}
	}
	return hostOf(a.Input["url"])
}

// sentenceOf is the error as one sentence that begins with who said it.
func sentenceOf(who string, e *cards.Error) string {
	status, isHTTP := strings.CutPrefix(e.Code, "http_")
	if !isHTTP {
		return strings.TrimSuffix(upperFirst(e.Message), ".") + "."
	}
	if who == "" {
		who = "The service"
	}
	verb := "turned the request down"
	switch {
	case e.Code == "http_401":
		verb = "did not accept the sign-in"
	case e.Code == "http_403":
		verb = "does not allow this"
	case e.Code == "http_404":
		verb = "has nothing at this address"
	case e.Code == "http_429":
		verb = "asks for fewer calls"
	case strings.HasPrefix(e.Code, "http_5"):
		verb = "failed"
	case strings.HasPrefix(e.Code, "http_3"):
		verb = "sent the request elsewhere"
	}
	sentence := who + " " + verb + " (" + status + ")"
	if said := saidBy(e.Details["body"]); said != "" {
		return sentence + ": " + strings.TrimSuffix(said, ".") + "."
	}
	return sentence + "."
}

// saidKeys are where services put the sentence for people, the best first.
var saidKeys = []string{"detail", "message", "error_description", "error_message", "title", "reason", "error", "errors", "code"}

// saidBy finds the sentence for people in the body of an error answer.
func saidBy(body any) string { return saidIn(body, 4) }

func saidIn(v any, depth int) string {
	if depth == 0 {
		return ""
	}
	switch v := v.(type) {
	case string:
		text := strings.Join(strings.Fields(v), " ")
		if text == "" || strings.HasPrefix(text, "<") {
			return ""
		}
		if utf8.RuneCountInString(text) > 200 {
			text = string([]rune(text)[:200]) + "…"
		}
		return text
	case []any:
		if len(v) > 0 {
			return saidIn(v[0], depth-1)
		}
	case schema.Values:
		for _, key := range saidKeys {
			text := saidIn(v[key], depth-1)
			if text == "" {
				continue
			}
			if field, ok := v["field"].(string); ok && !strings.Contains(text, field) {
				return "“" + field + "” " + text
			}
			return text
		}
	}
	return ""
}

// retryWords say whether it was tried again, and why not.
func retryWords(d *runDrawing, step flows.StepInfo, a flows.Attempt, tries int) string {
	switch {
	case !a.NextAt.IsZero() && !d.run.Status.Done():
		return "It is tried again at " + d.clock(a.NextAt) + "."
	case a.Number < tries:
		return "It was tried again."
	case tries > 1:
		return "It was tried " + strconv.Itoa(tries) + " times."
	case step.Card.Kind != cards.Function || !step.Card.World:
		return ""
	case a.Error.Retryable:
		return "It was not tried again: the card has no retry rule for it."
	case strings.HasPrefix(a.Error.Code, "http_4") && a.Error.Code != "http_401":
		return "The same request would fail again, so it was not retried."
	}
	return ""
}

// aftermath says what the failure did to the run.
func (d *runDrawing) aftermath(step flows.StepInfo, a flows.Attempt) string {
	switch {
	case d.run.ErrorPath == step.Path && d.run.Trigger == endpointCard && d.run.Response == nil && d.run.RerunOf == "":
		return "The run stopped here and the caller got " + d.callerGot() + "."
	case d.run.ErrorPath == step.Path:
		return "The run stopped here."
	case a.Status == flows.Succeeded || d.run.Status == flows.Succeeded:
		return "The run went on."
	}
	return ""
}
