package date

import (
	"fmt"
	"math/big"
	"regexp"
	"strconv"
	"strings"
	"time"

	"flowdeck/cards/schema"
)

// duration is an ISO 8601 duration: months and days of the calendar, and time that passes.
type duration struct {
	negative bool
	months   int
	days     int
	time     time.Duration
}

var isoDuration = regexp.MustCompile(`^([+-])?P(?:(\d{1,6})Y)?(?:(\d{1,6})M)?(?:(\d{1,6})W)?(?:(\d{1,6})D)?(?:T(?:(\d{1,8}(?:[.,]\d{1,9})?)H)?(?:(\d{1,9}(?:[.,]\d{1,9})?)M)?(?:(\d{1,10}(?:[.,]\d{1,9})?)S)?)?$`)

// readDuration reads P1Y2M3W4DT5H6M7.5S. Only the last part may have decimals, and only
// one of time: half a month is no time that anybody can tell.
func readDuration(field, s string) (duration, error) {
	m := isoDuration.FindStringSubmatch(strings.ToUpper(strings.TrimSpace(s)))
	refused := wrong(field, "is not a duration such as P1DT2H30M, got %s", schema.Describe(s))
	if m == nil || strings.HasSuffix(m[0], "T") || strings.HasSuffix(m[0], "P") {
		return duration{}, refused
	}
	whole := func(i int) int { n, _ := strconv.Atoi(m[i]); return n }
	d := duration{negative: m[1] == "-", months: 12*whole(2) + whole(3), days: 7*whole(4) + whole(5)}
	nanos := new(big.Rat)
	for i, unit := range []int64{3600e9, 60e9, 1e9} {
		part := strings.Replace(m[6+i], ",", ".", 1)
		if part == "" {
			continue
		}
		if strings.Contains(part, ".") && strings.Join(m[7+i:], "") != "" {
			return duration{}, refused
		}
		n, _ := new(big.Rat).SetString(part)
		nanos.Add(nanos, n.Mul(n, new(big.Rat).SetInt64(unit)))
	}
	total := new(big.Int).Quo(nanos.Num(), nanos.Denom())
	if !total.IsInt64() {
		return duration{}, wrong(field, "is longer than 292 years of hours, minutes and seconds")
	}
	d.time = time.Duration(total.Int64())
	return d, nil
}

// String writes the duration in its shortest form: PT0S when there is nothing.
func (d duration) String() string {
	var b strings.Builder
	if d.negative {
		b.WriteByte('-')
	}
	b.WriteByte('P')
	part := func(n int64, unit byte) {
		if n != 0 {
			b.WriteString(strconv.FormatInt(n, 10))
			b.WriteByte(unit)
		}
	}
	part(int64(d.months/12), 'Y')
	part(int64(d.months%12), 'M')
	part(int64(d.days), 'D')
	if d.time != 0 {
		b.WriteByte('T')
		part(int64(d.time/time.Hour), 'H')
		part(int64(d.time%time.Hour/time.Minute), 'M')
		if seconds := d.time % time.Minute; seconds%time.Second == 0 {
			part(int64(seconds/time.Second), 'S')
		} else {
			fraction := strings.TrimRight(fmt.Sprintf("%09d", seconds%time.Second), "0")
			fmt.Fprintf(&b, "%d.%sS", seconds/time.Second, fraction)
		}
	}
	if strings.HasSuffix(b.String(), "P") {
		b.WriteString("T0S")
	}
	return b.String()
}

// after returns t when the duration has gone by: first its months, then days, then time.
func (d duration) after(t time.Time) (time.Time, error) {
	sign := 1
	if d.negative {
		sign = -1
	}
	if d.months > 120_000 || d.days > 4_000_000 {
		return t, errFar
	}
	t = plusDays(plusMonths(t, sign*d.months), sign*d.days)
	return pass(t, new(big.Int).Mul(big.NewInt(int64(sign)), big.NewInt(int64(d.time))))
}
