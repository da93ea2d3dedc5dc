package schedule

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// cronField is what may stand in one field of a cron expression.
type cronField struct {
	name, may string
	min, max  int
	names     []string // of numbers, from min
}

var cronFields = []cronField{
	{name: "minute", may: "numbers from 0 to 59", max: 59},
	{name: "hour", may: "numbers from 0 to 23", max: 23},
	{name: "day of the month", may: "numbers from 1 to 31", min: 1, max: 31},
	{name: "month", may: "numbers from 1 to 12 or jan to dec", min: 1, max: 12,
		names: []string{"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"}},
	{name: "day of the week", may: "numbers from 0 to 7 (0 and 7 are Sunday) or sun to sat", max: sunday,
		names: []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}},
}

// sunday is the day of the week that is 0 as well.
const sunday = 7

// plain is an expression of five fields in which every day of the week has one number.
func plain(text string) (string, error) {
	fields := strings.Fields(text)
	if len(fields) != len(cronFields) {
		return "", fmt.Errorf("must have five fields: minute, hour, day of the month, month, day of the week; got %d", len(fields))
	}
	for i, f := range cronFields {
		parts := strings.Split(fields[i], ",")
		for n, part := range parts {
			var ok bool
			if parts[n], ok = f.plain(part); !ok {
				return "", f.refuse(part)
			}
		}
		fields[i] = strings.Join(parts, ",")
	}
	return strings.Join(fields, " "), nil
}

func (f cronField) refuse(part string) error {
	text := fmt.Sprintf("has %q as the %s, which may be %s, also as 1-5, */5 or 1,3, or * for each", part, f.name, f.may)
	if f.name == "day of the month" && strings.EqualFold(part, "L") {
		text += ". For the last day of the month choose Every month"
	}
	return errors.New(text)
}

// plain reads one part of a list: a number, a range, a star, each perhaps with a step.
func (f cronField) plain(part string) (string, bool) {
	span, every, stepped := strings.Cut(part, "/")
	step, ok := 1, true
	if stepped {
		step, ok = number(every)
	}
	if !ok || step < 1 {
		return "", false
	}
	if part == "" || span == "*" || span == "?" {
		return part, true
	}
	first, last, ranged := strings.Cut(span, "-")
	from, ok := f.value(first)
	to := from
	switch {
	case ok && ranged:
		to, ok = f.value(last)
	case stepped:
		to = f.max
	}
	if f.max == sunday && to == 0 && from > 0 {
		to = sunday
	}
	if !ok || from < f.min || to > f.max || from > to {
		return "", false
	}
	if to != sunday || f.max != sunday {
		return part, true
	}
	var days []string
	for day := from; day <= to; day += step {
		days = append(days, strconv.Itoa(day%sunday))
	}
	return strings.Join(days, ","), true
}

func (f cronField) value(text string) (int, bool) {
	if i := slices.Index(f.names, strings.ToLower(text)); i >= 0 {
		return f.min + i, true
	}
	return number(text)
}

func number(text string) (int, bool) {
	n, err := strconv.Atoi(text)
	return n, err == nil && n >= 0
}
