package web

import (
	"strings"

	"github.com/labstack/echo/v4"

	"flowdeck/flows"
)

// choose tells the client which cards an edit of several leaves chosen.
func (s *Server) choose(c echo.Context, e flows.Edit, before, next flows.Document) {
	ids := e.Steps
	switch e.Op {
	case flows.OpPaste, flows.OpCopyAll:
		ids = newOnes(before, next)
	case flows.OpMoveAll:
	default:
		return
	}
	trigger(c, "fd:chosen", map[string]string{"steps": strings.Join(ids, " ")})
}

// newOnes are the outermost steps that one document has and another has not.
func newOnes(before, next flows.Document) []string {
	had := map[string]bool{}
	for _, s := range before.All() {
		had[s.ID] = true
	}
	var list []string
	var look func(chain []flows.Step)
	look = func(chain []flows.Step) {
		for _, s := range chain {
			if !had[s.ID] {
				list = append(list, s.ID)
				continue
			}
			for _, b := range s.Blocks {
				look(b.Chain)
			}
		}
	}
	look(next.Chain)
	return list
}
