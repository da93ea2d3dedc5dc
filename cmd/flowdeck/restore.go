package main

import (
	"archive/tar"
	"bufio"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"flowdeck/flows/store"
)

// restoreSettings are those of the command that brings a backup back.
type restoreSettings struct {
	storageSettings `embed:""`
	keySettings     `embed:""`
	From            string `arg:"" help:"File that backup wrote, or the copy of a database from before an upgrade (flowdeck.db.…bak)."`
	Replace         bool   `help:"Also when there is something in the data folder. What was there is kept beside it."`
}

// run unpacks beside the data folder's files first: only a backup that is whole replaces
// anything, and what it replaces stays.
func (r restoreSettings) run(ctx context.Context, to streams) error {
	if isPostgres(r.Database) {
		return errors.New("PostgreSQL has its own tools: restore it with pg_restore or psql, and the blobs folder; see docs/operations.md")
	}
	log := r.logger(to)
	if err := openFolder(r.Data, log); err != nil {
		return err
	}
	unlock, err := lockFolder(r.Data)
	if err != nil {
		return err
	}
	defer unlock()
	if _, err := os.Stat(r.dsn()); err == nil && !r.Replace {
		return fmt.Errorf("%s is there already: add --replace to put the backup in its place; what is there is kept beside it", r.dsn())
	}
	if err := removeUnpacked(r.Data); err != nil {
		return err
	}
	dir, err := os.MkdirTemp(r.Data, unpackedTo)
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	m, packed, err := r.unpack(ctx, dir, to)
	if err != nil {
		return err
	}
	content, missing, err := r.checkUnpacked(ctx, dir, m, packed)
	if err != nil {
		return err
	}
	kept, err := r.swap(dir, packed)
	if err != nil {
		return err
	}
	fmt.Fprintf(to.out, "Restored the database (schema %d) and %d files of large bodies", content.Schema, len(content.Bodies))
	if packed {
		fmt.Fprintf(to.out, ", as they were on %s", m.At.Local().Format("2 January 2006 at 15:04"))
	}
	fmt.Fprintln(to.out, ".")
	r.sayMissing(to, missing, missing+len(content.Bodies), packed)
	if kept != "" {
		fmt.Fprintf(to.out, "What was there before is in %s.\n", kept)
	}
	return r.sayKey(to, m, packed)
}

// unpack writes what the backup holds to dir. packed is false of a bare database.
func (r restoreSettings) unpack(ctx context.Context, dir string, to streams) (m manifest, packed bool, err error) {
	f, err := os.Open(r.From)
	if err != nil {
		return m, false, fmt.Errorf("read the backup: %w", err)
	}
	defer f.Close()
	var size int64
	if info, err := f.Stat(); err == nil {
		size = info.Size()
	}
	p := newProgress(to.err, "read", size)
	defer p.done()
	in := bufio.NewReaderSize(p.reader(ctx, f), 1<<20)
	if head, _ := in.Peek(16); string(head) == "SQLite format 3\x00" {
		to := filepath.Join(dir, backupDatabase)
		if store.Alone(r.From) {
			return m, false, writeOut(to, in)
		}
		return m, false, store.CopyFile(ctx, r.From, to)
	}
	plain, err := gzip.NewReader(in)
	if err != nil {
		return m, false, fmt.Errorf("%s is neither a backup nor a database of Flowdeck", r.From)
	}
	whole := false
	for archive := tar.NewReader(plain); ; {
		h, err := archive.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return m, true, unpacking(err)
		}
		switch {
		case h.Name == backupManifest:
			if err := json.NewDecoder(archive).Decode(&m); err != nil {
				return m, true, fmt.Errorf("the backup's manifest cannot be read: %w", err)
			}
			if m.Format != 1 {
				return m, true, fmt.Errorf("the backup has format %d and this program knows 1: restore it with the Flowdeck that wrote it, or a newer one", m.Format)
			}
			whole = true
		case inBackup.MatchString(h.Name):
			if err := writeOut(filepath.Join(dir, filepath.FromSlash(h.Name)), archive); err != nil {
				return m, true, unpacking(err)
			}
		default:
			return m, true, fmt.Errorf("the backup holds %q, which does not belong there", h.Name)
		}
	}
	// The checksum comes behind the archive's own end.
	if _, err := io.Copy(io.Discard, plain); err != nil {
		return m, true, unpacking(err)
	}
	if !whole {
		return m, true, errors.New("the backup was cut off: its last part is missing")
	}
	return m, true, nil
}

