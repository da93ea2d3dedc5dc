package web

import (
	"strings"
	"time"
	"unicode"

	"github.com/labstack/echo/v4"

	"flowdeck/views"
)

// shell is the frame of a signed-in page. Current is flows, connections, runs or settings.
func (s *Server) shell(c echo.Context, title, current string) views.ShellModel {
	u := s.user(c)
	return views.ShellModel{Title: title, Current: current, Trouble: s.troubleNote(), Failures: s.openFailures(c.Request().Context()), User: views.UserModel{Name: u.Name, Email: u.Email, Initials: initials(u.Name)}}
}

// initials are the first letters of the first and the last word of a name.
func initials(name string) string {
	words := strings.FieldsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	switch len(words) {
	case 0:
		return "?"
	case 1:
		return strings.ToUpper(firstLetter(words[0]))
	}
	return strings.ToUpper(firstLetter(words[0]) + firstLetter(words[len(words)-1]))
}

func firstLetter(word string) string {
	for _, r := range word {
		return string(r)
	}
	return ""
}

// moment says when t was, as short as it can be said now: "12:06", "14 Nov", "14 Nov 2024".
func moment(t, now time.Time) string {
	t, now = t.Local(), now.Local()
	switch {
	case t.IsZero():
		return ""
	case t.Year() == now.Year() && t.YearDay() == now.YearDay():
		return t.Format("15:04")
	case t.Year() == now.Year():
		return t.Format("2 Jan")
	}
	return t.Format("2 Jan 2006")
}
