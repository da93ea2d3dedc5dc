package bundle

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"flowdeck/flows"
)

// Zip packs files, the same byte for byte for the same files.
func Zip(files []File) ([]byte, error) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, f := range files {
		part, err := w.CreateHeader(&zip.FileHeader{Name: f.Path, Method: zip.Deflate})
		if err == nil {
			_, err = part.Write(f.Text)
		}
		if err != nil {
			return nil, fmt.Errorf("pack %s: %w", f.Path, err)
		}
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("pack files: %w", err)
	}
	return b.Bytes(), nil
}

// IsZip reports whether data begins like a zip file.
func IsZip(data []byte) bool { return bytes.HasPrefix(data, []byte("PK")) }

// Unzip unpacks the .json files of a zip file. The error is Problems when the file is to blame.
func Unzip(data []byte) ([]File, error) {
	r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, Problems{{Problem: flows.Problem{Message: "This zip file cannot be read: " + err.Error() + "."}}}
	}
	if len(r.File) > MostFiles {
		return nil, Problems{{Problem: flows.Problem{Message: fmt.Sprintf("The zip file holds %d files; %d are the most.", len(r.File), MostFiles)}}}
	}
	var files []File
	total := 0
	for _, f := range r.File {
		if strings.HasSuffix(f.Name, "/") || !wanted(f.Name) {
			continue
		}
		text, problem := unpack(f)
		if total += len(text); problem == "" && total > MaxBundle {
			problem = fmt.Sprintf("makes the bundle larger than %d MiB", MaxBundle>>20)
		}
		if problem != "" {
			return nil, Problems{{f.Name, flows.Problem{Message: problem}}}
		}
		files = append(files, File{f.Name, text})
	}
	return files, nil
}

// unpack reads one file of a zip file, or says why not.
func unpack(f *zip.File) (text []byte, problem string) {
	if !Local(f.Name) {
		return nil, "has a path that leads out of the bundle, or is none"
	}
	if !f.Mode().IsRegular() {
		return nil, "is not a plain file"
	}
	r, err := f.Open()
	if err != nil {
		return nil, "cannot be unpacked: " + err.Error()
	}
	defer r.Close()
	text, err = io.ReadAll(io.LimitReader(r, MaxFile+1)) // what the header says of its size may be a lie
	switch {
	case err != nil:
		return nil, "cannot be unpacked: " + err.Error()
	case len(text) > MaxFile:
		return nil, fmt.Sprintf("is longer than %d bytes", MaxFile)
	}
	return text, ""
}

// wanted reports whether a path is that of a file of a bundle: what Git or a system
// keeps beside them is left alone. What is below the folders of a bundle, people named.
func wanted(name string) bool {
	for level := range strings.SplitSeq(path.Dir(name), "/") {
		if slices.Contains(Folders(), level) {
			break
		}
		if level != ".." && level != "." && strings.HasPrefix(level, ".") || level == "__MACOSX" {
			return false
		}
	}
	return path.Ext(name) == ".json" && !strings.HasPrefix(path.Base(name), ".")
}
