package web

import (
	"database/sql"
	"fmt"
	"html"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"flowdeck/cards/schema"
	"flowdeck/flows/store"
)

// copyRuns has the runs of the world be there n times more, all older.
func (w *world) copyRuns(n int) {
	w.Helper()
	files, err := filepath.Glob(filepath.Join(w.dir, "*.db"))
	must(w.T, err)
	if len(files) != 1 {
		w.Fatalf("database files: %v, want one", files)
	}
	db, err := sql.Open("sqlite", "file:"+files[0])
	must(w.T, err)
	defer db.Close()
	rows, err := db.Query(`select name from pragma_table_info('runs')`)
	must(w.T, err)
	var names []string
	for rows.Next() {
		var name string
		must(w.T, rows.Scan(&name))
		names = append(names, name)
	}
	must(w.T, rows.Err())
	values := slices.Clone(names)
	values[slices.Index(names, "id")] = `printf('r_00000000-0000-7000-8000-%012d', i)`
	_, err = db.Exec(fmt.Sprintf(`with recursive n(i) as (select 1 union all select i + 1 from n where i < ?) insert into runs (%s) select %s from n, (select * from runs limit 1)`,
		strings.Join(names, ", "), strings.Join(values, ", ")), n)
	must(w.T, err)
}

func TestASearchThatFindsNothingInTheNewestRunsGoesOnInOlderOnes(t *testing.T) {
	w := newWorld(t, nil)
	w.signIn()
	flow := w.publish("search", public, endpointDoc(nil, step("text", "text.compose", schema.Values{"text": "x"})))
	w.run(w.call("POST", "/api/flows/search/invoke", ""))
	w.copyRuns(store.SearchDepth + 10)
	more := regexp.MustCompile(`hx-get="([^"]*before=[^"]*)"`)
	for _, list := range []string{"/runs", "/flows/" + flow.ID + "/runs"} {
		first := w.send(w.browser, "GET", list+"?q=nowhere-at-all", "")
		w.want("a search that finds nothing", first, 200, "Nothing found")
		w.want("what was looked at", first, 200, "the newest 10,000 runs")
		found := more.FindStringSubmatch(first.body)
		if found == nil {
			t.Fatalf("%s has no way to older runs:\n%s", list, first.body)
		}
		last := w.send(w.browser, "GET", html.UnescapeString(found[1]), "", "HX-Request", "true")
		if last.status != 200 || more.MatchString(last.body) {
			t.Errorf("the last page of %s is %d, want 200 and no further page:\n%s", list, last.status, last.body)
		}
		w.want("the last page, opened", w.send(w.browser, "GET", html.UnescapeString(found[1]), ""), 200, "Nothing found")
	}
}