// unpacking is what err, of reading a backup or writing what it holds, says: files of the
// system tell of themselves, and all else is about the backup.
func unpacking(err error) error {
	var file *fs.PathError
	if errors.As(err, &file) || errors.Is(err, context.Canceled) {
		return fmt.Errorf("unpack the backup: %w", err)
	}
	return fmt.Errorf("the backup is damaged or was cut off: %w", err)
}

// inBackup are the names of files that a backup may hold, and so all places that are written to.
var inBackup = regexp.MustCompile(`^(flowdeck\.db|master\.key|blobs/[0-9a-f]{2}/[0-9a-f]{64})$`)

func writeOut(name string, from io.Reader) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(name, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, from)
	return errors.Join(err, f.Sync(), f.Close())
}

// sayMissing says how many large bodies there are no files of.
func (r restoreSettings) sayMissing(to streams, missing, all int, packed bool) {
	switch {
	case missing == 0:
	case packed:
		fmt.Fprintf(to.err, "Missing: %d of the %d files of large bodies. They were gone when the backup was made; what they held shows as missing in the history.\n", missing, all)
	default:
		fmt.Fprintf(to.err, "Missing in %s: %d of the %d files of large bodies that the database refers to. A database alone does not hold them; until they are there, what they held shows as missing in the history.\n", filepath.Join(r.Data, "blobs"), missing, all)
	}
}

// checkUnpacked finds out whether what was unpacked is whole and can be opened here, and how
// many bodies are missing. Content has those that are there.
func (r restoreSettings) checkUnpacked(ctx context.Context, dir string, m manifest, packed bool) (content store.Content, lacks int, err error) {
	content, err = store.ContentOf(ctx, filepath.Join(dir, backupDatabase))
	if err != nil {
		return content, 0, err
	}
	newest, err := store.NewestSchema()
	if err != nil {
		return content, 0, err
	}
	if content.Schema > newest {
		return content, 0, fmt.Errorf("the backup has schema %d and this program knows %d: restore it with the Flowdeck that wrote it, or a newer one", content.Schema, newest)
	}
	bodies := filepath.Join(dir, "blobs")
	if !packed {
		bodies = filepath.Join(r.Data, "blobs")
	}
	missing := slices.DeleteFunc(slices.Clone(content.Bodies), func(id string) bool {
		_, err := os.Stat(filepath.Join(bodies, id[:2], id))
		return err == nil
	})
	if packed && len(missing) > m.Missing { // the others were gone when it was made, which was said then
		return content, 0, fmt.Errorf("the backup lacks %d files of large bodies that its database refers to", len(missing)-m.Missing)
	}
	content.Bodies = slices.DeleteFunc(content.Bodies, func(id string) bool { return slices.Contains(missing, id) })
	return content, len(missing), nil
}

// swap puts what was unpacked in place and what was there aside; kept is where. When that
// fails, all is back where it was.
func (r restoreSettings) swap(dir string, packed bool) (kept string, err error) {
	var moves [][2]string
	if packed {
		moves = append(moves, [2]string{filepath.Join(dir, "blobs"), filepath.Join(r.Data, "blobs")})
	}
	if path := r.path(r.Data); path != "" {
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			moves = append(moves, [2]string{filepath.Join(dir, backupKey), path})
		}
	}
	moves = append(moves, [2]string{filepath.Join(dir, backupDatabase), r.dsn()}) // the last: with it everything is there
	var done [][2]string
	move := func(from, to string) error {
		moved, err := moveTo(from, to)
		if moved {
			done = append(done, [2]string{from, to})
		}
		return err
	}
	defer func() {
		if err == nil {
			return
		}
		for _, m := range slices.Backward(done) {
			_, back := moveTo(m[1], m[0])
			err = errors.Join(err, back)
		}
	}()
	old := store.Files(r.dsn())
	if packed {
		old = append(old, filepath.Join(r.Data, "blobs"))
	}
	for _, name := range old {
		if _, err := os.Stat(name); errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if kept == "" {
			if kept, err = makeAside(r.Data); err != nil {
				return "", err
			}
		}
		if err := move(name, filepath.Join(kept, filepath.Base(name))); err != nil {
			return kept, fmt.Errorf("put aside what was there: %w", err)
		}
	}
	for _, m := range moves {
		if _, err := os.Stat(m[0]); errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err := move(m[0], m[1]); err != nil {
			return kept, fmt.Errorf("put the backup in place (nothing was changed): %w", err)
		}
	}
	return kept, nil
}

