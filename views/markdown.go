package views

import (
	"bytes"
	"context"
	"io"
	"slices"

	"github.com/a-h/templ"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// markdown turns what people write into HTML: their own tags are shown as they were
// typed, and addresses that would run something are left out. Pictures become links,
// so that opening a flow asks nobody for anything.
var markdown = goldmark.New(
	goldmark.WithParser(parser.NewParser(
		parser.WithBlockParsers(without(parser.DefaultBlockParsers(), parser.NewHTMLBlockParser())...),
		parser.WithInlineParsers(without(parser.DefaultInlineParsers(), parser.NewRawHTMLParser())...),
		parser.WithParagraphTransformers(parser.DefaultParagraphTransformers()...),
	)),
	goldmark.WithExtensions(extension.Table, extension.Strikethrough, extension.TaskList, extension.Linkify),
	goldmark.WithParserOptions(parser.WithASTTransformers(util.Prioritized(outward{}, 900))),
)

func without(list []util.PrioritizedValue, one any) []util.PrioritizedValue {
	return slices.DeleteFunc(list, func(p util.PrioritizedValue) bool { return p.Value == one })
}

// Markdown shows text that people wrote.
func Markdown(source string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		var b bytes.Buffer
		if err := markdown.Convert([]byte(source), &b); err != nil {
			return err
		}
		_, err := w.Write(b.Bytes())
		return err
	})
}

// outward makes links open beside the page, headings small, and pictures links.
type outward struct{}

func (outward) Transform(doc *ast.Document, reader text.Reader, _ parser.Context) {
	var pictures []*ast.Image
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) { // f returns no error
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Link, *ast.AutoLink:
			n.SetAttributeString("target", []byte("_blank"))
			n.SetAttributeString("rel", []byte("noopener noreferrer"))
		case *ast.Heading:
			n.Level = min(n.Level+3, 6) // below the headings of the page
		case *ast.Image:
			pictures = append(pictures, n)
		}
		return ast.WalkContinue, nil
	})
	for _, p := range pictures {
		link := ast.NewLink()
		link.Destination, link.Title = p.Destination, p.Title
		link.SetAttributeString("target", []byte("_blank"))
		link.SetAttributeString("rel", []byte("noopener noreferrer"))
		for c := p.FirstChild(); c != nil; c = p.FirstChild() {
			link.AppendChild(link, c)
		}
		if link.FirstChild() == nil {
			link.AppendChild(link, ast.NewString(p.Destination))
		}
		p.Parent().ReplaceChild(p.Parent(), p, link)
	}
}
