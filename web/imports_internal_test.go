package web

import (
	"errors"
	"fmt"
	"net/http"
	"testing"

	"github.com/labstack/echo/v4"

	"flowdeck/flows/store"
	"flowdeck/views"
)

// Each import that goes on holds its file, so only some may.
func TestImportsThatGoOnAreBounded(t *testing.T) {
	s := &Server{}
	s.imports.of = map[string]*importing{}
	for n := range mostImports {
		s.imports.of[fmt.Sprint(n)] = &importing{done: make(chan struct{})}
	}
	var said *echo.HTTPError
	if _, err := s.beginImport(store.User{ID: "u_new"}, views.ImportModel{}, importOf{}); !errors.As(err, &said) || said.Code != http.StatusServiceUnavailable {
		t.Errorf("one more is told %v", err)
	}
	if _, err := s.beginImport(store.User{ID: "0"}, views.ImportModel{}, importOf{}); !errors.As(err, &said) || said.Code != http.StatusConflict {
		t.Errorf("whoever has one is told %v", err)
	}
}
