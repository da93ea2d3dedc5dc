package main

import (
	"archive/tar"
	"bufio"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"flowdeck/flows/store"
)

// backupSettings are those of the command that writes everything into one file.
type backupSettings struct {
	storageSettings `embed:""`
	keySettings     `embed:""`
	To              string `arg:"" help:"File to write, such as flowdeck.tar.gz. It may not exist."`
	WithMasterKey   bool   `help:"Put the master key in as well. Whoever has the file can then open every connection."`
}

// Names in a backup. A backup is a tar.gz; backupManifest is its last file, so that one
// that was cut off is known.
const (
	backupManifest = "flowdeck-backup.json"
	backupDatabase = "flowdeck.db"
	backupBodies   = "blobs/"
	backupKey      = "master.key"
)

// manifest says what a backup holds.
type manifest struct {
	Format  int       `json:"flowdeck_backup"`
	At      time.Time `json:"at"`
	Version string    `json:"version"`
	Schema  int64     `json:"schema"`
	Bodies  int       `json:"bodies"`            // files of large bodies
	Missing int       `json:"missing,omitempty"` // those that were gone when it was made
	Key     bool      `json:"with_master_key"`
	KeyMark string    `json:"master_key_mark"` // tells keys apart, and says nothing of them
}

// keyMark tells master keys apart.
func keyMark(key []byte) string {
	sum := sha256.Sum256(append([]byte("flowdeck master key\x00"), key...))
	return hex.EncodeToString(sum[:6])
}

// keyNow is the master key as it is at the moment: the text of its file, if it has one, and
// its mark, "" when there is no such file.
type keyNow struct{ text, mark string }

func (b backupSettings) key() (k keyNow, err error) {
	if path := b.path(b.Data); path != "" {
		text, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) && !b.WithMasterKey {
			return k, nil
		}
		if err != nil {
			return k, fmt.Errorf("read the master key: %w", err)
		}
		k.text = string(text)
	} else if b.WithMasterKey {
		return k, errors.New("--with-master-key: the key comes from the environment, so there is no file of it to put in")
	}
	keys, err := b.keys(b.Data)
	if err != nil {
		return k, err
	}
	k.mark = keyMark(keys[0])
	return k, nil
}

func (b backupSettings) run(ctx context.Context, to streams) (err error) {
	if isPostgres(b.Database) {
		return errors.New("PostgreSQL has its own tools: back it up with pg_dump, and the blobs folder in the data folder after it; see docs/operations.md")
	}
	if _, err := os.Stat(b.dsn()); err != nil {
		return fmt.Errorf("there is no database to back up: %w (name the folder with --data, and the database with --database, as the server has them)", err)
	}
	file, err := os.OpenFile(b.To, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("write the backup: %w", err)
	}
	defer func() {
		if err = errors.Join(err, file.Close()); err != nil {
			err = errors.Join(err, os.Remove(b.To))
		}
	}()
	if _, err := b.key(); err != nil {
		return err
	}
	holdBackup(file)
	sweepCopies(file.Name(), b.dsn(), to.err)
	p := newProgress(to.err, "written", b.size())
	out := bufio.NewWriterSize(file, 1<<20)
	packed, _ := gzip.NewWriterLevel(out, gzip.BestSpeed)
	archive := tar.NewWriter(packed)
	m := manifest{Format: 1, At: time.Now().UTC(), Version: buildVersion(), Key: b.WithMasterKey}
	if err := b.write(ctx, archive, &m, p); err != nil {
		return err
	}
	if err := errors.Join(archive.Close(), packed.Close(), out.Flush(), file.Sync()); err != nil {
		return fmt.Errorf("write the backup: %w", err)
	}
	p.done()
	_, err = fmt.Fprintf(to.out, "%s: the database (schema %d) and %d files of large bodies.\n%s\n", b.To, m.Schema, m.Bodies, b.aboutKey(m.KeyMark))
	if err == nil && m.Missing > 0 {
		_, err = fmt.Fprintf(to.err, "%d files of large bodies are gone from the data folder, so they are not in it: what they held shows as missing in the history.\n", m.Missing)
	}
	return err
}

func (b backupSettings) aboutKey(mark string) string {
	if b.WithMasterKey {
		return "The master key is in it: whoever has the file can open every connection."
	}
	path := b.path(b.Data)
	if path != "" && mark == "" {
		return "The master key is not in it, and there is none at " + path + ": name its file with --master-key-file, as the server does, so that a restore can tell whether it fits; and keep it somewhere else."
	}
	if path != "" {
		return "The master key is not in it. Without " + path + " nobody can open its connections: keep a copy somewhere else."
	}
	return "The master key is not in it. Without it nobody can open its connections: keep what FLOWDECK_MASTER_KEY says somewhere else."
}

// size is about how much there is to copy.
func (b backupSettings) size() (n int64) {
	if info, err := os.Stat(b.dsn()); err == nil {
		n = info.Size()
	}
	_ = filepath.WalkDir(filepath.Join(b.Data, "blobs"), func(_ string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			if info, err := d.Info(); err == nil {
				n += info.Size()
			}
		}
		return nil
	})
	return n
}

