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
	s.condition.lost = &Trouble{Kind: Lost, Where: copied, Since: s.now()}
	s.log.Error("runs that were kept are damaged; what is not readable is lost, and the file was copied", "to", copied)
	return nil
}
