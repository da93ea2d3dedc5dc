package web

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"flowdeck/cards/schema"
	"flowdeck/flows/store"
	"flowdeck/views"
)

// historyBox is how much history is kept and what that takes. The fields show what was
// posted when there are problems with it.
func (s *Server) historyBox(c echo.Context, owner bool, problems schema.Problems) (m views.HistoryModel, err error) {
	ctx, keep, wrong := c.Request().Context(), s.Store.Kept(), byField(problems)
	size, err := s.Store.Size()
	if err != nil {
		return m, err
	}
	said, err := s.Store.PrunedLast(ctx)
	if err != nil {
		return m, err
	}
	m = views.HistoryModel{Owner: owner, Share: -1, Full: said.Full, Facts: []views.KVModel{{Key: "Takes now", Value: takes(size)}, {Key: "Deleted last", Value: s.deletedLast(said)}}}
	if keep.Bytes > 0 && size.Database > 0 {
		m.Share = int(min(size.All()*100/keep.Bytes, 100))
		m.ShareText = megabytes(size.All()) + " of " + megabytes(keep.Bytes) + " taken"
	}
	if !owner {
		m.Facts = append(m.Facts, views.KVModel{Key: "Limit", Value: limitWords(keep)})
	}
	field := func(name, label, value, hint string) views.FieldModel {
		if len(problems) > 0 && c.Request().PostForm.Has(name) {
			value = c.FormValue(name)
		}
		return views.FieldModel{ID: "h-" + name, Name: name, Label: label, Value: value, Hint: hint, Problem: wrong[name], Attrs: map[string]any{"inputmode": "numeric"}}
	}
	m.MB = field("bytes", "Everything together may take, in MB", plainCount(keep.Bytes>>20), "When it is more, the oldest runs are deleted. Empty: no limit.")
	m.Days = field("days", "Keep runs for so many days at most", plainCount(int64(keep.Days)), "A flow may say less in its endpoint settings; it is 30 there when nobody changes it. Empty: as each flow says.")
	m.Failed = field("failed_times", "Keep failed runs longer", strconv.Itoa(keep.FailedTimes), "How many times as long as runs that succeeded, when space is short. 1: no longer.")
	return m, nil
}

// saveHistory changes how much history is kept.
func (s *Server) saveHistory(c echo.Context) error {
	var problems schema.Problems
	count := func(name string, otherwise int64) int64 {
		text := strings.TrimSpace(c.FormValue(name))
		if text == "" {
			return otherwise
		}
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || n < 0 || n > 1<<40 {
			problems = append(problems, schema.Problem{Field: name, Message: "must be a whole number, or nothing"})
		}
		return n
	}
	keep := store.Keep{Bytes: count("bytes", 0) << 20, Days: int(count("days", 0)), FailedTimes: int(count("failed_times", 1))}
	if len(problems) == 0 {
		problems = keep.Check()
	}
	if len(problems) > 0 {
		return s.settingsPage(c, http.StatusUnprocessableEntity, problems)
	}
	if err := s.Store.SetKeep(c.Request().Context(), keep); err != nil {
		return err
	}
	return s.settingsDone(c, "Saved")
}

func takes(size store.Size) string {
	if size.Database == 0 {
		return megabytes(size.Bodies) + " of large bodies; the database server knows the rest"
	}
	return megabytes(size.Database) + " database, " + megabytes(size.Log+size.Ahead) + " logs, " + megabytes(size.Bodies) + " large bodies"
}

func (s *Server) deletedLast(said store.Said) string {
	if said.At.IsZero() {
		return "Nothing so far"
	}
	why := map[string]string{"age": "they were too old", "space": "space was short", "flow": "their flow had more than its share"}[said.Why]
	return moment(said.At, s.Now()) + ": " + count(said.Runs, "run", "runs") + " with " + megabytes(said.Bytes) + ", because " + why +
		". " + count(int(said.All), "run", "runs") + " altogether."
}

func limitWords(k store.Keep) string {
	var parts []string
	if k.Bytes > 0 {
		parts = append(parts, megabytes(k.Bytes))
	}
	if k.Days > 0 {
		parts = append(parts, count(k.Days, "day", "days"))
	}
	if len(parts) == 0 {
		return "None, but for the days of each flow"
	}
	return strings.Join(parts, ", ") + "; the oldest runs go first"
}

// megabytes is a size as the limit counts it: a megabyte is 1,048,576 bytes.
func megabytes(n int64) string {
	switch mb := float64(n) / (1 << 20); {
	case n == 0:
		return "0 MB"
	case mb < .1:
		return strconv.FormatInt((n+1023)>>10, 10) + " KB"
	case mb < 10:
		return strconv.FormatFloat(mb, 'f', 1, 64) + " MB"
	case mb < 10_000:
		return strconv.FormatInt(int64(mb+.5), 10) + " MB"
	default:
		return strconv.FormatFloat(mb/1024, 'f', 1, 64) + " GB"
	}
}

func plainCount(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}
