package cardtest

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"

	"flowdeck/cards/schema"
)

// World is the API that examples talk to: a few customers, contacts, and an echo.
func World() http.Handler {
	mux := http.NewServeMux()
	inPages(mux)
	mux.HandleFunc("GET /customers/{id}", func(w http.ResponseWriter, r *http.Request) {
		if r.PathValue("id") == "0" {
			answer(w, http.StatusNotFound, map[string]any{"error": "no such customer"})
			return
		}
		answer(w, http.StatusOK, map[string]any{"id": json.Number(r.PathValue("id")), "email": "maya@example.com", "active": true})
	})
	change := func(w http.ResponseWriter, r *http.Request) {
		var body map[string]any
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
			answer(w, http.StatusBadRequest, map[string]any{"error": err.Error()})
			return
		}
		body["id"] = json.Number(r.PathValue("id"))
		answer(w, http.StatusOK, body)
	}
	mux.HandleFunc("PUT /customers/{id}", change)
	mux.HandleFunc("PATCH /customers/{id}", change)
	mux.HandleFunc("DELETE /customers/{id}", func(w http.ResponseWriter, r *http.Request) {
		if r.PathValue("id") == "0" {
			answer(w, http.StatusNotFound, map[string]any{"error": "no such customer"})
			return
		}
		w.WriteHeader(http.StatusNoContent)
	})
	mux.HandleFunc("POST /contacts", func(w http.ResponseWriter, r *http.Request) {
		var body struct{ Email string }
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
			answer(w, http.StatusBadRequest, map[string]any{"error": err.Error()})
			return
		}
		answer(w, http.StatusCreated, map[string]any{"id": "crm_51", "email": body.Email})
	})
	mux.HandleFunc("/invalid", func(w http.ResponseWriter, r *http.Request) {
		answer(w, http.StatusUnprocessableEntity, map[string]any{"error": "email is not an address"})
	})
	mux.HandleFunc("/echo", func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		answer(w, http.StatusOK, map[string]any{"method": r.Method, "path": r.URL.Path, "query": r.URL.RawQuery,
			"type": r.Header.Get("Content-Type"), "body": string(body)})
	})
	mux.HandleFunc("GET /moved/{id}", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Location", "/customers/"+r.PathValue("id"))
		w.WriteHeader(http.StatusMovedPermanently)
	})
	mux.HandleFunc("GET /logo.svg", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "image/svg+xml")
		_, _ = io.WriteString(w, "<svg/>")
	})
	mux.HandleFunc("GET /export", func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, strings.Repeat("a,b\n", 1024))
	})
	mux.HandleFunc("/once", func(w http.ResponseWriter, r *http.Request) {
		answer(w, http.StatusOK, map[string]any{"key": r.Header.Get("Idempotency-Key"), "request_id": r.Header.Get("X-Request-Id")})
	})
	mux.HandleFunc("POST /upload", upload)
	return mux
}

// upload tells what a form with files holds: texts as they are, files as name, type and size.
func upload(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseMultipartForm(1 << 20); err != nil {
		answer(w, http.StatusBadRequest, map[string]any{"error": err.Error()})
		return
	}
	got := map[string]any{}
	for name, values := range r.MultipartForm.Value {
		got[name] = strings.Join(values, ", ")
	}
	for name, files := range r.MultipartForm.File {
		got[name] = fmt.Sprintf("%s, %s, %d bytes", files[0].Filename, files[0].Header.Get("Content-Type"), files[0].Size)
	}
	answer(w, http.StatusOK, got)
}

func answer(w http.ResponseWriter, status int, v any) {
	data, err := schema.EncodeJSON(v)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(data)
}
