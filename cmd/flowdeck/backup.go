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

// mark is that of the master key; "" when there is none yet.
func (b backupSettings) mark() (string, error) {
	if path := b.path(b.Data); path != "" {
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) && !b.WithMasterKey {
			return "", nil
		} else if err != nil {
			return "", fmt.Errorf("--with-master-key: %w", err)
		}
	}
	keys, err := b.keys(b.Data)
	if err != nil {
		return "", err
	}
	return keyMark(keys[0]), nil
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
	mark, err := b.mark()
	if err != nil {
		return err
	}
	p := newProgress(to.err, "written", b.size())
	out := bufio.NewWriterSize(file, 1<<20)
	packed, _ := gzip.NewWriterLevel(out, gzip.BestSpeed)
	archive := tar.NewWriter(packed)
	m := manifest{Format: 1, At: time.Now().UTC(), Version: buildVersion(), Key: b.WithMasterKey, KeyMark: mark}
	if err := b.write(ctx, archive, &m, p); err != nil {
		return err
	}
	if err := errors.Join(archive.Close(), packed.Close(), out.Flush(), file.Sync()); err != nil {
		return fmt.Errorf("write the backup: %w", err)
	}
	p.done()
	_, err = fmt.Fprintf(to.out, "%s: the database (schema %d) and %d files of large bodies.\n%s\n", b.To, m.Schema, m.Bodies, b.aboutKey())
	if err == nil && m.Missing > 0 {
		_, err = fmt.Fprintf(to.err, "%d files of large bodies are gone from the data folder, so they are not in it: what they held shows as missing in the history.\n", m.Missing)
	}
	return err
}

func (b backupSettings) aboutKey() string {
	if b.WithMasterKey {
		return "The master key is in it: whoever has the file can open every connection."
	}
	if path := b.path(b.Data); path != "" {
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
	const tries = 5
	for try := 1; ; try++ {
		copied := b.To + ".database"
		content, err := b.copyDatabase(ctx, copied)
		if err == nil {
			err = b.addBodies(ctx, archive, bodies, content.Bodies, p)
		}
		m.Missing = 0
		for _, id := range content.Bodies {
			if !bodies[id] {
				m.Missing++
			}
		}
		missing := m.Missing > 0
		if err == nil && (!missing || try == tries) { // else a run was deleted between the two copies
			m.Schema = content.Schema
			err = addFile(ctx, archive, copied, backupDatabase, p)
		}
		if err = errors.Join(err, os.Remove(copied)); err != nil {
			return err
		}
		if !missing || try == tries {
			break
		}
	}
	m.Bodies = len(bodies)
	if b.WithMasterKey {
		path := b.path(b.Data)
		if path == "" {
			return errors.New("--with-master-key: the key comes from the environment, so there is no file of it to put in")
		}
		if err := addFile(ctx, archive, path, backupKey, p); err != nil {
			return err
		}
	}
	text, err := json.MarshalIndent(m, "", "  ")
	if err == nil {
		err = archive.WriteHeader(&tar.Header{Name: backupManifest, Mode: 0o600, Size: int64(len(text)), ModTime: m.At})
	}
	if err == nil {
		_, err = archive.Write(text)
	}
	return err
}

func (b backupSettings) copyDatabase(ctx context.Context, to string) (store.Content, error) {
	if err := os.Remove(to); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return store.Content{}, err
	}
	if err := store.CopyFile(ctx, b.dsn(), to); err != nil {
		return store.Content{}, err
	}
	return store.ContentOf(ctx, to)
}

// addBodies adds the files that are not there yet: those of the list, or all when it is nil.
func (b backupSettings) addBodies(ctx context.Context, archive *tar.Writer, have map[string]bool, list []string, p *progress) error {
	dir := filepath.Join(b.Data, "blobs")
	if list == nil {
		found, err := filepath.Glob(filepath.Join(dir, "*", "*"))
		if err != nil {
			return err
		}
		for _, name := range found {
			if id := filepath.Base(name); !strings.HasPrefix(id, "new-") {
				list = append(list, id)
			}
		}
	}
	for _, id := range list {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if have[id] || len(id) < 2 {
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
