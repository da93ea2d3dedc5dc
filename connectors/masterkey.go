package connectors

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// ParseKey reads a master key written in base64, as LoadOrCreateKeys writes it.
func ParseKey(text string) ([]byte, error) {
	key, err := base64.StdEncoding.DecodeString(strings.TrimSpace(text))
	if err != nil || len(key) != KeySize {
		return nil, fmt.Errorf("the master key must be %d random bytes in base64 (openssl rand -base64 %d)", KeySize, KeySize)
	}
	return key, nil
}

// LoadOrCreateKeys reads the master keys kept in the file at path, the current one
// first; there are others while the key is being changed. When there is no such file it
// makes a key and writes it, readable by its owner alone. A file that others can read is
// an error.
func LoadOrCreateKeys(path string) ([][]byte, error) {
	f, err := readKeyFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		f, err = createKeyFile(path)
	}
	if err != nil {
		return nil, fmt.Errorf("read the master key: %w", err)
	}
	return f.keys()
}

// createKeyFile writes the file aside, syncs it and links it into place, so that a
// crash leaves no half key and of two first starts one wins.
func createKeyFile(path string) (keyFile, error) {
	f := keyFile{current: newKey()}
	tmp, err := f.writeAside(path)
	if err != nil {
		return f, err
	}
	defer os.Remove(tmp)
	if err := os.Link(tmp, path); errors.Is(err, fs.ErrExist) {
		return readKeyFile(path)
	} else if err != nil {
		return f, err
	}
	return f, syncDir(filepath.Dir(path))
}

func newKey() string {
	key := make([]byte, KeySize)
	rand.Read(key) // never fails
	return base64.StdEncoding.EncodeToString(key)
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
