package web

import (
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/labstack/echo/v4"

	"flowdeck/flows"
)

// exportFormat is the version of the file that exportFlow writes.
const exportFormat = 1

// flowFile is a flow as a file. Connections are named, never included: secrets stay here.
type flowFile struct {
	Flowdeck    int                       `json:"flowdeck"`
	Name        string                    `json:"name"`
	Description string                    `json:"description,omitempty"`
	Labels      []string                  `json:"labels,omitempty"`
	Alias       string                    `json:"alias,omitempty"`
	Settings    flows.Settings            `json:"settings,omitzero"`
	Connections map[string]fileConnection `json:"connections,omitempty"`
	Document    json.RawMessage           `json:"document"`
}

// fileConnection says which connection a step meant, so that another server can find its own.
type fileConnection struct {
	Name string `json:"name"`
	Type string `json:"type"`
}

// exportFlow sends the draft as a file.
func (s *Server) exportFlow(c echo.Context) error {
	f, err := s.Store.Flow(c.Request().Context(), c.Param("id"))
	if err != nil {
		return err
	}
	doc, err := f.Draft.Encode()
	if err != nil {
		return fmt.Errorf("export flow %s: %w", f.ID, err)
	}
	file := flowFile{Flowdeck: exportFormat, Name: f.Name, Description: f.Description, Labels: f.Labels, Alias: f.Alias, Settings: f.Settings,
		Connections: map[string]fileConnection{}, Document: doc}
	known, err := s.Store.Connections(c.Request().Context())
	if err != nil {
		return err
	}
	used := map[string]bool{}
	eachStep(&f.Draft, func(step *flows.Step) { used[step.Connection] = true })
	for _, x := range known {
		if used[x.ID] {
			file.Connections[x.ID] = fileConnection{Name: x.Name, Type: x.Type}
		}
	}
	text, err := json.MarshalIndent(file, "", "  ")
	if err != nil {
		return fmt.Errorf("export flow %s: %w", f.ID, err)
	}
	c.Response().Header().Set(echo.HeaderContentDisposition, `attachment; filename="`+aliasFrom(f.Name)+`.flow.json"`)
	return c.Blob(http.StatusOK, echo.MIMEApplicationJSON, append(text, '\n'))
}

// eachStep visits the trigger and every step of doc.
func eachStep(doc *flows.Document, visit func(*flows.Step)) {
	visit(&doc.Trigger)
	eachOf(doc.Chain, visit)
}

func eachOf(chain []flows.Step, visit func(*flows.Step)) {
	for i := range chain {
		visit(&chain[i])
		for _, b := range chain[i].Blocks {
			eachOf(b.Chain, visit)
		}
	}
}