// write puts everything into the archive. Large bodies are copied before the database,
// because they may be deleted afterwards, and those that came meanwhile behind it.
func (b backupSettings) write(ctx context.Context, archive *tar.Writer, m *manifest, p *progress) error {
	bodies := map[string]bool{}
	if err := b.addBodies(ctx, archive, bodies, nil, p); err != nil {
		return err
	}
	key, err := b.addDatabase(ctx, archive, bodies, m, p)
	if err != nil {
		return err
	}
	m.Bodies, m.KeyMark = len(bodies), key.mark
	if b.WithMasterKey {
		if err := addText(archive, backupKey, []byte(key.text), m.At); err != nil {
			return err
		}
	}
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	return addText(archive, backupManifest, text, m.At)
}

// addDatabase adds a copy of the database and returns the key that it needs. It makes another
// copy when a run was deleted between the bodies and this one, or the key was changed.
func (b backupSettings) addDatabase(ctx context.Context, archive *tar.Writer, bodies map[string]bool, m *manifest, p *progress) (key keyNow, err error) {
	const tries = 5
	copied := b.To + copySuffix
	defer func() { err = errors.Join(err, ignoreGone(os.Remove(copied))) }()
	var missing []string
	for try := 1; ; try++ {
		before, err := b.key()
		if err != nil {
			return key, err
		}
		content, err := b.copyDatabase(ctx, copied, p.to)
		if err != nil {
			return key, err
		}
		if key, err = b.key(); err != nil {
			return key, err
		}
		if err := b.addBodies(ctx, archive, bodies, content.Bodies, p); err != nil {
			return key, err
		}
		lacks := slices.DeleteFunc(content.Bodies, func(id string) bool { return bodies[id] })
		whole := len(lacks) == 0 || slices.Equal(lacks, missing) // what is missing again is gone for good
		if whole && key == before || try == tries {
			m.Schema, m.Missing = content.Schema, len(lacks)
			return key, addFile(ctx, archive, copied, backupDatabase, p)
		}
		missing = lacks
	}
}

func ignoreGone(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

func addText(archive *tar.Writer, name string, text []byte, at time.Time) error {
	err := archive.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: int64(len(text)), ModTime: at})
	if err == nil {
		_, err = archive.Write(text)
	}
	if err != nil {
		return fmt.Errorf("write the backup: %w", err)
	}
	return nil
}

func (b backupSettings) copyDatabase(ctx context.Context, name string, to io.Writer) (store.Content, error) {
	if err := ignoreGone(os.Remove(name)); err != nil {
		return store.Content{}, err
	}
	defer waiting(to, "the database is being copied")()
	if err := store.CopyFile(ctx, b.dsn(), name); err != nil {
		return store.Content{}, err
	}
	return store.ContentOf(ctx, name)
}

// addBodies adds the files that are not there yet: those of the list, or all when it is nil.
func (b backupSettings) addBodies(ctx context.Context, archive *tar.Writer, have map[string]bool, list []string, p *progress) error {
	dir := filepath.Join(b.Data, "blobs")
	if list == nil {
		found, err := bodiesIn(dir)
		if err != nil {
			return err
		}
		list = found
	}
	for _, id := range list {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if have[id] {
			continue
		}
		switch err := addFile(ctx, archive, filepath.Join(dir, id[:2], id), backupBodies+id[:2]+"/"+id, p); {
		case errors.Is(err, fs.ErrNotExist): // deleted meanwhile
		case err != nil:
			return err
		default:
			have[id] = true
		}
	}
	return nil
}

// bodiesIn lists the files of large bodies below dir. Other files may lie among them.
func bodiesIn(dir string) (ids []string, err error) {
	folders, err := os.ReadDir(dir)
	if err != nil {
		return nil, ignoreGone(err)
	}
	for _, folder := range folders {
		if len(folder.Name()) != 2 {
			continue
		}
		files, err := os.ReadDir(filepath.Join(dir, folder.Name()))
		if ignoreGone(err) != nil {
			return nil, err
		}
		for _, f := range files {
			if inBackup.MatchString(backupBodies+folder.Name()+"/"+f.Name()) && strings.HasPrefix(f.Name(), folder.Name()) {
				ids = append(ids, f.Name())
			}
		}
	}
	return ids, nil
}

func addFile(ctx context.Context, archive *tar.Writer, from, name string, p *progress) error {
	f, err := os.Open(from)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if err := archive.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: info.Size(), ModTime: info.ModTime()}); err != nil {
		return fmt.Errorf("write the backup: %w", err)
	}
	if _, err := io.Copy(archive, p.reader(ctx, f)); err != nil {
		return fmt.Errorf("write the backup: %w", err)
	}
	return nil
}

func isPostgres(dsn string) bool {
	return strings.HasPrefix(dsn, "postgres://") || strings.HasPrefix(dsn, "postgresql://")
}
