package meter

import (
	"fmt"
	"strconv"
	"strings"
)

// Page is metrics as Prometheus reads them: its text format, version 0.0.4. Metrics of
// one name stand together, in the order in which they were begun.
type Page struct {
	b    strings.Builder
	name string
}

// Type is the content type of a Page.
const Type = "text/plain; version=0.0.4; charset=utf-8"

func (p *Page) begin(name, help, kind string) {
	p.name = name
	fmt.Fprintf(&p.b, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind)
}

// Counter begins a metric that only grows; its name ends in _total.
func (p *Page) Counter(name, help string) { p.begin(name, help, "counter") }

// Gauge begins a metric that goes up and down.
func (p *Page) Gauge(name, help string) { p.begin(name, help, "gauge") }

// Histogram begins a metric of times in seconds; Times writes it.
func (p *Page) Histogram(name, help string) { p.begin(name, help, "histogram") }

// Value writes a value of the metric that was begun last. Labels are name, value, name,
// value.
func (p *Page) Value(v float64, labels ...string) { p.line("", v, labels) }

// Times writes what a Histogram counted: every fourth bound, which is enough to draw.
func (p *Page) Times(s Spread, labels ...string) {
	var n int64
	for i, c := range s.Counts {
		n += c
		if i%4 == 0 && i < Buckets-1 {
			p.line("_bucket", float64(n), append(labels[:len(labels):len(labels)], "le", number(bound(i)/1e6)))
		}
	}
	p.line("_bucket", float64(n), append(labels[:len(labels):len(labels)], "le", "+Inf"))
	p.line("_sum", float64(s.Sum)/1e6, labels)
	p.line("_count", float64(n), labels)
}

func (p *Page) line(suffix string, v float64, labels []string) {
	p.b.WriteString(p.name + suffix)
	for i := 0; i+1 < len(labels); i += 2 {
		p.b.WriteByte("{,"[min(i, 1)])
		p.b.WriteString(labels[i] + `="` + escape.Replace(strings.ToValidUTF8(labels[i+1], "\uFFFD")) + `"`)
	}
	if len(labels) > 0 {
		p.b.WriteByte('}')
	}
	p.b.WriteString(" " + number(v) + "\n")
}

var escape = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`)

func number(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

// String returns the page.
func (p *Page) String() string { return p.b.String() }
