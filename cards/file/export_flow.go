package file

import (
	"context"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type exportFlowInput struct {
	Flow string `json:"flow" format:"flow" form:"required" help:"The flow that is written."`
}

type exportFlowOutput struct {
	File map[string]any `json:"file" help:"The file: an object of name, type, size and base64."`
	Text string         `json:"text" help:"What is in it: JSON."`
}

// ExportFlow writes a flow as a file.
var ExportFlow = cards.NewFunction(cards.Spec{
	Name:       "flow.export",
	Title:      "Export Flow",
	Category:   "Flows",
	Family:     cards.FamilyLogic,
	Icon:       "download",
	Summary:    "Writes a flow as a file, as exports do.",
	World:      true,
	Idempotent: true,
	Changes:    func(schema.Values) bool { return false },
	Doc: "Puts out the draft of a flow as JSON, the same byte for byte for the same flow: send it to where you keep your versions.\n\n" +
		"- Connections are named, never included; no secret is in the file.\n" +
		"- *Import* and `flowdeck import` read it again.",
	Keywords: []string{"export", "backup", "git", "version", "flow", "json", "copy"},
	Examples: []cards.Example{{
		Title: "A flow as JSON",
		In:    schema.Values{"flow": "f_1"},
		Out:   schema.Values{"text": "{}\n", "file": schema.Values{"name": "sync.json", "type": "application/json", "size": 3, "base64": "e30K"}},
	}, {
		Title: "A flow that is gone",
		In:    schema.Values{"flow": "f_none"},
		Err:   cards.CodeNoFlow,
	}, {
		Title: "A flow must be chosen",
		In:    schema.Values{},
		Err:   cards.CodeInvalidInput,
	}},
}, func(ctx context.Context, env cards.Env, in exportFlowInput) (exportFlowOutput, error) {
	if env.Export == nil {
		return exportFlowOutput{}, &cards.Error{Code: cards.CodeNoFlow, Message: "there are no flows to export here"}
	}
	name, text, err := env.Export(ctx, in.Flow)
	if err != nil {
		return exportFlowOutput{}, err
	}
	return exportFlowOutput{schema.FileValue{Name: name, Type: "application/json", Data: text}.Values(), string(text)}, nil
})
