package views

import (
	"math"
	"strconv"
	"strings"
)

// Chart is what happened over time: bars that stand on each other, or lines. It says
// the same in a table.
type Chart struct {
	ID, Title string
	Summary   string // read out instead of the picture
	Lines     bool
	Columns   []string // headings of the table
	Series    []ChartSeries
	Bars      []ChartBar
	top       float64
	ticks     []string // labels of the top, the middle and nothing
}

// ChartSeries is one kind of value. Kind is ok, err, off, acc or warn.
type ChartSeries struct{ Label, Kind string }

// ChartBar is one stretch of time with a value for each series. Of lines, None says that
// nothing is known.
type ChartBar struct {
	Label  string
	Values []float64
	Texts  []string
	None   bool
}

// Scale finds a round number that is above all values, and how it is written.
func (c *Chart) Scale(label func(float64) string) {
	most := 0.0
	for _, b := range c.Bars {
		sum := 0.0
		for _, v := range b.Values {
			if c.Lines {
				sum = max(sum, v)
			} else {
				sum += v
			}
		}
		most = max(most, sum)
	}
	c.top = round(most)
	c.ticks = []string{label(c.top), label(c.top / 2), label(0)}
}

// round is the next of 2, 4, 10, 20, 40, 100 and so on, so that its half is whole.
func round(v float64) float64 {
	if v <= 2 {
		return 2
	}
	power := math.Pow(10, math.Floor(math.Log10(v)))
	for _, n := range []float64{1, 2, 4, 6, 8} {
		if v <= n*power {
			return n * power
		}
	}
	return 10 * power
}

// Chart pictures are chartTall units tall, and each bar is barWide units wide.
const (
	chartTall = 100
	barWide   = 10
)

func (c Chart) viewBox() string {
	return "0 0 " + strconv.Itoa(len(c.Bars)*barWide) + " " + strconv.Itoa(chartTall)
}

// rect is a part of a bar.
type rect struct{ kind, x, y, height string }

// parts are the parts of a bar, from the bottom up. What is there is seen, however little.
func (c Chart) parts(i int) (list []rect) {
	bottom := float64(chartTall)
	for n, v := range c.Bars[i].Values {
		if v <= 0 {
			continue
		}
		tall := max(v/c.top*chartTall, 1.5)
		bottom -= tall
		list = append(list, rect{c.Series[n].Kind, strconv.Itoa(i*barWide + 1), units(bottom), units(tall)})
	}
	return list
}

// line is the path of a series: broken where nothing is known, a dash where only one is.
func (c Chart) line(series int) string {
	var b strings.Builder
	down := false
	for i, bar := range c.Bars {
		if bar.None {
			down = false
			continue
		}
		x, y := float64(i*barWide+barWide/2), chartTall-bar.Values[series]/c.top*chartTall
		if down {
			b.WriteString("L" + units(x) + " " + units(y))
			continue
		}
		down = true
		b.WriteString("M" + units(x) + " " + units(y))
		if i+1 == len(c.Bars) || c.Bars[i+1].None {
			b.WriteString("m-3 0h6")
		}
	}
	return b.String()
}

func units(v float64) string { return strconv.FormatFloat(v, 'f', 2, 64) }

// under are the labels below the picture: the first bar, the last and some between.
func (c Chart) under() []string {
	const most = 5
	if len(c.Bars) <= most {
		most := make([]string, len(c.Bars))
		for i, b := range c.Bars {
			most[i] = b.Label
		}
		return most
	}
	list := make([]string, most)
	for i := range list {
		list[i] = c.Bars[i*(len(c.Bars)-1)/(most-1)].Label
	}
	return list
}

// says is a bar in words.
func (c Chart) says(i int) string {
	parts := []string{c.Bars[i].Label}
	for n, s := range c.Series {
		parts = append(parts, s.Label+": "+c.Bars[i].Texts[n])
	}
	return strings.Join(parts, "\n")
}
