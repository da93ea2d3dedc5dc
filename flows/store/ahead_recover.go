package store

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"flowdeck/flows"
)

// recover makes rows of the runs that a process has left in the files.
func (a *ahead) recover(ctx context.Context) error {
	s := a.store
	applied, err := s.aheadApplied(ctx)
	if err != nil {
		return err
	}
	left, err := readFiles(s.file, applied, a.damaged)
	if err != nil {
		return err
	}
	last, n := applied, 0
	err = s.writer.do(ctx, func(t *tx) (err error) {
		last, n, err = takeUp(t, left, applied, s.now())
		return err
	})
	if err != nil {
		return err
	}
	if n > 0 {
		s.log.Info("took up runs that were kept and not rows yet", "runs", n)
	}
	a.applied.Store(last)
	a.next = last + 1
	return nil
}

// aheadApplied is the number of the last run in the files that is a row.
func (s *Store) aheadApplied(ctx context.Context) (int64, error) {
	said, err := s.Setting(ctx, aheadSetting)
	if err != nil && !errors.Is(err, flows.ErrNotFound) {
		return 0, err
	}
	applied, _ := strconv.ParseInt(said, 10, 64)
	return applied, nil
}

// readFiles reads the groups in the files beside the database at path; damaged is told of a
// file that is.
func readFiles(path string, applied int64, damaged func(name string, text []byte) error) (all []group, err error) {
	for _, name := range aheadNames(path) {
		text, err := os.ReadFile(name)
		if err != nil {
			if err = ignoreMissing(err); err != nil {
				return nil, err
			}
			continue
		}
		groups, wrong := readGroups(text, applied)
		if wrong {
			if err := damaged(name, text); err != nil {
				return nil, err
			}
		}
		all = append(all, groups...)
	}
	slices.SortFunc(all, func(a, b group) int { return cmp.Compare(a.first, b.first) })
	return all, nil
}

// takeUp makes rows of those runs in groups that are none yet, notes how far they come, and
// says how many they were.
func takeUp(t *tx, groups []group, applied int64, now time.Time) (last int64, n int, err error) {
	last = applied
	for _, g := range groups {
		if err := g.insert(t, applied, &n); err != nil {
			return 0, 0, err
		}
		last = max(last, g.first+int64(g.n)-1)
	}
	if last > applied {
		err = noteApplied(t, last, now)
	}
	return last, n, err
}

// fits reports whether the database has the columns.
func (g group) fits(t *tx) (bool, error) {
	if !g.known() { // insert says so
		return true, nil
	}
	have := 0
	err := t.row("select count(*) from pragma_table_info('runs') where name in ('"+strings.Join(g.columns, "', '")+"')", nil, &have)
	return have == len(g.columns), err
}

func (g group) insert(t *tx, applied int64, n *int) error {
	if !g.known() {
		return fmt.Errorf("they were written by a newer version of the program: %s", strings.Join(g.columns, ", "))
	}
	insert := "insert into runs (" + strings.Join(g.columns, ", ") + ") values (?" + strings.Repeat(", ?", len(g.columns)-1) + ") on conflict (id) do nothing"
	return g.each(func(number int64, columns []any) error {
		if number <= applied {
			return nil
		}
		*n++
		_, err := t.exec(insert, columns...)
		return err
	})
}

// readGroups reads the groups of a file: those that follow one another from its beginning.
// What is behind them is older, or a group that nobody was told of; when it has groups that
// belong to those before it, what is between them is damaged.
func readGroups(text []byte, applied int64) (list []group, damaged bool) {
	at, next := 0, int64(0)
	for {
		g, size, ok := readGroup(text[at:])
		if !ok || next > 0 && g.first != next {
			break
		}
		list, at, next = append(list, g), at+size, g.first+int64(g.n)
	}
	next = max(next, applied+1)
	for {
		i := bytes.Index(text[at:], []byte(groupMagic))
		if i < 0 {
			return list, damaged
		}
		at += i
		g, size, ok := readGroup(text[at:])
		if !ok || g.first < next {
			at += len(groupMagic)
			continue
		}
		at += size
		damaged = damaged || g.first > next
		list, next = append(list, g), g.first+int64(g.n)
	}
}

// damaged keeps a copy of a file that was damaged, and says so.
func (a *ahead) damaged(name string, text []byte) error {
	s := a.store
	copied := damagedName(name, s.now())
	if err := os.WriteFile(copied, text, 0o600); err != nil {
		return fmt.Errorf("copy what is damaged: %w", err)
	}
	s.condition.lost.Store(&Trouble{Kind: Lost, Where: copied, Since: s.now()})
	s.log.Error("runs that were kept are damaged; what is not readable is lost, and the file was copied", "to", copied)
	return nil
}

// addLeft makes rows of what a database's files have, in a copy of that database.
func addLeft(ctx context.Context, path string, left []group) (err error) {
	s, err := openCopy(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.closePools()) }()
	applied, err := s.aheadApplied(ctx)
	if err != nil {
		return err
	}
	t := &tx{dialect: s.dialect}
	defer t.release()
	if err := t.begin(s.write); err != nil {
		return err
	}
	for _, g := range left {
		if there, err := g.fits(t); err != nil || !there {
			return err // they are for the upgrade that the copy needs first
		}
	}
	if _, _, err := takeUp(t, left, applied, s.now()); err != nil {
		return err
	}
	_, err = t.exec("commit")
	return err
}

// aside keeps a run that cannot become a row in a file of its own, and says so. One that is
// a row already needs none.
func (a *ahead) aside(x leaving, why error) error {
	s := a.store
	if !taken(why) {
		if a.besides == "" {
			a.besides = damagedName(a.files[0].Name(), s.now())
		}
		if err := a.appendAside(x); err != nil {
			return err
		}
		s.condition.lost.Store(&Trouble{Kind: Lost, Where: a.besides, Since: s.now(), Err: why})
		s.log.Error("a run that was kept cannot become a row; it is in a file of its own", "run", x.row.id, "file", a.besides, "because", why)
	}
	_ = s.writer.do(context.Background(), func(t *tx) error { return noteApplied(t, x.ahead, s.now()) }) // else the next run notes it
	a.applied.Store(x.ahead)
	return nil
}

func (a *ahead) appendAside(x leaving) error {
	group := appendRow(beginGroup(nil), x.row.columns)
	endGroup(group, x.ahead, 1)
	f, err := os.OpenFile(a.besides, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(group)
	return errors.Join(err, f.Sync(), f.Close())
}
