package store_test

import (
	"context"
	"database/sql"
	"path/filepath"
	"strconv"
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
	if took > 5*time.Second {
		t.Errorf("finding the last success took %v, want no more than moments", took)
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
		count + "insert into runs select printf('r_018f%08d', i), 'f_1', 7, '', case when i > ? then 'failed' else 'succeeded' end, 1, 0, i, i, i, 0, 0, 0, 0, '', '', '', 0, '', '', '', '', '', '', '', '', '', '', ''," +
			" case when i % 2 = 0 then json_array(json_array('post', 1, 'post', 'http.post', case when i > " + strconv.Itoa(many-failing) + " then 'failed' else 'succeeded' end, i, i, 0, '', '', '', '', '', 0)) else '' end, false, false, 0, 0 from n",
		count + "insert into attempts select printf('r_018f%08d', i), 'post', 1, 'post', 'http.post', case when i > ? then 'failed' else 'succeeded' end, i, i, 0, 0, '', '', '', '', '' from n where i % 2 = 1",
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

// A history is read by people over slow lines too. However many of them there are, the
// database answers everybody else.
func TestSlowReadersOfAHistoryHoldNoConnection(t *testing.T) {
	path := filepath.Join(storetest.Dir(t), "flowdeck.db")
	s, err := store.Open(context.Background(), path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	db := sqlite(t, path)
	const attempts = 40
	if _, err := db.Exec("with recursive n(i) as (select 1 union all select i + 1 from n where i < ?) insert into attempts select 'r_1', 'loop:' || i || '/post', 1, 'post', 'http.post', 'succeeded', i, i, 0, 0, '', '', '', '', '' from n", attempts); err != nil {
		t.Fatal(err)
	}
	const readers = 16
	inside, goOn, done := make(chan bool), make(chan bool), make(chan int)
	for range readers {
		go func() {
			n, last := 0, time.Time{}
			err := s.EachAttempt(context.Background(), "r_1", func(a flows.Attempt) error {
				if n++; n == 1 {
					inside <- true
					<-goOn
				}
				if a.Started.Before(last) {
					n = -attempts
				}
				last = a.Started
				return nil
			})
			if err != nil {
				n = -1
			}
			done <- n
		}()
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	for range readers {
		select {
		case <-inside:
		case <-ctx.Done():
			t.Fatal("some readers wait for others: each holds a connection while it reads")
		}
	}
	if _, err := s.AttemptHeads(ctx, "r_1"); err != nil {
		t.Errorf("beside %d slow readers: %v", readers, err)
	}
	close(goOn)
	for range readers {
		if n := <-done; n != attempts {
			t.Errorf("a reader got %d attempts in order, want %d", n, attempts)
		}
	}
}
