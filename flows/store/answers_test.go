package store_test

import (
	"context"
	"database/sql"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"flowdeck/flows"
	"flowdeck/flows/store"
	"flowdeck/flows/store/storetest"
)

// Among very many runs of a flow the last success of a step is found in milliseconds,
// also when tens of thousands have failed since: how many there are does not matter.
func TestTheLastSuccessIsFoundAmongManyRuns(t *testing.T) {
	const many, failing = 100_000, 40_000
	path := filepath.Join(storetest.Dir(t), "flowdeck.db")
	s, err := store.Open(context.Background(), path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	db := sqlite(t, path)
	fill(t, db, many, failing)
	began := time.Now()
	a, version, err := s.LastSuccess(context.Background(), "f_1", "post", "post", time.Now())
	took := time.Since(began)
	if err != nil || version != 7 || a.Status != flows.Succeeded {
		t.Fatalf("LastSuccess = %+v v%d, %v", a, version, err)
	}
	if took > 250*time.Millisecond {
		t.Errorf("finding the last success took %v, want at most 250 ms", took)
	}
	for _, query := range []string{
		"select id, version from runs where flow_id = 'f_1' and status = 'succeeded' and finished > 0 and id < 'r_z' order by id desc limit 50",
		"select id, version from runs where flow_id = 'f_1' and id < 'r_z' order by id desc limit 20",
	} {
		if plan := planOf(t, db, query); !strings.Contains(plan, "USING INDEX runs_flow") || strings.Contains(plan, "TEMP B-TREE") {
			t.Errorf("%s is carried out as %s, want an index and no sorting", query, plan)
		}
	}
}

// fill makes many runs of one flow; the last failing of them failed.
func fill(t *testing.T, db *sql.DB, many, failing int) {
	t.Helper()
	const count = "with recursive n(i) as (select 1 union all select i + 1 from n where i < ?) "
	for _, x := range []string{
		count + "insert into runs select printf('r_018f%08d', i), 'f_1', 7, '', case when i > ? then 'failed' else 'succeeded' end, 1, 0, i, i, i, 0, 0, 0, 0, '', '', '', 0, '', '', '', '', '', '', '', '', '', '', '' from n",
		count + "insert into attempts select printf('r_018f%08d', i), 'post', 1, 'post', 'http.post', case when i > ? then 'failed' else 'succeeded' end, i, i, 0, 0, '', '', '', '' from n",
	} {
		if _, err := db.Exec(x, many, many-failing); err != nil {
			t.Fatal(err)
		}
	}
}

func planOf(t *testing.T, db *sql.DB, query string) string {
	t.Helper()
	rows, err := db.Query("explain query plan " + query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var plan []string
	for rows.Next() {
		var id, parent, unused int
		var detail string
		if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
			t.Fatal(err)
		}
		plan = append(plan, detail)
	}
	return strings.Join(plan, "; ")
}
