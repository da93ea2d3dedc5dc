// Package static holds the built front end: scripts, styles, fonts and icons,
// each under a name that carries the hash of its content. It knows nothing of
// the program around it.
package static

import (
	"bytes"
	"compress/gzip"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
)

//go:embed dist
var dist embed.FS

// Prefix is the path under which Handler is to be mounted.
const Prefix = "/static/"

var manifest = sync.OnceValue(func() map[string]string {
	raw, err := dist.ReadFile("dist/manifest.json")
	if err != nil {
		panic(fmt.Sprintf("static: the embedded build has no manifest: %v", err))
	}
	var names map[string]string
	if err := json.Unmarshal(raw, &names); err != nil {
		panic(fmt.Sprintf("static: the embedded manifest is broken: %v", err))
	}
	return names
})

// URL returns the address of a built file, for example URL("app.css") is
// "/static/app-4F2K7Q3B.css". A name that was not built comes back unhashed,
// and Handler answers 404 for it.
func URL(name string) string {
	if hashed, ok := manifest()[name]; ok {
		return Prefix + hashed
	}
	return Prefix + name
}

// Shared returns the addresses of the scripts that app.js begins by asking for, so
// that pages can ask for all of them at once.
func Shared() []string {
	var list []string
	for i := 1; manifest()["shared-"+strconv.Itoa(i)+".js"] != ""; i++ {
		list = append(list, URL("shared-"+strconv.Itoa(i)+".js"))
	}
	return list
}

// HasIcon reports whether the icon sprite holds the icon of that name.
func HasIcon(name string) bool { return icons()[name] }

var icons = sync.OnceValue(func() map[string]bool {
	names := map[string]bool{}
	sprite, err := dist.ReadFile("dist/" + manifest()["icons.svg"])
	if err != nil {
		panic(fmt.Sprintf("static: the embedded build has no icon sprite: %v", err))
	}
	for _, part := range strings.Split(string(sprite), `<symbol id="`)[1:] {
		name, _, _ := strings.Cut(part, `"`)
		names[name] = true
	}
	return names
})

// types are the content types of what the build writes. They are spelled out,
// because what the operating system knows differs from machine to machine.
var types = map[string]string{
	".css":   "text/css; charset=utf-8",
	".js":    "text/javascript; charset=utf-8",
	".json":  "application/json",
	".svg":   "image/svg+xml",
	".woff2": "font/woff2",
}

type file struct {
	kind  string
	plain []byte
	gzip  func() []byte // nil where it would not be smaller
}

// Handler serves the built files at Prefix. Names carry hashes, so browsers may
// keep what they have for ever. Files are compressed once, when first asked for.
func Handler() http.Handler {
	files := load()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
			return
		}
		f, ok := files[strings.TrimPrefix(r.URL.Path, Prefix)]
		if !ok {
			http.NotFound(w, r)
			return
		}
		f.serve(w, r)
	})
}

func (f file) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", f.kind)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Vary", "Accept-Encoding")
	body := f.plain
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		if packed := f.gzip(); packed != nil {
			h.Set("Content-Encoding", "gzip")
			body = packed
		}
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method == http.MethodGet {
		_, _ = w.Write(body) // a reader that went away is nobody's problem
	}
}

func load() map[string]file {
	files := map[string]file{}
	entries, err := fs.ReadDir(dist, "dist")
	if err != nil {
		panic(fmt.Sprintf("static: read the embedded build: %v", err))
	}
	for _, e := range entries {
		plain, err := dist.ReadFile("dist/" + e.Name())
		if err != nil {
			panic(fmt.Sprintf("static: read the embedded %s: %v", e.Name(), err))
		}
		files[e.Name()] = file{kind: types[path.Ext(e.Name())], plain: plain, gzip: sync.OnceValue(func() []byte { return pack(plain) })}
	}
	return files
}

// pack returns plain compressed, or nil where that would not make it smaller.
func pack(plain []byte) []byte {
	var b bytes.Buffer
	z, _ := gzip.NewWriterLevel(&b, gzip.BestCompression) // the level is a constant that exists
	_, _ = z.Write(plain)                                 // a bytes.Buffer does not fail
	_ = z.Close()
	if b.Len() >= len(plain)*9/10 {
		return nil
	}
	return b.Bytes()
}
