package flowtest

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"flowdeck/cards"
	"flowdeck/cards/schema"
	"flowdeck/cards/trace"
	"flowdeck/flows"
)

// random are the cards whose outputs are taken from the recording, because they are
// never the same twice.
var random = []string{"crypto.uuid", "crypto.random_token", "crypto.random_bytes", "number.random_integer", "text.random", "list.sample", "list.shuffle"}

// waits are the control cards whose outputs are taken from the recording, because
// what they wait for does not come in a test.
var waits = []string{"control.call", "control.call_background", "control.wait_callback"}

// Record makes a test of a run that is over. Titles names steps for people. The error
// is schema.Problems when something that happened cannot be played back.
func Record(run flows.Run, history []flows.Attempt, reg *cards.Registry, titles map[string]string) (Test, error) {
	t := Test{Event: run.Event, Started: run.Created.UTC(), Given: map[flows.Path]schema.Values{}}
	var problems schema.Problems
	for _, a := range history {
		if insideOfGiven(a.Path, t.Given) {
			continue // the card around it is not run
		}
		title := titles[a.StepID]
		if title == "" {
			title = a.StepID
		}
		card, _ := reg.Card(a.Card)
		own := ownExchanges(a.Trace)
		switch {
		case strings.HasPrefix(a.Card, "table."):
			t.recordWhole(a)
		case a.Given != "" || hides(card, a.Input) || slices.Contains(random, a.Card) || slices.Contains(waits, a.Card) || card.World && len(own) == 0:
			if a.Status == flows.Succeeded {
				t.Given[a.Path] = a.Output
			}
		case wholeOnly(a, own):
			t.recordWhole(a)
		case len(own) > 0:
			list, why := exchangesOf(a, own, title)
			if why != "" {
				problems = append(problems, schema.Problem{Message: title + ": " + why})
			}
			t.Exchanges = append(t.Exchanges, list...)
		}
	}
	if len(t.Exchanges) > MaxExchanges {
		problems = append(problems, schema.Problem{Message: fmt.Sprintf("the run made %d requests, and a test may have %d", len(t.Exchanges), MaxExchanges)})
	}
	t.Expect = expected(run)
	return t, problems.Err()
}

// wholeOnly reports whether what a card gave cannot come of its requests: history keeps the
// answer of the last one only, and of a long answer to a failed card only its beginning.
func wholeOnly(a flows.Attempt, own []trace.Exchange) bool {
	if len(own) == 0 {
		return false
	}
	for _, x := range own[:len(own)-1] {
		if !redirects(x) {
			return true // pages
		}
	}
	how, _ := a.Input["pagination"].(string)
	return how != "" && how != "none" || a.Output["items"] != nil || tooLarge(a)
}

// tooLarge reports whether a card failed because of how long its answer was.
func tooLarge(a flows.Attempt) bool {
	return a.Error != nil && a.Error.Details["body_cut"] == true && !strings.HasPrefix(a.Error.Code, "http_")
}

func redirects(x trace.Exchange) bool {
	return x.Status >= 300 && x.Status < 400 && header(x.ResponseHeaders, "Location") != ""
}

// insideOfGiven reports whether a path is in a block of a step whose outputs are given.
// History tells of that step first.
func insideOfGiven(p flows.Path, given map[flows.Path]schema.Values) bool {
	for i := range len(p) {
		if p[i] == '/' {
			if _, is := given[p[:i]]; is {
				return true
			}
		}
	}
	return false
}

// hides reports whether a card that touches nothing was given a secret, which no test has.
func hides(card cards.Card, in schema.Values) bool {
	return !card.World && slices.ContainsFunc(card.Inputs.Fields, func(f schema.Field) bool { return f.Secret && in[f.Name] == schema.Redacted })
}

// Mask has requests of the recording match whatever they hold in the place of secret.
func (t *Test) Mask(secret string) {
	words := strings.NewReplacer(secret, masked, url.QueryEscape(secret), masked)
	for i := range t.Exchanges {
		x := &t.Exchanges[i]
		x.URL, x.Body = words.Replace(x.URL), words.Replace(x.Body)
	}
}

// expected is what a test begins with: that the run ends the same way.
func expected(run flows.Run) []Expectation {
	list := []Expectation{{Value: "status", Operator: "equals", With: string(run.Status)}}
	if run.Error != nil {
		list = append(list, Expectation{Value: "error.code", Operator: "equals", With: run.Error.Code})
	}
	if r := run.Response; r != nil {
		list = append(list, Expectation{Value: "response.status", Operator: "equals", With: int64(r.Status)})
		if r.Body != nil {
			list = append(list, Expectation{Value: "response.body", Operator: "equals", With: r.Body})
		}
	}
	if len(run.Output) > 0 {
		list = append(list, Expectation{Value: "output", Operator: "equals", With: map[string]any(run.Output)})
	}
	return list
}

