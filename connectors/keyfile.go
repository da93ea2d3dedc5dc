package connectors

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// keyFile is the file of master keys. Its first line is the current key. While the key
// is being changed there is a second line: "next" and the key that will take its place,
// then "old" and the key that had it. The file is replaced as a whole, so that whoever
// reads it, or finds it after a crash, knows every key that something may be sealed with.
type keyFile struct{ current, next, old string }

func readKeyFile(path string) (f keyFile, err error) {
	info, err := os.Stat(path)
	if err != nil {
		return f, err
	}
	if info.Mode().Perm()&0o077 != 0 {
		return f, fmt.Errorf("%s can be read by others (mode %04o): chmod 600 it", path, info.Mode().Perm())
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return f, err
	}
	for i, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		word, key, two := strings.Cut(strings.TrimSpace(line), " ")
		switch {
		case i == 0 && !two:
			f.current = word
		case i == 1 && word == "next":
			f.next = key
		case i == 1 && word == "old":
			f.old = key
		default:
			return f, fmt.Errorf("%s: line %d is no master key", path, i+1)
		}
	}
	if _, err := f.keys(); err != nil {
		return f, fmt.Errorf("%s: %w", path, err)
	}
	return f, nil
}

// keys are all the keys, the current one first.
func (f keyFile) keys() ([][]byte, error) {
	var list [][]byte
	for _, text := range []string{f.current, f.next, f.old} {
		if text == "" && len(list) > 0 {
			continue
		}
		key, err := ParseKey(text)
		if err != nil {
			return nil, err
		}
		list = append(list, key)
	}
	return list, nil
}

func (f keyFile) String() string {
	switch {
	case f.next != "":
		return f.current + "\nnext " + f.next + "\n"
	case f.old != "":
		return f.current + "\nold " + f.old + "\n"
	}
	return f.current + "\n"
}

// replace puts f in the place of the file at path, in one step.
func (f keyFile) replace(path string) error {
	tmp, err := f.writeAside(path)
	if err != nil {
		return err
	}
	if err := os.Rename(tmp, path); err != nil {
		return errors.Join(err, os.Remove(tmp))
	}
	return syncDir(filepath.Dir(path))
}

// writeAside writes f to a file of another name in the same folder, and to the disk.
func (f keyFile) writeAside(path string) (string, error) {
	tmp, err := os.CreateTemp(filepath.Dir(path), ".key-*") // mode 0600
	if err != nil {
		return "", err
	}
	_, err = tmp.WriteString(f.String())
	if err = errors.Join(err, tmp.Sync(), tmp.Close()); err != nil {
		return "", errors.Join(err, os.Remove(tmp.Name()))
	}
	return tmp.Name(), nil
}

// NextKey begins to change the key in the file at path: it writes a new one beside it,
// for every reader to know before anything is sealed with it, and makes that the current
// one. resumed says that a change was under way, which this goes on with.
func NextKey(path string) (resumed bool, err error) {
	f, err := readKeyFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, fmt.Errorf("there is no master key at %s to change: it is made at the first start", path)
	}
	if err != nil {
		return false, err
	}
	if f.old != "" {
		return true, nil
	}
	if resumed = f.next != ""; !resumed {
		f.next = newKey()
		if err := f.replace(path); err != nil {
			return false, err
		}
	}
	return resumed, keyFile{current: f.next, old: f.current}.replace(path)
}

// DropOldKey ends the change of the key in the file at path. Nothing may be sealed with
// the old one any more.
func DropOldKey(path string) error {
	f, err := readKeyFile(path)
	if err != nil {
		return err
	}
	return keyFile{current: f.current}.replace(path)
}
