package expr

import (
	"errors"
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/checker"
	"github.com/expr-lang/expr/compiler"
	"github.com/expr-lang/expr/conf"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/optimizer"
	"github.com/expr-lang/expr/parser"
	"github.com/expr-lang/expr/vm"
)

const maxNodes = 1000

// compile fills c from its text, which stands at byte from of src. The names in vars
// are values that come when it is evaluated.
func (c *code) compile(l Library, src string, from int, vars []string) error {
	config := newConfig()
	tree, err := parser.ParseWithConfig(c.src, config)
	if err != nil {
		return c.syntax(src, from, err)
	}
	rw := rewriter{code: c, lib: l, config: config, bound: vars}
	if !c.bare && rw.fallback(tree.Node) {
		return nil
	}
	node := rw.node(tree.Node)
	if rw.err != nil {
		return errorAt(src, from+rw.at, "%s", rw.err.Message)
	}
	if c.program, err = c.assemble(node, config); err != nil {
		return c.syntax(src, from, err)
	}
	return nil
}

// assemble makes a program of a rewritten tree.
func (c *code) assemble(node ast.Node, config *conf.Config) (*vm.Program, error) {
	tree := &parser.Tree{Node: node, Source: file.NewSource(c.src)}
	if _, err := checker.Check(tree, config); err != nil {
		return nil, err
	}
	if err := optimizer.Optimize(&tree.Node, config); err != nil {
		return nil, err
	}
	return compiler.Compile(tree, config)
}

func newConfig() *conf.Config {
	config := conf.CreateNew()
	config.MaxNodes = maxNodes
	config.WithEnv(map[string]any{})
	config.Strict = false
	// A run is interpreted again over its journal: the clock would answer differently.
	config.Disabled["now"] = true
	delete(config.Builtins, "now")
	for _, f := range functions() {
		config.Functions[f.Name] = f
	}
	return config
}

// syntax tells an error of expr-lang in our words and at the place in src.
func (c *code) syntax(src string, from int, err error) *Error {
	var e *file.Error
	if !errors.As(err, &e) {
		return errorAt(src, from, "this is not an expression")
	}
	return errorAt(src, from+byteOf(c.src, e.From), "%s", plain(e.Message))
}

// byteOf turns an offset in characters into one in bytes.
func byteOf(s string, char int) int {
	n := 0
	for i := range s {
		if n == char {
			return i
		}
		n++
	}
	return len(s)
}

var plainWords = strings.NewReplacer(
	"memory budget exceeded", "the expression makes lists and objects of more than 1,000,000 items in all",
	"reduce of empty array with no initial value", "reduce has no item to begin with: the list is empty; give it a first value",
	"runtime error: integer divide by zero", "something is divided by zero", "integer divide by zero", "something is divided by zero",
	" integer", " whole number",
	"unexpected token EOF", "the expression ends too soon",
	"unexpected end of expression", "the expression ends too soon",
	"unexpected token ", "unexpected ",
	`Operator("`, `"`, `Bracket("`, `"`, `Identifier("`, `"`, `Number("`, `"`, `String("`, `"`, `Bytes("`, `"`, `")`, `"`,
	", not bool", ", where true or false is due",
	", not string", ", where text is due",
	"reflect: call of reflect.Value.Len on zero Value", "a list is due here, not nothing",
	"reflect: call of reflect.Value.Index on map Value", "a list is due here, not an object",
	"reflect: call of reflect.Value.Len on int64 Value", "a list is due here, not a number",
	"reflect: call of reflect.Value.Len on float64 Value", "a list is due here, not a number",
	"reflect: call of reflect.Value.Len on bool Value", "a list is due here, not true or false",
	"encoding/json.Number", "number that is too large", "json.Number", "number that is too large",
	"this is nil", "this is nothing", "this is string", "this is text", "this is int64", "this is a number", "this is int", "this is a number",
	"this is float64", "this is a number",
	"map[string]interface {}", "an object",
	"map[string]interface{}", "an object",
	"[]interface {}", "a list",
	"[]interface{}", "a list",
	"interface {}", "something",
	"<nil>", "nothing",
	" int64", " number", " int", " number", " float64", " number", " string", " text",
)

func plain(message string) string {
	message, _, _ = strings.Cut(message, "\n")
	if strings.Contains(message, "value out of range") {
		return "this number has too many digits"
	}
	message = strings.Replace(message, "interface conversion: interface {} is ", "this is ", 1)
	return plainWords.Replace(message)
}
