package views

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/a-h/templ"
)

// composeBox is the editable part of a composed field. It is written by hand,
// because every space between its tags would become part of the text.
func composeBox(f StepField, hideLabel bool) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		var b strings.Builder
		fmt.Fprintf(&b, `<div class="%s" role="textbox" contenteditable="true" spellcheck="false" aria-multiline="%t" data-ph="%s"`,
			class("compose", when(f.Kind == FieldURL || f.Kind == FieldJSON || f.Kind == FieldInline, "mono"), when(composeMulti(f.Kind), "multi")),
			composeMulti(f.Kind), templ.EscapeString(placeholder(f, hideLabel)))
		if hideLabel {
			fmt.Fprintf(&b, ` aria-label="%s"`, templ.EscapeString(f.Label))
		} else {
			fmt.Fprintf(&b, ` aria-labelledby="%s-l"`, templ.EscapeString(f.ID))
		}
		if by := describedBy(f.ID, f.Help, f.Problem); by != "" {
			fmt.Fprintf(&b, ` aria-describedby="%s"`, templ.EscapeString(by))
		}
		if f.Problem != "" {
			b.WriteString(` aria-invalid="true"`)
		}
		if f.Required {
			b.WriteString(` aria-required="true"`)
		}
		b.WriteString(">")
		for _, s := range f.Segments {
			if s.Pill == nil {
				b.WriteString(composeText(f.Kind, s.Text))
			} else if err := Pill(*s.Pill).Render(ctx, &b); err != nil {
				return err
			}
		}
		if strings.HasSuffix(f.Value, "\n") {
			b.WriteString("\n") // of the last break of a box nothing is seen
		}
		b.WriteString("</div>")
		_, err := io.WriteString(w, b.String())
		return err
	})
}

func composeMulti(kind FieldKind) bool { return kind == FieldMultiline || kind == FieldJSON }

// composeText is text as the box holds it: an address may wrap after a slash.
func composeText(kind FieldKind, text string) string {
	if kind != FieldURL {
		return templ.EscapeString(text)
	}
	parts := urlBreaks(text)
	for i := range parts {
		parts[i] = templ.EscapeString(parts[i])
	}
	return strings.Join(parts, "<wbr>")
}
