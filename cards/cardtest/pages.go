package cardtest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
)

// inPages serves seven items, some at a time, in every way that APIs have for it.
func inPages(mux *http.ServeMux) {
	const all, size = 7, 3
	items := func(from, limit int) []any {
		list := []any{}
		for i := max(from, 0); i < min(from+limit, all); i++ {
			list = append(list, map[string]any{"id": i + 1})
		}
		return list
	}
	number := func(r *http.Request, key string, otherwise int) int {
		if n, err := strconv.Atoi(r.URL.Query().Get(key)); err == nil {
			return n
		}
		return otherwise
	}
	mux.HandleFunc("GET /linked", func(w http.ResponseWriter, r *http.Request) {
		at := number(r, "from", 0)
		if at+size < all {
			w.Header().Set("Link", fmt.Sprintf(`</linked>; rel="first", </linked?from=%d>; rel="next"`, at+size))
		}
		answer(w, http.StatusOK, items(at, size))
	})
	mux.HandleFunc("GET /cursors", func(w http.ResponseWriter, r *http.Request) {
		at := number(r, "starting_after", 0)
		answer(w, http.StatusOK, map[string]any{"data": items(at, size), "has_more": at+size < all})
	})
	mux.HandleFunc("POST /search", func(w http.ResponseWriter, r *http.Request) {
		var body struct{ Cursor *int }
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
			answer(w, http.StatusBadRequest, map[string]any{"error": err.Error()})
			return
		}
		at := 0
		if body.Cursor != nil {
			at = *body.Cursor
		}
		found := map[string]any{"results": items(at, size)}
		if at+size < all {
			found["next_cursor"] = at + size
		}
		answer(w, http.StatusOK, found)
	})
	mux.HandleFunc("GET /numbered", func(w http.ResponseWriter, r *http.Request) {
		limit := number(r, "per_page", size)
		answer(w, http.StatusOK, map[string]any{"items": items((number(r, "page", 1)-1)*limit, limit)})
	})
	mux.HandleFunc("GET /offsets", func(w http.ResponseWriter, r *http.Request) {
		answer(w, http.StatusOK, map[string]any{"items": items(number(r, "offset", 0), number(r, "limit", size))})
	})
}
