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

	"flowdeck/flows"
)

// recover makes rows of the runs that a process has left in the files.
func (a *ahead) recover(ctx context.Context) error {
	s := a.store
	said, err := s.Setting(ctx, aheadSetting)
	if err != nil && !errors.Is(err, flows.ErrNotFound) {
		return err
	}
	applied, _ := strconv.ParseInt(said, 10, 64)
	var all []group
	for _, f := range a.files {
		text, err := os.ReadFile(f.Name())
		if err != nil {
			return err
		}
		groups, damaged := readGroups(text, applied)
		if damaged {
			if err := a.damaged(f.Name(), text); err != nil {
				return err
			}
		}
		all = append(all, groups...)
	}
	slices.SortFunc(all, func(a, b group) int { return cmp.Compare(a.first, b.first) })
	last, n := applied, 0
	for _, g := range all {
		last = max(last, g.first+int64(g.n)-1)
	}
	err = s.writer.do(ctx, func(t *tx) error {
		n = 0
		for _, g := range all {
			if err := g.insert(t, applied, &n); err != nil {
				return err
			}
		}
		if last == applied {
			return nil
		}
		return a.apply(t, last)
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

// filesLeft are the groups in the files beside the database at path.
func filesLeft(path string) (all []group, err error) {
	for _, name := range aheadNames(path) {
		text, err := os.ReadFile(name)
		if err != nil {
			if err = ignoreMissing(err); err != nil {
				return nil, err
			}
			continue
		}
		groups, _ := readGroups(text, 0)
		all = append(all, groups...)
	}
	slices.SortFunc(all, func(a, b group) int { return cmp.Compare(a.first, b.first) })
	return all, nil
}

// addLeft makes rows of groups, in a copy of a database, of those that it does not have.
func addLeft(ctx context.Context, path string, left []group) (err error) {
	s, err := openCopy(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.closePools()) }()
	said, err := s.Setting(ctx, aheadSetting)
	if err != nil && !errors.Is(err, flows.ErrNotFound) {
		return err
	}
	applied, _ := strconv.ParseInt(said, 10, 64)
	t, n := &tx{dialect: s.dialect}, 0
	defer t.release()
	if err := t.begin(s.write); err != nil {
		return err
	}
	for _, g := range left {
		if there, err := g.fits(t); err != nil || !there {
			return err // they are for the upgrade that the copy needs first
		}
		if err := g.insert(t, applied, &n); err != nil {
			return err
		}
	}
	last := left[len(left)-1]
	if _, err := t.exec(putApplied, strconv.FormatInt(max(applied, last.first+int64(last.n)-1), 10), micros(s.now())); err != nil {
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
	_ = s.writer.do(context.Background(), func(t *tx) error { return a.apply(t, x.ahead) }) // else the next run notes it
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