// ownExchanges are those that a card's code saw: not the sign-in's, and of a request
// that was replayed after one, the replay.
func ownExchanges(t *trace.Trace) []trace.Exchange {
	if t == nil {
		return nil
	}
	var list []trace.Exchange
	for _, x := range t.Exchanges {
		switch x.Purpose {
		case "token", trace.Preview:
			continue
		case "", "redirect":
		default:
			if n := len(list); n > 0 && list[n-1].URL == x.URL && list[n-1].Method == x.Method {
				list = list[:n-1]
			}
		}
		list = append(list, x)
	}
	return list
}

// exchangesOf turns an attempt's requests into what plays them back. History keeps
// the body of the last answer alone.
func exchangesOf(a flows.Attempt, own []trace.Exchange, title string) (list []Exchange, why string) {
	for i, x := range own {
		last := i == len(own)-1
		e := Exchange{Step: title, Method: x.Method, URL: x.URL, Body: x.RequestBody, Status: x.Status, ResponseHeaders: kept(x.ResponseHeaders)}
		if h := header(x.RequestHeaders, "Content-Type"); h != "" && !strings.Contains(h, "boundary=") {
			e.Headers = []Header{{"Content-Type", h}}
		}
		if long := len(x.RequestBody) >= keptBody || !strings.Contains(x.RequestBody, masked); long && x.RequestSize > int64(len(x.RequestBody)) {
			e.BodySize = x.RequestSize
		}
		if x.RequestBody == fmt.Sprintf(trace.NotText, x.RequestSize) {
			e.Body, e.BodySize = "", x.RequestSize
		}
		switch {
		case x.Status == 0:
			e.Failure = &ExchangeError{Code: "connect", Message: x.Error}
			if a.Error != nil {
				e.Failure = &ExchangeError{Code: a.Error.Code, Message: a.Error.Message}
			}
		case !last: // a redirect
		default:
			var problem string
			if e.ResponseBody, problem = bodyOf(a, header(x.ResponseHeaders, "Content-Type")); problem != "" {
				return list, problem
			}
		}
		list = append(list, e)
	}
	return list, ""
}

// bodyOf writes the body of an answer as it came, from what the card made of it.
func bodyOf(a flows.Attempt, media string) (body, problem string) {
	values := a.Output
	if a.Error != nil {
		values = a.Error.Details
	}
	v := values["body"]
	if text, isText := v.(string); isText && values["body_cut"] == true {
		return text + beyond, "" // what follows is cut off again
	}
	if schema.IsFile(v) {
		f, err := schema.FileOf(v)
		if err != nil {
			return "", "its answer was a file that cannot be read back: " + err.Error()
		}
		return string(f.Data), ""
	}
	text, isText := v.(string)
	isJSON := strings.Contains(media, "json")
	switch {
	case v == nil:
		return "", ""
	case isText && (!isJSON || parses(text)):
		if !isJSON && !strings.Contains(media, "text") && !strings.Contains(media, "xml") && media != "" {
			if data, err := base64.StdEncoding.DecodeString(text); err == nil && len(text) > 0 {
				return string(data), ""
			}
		}
		return text, ""
	}
	data, err := schema.EncodeJSON(v)
	if err != nil {
		return "", "its answer cannot be written down: " + err.Error()
	}
	return string(data), ""
}

// keptBody is how much history keeps of the body of a request, less the character that
// may have been cut in half.
const keptBody = 64<<10 - 4

// beyond makes a text that was cut longer than what a failure keeps, wherever in a
// character it was cut.
const beyond = "\U00010000\U00010000"

func parses(s string) bool {
	_, err := schema.DecodeJSONText(s)
	return err == nil
}

func header(list [][2]string, name string) string {
	for _, h := range list {
		if strings.EqualFold(h[0], name) {
			return h[1]
		}
	}
	return ""
}

// volatile are headers of answers that say nothing about them.
var volatile = []string{"date", "server", "connection", "keep-alive", "transfer-encoding", "content-length", "content-encoding", "set-cookie", "x-request-id", "vary"}

func kept(list [][2]string) []Header {
	var headers []Header
	for _, h := range list {
		if !slices.Contains(volatile, strings.ToLower(h[0])) && !strings.Contains(h[1], masked) {
			headers = append(headers, Header(h))
		}
	}
	return headers
}
