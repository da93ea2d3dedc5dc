package web

import (
	"net/url"
	"strings"
	"time"

	"flowdeck/cards/curl"
	"flowdeck/cards/trace"
	"flowdeck/views"
)

// wire draws what one attempt sent and got: the request that counts is the last
// one, after redirects and replays.
func (d *drawing) wire(t *trace.Trace, account string) views.WireModel {
	if t == nil {
		return views.WireModel{}
	}
	m := views.WireModel{Bars: wireBars(t), Log: wireLog(t)}
	if len(t.Exchanges) == 0 {
		return m
	}
	x := t.Exchanges[len(t.Exchanges)-1]
	m.Method, m.URL, m.RequestBody = x.Method, x.URL, x.RequestBody
	m.RequestHeaders, m.ResponseHeaders = headerRows(x.RequestHeaders), headerRows(x.ResponseHeaders)
	m.Curl, m.CurlHint = commandOf(x, account)
	for i, h := range m.RequestHeaders {
		if h.Secret && account != "" {
			m.RequestHeaders[i].Tag = "from " + account
		}
	}
	m.Total = took(wireTotal(t))
	return m
}

func headerRows(headers [][2]string) []views.KVModel {
	var rows []views.KVModel
	for _, h := range headers {
		rows = append(rows, views.KVModel{Key: h[0], Value: h[1], Secret: strings.Contains(h[1], views.Redacted)})
	}
	return rows
}

// wireTotal is the time from the first request to the end of the last answer.
func wireTotal(t *trace.Trace) time.Duration {
	if len(t.Exchanges) == 0 {
		return 0
	}
	first, last := t.Exchanges[0], t.Exchanges[len(t.Exchanges)-1]
	return micros(last.At + last.Total - first.At)
}

func micros(n int64) time.Duration { return time.Duration(n) * time.Microsecond }

// wireBars lays the phases of every exchange along one line of time.
func wireBars(t *trace.Trace) []views.BarModel {
	total := wireTotal(t)
	if total <= 0 {
		return nil
	}
	var bars []views.BarModel
	share := func(n int64) float64 { return min(100, 100*float64(n)/float64(total.Microseconds())) }
	for i, x := range t.Exchanges {
		at := x.At - t.Exchanges[0].At
		phase := func(label string, n int64) {
			if n > 0 {
				bars = append(bars, views.BarModel{Label: label, Start: share(at), Width: share(n), Text: took(micros(n))})
				at += n
			}
		}
		if len(t.Exchanges) > 1 {
			bars = append(bars, views.BarModel{Label: exchangeName(i, x), Start: share(at), Width: share(x.Total), Text: took(micros(x.Total)), Kind: exchangeKind(x)})
		}
		phase("DNS", x.DNS)
		phase("Connect", x.Connect)
		phase("TLS", x.TLS)
		phase("Waiting", x.Wait)
		phase("Download", x.Download)
	}
	return bars
}

func exchangeName(i int, x trace.Exchange) string {
	switch {
	case x.Purpose != "":
		return upperFirst(x.Purpose)
	case i == 0:
		return "Request"
	}
	return "Next request"
}

func exchangeKind(x trace.Exchange) string {
	if x.Error != "" || x.Status >= 400 {
		return "err"
	}
	return ""
}

func wireLog(t *trace.Trace) []views.LogModel {
	var lines []views.LogModel
	for _, l := range t.Log {
		kind := ""
		if l.Bad {
			kind = "err"
		}
		lines = append(lines, views.LogModel{Time: time.UnixMicro(l.At).Local().Format("05.000"), Text: l.Text, Kind: kind})
	}
	return lines
}

// writeCurl is a recorded request as a command. Secrets become variables that are
// named after the connection.
func writeCurl(x trace.Exchange, account string) curl.Written {
	r := curl.Request{Method: x.Method, URL: unmasked(x.URL), Body: x.RequestBody, Size: x.RequestSize, Mask: views.Redacted, Account: account}
	for _, h := range x.RequestHeaders {
		if !strings.EqualFold(h[0], "Transfer-Encoding") {
			r.Headers = append(r.Headers, curl.Pair{Name: h[0], Value: h[1]})
		}
	}
	return curl.Write(r)
}

// unmasked gives dots that an address escaped back their form.
func unmasked(address string) string {
	return strings.ReplaceAll(address, url.QueryEscape(views.Redacted), views.Redacted)
}
