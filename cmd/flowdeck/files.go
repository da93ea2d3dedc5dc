package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"flowdeck/flows/bundle"
)

// readFiles reads what is imported: a folder, a zip file or one file.
func readFiles(from string) ([]bundle.File, error) {
	info, err := os.Stat(from)
	if err != nil {
		return nil, fmt.Errorf("import: %w", err)
	}
	if info.IsDir() {
		return readFolder(from)
	}
	if info.Size() > bundle.MaxBundle {
		return nil, fmt.Errorf("%s is larger than %d MiB", from, bundle.MaxBundle>>20)
	}
	text, err := os.ReadFile(from)
	if err != nil {
		return nil, fmt.Errorf("import: %w", err)
	}
	if bundle.IsZip(text) {
		return bundle.Unzip(text)
	}
	return []bundle.File{{Path: filepath.Base(from), Text: text}}, nil
}

// readFolder reads the files of a bundle below dir. Links that lead out of it are not followed.
func readFolder(dir string) ([]bundle.File, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	var files []bundle.File
	total, folders := int64(0), 0
	for _, folder := range bundle.Folders() {
		if info, err := root.Stat(folder); err != nil || !info.IsDir() {
			continue
		}
		folders++
		err := fs.WalkDir(root.FS(), folder, func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || path.Ext(name) != ".json" {
				return err
			}
			text, err := readBounded(root, name)
			if err != nil {
				return err
			}
			if total += int64(len(text)); total > bundle.MaxBundle {
				return fmt.Errorf("the files are larger than %d MiB together", bundle.MaxBundle>>20)
			}
			files = append(files, bundle.File{Path: name, Text: text})
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", dir, err)
		}
	}
	if folders == 0 {
		return nil, fmt.Errorf("%s has no folder named %s: choose one that flowdeck export wrote, or a file", dir, strings.Join(bundle.Folders(), " or "))
	}
	return files, nil
}

func readBounded(root *os.Root, name string) ([]byte, error) {
	f, err := root.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, bundle.MaxFile+1)) // one byte more is said to be too long
}

// written counts what became of files.
type written struct{ written, same, removed int }

// writeFiles makes dir hold files. What is there of a thing under another name is removed,
// and, when files are all there are, what is there of things that are gone. Files that
// are not of a bundle are left alone.
func writeFiles(dir string, files []bundle.File, all bool) (done written, err error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return done, err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return done, err
	}
	defer root.Close()
	places := map[string]string{}
	for _, f := range files {
		if !bundle.Local(f.Path) {
			return done, fmt.Errorf("%q leads out of the folder", f.Path)
		}
		places[thingOf(f.Text)] = f.Path
		have, err := readBounded(root, f.Path)
		if err == nil && bytes.Equal(have, f.Text) {
			done.same++
			continue
		}
		if err := writeFile(root, f); err != nil {
			return done, fmt.Errorf("write %s: %w", f.Path, err)
		}
		done.written++
	}
	done.removed, err = removeStale(root, places, all)
	return done, err
}

// writeFile replaces a file as a whole.
func writeFile(root *os.Root, f bundle.File) error {
	if err := root.MkdirAll(path.Dir(f.Path), 0o755); err != nil {
		return err
	}
	fresh := f.Path + ".new"
	if err := root.WriteFile(fresh, f.Text, 0o644); err != nil {
		return err
	}
	return root.Rename(fresh, f.Path)
}

// removeStale removes files of a bundle that are not at their places.
func removeStale(root *os.Root, places map[string]string, all bool) (n int, err error) {
	for _, folder := range bundle.Folders() {
		err := fs.WalkDir(root.FS(), folder, func(name string, d fs.DirEntry, err error) error {
			if errors.Is(err, fs.ErrNotExist) {
				return nil
			}
			if err != nil || d.IsDir() || path.Ext(name) != ".json" {
				return err
			}
			text, err := readBounded(root, name)
			if err != nil {
				return err
			}
			thing := thingOf(text)
			at, exported := places[thing]
			if thing == "" || exported && at == name || !exported && !all {
				return nil
			}
			n++
			return root.Remove(name)
		})
		if err != nil {
			return n, err
		}
	}
	return n, nil
}

// thingOf names what a file is of: its kind and id; "" when it is not a bundle's.
func thingOf(text []byte) string {
	var head struct {
		Flowdeck int
		Kind, ID string
	}
	if json.Unmarshal(text, &head) != nil || head.Flowdeck == 0 || head.ID == "" {
		return ""
	}
	return head.Kind + " " + head.ID
}
