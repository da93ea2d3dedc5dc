package cardtest

import (
	"encoding/json"
	"io"
	"net/http"

	"flowdeck/cards/schema"
)

// World is the API that examples talk to: a few customers, contacts, and an echo.
func World() http.Handler {
	mux := http.NewServeMux()
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
	return mux
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