// Beginnings of the names of folders in the data folder: what a backup is unpacked to, and
// where that goes which was there before.
const (
	unpackedTo = "restoring-"
	putAsideTo = "before-restore-"
)

// makeAside makes a folder for what is put aside.
func makeAside(data string) (string, error) {
	name := filepath.Join(data, putAsideTo+time.Now().Format("20060102-150405"))
	for n := 1; ; n++ {
		dir := name
		if n > 1 {
			dir = fmt.Sprintf("%s-%d", name, n)
		}
		if err := os.Mkdir(dir, 0o700); !errors.Is(err, fs.ErrExist) {
			return dir, err
		}
	}
}

// foldersIn are the folders in the data folder whose names begin like that, in order.
func foldersIn(data, begin string) (list []string, err error) {
	all, err := os.ReadDir(data)
	for _, d := range all {
		if strings.HasPrefix(d.Name(), begin) && d.IsDir() {
			list = append(list, filepath.Join(data, d.Name()))
		}
	}
	return list, ignoreGone(err)
}

// removeUnpacked removes what restores that were killed have unpacked.
func removeUnpacked(data string) error {
	list, err := foldersIn(data, unpackedTo)
	for _, dir := range list {
		err = errors.Join(err, os.RemoveAll(dir))
	}
	return err
}

// checkRestored refuses to begin a new database where a restore was killed that had put the
// old one aside.
func (s storageSettings) checkRestored() error {
	if isPostgres(s.Database) {
		return nil
	}
	if _, err := os.Stat(s.dsn()); err == nil {
		return nil
	}
	unpacked, err := foldersIn(s.Data, unpackedTo)
	if err != nil || len(unpacked) == 0 {
		return err
	}
	aside, err := foldersIn(s.Data, putAsideTo)
	if err != nil {
		return err
	}
	before := ""
	if len(aside) > 0 {
		before = "; what was there before is in " + aside[len(aside)-1]
	}
	return fmt.Errorf("there is no database %s, because a restore was cut off: run flowdeck restore again, or remove %s to begin anew%s", s.dsn(), unpacked[0], before)
}

// sayKey says whether the master key that is here opens what was restored.
func (r restoreSettings) sayKey(to streams, m manifest, packed bool) error {
	if !packed {
		return nil
	}
	path := r.path(r.Data)
	if _, err := os.Stat(path); path != "" && errors.Is(err, fs.ErrNotExist) {
		_, err := fmt.Fprintf(to.out, "The master key was not in the backup: put it at %s before you start, or the connections cannot be opened.\n", path)
		return err
	}
	if m.KeyMark == "" {
		_, err := fmt.Fprintln(to.out, "The backup does not say which master key it needs: look whether the connections can be opened with the one that is here.")
		return err
	}
	keys, err := r.keys(r.Data)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(keys, func(k []byte) bool { return keyMark(k) == m.KeyMark }) {
		todo := "bring that one back"
		if m.Key {
			todo = "the backup holds that one, and it was not put in its place; tar -xzOf " + r.From + " " + backupKey + " prints it: bring it back"
		}
		_, err = fmt.Fprintf(to.out, "The master key that is here is another one than when the backup was made: %s, or the connections cannot be opened.\n", todo)
		return err
	}
	_, err = fmt.Fprintln(to.out, "The master key that is here fits.")
	return err
}
